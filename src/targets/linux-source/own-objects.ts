/**
 * Objects of the kit's own C: the adapter library, and the stand-ins for the kernel. Nothing of a tree is in them, so
 * they are compiled once for all trees, and kept in the cache under a hash of everything that goes in.
 */
import { basename, join } from 'node:path';
import { cTextsUnder } from '../../files/c-sources.js';
import { cacheFolder, hashOf } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import { packageRoot } from '../../files/root.js';
import { runCompiler } from './compiler.js';

const HARNESSES = join(packageRoot, 'conformance', 'harnesses');
/** The adapter library. */
export const ADAPTER = join(HARNESSES, 'c');
/** The stand-ins for the kernel. */
export const STANDINS = join(HARNESSES, 'linux-source');

/** The options that put the stand-ins in the place of the kernel's headers. */
export const AS_KERNEL: readonly string[] = [
  ...['-D__KERNEL__', '-DMODULE', '-include', 'linux/kconfig.h'],
  `-I${join(STANDINS, 'include')}`,
];

/** A compiler, and what it says of itself. */
export interface Compiler {
  readonly compiler: string;
  readonly version: string;
}

/**
 * Compiles files of the kit's own, unless the cache has them.
 *
 * @param flags the compiler's options
 * @param sources the paths of the files, no two of the same name
 * @returns the paths of the objects, in the order of their sources
 * @throws {TargetUnavailable} when a tool is missing
 */
export async function ownObjects(
  { compiler, version }: Compiler,
  flags: readonly string[],
  sources: readonly string[],
): Promise<readonly string[]> {
  // The files go in as they read, wherever the project lies.
  const options = [...flags, ...sources].map((option) => option.replace(HARNESSES, ''));
  const key = hashOf([JSON.stringify([compiler, version, options]), ...(await ownTexts())]);
  return keptObjects(key, compiler, flags, sources);
}

/**
 * Compiles files, unless the cache has their objects under this key.
 * @throws {TargetUnavailable} when they do not compile
 */
export async function keptObjects(
  key: string,
  compiler: string,
  flags: readonly string[],
  sources: readonly string[],
): Promise<readonly string[]> {
  const folder = join(cacheFolder(), 'build', key);
  await makeFolder(folder, (unfinished) => runCompiler(compiler, [...flags, '-c', ...sources], unfinished));
  return sources.map((source) => join(folder, `${basename(source, '.c')}.o`));
}

/** All of the C that may go into such an object. */
export async function ownTexts(): Promise<readonly string[]> {
  return [...(await cTextsUnder(ADAPTER, ['example', 'build'])), ...(await cTextsUnder(STANDINS))];
}
