/**
 * Compiles a tree's manager, unchanged, with our stand-ins for the kernel's headers and sanitizers, into a program that
 * speaks the stdio protocol, and asks it what it is. Kept in the cache under a hash of everything that goes in.
 *
 *     header ──> a caller that compiles ──> parts ─┐
 *     source ──> compiled ──> its variables apart ─┴──> program ──> answers
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { cSourcesIn } from '../../files/c-sources.js';
import { cacheFolder, hashOf } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import { packageRoot } from '../../files/root.js';
import { type Ended, runTool } from '../../files/tool.js';
import { TargetUnavailable } from '../unavailable.js';
import { askManager } from './ask.js';
import { type Caller, callerFlags, findCaller } from './caller.js';
import type { Answers } from './questions.js';
import type { Tree } from './tree.js';

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

/** Everything of the program but the manager itself, compiled. */
export interface Parts {
  readonly compiler: string;
  /** The folder of the compiled parts. */
  readonly folder: string;
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
  const { compiler, includes, key } = parts;
  const whole = await preprocess(compiler, includes, tree.source);
  const folder = join(cacheFolder(), 'build', hashOf([key, tree.source, whole]));
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
 * What the compiler sees of a manager, as one text without comments and blanks: two managers of the same text are the same.
 * @throws {TargetUnavailable} when a tool is missing, or the tree's files cannot be read by the compiler
 */
export async function codeOf(tree: Tree): Promise<string> {
  const standins = join(packageRoot, 'conformance', 'harnesses', 'linux-source');
  const compiler = process.env.CC || 'gcc';
  await compilerVersion(compiler);
  const includes = includesFor(tree, standins, await headerFolder(tree));
  const whole = await preprocess(compiler, includes, tree.source);
  return whole
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

/**
 * Compiles what all managers with this header share, unless the cache has it.
 * @throws {TargetUnavailable} when a tool is missing, or no caller compiles with the header.
 */
export async function buildParts(
  tree: Omit<Tree, 'source'>,
  onProgress: (text: string) => void = () => {},
): Promise<Parts> {
  const compiler = process.env.CC || 'gcc';
  const harness = join(packageRoot, 'conformance', 'harnesses');
  const standins = join(harness, 'linux-source');
  const version = await compilerVersion(compiler);
  const includes = includesFor(tree, standins, await headerFolder(tree));
  const key = hashOf([
    // The stand-ins go in as they read, below, wherever the project lies.
    JSON.stringify([compiler, version, LIBRARY_FLAGS, MANAGER_FLAGS, VARIABLES, withoutFolder(includes, standins)]),
    await preprocess(compiler, includes, '#include <linux/irqbypass.h>\n'),
    ...(await textsOf(join(harness, 'c'), ['example', 'build'])),
    ...(await textsOf(standins, ['closure', 'scheduler'])),
  ]);
  const folder = join(cacheFolder(), 'build', key);
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the harness');
    const caller = await callerOf(compiler, includes, join(standins, 'calls.c'));
    await writeFile(join(unfinished, 'caller.json'), JSON.stringify(caller));
    const sources = await cSourcesIn(join(harness, 'c', 'library'));
    await runCompiler(compiler, [...LIBRARY_FLAGS, '-r', '-o', 'adapter.o', ...sources], unfinished);
    for (const name of STANDINS) {
      const flags = [...MANAGER_FLAGS, ...includes, ...callerFlags(caller)];
      await runCompiler(compiler, [...flags, '-c', '-o', `${name}.o`, join(standins, `${name}.c`)], unfinished);
    }
  });
  const caller = JSON.parse(await readFile(join(folder, 'caller.json'), 'utf8')) as Caller;
  return { compiler, folder, includes, key, caller };
}

/** What is compiled beside the manager. */
const STANDINS = ['standin', 'standin-locks', 'standin-arrays', 'standin-slots', 'calls', 'caller'] as const;

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
  const objects = [...STANDINS, 'adapter'].map((name) => join(parts.folder, `${name}.o`));
  const libraries = ['-ljansson', '-pthread'];
  await runCompiler(parts.compiler, [...MANAGER_FLAGS, '-o', program, 'irqbypass.o', ...objects, ...libraries], folder);
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
  const folder = join(cacheFolder(), 'build', hashOf(['watched', parts.key, JSON.stringify(WATCHED_FLAGS), source]));
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
  const { compiler, includes, caller } = parts;
  const standins = join(packageRoot, 'conformance', 'harnesses', 'linux-source');
  const run = (...args: readonly string[]) => runCompiler(compiler, args, folder);
  await writeFile(join(folder, 'irqbypass.c'), source);
  await run(...WATCHED_FLAGS, ...includes, '-c', '-o', 'irqbypass.o', 'irqbypass.c');
  await renameVariables(folder);
  const called = [...includes, ...callerFlags(caller)];
  await run(...WATCHED_FLAGS, ...called, '-c', '-o', 'calls.o', join(standins, 'calls.c'));
  const others = [...STANDINS.filter((name) => name !== 'calls'), 'races'].map((name) => join(standins, `${name}.c`));
  await run(...LIBRARY_FLAGS, ...called, '-r', '-o', 'standins.o', ...others);
  const objects = ['irqbypass.o', 'calls.o', 'standins.o', join(parts.folder, 'adapter.o')];
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
function includesFor(
  { includes, ownIncludes, sourceFolder }: Omit<Tree, 'source'>,
  standins: string,
  headers: string,
): readonly string[] {
  return [
    ...['-D__KERNEL__', '-DMODULE', '-include', 'linux/kconfig.h'],
    ...[`-I${join(standins, 'include')}`, `-I${headers}`],
    ...includes.map((folder) => `-I${folder}`),
    ...['-iquote', sourceFolder, '-idirafter', ownIncludes],
  ];
}

function withoutFolder(options: readonly string[], folder: string): readonly string[] {
  return options.map((option) => option.replace(folder, ''));
}

/** The way in which this header's manager is called. */
async function callerOf(compiler: string, includes: readonly string[], file: string): Promise<Caller> {
  let told = '';
  const caller = await findCaller(async (one) => {
    const flags = ['-std=gnu11', '-fsyntax-only', ...STRICT, ...includes, ...callerFlags(one)];
    const { exitCode, all } = await compile(compiler, [...flags, file]);
    if (exitCode !== 0) told = all;
    return exitCode === 0;
  });
  if (caller !== undefined) return caller;
  throw new TargetUnavailable(
    `No caller compiles with the header of this tree. One hands the token over in the object, under the name token or eventfd; others pass it to irq_bypass_register_producer(), alone or with an interrupt. The compiler says: ${errorsOf(told)}`,
  );
}

/** A text with all that it includes. */
async function preprocess(compiler: string, includes: readonly string[], text: string): Promise<string> {
  const args = ['-std=gnu11', '-E', '-P', ...includes, '-x', 'c', '-'];
  const { exitCode, stdout, stderr } = await runTool(compiler, args, { input: text, env: { LC_ALL: 'C' } });
  if (exitCode === 0) return stdout;
  throw new TargetUnavailable(problemOf(stderr));
}

/** Runs a compiler, or a tool of it, in a folder. @throws {TargetUnavailable} when what it is given does not compile */
export async function runCompiler(command: string, args: readonly string[], folder: string): Promise<void> {
  const { exitCode, all, signal } = await compile(command, args, folder);
  if (exitCode === 0) return;
  if (signal !== undefined) throw new TargetUnavailable(`The compiler was ended by ${signal}, twice.`);
  if (exitCode === undefined || /jansson/.test(all)) throw new TargetUnavailable(NEEDS);
  throw new TargetUnavailable(problemOf(all));
}

async function compile(command: string, args: readonly string[], folder?: string): Promise<Ended> {
  const where = folder === undefined ? {} : { cwd: folder };
  const run = () => runTool(command, args, { ...where, env: { LC_ALL: 'C' } });
  const ended = await run();
  return ended.exitCode === undefined ? run() : ended;
}

function problemOf(told: string): string {
  const lacking = /fatal error: (\S+): No such file/.exec(told)?.[1];
  if (lacking !== undefined) {
    return `The manager does not compile with the stand-ins for the kernel's headers: it includes <${lacking}>, for which there is none. Give the folder that has it: --include DIR.`;
  }
  return `The manager does not compile with the stand-ins for the kernel's headers: ${errorsOf(told)}`;
}

function errorsOf(told: string): string {
  const errors = told.split('\n').filter((line) => /\berror\b|undefined reference/.test(line));
  return errors.slice(0, 3).join('; ') || 'no reason given';
}

/** What the compiler says of itself. @throws {TargetUnavailable} when there is none */
export async function compilerVersion(compiler: string): Promise<string> {
  const result = await runTool(compiler, ['--version']);
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
