import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { lstat, mkdtemp, readdir, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How a folder is looked at before it is used again. */
export interface Care {
  /**
   * Whether what is in it is held against what was put into it. Left out for folders of thousands of files, which take
   * longer to read than to use.
   */
  readonly checked?: boolean;
}

/** What was put into a folder: each file and its SHA-256. */
const CONTENTS = '.contents.json';

/** Folders that are being filled. An exit in the midst of it takes them along. */
const underWay = new Set<string>();
let isWatching = false;

/**
 * Makes a folder that is either whole or not there. `fill` works in a folder beside it, which then takes its name. When
 * two processes do it at once, the one that is second throws its work away: both made the same.
 *
 * A folder that is there is used as it is, if it holds what was put into it; else it is made anew.
 *
 * @throws {CacheUnusable} where there can be no such folder
 */
export async function makeFolder(
  folder: string,
  fill: (unfinished: string) => Promise<void>,
  { checked = true }: Care = {},
): Promise<void> {
  if (await isSound(folder, checked)) return;
  const unfinished = await beside(folder);
  underWay.add(unfinished);
  if (!isWatching) process.on('exit', throwAway);
  isWatching = true;
  try {
    await fill(unfinished);
    if (checked) await writeContents(unfinished);
    await takePlace(unfinished, folder, checked);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    underWay.delete(unfinished);
  }
}

/** A folder beside another, for what is not whole yet. @throws {CacheUnusable} */
async function beside(folder: string): Promise<string> {
  try {
    makeFolders(dirname(folder));
    await sweep(dirname(folder));
    return await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !Object.hasOwn(OBSTACLES, code)) throw error;
    throw new CacheUnusable(dirname(folder), OBSTACLES[code] ?? code, { cause: error });
  }
}

/** Why there can be no folder, by the code of the system's error. */
const OBSTACLES: Readonly<Record<string, string>> = {
  ENOENT: 'there can be no folder in that place',
  ENOTDIR: 'a file is in the place of a folder',
  EEXIST: 'a file is in the place of a folder',
  EACCES: 'it, or a folder above it, may not be written',
  EPERM: 'it, or a folder above it, may not be written',
  EROFS: 'its disk may only be read',
  ENAMETOOLONG: 'the name is too long for one',
  ELOOP: 'its links lead in a circle',
};

/** What is built or fetched can be kept nowhere: no fault of the target's. */
export class CacheUnusable extends Error {
  override readonly name = 'CacheUnusable';

  constructor(folder: string, reason: string, options?: ErrorOptions) {
    super(
      `${folder} cannot be a folder of the cache: ${reason}. IRQBYPASS_SPEC_CACHE names the cache's folder.`,
      options,
    );
  }
}

/**
 * Make a folder and those above it, unless they are there. Node's own way to do so never ends where there can be none,
 * as in /proc.
 *
 * @throws an error of the system where it cannot be made
 */
export function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody was faster.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Milliseconds after which a folder that is not whole is filled by nobody: whoever did was killed. */
const A_DAY = 24 * 60 * 60 * 1000;

/** Throw away what was left by those who were killed while they filled a folder. */
async function sweep(parent: string): Promise<void> {
  const unfinished = (await readdir(parent)).filter((name) => /^\..+-\w{6}$/.test(name));
  for (const path of unfinished.map((name) => join(parent, name))) {
    const last = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (last !== undefined && Date.now() - last > A_DAY) await rm(path, { recursive: true, force: true });
  }
}

function throwAway(): void {
  for (const folder of underWay) rmSync(folder, { recursive: true, force: true });
}

/** Give a folder its name. One that is there already is kept where it is sound, and makes room where it is not. */
async function takePlace(unfinished: string, folder: string, checked: boolean): Promise<void> {
  try {
    await rename(unfinished, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
    if (await isSound(folder, checked)) return;
    await rename(folder, join(unfinished, 'replaced'));
    await rename(unfinished, folder).catch(async (again: unknown) => {
      if (!(await exists(folder))) throw again;
    });
    await rm(join(folder, 'replaced'), { recursive: true, force: true });
  }
}

/** Whether a folder is there and holds what was put into it. */
async function isSound(folder: string, checked: boolean): Promise<boolean> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) return false;
  return !checked || hasItsContents(folder).catch(() => false);
}

async function hasItsContents(folder: string): Promise<boolean> {
  const said = await readFile(join(folder, CONTENTS), 'utf8').catch(() => undefined);
  if (said !== undefined) return said === textOf(await contentsOf(folder));
  // Made before this was written down.
  if (!(await isUntouched(folder))) return false;
  await writeContents(folder);
  return true;
}

/** Whether no file of a folder is empty, or younger than the one that was written last. */
async function isUntouched(folder: string): Promise<boolean> {
  const facts = await stat(join(folder, 'package.json')).catch(() => undefined);
  const names = await namesIn(folder);
  for (const name of names) {
    const file = await stat(join(folder, name)).catch(() => undefined);
    if (file === undefined || file.size === 0) return false;
    if (facts !== undefined && file.mtimeMs > facts.mtimeMs) return false;
  }
  return names.length > 0;
}

/** Written as a whole: another process may look at it. */
async function writeContents(folder: string): Promise<void> {
  const temporary = join(folder, `${CONTENTS}-${process.pid}`);
  await writeFile(temporary, textOf(await contentsOf(folder)));
  await rename(temporary, join(folder, CONTENTS));
}

type Contents = readonly (readonly [name: string, sha256: string])[];

function textOf(contents: Contents): string {
  return `${JSON.stringify(Object.fromEntries(contents), null, 2)}\n`;
}

async function contentsOf(folder: string): Promise<Contents> {
  return Promise.all(
    (await namesIn(folder)).map(async (name) => {
      const path = join(folder, name);
      const isLink = (await lstat(path)).isSymbolicLink();
      const bytes = isLink ? `-> ${await readlink(path)}` : await readFile(path);
      return [name, createHash('sha256').update(bytes).digest('hex')] as const;
    }),
  );
}

/** The files and links under a folder, in a fixed order; without the list of them. */
async function namesIn(folder: string, under = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, under), { withFileTypes: true });
  const names = await Promise.all(
    entries.map(async (entry) => {
      const name = join(under, entry.name);
      if (entry.isDirectory()) return namesIn(folder, name);
      return entry.name.startsWith(CONTENTS) ? [] : [name];
    }),
  );
  return names.flat().sort();
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
