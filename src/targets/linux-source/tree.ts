/**
 * The two files of a tree that hold its manager.
 *
 *     PATH, debian:VERSION or git:DIR@REF ──> irqbypass.c ──> what it includes ──> the header with the two structs
 *
 * The header is known by what it declares and not by its name: a tree may keep it elsewhere.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { exists } from '../../files/folder.js';
import { TargetUnavailable } from '../unavailable.js';
import { fetchDebian } from './fetch.js';
import { placeInGit } from './git.js';
import { includesOf, type Place, treeVersion } from './place.js';

/** A manager of a tree, as text. */
export interface Tree {
  /** What was asked for. */
  readonly where: string;
  readonly version: string;
  /** The text of virt/lib/irqbypass.c. */
  readonly source: string;
  /** The folder that it lies in, in which what it includes in quotes is looked for. */
  readonly sourceFolder: string;
  /** The text of the header with the two structs. */
  readonly header: string;
  /** What the source calls the header: `linux/irqbypass.h` in a kernel. */
  readonly headerName: string;
  /** Folders of headers that were named by the user, before the tree's own. */
  readonly includes: readonly string[];
  /** The tree's own folder of headers: the last place to look, so that none of it gets in the way of a stand-in. */
  readonly ownIncludes: string;
}

const HEADER = 'linux/irqbypass.h';

/**
 * Finds the manager of `where`: the path of a kernel tree, the path of an `irqbypass.c` in one, `debian:VERSION`, or
 * `git:DIR@REF`, a commit of a repository.
 *
 * @param includes folders of headers beside the tree's own
 * @throws {TargetUnavailable} when it cannot be found or fetched
 */
export async function findTree(
  where: string,
  includes: readonly string[] = [],
  onProgress: (text: string) => void = () => {},
): Promise<Tree> {
  for (const folder of includes) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) continue;
    throw new TargetUnavailable(`There is no folder ${folder}. --include takes a folder of headers.`);
  }
  const folders = includes.map((folder) => resolve(folder));
  if (where.startsWith('debian:')) {
    const { source, version } = await fetchDebian(where.slice('debian:'.length), onProgress);
    return readTree(
      await placeOf({ where, version, path: source, root: resolve(dirname(source), '..', '..'), folders }),
    );
  }
  if (where.startsWith('git:')) return readTree(await placeInGit(where.slice('git:'.length), folders));
  const path = resolve(where);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new TargetUnavailable(`There is no ${where}. Give the path of a kernel tree, or debian:6.12.`);
  }
  const root = found.isDirectory() ? path : resolve(dirname(path), '..', '..');
  const source = found.isDirectory() ? join(path, 'virt', 'lib', 'irqbypass.c') : path;
  const makefile = await readFile(join(root, 'Makefile'), 'utf8').catch(() => '');
  const version = treeVersion(makefile) ?? 'unknown';
  return readTree(await placeOf({ where, version, path: source, root, folders }));
}

async function placeOf({
  path,
  ...place
}: Omit<Place, 'source' | 'sourceFolder'> & { readonly path: string }): Promise<Place> {
  const source = await readFile(path, 'utf8').catch(() => undefined);
  if (source === undefined) throw missing(place.where, path);
  return { ...place, source, sourceFolder: dirname(path) };
}

/** Why a file of a tree cannot be the text that it stands for; undefined where it may be. */
function unusable(text: string): string | undefined {
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return 'is a pointer of Git LFS and not the text itself. Fetch that first: git lfs pull';
  }
  if (/^<{7} /m.test(text) && /^>{7} /m.test(text)) return 'holds the marks of a merge that was never finished';
  return text.trim() === '' ? 'is empty' : undefined;
}

function missing(where: string, file: string): TargetUnavailable {
  return new TargetUnavailable(
    `${where} is not a kernel tree with an IRQ bypass manager: ${file} is missing. Linux has it from 4.4 on.`,
  );
}

/**
 * @throws {TargetUnavailable} when its source is not the text of one, or no header with the two structs is found
 */
async function readTree({ where, version, source, sourceFolder, root, folders }: Place): Promise<Tree> {
  const ownIncludes = join(root, 'include');
  const inSource = unusable(source);
  if (inSource !== undefined) throw new TargetUnavailable(`${where}: its irqbypass.c ${inSource}.`);
  for (const { name, quoted } of [...includesOf(source), { name: HEADER, quoted: false }]) {
    for (const folder of [...(quoted ? [sourceFolder] : []), ...folders, ownIncludes]) {
      const path = join(folder, name);
      const header = await readFile(path, 'utf8').catch(() => undefined);
      if (header === undefined) continue;
      const inHeader = name === HEADER ? unusable(header) : undefined;
      if (inHeader !== undefined) throw new TargetUnavailable(`${where}: ${path} ${inHeader}.`);
      if (!/\bstruct\s+irq_bypass_producer\s*\{/.test(header)) continue;
      return { where, version, source, sourceFolder, header, headerName: name, includes: folders, ownIncludes };
    }
  }
  const usual = join(ownIncludes, HEADER);
  if (!(await exists(usual))) throw missing(where, usual);
  throw new TargetUnavailable(
    `${where}: neither ${usual} nor another header that its irqbypass.c includes declares struct irq_bypass_producer.`,
  );
}
