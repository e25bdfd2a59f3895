/**
 * Compiles a tree's manager, unchanged, into a program that explores the interleavings of lanes
 * (`scheduler/scheduler.h`). The compiler is asked to report each access to memory, as for ThreadSanitizer, and the
 * reports come to the scheduler. The caller's own writes are reported, too: up to Linux 6.16 it writes the token.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cSourcesIn } from '../files/c-sources.js';
import { cacheFolder, hashOf } from '../files/cache.js';
import { makeFolder } from '../files/folder.js';
import { type BuildInput, callerObjects, keyOf } from '../targets/linux-source/build.js';
import { runCompiler } from '../targets/linux-source/compiler.js';
import { AS_KERNEL, ownObjects, STANDINS } from '../targets/linux-source/own-objects.js';

/** Lanes jump from stack to stack, which a fortified longjmp() takes for a mistake. */
const PLAIN_FLAGS = ['-std=gnu11', '-O2', '-g', '-fno-pie', '-U_FORTIFY_SOURCE'];

/** Little is optimised away, so that the accesses are those of the source; marked accesses are told from others. */
const REPORTING_FLAGS = [
  '-std=gnu11',
  '-O1',
  '-g',
  '-fno-pie',
  '-fsanitize=thread',
  '--param=tsan-instrument-func-entry-exit=0',
  '--param=tsan-distinguish-volatile=1',
  '-fno-strict-aliasing',
  '-fno-strict-overflow',
  '-fno-delete-null-pointer-checks',
];

/** The closure's files that the scheduler shares. */
const SHARED = ['plan', 'memory', 'state', 'standin', 'choices'];

const SCHEDULER = join(STANDINS, 'scheduler');
const CLOSURE = join(STANDINS, 'closure');
const SCRIPT = join(CLOSURE, 'manager-state.ld');

/**
 * The program that explores a manager's interleavings, built unless the cache has it; `irqbypass.c` lies beside it.
 * @throws {TargetUnavailable} when a tool is missing or the manager does not compile.
 */
export async function buildScheduler(
  input: BuildInput,
  onProgress: (text: string) => void = () => {},
): Promise<string> {
  const { source, parts } = input;
  const { compiler, includes } = parts;
  const made = [await keyOf(input), JSON.stringify([PLAIN_FLAGS, REPORTING_FLAGS]), await readFile(SCRIPT, 'utf8')];
  const folder = join(cacheFolder(), 'build', hashOf(['schedule', ...made]));
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the manager to be scheduled');
    const run = (...args: readonly string[]) => runCompiler(compiler, args, unfinished);
    await writeFile(join(unfinished, 'irqbypass.c'), source);
    await run(...REPORTING_FLAGS, ...includes, '-c', '-o', 'irqbypass.o', 'irqbypass.c');
    await run('-r', '-nostdlib', `-Wl,-T,${SCRIPT}`, '-o', 'manager.o', 'irqbypass.o');
    const scheduler = await cSourcesIn(SCHEDULER);
    const others = [...SHARED.map((name) => join(CLOSURE, `${name}.c`)), join(STANDINS, 'standin-arrays.c')];
    const objects = [
      'manager.o',
      ...(await callerObjects(parts, REPORTING_FLAGS, ['calls.c'])),
      ...(await callerObjects(parts, PLAIN_FLAGS, ['closure/objects.c'])),
      ...(await ownObjects(parts, [...PLAIN_FLAGS, ...AS_KERNEL], [...scheduler, ...others])),
    ];
    await run('-no-pie', '-o', 'schedule', ...objects);
  });
  return join(folder, 'schedule');
}
