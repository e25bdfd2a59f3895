/**
 * Compiles a tree's manager, unchanged, into a program that walks its states (`closure/closure.h`), and looks at what
 * the manager calls: whatever it could keep state in, and the walk does not see, is named.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cSourcesIn } from '../files/c-sources.js';
import { cacheFolder, hashOf } from '../files/cache.js';
import { makeFolder } from '../files/folder.js';
import { packageRoot } from '../files/root.js';
import { type BuildInput, runCompiler, textsOf } from '../targets/linux-source/build.js';
import { callerFlags } from '../targets/linux-source/caller.js';

/** What the walk is compiled with. Addresses are fixed, so that a state looks the same in every process. */
const WALK_FLAGS = ['-std=gnu11', '-O2', '-g', '-fno-pie'];

/** As the kernel is compiled. What is undefined in C traps, which is a crash of the step in which it happens. */
const MANAGER_FLAGS = [
  ...WALK_FLAGS,
  '-fsanitize=undefined',
  '-fno-sanitize=null',
  '-fsanitize-undefined-trap-on-error',
  '-fno-strict-aliasing',
  '-fno-strict-overflow',
  '-fno-delete-null-pointer-checks',
];

/** A program that walks a manager's states. */
export interface ClosureBuild {
  readonly program: string;
  /** Where the manager may keep state that the walk does not see, in words; empty when there is no such place. */
  readonly outside: readonly string[];
}

/**
 * The program that walks a manager, built unless the cache has it.
 * @throws {TargetUnavailable} when a tool is missing or the manager does not compile.
 */
export async function buildClosure(
  input: BuildInput,
  onProgress: (text: string) => void = () => {},
): Promise<ClosureBuild> {
  const parts = await buildParts(input, onProgress);
  const folder = join(cacheFolder(), 'build', hashOf([parts.key, input.source]));
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the manager to be walked');
    await link(parts, input.source, unfinished);
    const outside = await lookOutside(unfinished, parts.compiler);
    await writeFile(join(unfinished, 'outside.json'), `${JSON.stringify(outside)}\n`);
  });
  const outside = JSON.parse(await readFile(join(folder, 'outside.json'), 'utf8')) as readonly string[];
  return { program: join(folder, 'walk'), outside };
}

/** Everything of the program but the manager, compiled. */
interface Parts {
  readonly compiler: string;
  /** Where `walk.o` is. */
  readonly folder: string;
  readonly includes: readonly string[];
  readonly key: string;
}

async function buildParts({ parts }: BuildInput, onProgress: (text: string) => void): Promise<Parts> {
  const { compiler, includes, caller } = parts;
  const key = hashOf([
    JSON.stringify([parts.key, WALK_FLAGS, MANAGER_FLAGS]),
    await readFile(SCRIPT, 'utf8'),
    ...(await textsOf(STANDIN_FOLDER, [])),
  ]);
  const folder = join(cacheFolder(), 'build', key);
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the walk');
    const shared = ['calls.c', 'standin-arrays.c'].map((name) => join(STANDIN_FOLDER, name));
    const files = [...(await cSourcesIn(CLOSURE)), ...shared];
    const flags = [...WALK_FLAGS, ...includes, ...callerFlags(caller)];
    await runCompiler(compiler, [...flags, '-r', '-o', 'walk.o', ...files], unfinished);
  });
  return { compiler, folder, includes, key };
}

async function link({ compiler, folder, includes }: Parts, source: string, unfinished: string): Promise<void> {
  const run = (...args: readonly string[]) => runCompiler(compiler, args, unfinished);
  await writeFile(join(unfinished, 'irqbypass.c'), source);
  await run(...MANAGER_FLAGS, ...includes, '-c', '-o', 'irqbypass.o', 'irqbypass.c');
  await run('-r', '-nostdlib', `-Wl,-T,${SCRIPT}`, '-o', 'manager.o', 'irqbypass.o');
  await run('-no-pie', '-o', 'walk', 'manager.o', join(folder, 'walk.o'));
}

const STANDIN_FOLDER = join(packageRoot, 'conformance', 'harnesses', 'linux-source');
const CLOSURE = join(STANDIN_FOLDER, 'closure');
const SCRIPT = join(CLOSURE, 'manager-state.ld');

/** Functions without memory of their own, which a compiler may call by itself. */
const WITHOUT_MEMORY = /^(mem(set|cpy|move|cmp)|str(cmp|ncmp|len)|__stack_chk_fail|abort)$/;

/** What the stand-ins of the walk define. All of their memory is part of the state. */
const STANDINS =
  /^(standin_\w+|(__)?xa_\w+|xas_\w+|id[ar]_\w+|try_module_get|__module_get|module_put|__(start|stop)_manager_state)$/;

async function lookOutside(folder: string, compiler: string): Promise<readonly string[]> {
  const tool = async (name: string) => {
    const { stdout } = await execa(compiler, [`-print-prog-name=${name}`], { cwd: folder });
    return stdout.trim() || name;
  };
  const { stdout: undefinedSymbols } = await execa(await tool('nm'), ['-u', 'manager.o'], { cwd: folder });
  const called = [...undefinedSymbols.matchAll(/\b[Uuwv] (\S+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => !WITHOUT_MEMORY.test(name) && !STANDINS.test(name));
  const { stdout: sections } = await execa(await tool('objdump'), ['-h', 'manager.o'], { cwd: folder });
  const perThread = /\.t(bss|data)\b/.test(sections);
  return [
    ...called.map((name) => `the manager uses ${name}, which is none of the stand-ins`),
    ...(perThread ? ['the manager has variables of its own for each thread'] : []),
  ];
}

/** The name of the variable at an address of the program, as far as the compiler has left it there. */
export async function nameAt(program: string, address: string): Promise<string | undefined> {
  const listing = await execa('nm', ['-n', '-S', program], { reject: false });
  const at = BigInt(`0x${address}`);
  for (const [, start = '0', size = '0', name] of listing.stdout.matchAll(/^([0-9a-f]+) ([0-9a-f]+) \w (\S+)$/gm)) {
    const from = BigInt(`0x${start}`);
    if (at >= from && at < from + BigInt(`0x${size}`)) return name;
  }
  return undefined;
}
