/**
 * Compiles a tree's manager, unchanged, with our stand-ins for the kernel's headers and sanitizers, into a program that
 * speaks the stdio protocol, and asks it what it is. Kept in the cache under a hash of everything that goes in.
 *
 *     header ──> a caller that compiles ──> parts ─┐          (what is the kit's own: own-objects.ts)
 *     source ──> compiled ──> its variables apart ─┴──> program ──> answers
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { cSourcesIn } from '../../files/c-sources.js';
import { cacheFolder, hashOf } from '../../files/cache.js';
import { exists, makeFolder } from '../../files/folder.js';
import { TargetUnavailable } from '../unavailable.js';
import { askManager } from './ask.js';
import { type Caller, callerFlags, findCaller } from './caller.js';
import { compile, compilerVersion, errorsOf, preprocess, runCompiler } from './compiler.js';
import { ADAPTER, AS_KERNEL, type Compiler, keptObjects, ownObjects, ownTexts, STANDINS } from './own-objects.js';
import type { Answers } from './questions.js';
import type { Tree } from './tree.js';

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

/** Of the program that ThreadSanitizer watches: marked accesses are told from others, as in the kernel. */
const WATCHED_FLAGS = [
  '-std=gnu11',
  '-O1',
  '-g',
  '-fsanitize=thread',
  '--param=tsan-distinguish-volatile=1',
  '-fno-strict-aliasing',
  '-fno-strict-overflow',
  '-fno-delete-null-pointer-checks',
  '-fno-omit-frame-pointer',
];

/** Where a caller must not compile that only converts one type into another. */
const STRICT = [
  '-Werror=int-conversion',
  '-Werror=incompatible-pointer-types',
  '-Werror=implicit-function-declaration',
];

/**
 * The sections that hold the variables of a file, and what they become: two sections that the program can copy, so that
 * the manager is as new for each program, whatever its state consists of.
 */
const VARIABLES = {
  '.data': 'standin_data',
  '.data.rel': 'standin_data',
  '.data.rel.local': 'standin_data',
  '.bss': 'standin_bss',
} as const;

/** What all managers of one header share. */
export interface Parts {
  readonly compiler: string;
  /** What the compiler says of itself. */
  readonly version: string;
  /** The options that make the stand-ins and the tree's headers be found. */
  readonly includes: readonly string[];
  /** Differs when anything does that goes into the program, but for the manager's own text. */
  readonly key: string;
  readonly caller: Caller;
}

/** A manager's text, and all that it takes to compile it for another program than this one's. */
export interface BuildInput {
  readonly source: string;
  readonly parts: Parts;
  /** Whether registering allocates each time. */
  readonly allocates: boolean;
}

/** A manager, compiled and asked. */
export interface BuiltManager {
  /** The path of the program. */
  readonly program: string;
  readonly parts: Parts;
  readonly answers: Answers;
}

/**
 * Builds the program of a tree's manager and asks it what it is, unless the cache has both.
 * @throws {TargetUnavailable} when a tool is missing or the tree's files do not compile.
 */
export async function buildManager(tree: Tree, onProgress: (text: string) => void = () => {}): Promise<BuiltManager> {
  const parts = await buildParts(tree, onProgress);
  const folder = join(cacheFolder(), 'build', await keyOf({ source: tree.source, parts }));
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the manager with sanitizers');
    const program = await compileManager(parts, tree.source, unfinished);
    onProgress('asking the manager what it is');
    await writeFile(join(unfinished, 'answers.json'), JSON.stringify(await askManager(program)));
  });
  const answers = JSON.parse(await readFile(join(folder, 'answers.json'), 'utf8')) as Answers;
  return { program: join(folder, 'manager'), parts, answers };
}

/**
 * Differs when anything does that goes into a manager, wherever its tree lies.
 * @throws {TargetUnavailable} when the tree's files cannot be read by the compiler
 */
export async function keyOf({ source, parts }: Pick<BuildInput, 'source' | 'parts'>): Promise<string> {
  return hashOf([parts.key, source, await preprocess(parts.compiler, parts.includes, source)]);
}

/**
 * What the compiler sees of a manager, as one text without comments and blanks: two managers of the same text are the same.
 * @throws {TargetUnavailable} when a tool is missing, or the tree's files cannot be read by the compiler
 */
export async function codeOf(tree: Tree): Promise<string> {
  const compiler = process.env.CC || 'gcc';
  await compilerVersion(compiler);
  const includes = await includesFor(tree, await headerFolder(tree));
  const whole = await preprocess(compiler, includes, tree.source);
  return whole
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

/**
 * Finds out what all managers with this header share, unless the cache has it.
 * @throws {TargetUnavailable} when a tool is missing, or no caller compiles with the header.
 */
export async function buildParts(
  tree: Omit<Tree, 'source'>,
  onProgress: (text: string) => void = () => {},
): Promise<Parts> {
  const compiler = process.env.CC || 'gcc';
  const version = await compilerVersion(compiler);
  const headers = await headerFolder(tree);
  const includes = await includesFor(tree, headers);
  const key = hashOf([
    JSON.stringify([compiler, version, LIBRARY_FLAGS, MANAGER_FLAGS, VARIABLES, headers]),
    // The tree goes in as it reads, wherever it lies; its macros do not show in what they come to.
    await preprocess(compiler, [...includes, '-dD'], '#include <linux/irqbypass.h>\n'),
    ...(await ownTexts()),
  ]);
  const folder = join(cacheFolder(), 'build', key);
  await makeFolder(folder, async (unfinished) => {
    onProgress('finding out how the manager is called');
    const caller = await callerOf(compiler, includes);
    await writeFile(join(unfinished, 'caller.json'), JSON.stringify(caller));
  });
  const caller = JSON.parse(await readFile(join(folder, 'caller.json'), 'utf8')) as Caller;
  return { compiler, version, includes, key, caller };
}

/** What plays the kernel beside the manager. */
const KERNEL: readonly string[] = ['standin.c', 'standin-locks.c', 'standin-arrays.c', 'standin-slots.c'];

const standin = (name: string): string => join(STANDINS, name);

async function adapterOf(compiler: Compiler): Promise<readonly string[]> {
  return ownObjects(compiler, LIBRARY_FLAGS, await cSourcesIn(join(ADAPTER, 'library')));
}

/**
 * Compiles files of the kit's own that see the manager's header, unless the cache has them.
 *
 * @param flags the compiler's options, beside those of the caller
 * @param sources the names of the files, in the folder of the stand-ins
 * @returns the paths of the objects, in the order of their sources
 * @throws {TargetUnavailable} when they do not compile
 */
export async function callerObjects(
  { compiler, includes, caller, key }: Parts,
  flags: readonly string[],
  sources: readonly string[],
): Promise<readonly string[]> {
  const called = [...flags, ...includes, ...callerFlags(caller)];
  return keptObjects(hashOf([key, JSON.stringify([flags, sources])]), compiler, called, sources.map(standin));
}

/**
 * Compiles a manager's text and puts it together with its parts, in a folder that is there.
 * @returns the path of the program
 * @throws {TargetUnavailable} when it does not compile
 */
export async function compileManager(parts: Parts, source: string, folder: string): Promise<string> {
  const program = join(folder, 'manager');
  await writeFile(join(folder, 'irqbypass.c'), source);
  const flags = [...MANAGER_FLAGS, ...parts.includes];
  await runCompiler(parts.compiler, [...flags, '-c', '-o', 'irqbypass.o', 'irqbypass.c'], folder);
  await renameVariables(folder);
  const objects = [
    'irqbypass.o',
    ...(await callerObjects(parts, MANAGER_FLAGS, ['calls.c', 'caller.c'])),
    ...(await ownObjects(parts, [...MANAGER_FLAGS, ...AS_KERNEL], KERNEL.map(standin))),
    ...(await adapterOf(parts)),
  ];
  const libraries = ['-ljansson', '-pthread'];
  await runCompiler(parts.compiler, [...MANAGER_FLAGS, '-o', program, ...objects, ...libraries], folder);
  return program;
}

/**
 * The program of a manager that ThreadSanitizer watches, built unless the cache has it.
 * @returns its path
 * @throws {TargetUnavailable} when it does not compile
 */
export async function buildWatched(
  { source, parts }: BuildInput,
  onProgress: (text: string) => void = () => {},
): Promise<string> {
  const key = await keyOf({ source, parts });
  const folder = join(cacheFolder(), 'build', hashOf(['watched', key, JSON.stringify(WATCHED_FLAGS)]));
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the manager with ThreadSanitizer');
    await compileWatched(parts, source, unfinished);
  });
  return join(folder, 'manager');
}

/**
 * Compiles a manager for ThreadSanitizer in a folder that is there. The accesses of the manager and of its caller are watched, and
 * not those of the stand-ins: an array is read and changed in one step, as in the scheduler.
 * @returns the path of the program
 * @throws {TargetUnavailable} when it does not compile
 */
export async function compileWatched(parts: Parts, source: string, folder: string): Promise<string> {
  const { compiler, includes } = parts;
  const run = (...args: readonly string[]) => runCompiler(compiler, args, folder);
  await writeFile(join(folder, 'irqbypass.c'), source);
  await run(...WATCHED_FLAGS, ...includes, '-c', '-o', 'irqbypass.o', 'irqbypass.c');
  await renameVariables(folder);
  const objects = [
    'irqbypass.o',
    ...(await callerObjects(parts, WATCHED_FLAGS, ['calls.c'])),
    ...(await callerObjects(parts, LIBRARY_FLAGS, ['caller.c'])),
    ...(await ownObjects(parts, [...LIBRARY_FLAGS, ...AS_KERNEL], [...KERNEL, 'races.c'].map(standin))),
    ...(await adapterOf(parts)),
  ];
  const program = join(folder, 'manager');
  await run('-fsanitize=thread', '-o', program, ...objects, '-ljansson', '-pthread');
  return program;
}

/** Puts the variables of a compiled manager into sections that the program can copy. */
async function renameVariables(folder: string): Promise<void> {
  const renamed = Object.entries(VARIABLES).flatMap(([from, to]) => ['--rename-section', `${from}=${to}`]);
  await runCompiler('objcopy', [...renamed, 'irqbypass.o'], folder);
}

/** A folder in which the tree's header is found under the name that the tree uses, and under the kernel's. */
async function headerFolder({ header, headerName }: Pick<Tree, 'header' | 'headerName'>): Promise<string> {
  const kernels = join('linux', 'irqbypass.h');
  // A name that leads out of its folder is found from the source's own folder.
  const name = normalize(headerName).startsWith('..') ? kernels : normalize(headerName);
  const folder = join(cacheFolder(), 'build', hashOf(['header', name, header]));
  await makeFolder(folder, async (unfinished) => {
    const place = async (at: string, text: string) => {
      await mkdir(join(unfinished, dirname(at)), { recursive: true });
      await writeFile(join(unfinished, at), text);
    };
    await place(name, header);
    if (name !== kernels) await place(kernels, `#include <${name}>\n`);
  });
  return folder;
}

/** Of the tree only the header is seen before the stand-ins have been, so that none of it gets in the way of one. */
async function includesFor(
  { includes, ownIncludes, sourceFolder }: Omit<Tree, 'source'>,
  headers: string,
): Promise<readonly string[]> {
  const more = includes.map((folder) => join(folder, MORE_STANDINS));
  const there = await Promise.all(more.map(exists));
  return [
    ...AS_KERNEL,
    `-I${headers}`,
    ...includes.map((folder) => `-I${folder}`),
    ...['-iquote', sourceFolder, '-idirafter', ownIncludes],
    ...more.flatMap((file, at) => (there[at] ? ['-include', file] : [])),
  ];
}

/** What a folder of the user's may hold beside headers: what the stand-ins lack. */
const MORE_STANDINS = 'standins.h';

/** The way in which this header's manager is called. */
async function callerOf(compiler: string, includes: readonly string[]): Promise<Caller> {
  let told = '';
  const caller = await findCaller(async (one) => {
    const flags = ['-std=gnu11', '-fsyntax-only', ...STRICT, ...includes, ...callerFlags(one)];
    const { exitCode, all } = await compile(compiler, [...flags, standin('calls.c')]);
    if (exitCode !== 0) told = all;
    return exitCode === 0;
  });
  if (caller !== undefined) return caller;
  throw new TargetUnavailable(
    `No caller compiles with the header of this tree. One hands the token over in the object, under the name token or eventfd; others pass it to irq_bypass_register_producer(), alone or with an interrupt. The compiler says: ${errorsOf(told)}`,
  );
}
