/**
 * Compiles a tree's manager, unchanged, with our stand-ins for the kernel's headers and sanitizers, into a program that
 * speaks the stdio protocol. Kept in the cache under a hash of everything that goes in.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Generation } from '../../../spec/profile.js';
import { cacheFolder, hashOf } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import { packageRoot } from '../../files/root.js';
import { TargetUnavailable } from '../unavailable.js';

const NEEDS = 'linux-source needs a C compiler and libjansson-dev: apt-get install gcc libjansson-dev';

/** The adapter library is not what is judged: no sanitizers, so that it is fast. */
const LIBRARY_FLAGS = ['-std=gnu11', '-O2', '-g'];

/** As the kernel is compiled, with sanitizers. A null pointer is left to fault, as it does in a kernel. */
const MANAGER_FLAGS = [
  '-std=gnu11',
  '-O1',
  '-g',
  '-fsanitize=address,undefined',
  '-fno-sanitize=null',
  '-fno-sanitize-recover=all',
  '-fno-strict-aliasing',
  '-fno-strict-overflow',
  '-fno-delete-null-pointer-checks',
  '-fno-omit-frame-pointer',
];

/** What to compile. */
export interface BuildInput {
  /** The text of virt/lib/irqbypass.c. */
  readonly source: string;
  /** The text of include/linux/irqbypass.h. */
  readonly header: string;
  readonly generation: Generation;
}

/** Everything of the program but the manager itself, compiled. */
export interface Parts {
  readonly compiler: string;
  /** The folder of the compiled parts, which also holds the tree's header in `include`. */
  readonly folder: string;
  /** The options that make the stand-ins and the tree's header be found. */
  readonly includes: readonly string[];
  /** Differs when anything does that goes into the program, but for the manager's own text. */
  readonly key: string;
}

/**
 * The path of the program, built unless the cache has it.
 * @throws {TargetUnavailable} when a tool is missing or the tree's file does not compile.
 */
export async function buildManager(input: BuildInput, onProgress: (text: string) => void = () => {}): Promise<string> {
  const parts = await buildParts(input, onProgress);
  const folder = join(cacheFolder(), 'build', hashOf([parts.key, input.source]));
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the manager with sanitizers');
    await compileManager(parts, input.source, unfinished);
  });
  return join(folder, 'manager');
}

/**
 * Compiles what all managers with this header share, unless the cache has it.
 * @throws {TargetUnavailable} when a tool is missing or the header does not compile.
 */
export async function buildParts(
  { header, generation }: Omit<BuildInput, 'source'>,
  onProgress: (text: string) => void = () => {},
): Promise<Parts> {
  const compiler = process.env.CC || 'gcc';
  const harness = join(packageRoot, 'conformance', 'harnesses');
  const version = await compilerVersion(compiler);
  const key = hashOf([
    JSON.stringify([header, generation, compiler, version, LIBRARY_FLAGS, MANAGER_FLAGS]),
    ...(await textsOf(join(harness, 'c'), ['example', 'build'])),
    ...(await textsOf(join(harness, 'linux-source'), [])),
  ]);
  const folder = join(cacheFolder(), 'build', key);
  const standins = join(harness, 'linux-source');
  const includesOf = (place: string) => [`-I${join(standins, 'include')}`, `-I${join(place, 'include')}`];
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the harness');
    const library = join(harness, 'c', 'library');
    const sources = (await readdir(library)).filter((name) => name.endsWith('.c')).map((name) => join(library, name));
    // Only two files of the tree are seen, so that no other header of it gets in the way of a stand-in.
    await mkdir(join(unfinished, 'include', 'linux'), { recursive: true });
    await writeFile(join(unfinished, 'include', 'linux', 'irqbypass.h'), header);
    await runCompiler(compiler, [...LIBRARY_FLAGS, '-r', '-o', 'adapter.o', ...sources], unfinished);
    for (const name of ['standin', 'caller', generation]) {
      const file = join(standins, `${name}.c`);
      const place = name === generation ? 'generation.o' : `${name}.o`;
      await runCompiler(compiler, [...MANAGER_FLAGS, ...includesOf(unfinished), '-c', '-o', place, file], unfinished);
    }
  });
  return { compiler, folder, includes: includesOf(folder), key };
}

/**
 * Compiles a manager's text and puts it together with its parts, in a folder that is there.
 * @returns the path of the program
 * @throws {TargetUnavailable} when it does not compile
 */
export async function compileManager(parts: Parts, source: string, folder: string): Promise<string> {
  const program = join(folder, 'manager');
  await writeFile(join(folder, 'irqbypass.c'), source);
  const objects = ['standin.o', 'caller.o', 'generation.o', 'adapter.o'].map((name) => join(parts.folder, name));
  await runCompiler(
    parts.compiler,
    [...MANAGER_FLAGS, ...parts.includes, '-o', program, 'irqbypass.c', ...objects, '-ljansson', '-pthread'],
    folder,
  );
  return program;
}

/** Runs the compiler in a folder. @throws {TargetUnavailable} when what it is given does not compile */
export async function runCompiler(compiler: string, args: readonly string[], folder: string): Promise<void> {
  const result = await execa(compiler, args, { cwd: folder, reject: false, all: true, env: { LC_ALL: 'C' } });
  if (result.exitCode === 0) return;
  if (/jansson/.test(result.all)) throw new TargetUnavailable(NEEDS);
  const errors = result.all.split('\n').filter((line) => /\berror\b|undefined reference/.test(line));
  throw new TargetUnavailable(
    `The manager does not compile with the stand-ins for the kernel's headers: ${errors.slice(0, 3).join('; ') || 'no reason given'}`,
  );
}

/** What the compiler says of itself. @throws {TargetUnavailable} when there is none */
export async function compilerVersion(compiler: string): Promise<string> {
  const result = await execa(compiler, ['--version'], { reject: false });
  if (result.exitCode !== 0) throw new TargetUnavailable(NEEDS);
  return result.stdout;
}

/** The C files under a folder, each with its name, in a fixed order. */
export async function textsOf(folder: string, without: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const texts = await Promise.all(
    entries
      .filter((entry) => !without.includes(entry.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return textsOf(path, []);
        return /\.[ch]$/.test(entry.name) ? [`${entry.name}\n${await readFile(path, 'utf8')}`] : [];
      }),
  );
  return texts.flat();
}
