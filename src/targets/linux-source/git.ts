/**
 * The manager of a commit: the text of its source, and of those headers of the tree for which there is no stand-in.
 *
 *     DIR@REF ──> commit ──> blobs of irqbypass.c and its headers ──> headers in the cache ──> a place to read from
 *
 * Only these blobs are read. Nothing is checked out, so that the user's work tree stays as it is.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, resolve } from 'node:path';
import { cacheFolder, hashOf } from '../../files/cache.js';
import { exists, makeFolder } from '../../files/folder.js';
import { blobAt, commitNamed, GitError, git } from '../../files/git.js';
import { TargetUnavailable } from '../unavailable.js';
import { STANDINS } from './own-objects.js';
import { includesOf, type Place, treeVersion } from './place.js';

/** The files that make a manager, in every kernel that has one. */
export const MANAGER_PATHS = ['virt/lib/irqbypass.c', 'include/linux/irqbypass.h'] as const;
const [SOURCE, HEADER] = MANAGER_PATHS;

/** More headers than a manager of its own needs: then a stand-in is missing, and the compiler will say which. */
const MOST_HEADERS = 64;

/** A repository, and what was named in it. */
export interface InRepository {
  /** The folder, as the user gave it. */
  readonly folder: string;
  /** What stands behind the `@`; `HEAD` where nothing does. */
  readonly name: string;
}

/**
 * Splits `DIR@NAME`. Both may have an `@` of their own: the first one before which there is a folder parts them.
 * @throws {TargetUnavailable} when there is no such folder
 */
export async function splitRepository(where: string): Promise<InRepository> {
  for (let at = where.indexOf('@'); at !== -1; at = where.indexOf('@', at + 1)) {
    const folder = where.slice(0, at) || '.';
    if (await isFolder(folder)) return { folder, name: where.slice(at + 1) || 'HEAD' };
  }
  if (await isFolder(where || '.')) return { folder: where || '.', name: 'HEAD' };
  const folder = where.includes('@') ? where.slice(0, where.lastIndexOf('@')) : where;
  throw new TargetUnavailable(`There is no folder ${folder}. Give a repository and a commit: git:../linux@v6.12.`);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/**
 * The hash of the commit that a name stands for.
 * @throws {TargetUnavailable} when it is no repository, or has no such commit
 */
export async function commitOf({ folder, name }: InRepository): Promise<string> {
  return ofGit(async () => {
    await git(folder, ['rev-parse', '--git-dir']);
    const commit = await commitNamed(folder, name);
    if (commit === undefined) throw new TargetUnavailable(`${folder} has no commit ${name}.`);
    return commit;
  });
}

/** Does something with git. @throws {TargetUnavailable} where git says that it cannot be done */
export async function ofGit<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GitError) throw new TargetUnavailable(`${error.message}.`, { cause: error });
    throw error;
  }
}

/**
 * The manager of `DIR@REF`, as a place to read a tree from. Its folder holds headers alone, under a hash of them: commits
 * that only change the source share it, and what is compiled for it.
 *
 * @throws {TargetUnavailable} when there is no such commit, or it has no manager
 */
export async function placeInGit(where: string, folders: readonly string[]): Promise<Place> {
  const repository = await splitRepository(where);
  const { folder } = repository;
  const commit = await commitOf(repository);
  return ofGit(async () => {
    // The tree may lie in a folder of the repository.
    const prefix = (await git(folder, ['rev-parse', '--show-prefix'])).trim();
    const read = (path: string) => blobAt(folder, commit, `${prefix}${path}`);
    const source = await read(SOURCE);
    if (source === undefined) {
      throw new TargetUnavailable(
        `${folder} at ${commit.slice(0, 12)} has no IRQ bypass manager: ${SOURCE} is missing. Linux has it from 4.4 on.`,
      );
    }
    const root = await keepHeaders(await headersOf(source, read));
    const version = treeVersion((await read('Makefile')) ?? '') ?? 'unknown';
    return {
      where: `git:${where}`,
      version: `${version}-g${commit.slice(0, 12)}`,
      source,
      sourceFolder: join(root, dirname(SOURCE)),
      root,
      folders,
    };
  });
}

type Read = (path: string) => Promise<string | undefined>;

/** The headers of the tree that a source includes, and those that they include, by their paths. */
async function headersOf(source: string, read: Read): Promise<ReadonlyMap<string, string>> {
  const headers = new Map<string, string>();
  const seen = new Set<string>();
  const queue: { readonly path: string; readonly text: string }[] = [{ path: SOURCE, text: source }];
  const take = async (path: string): Promise<boolean> => {
    if (seen.has(path)) return headers.has(path);
    seen.add(path);
    const text = await read(path);
    if (text === undefined) return false;
    headers.set(path, text);
    queue.push({ path, text });
    return true;
  };
  await take(HEADER);
  for (let next = queue.shift(); next !== undefined && headers.size < MOST_HEADERS; next = queue.shift()) {
    for (const { name, quoted } of includesOf(next.text)) {
      if (quoted && (await take(normalize(join(dirname(next.path), name))))) continue;
      if (!(await exists(join(STANDINS, 'include', name)))) await take(normalize(join('include', name)));
    }
  }
  return headers;
}

/** Puts headers into the cache. @returns their root */
async function keepHeaders(headers: ReadonlyMap<string, string>): Promise<string> {
  const files = [...headers].filter(([path]) => !path.startsWith('..')).sort(([a], [b]) => (a < b ? -1 : 1));
  const folder = join(cacheFolder(), 'git', hashOf(files.flat()));
  await makeFolder(folder, async (unfinished) => {
    for (const [path, text] of files) {
      await mkdir(join(unfinished, dirname(path)), { recursive: true });
      await writeFile(join(unfinished, path), text);
    }
  });
  return resolve(folder);
}
