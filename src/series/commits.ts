/** The commits of a range that touch the manager. */
import { blobAt, commitNamed, git } from '../files/git.js';
import { commitOf, MANAGER_PATHS, ofGit, splitRepository } from '../targets/linux-source/git.js';
import { AddressError } from '../targets/target.js';

/** A commit, and the one before it. */
export interface Commit {
  /** Its full hash. */
  readonly commit: string;
  /** The first line of its message. */
  readonly subject: string;
  /** The full hash of its first parent; undefined where that has no manager, or there is none. */
  readonly parent: string | undefined;
}

/** Some commits of a repository. */
export interface Range {
  /** The folder of the repository. */
  readonly folder: string;
  /** The oldest first. */
  readonly commits: readonly Commit[];
}

const EXPECTED = 'A series is git:DIR@BASE..TIP, as in git:../linux@v6.17..my-branch';

/**
 * The commits of `git:DIR@BASE..TIP` that touch the two files of the manager.
 *
 * @throws {AddressError} when it is no range
 * @throws {TargetUnavailable} when there is no such repository or commit
 */
export async function commitsOf(series: string): Promise<Range> {
  if (!series.startsWith('git:')) throw new AddressError(`${EXPECTED}; came ${JSON.stringify(series)}.`);
  const { folder, name } = await splitRepository(series.slice('git:'.length));
  const [from, to, ...more] = name.split('..');
  if (from === undefined || to === undefined || more.length > 0 || from === '' || to.startsWith('.')) {
    throw new AddressError(`${EXPECTED}; came ${JSON.stringify(series)}.`);
  }
  const [base, tip] = [await commitOf({ folder, name: from }), await commitOf({ folder, name: to || 'HEAD' })];
  return ofGit(async () => {
    const prefix = (await git(folder, ['rev-parse', '--show-prefix'])).trim();
    const paths = MANAGER_PATHS.map((path) => `:(top,literal)${prefix}${path}`);
    const format = ['--reverse', '--topo-order', '--format=%H %s'];
    const listed = await git(folder, ['log', ...format, `${base}..${tip}`, '--', ...paths]);
    const commits: Commit[] = [];
    for (const line of listed.split('\n').filter((one) => one !== '')) {
      const commit = line.slice(0, line.indexOf(' '));
      const parent = await commitNamed(folder, `${commit}^1`);
      const hasManager = parent !== undefined && (await blobAt(folder, parent, `${prefix}${MANAGER_PATHS[0]}`));
      commits.push({ commit, subject: line.slice(commit.length + 1), parent: hasManager ? parent : undefined });
    }
    return { folder, commits };
  });
}
