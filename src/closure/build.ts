/**
 * Compiles a tree's manager, unchanged, into a program that walks its states (`closure/closure.h`), and looks at what
 * the manager calls: whatever it could keep state in, and the walk does not see, is named.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { cSourcesIn } from '../files/c-sources.js';
import { cacheFolder, hashOf } from '../files/cache.js';
import { makeFolder } from '../files/folder.js';
import { type BuildInput, callerObjects, keyOf } from '../targets/linux-source/build.js';
import { runCompiler } from '../targets/linux-source/compiler.js';
import { AS_KERNEL, ownObjects, STANDINS as STANDIN_FOLDER } from '../targets/linux-source/own-objects.js';

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
  const made = [await keyOf(input), JSON.stringify([WALK_FLAGS, MANAGER_FLAGS]), await readFile(SCRIPT, 'utf8')];
  const folder = join(cacheFolder(), 'build', hashOf(['walk', ...made]));
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the manager to be walked');
    await link(input, unfinished);
    const outside = await lookOutside(unfinished, input.parts.compiler);
    await writeFile(join(unfinished, 'outside.json'), `${JSON.stringify(outside)}\n`);
  });
  const outside = JSON.parse(await readFile(join(folder, 'outside.json'), 'utf8')) as readonly string[];
  return { program: join(folder, 'walk'), outside };
}

async function link({ source, parts }: BuildInput, unfinished: string): Promise<void> {
  const { compiler, includes } = parts;
  const run = (...args: readonly string[]) => runCompiler(compiler, args, unfinished);
  await writeFile(join(unfinished, 'irqbypass.c'), source);
  await run(...MANAGER_FLAGS, ...includes, '-c', '-o', 'irqbypass.o', 'irqbypass.c');
  await run('-r', '-nostdlib', `-Wl,-T,${SCRIPT}`, '-o', 'manager.o', 'irqbypass.o');
  const walk = (await cSourcesIn(CLOSURE)).filter((file) => basename(file) !== 'objects.c');
  const objects = [
    'manager.o',
    ...(await callerObjects(parts, WALK_FLAGS, ['calls.c', 'closure/objects.c'])),
    ...(await ownObjects(parts, [...WALK_FLAGS, ...AS_KERNEL], [...walk, join(STANDIN_FOLDER, 'standin-arrays.c')])),
  ];
  await run('-no-pie', '-o', 'walk', ...objects);
}

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
