/** Asks git about a repository. Its files are read as blobs: nothing is checked out, and no index is written. */
import { runTool } from './tool.js';

/** Git is missing, or does not know what it was asked for. The message is complete. */
export class GitError extends Error {
  override readonly name = 'GitError';
}

/** Nothing of the user's configuration may run, or change what git prints. */
const PLAIN = ['-c', 'core.quotePath=false', '-c', 'log.showSignature=false', '--no-pager'];

/** What git prints. @throws {GitError} when it ends with an error */
export async function git(folder: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runGit(folder, args);
  if (exitCode === 0) return stdout;
  throw new GitError(`git ${args[0]} in ${folder} failed: ${stderr.trim().split('\n')[0] ?? 'no reason given'}`);
}

/** The text of a file at a commit; undefined where it has none. */
export async function blobAt(folder: string, commit: string, path: string): Promise<string | undefined> {
  const { exitCode, stdout } = await runGit(folder, ['cat-file', 'blob', `${commit}:${path}`]);
  return exitCode === 0 ? `${stdout}\n` : undefined;
}

/** The full hash of the commit that a name stands for; undefined where there is none of that name. */
export async function commitNamed(folder: string, name: string): Promise<string | undefined> {
  const { exitCode, stdout } = await runGit(folder, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

async function runGit(folder: string, args: readonly string[]) {
  const ended = await runTool('git', ['-C', folder, ...PLAIN, ...args], {
    env: { LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
  });
  if (ended.exitCode === undefined) throw new GitError('git cannot be started: apt-get install git');
  return ended;
}
