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
import { packageRoot } from '../files/root.js';
import { type BuildInput, runCompiler, textsOf } from '../targets/linux-source/build.js';
import { callerFlags } from '../targets/linux-source/caller.js';

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
const SHARED = ['plan', 'memory', 'state', 'objects', 'standin', 'choices'];

const STANDINS = join(packageRoot, 'conformance', 'harnesses', 'linux-source');
const SCHEDULER = join(STANDINS, 'scheduler');
const CLOSURE = join(STANDINS, 'closure');
const SCRIPT = join(CLOSURE, 'manager-state.ld');

/**
 * The program that explores a manager's interleavings, built unless the cache has it; `irqbypass.c` lies beside it.
 * @throws {TargetUnavailable} when a tool is missing or the manager does not compile.
 */
export async function buildScheduler(
  { source, parts: shared }: BuildInput,
  onProgress: (text: string) => void = () => {},
): Promise<string> {
  const { compiler, includes } = shared;
  const called = callerFlags(shared.caller);
  const key = hashOf([
    JSON.stringify([shared.key, PLAIN_FLAGS, REPORTING_FLAGS]),
    await readFile(SCRIPT, 'utf8'),
    ...(await textsOf(STANDINS, [])),
  ]);
  const parts = join(cacheFolder(), 'build', key);
  await makeFolder(parts, async (unfinished) => {
    onProgress('compiling the scheduler');
    const own = await cSourcesIn(SCHEDULER);
    const others = [...SHARED.map((name) => join(CLOSURE, `${name}.c`)), join(STANDINS, 'standin-arrays.c')];
    const run = (...args: readonly string[]) => runCompiler(compiler, args, unfinished);
    await run(...PLAIN_FLAGS, ...includes, ...called, '-r', '-o', 'scheduler.o', ...own, ...others);
    await run(...REPORTING_FLAGS, ...includes, ...called, '-c', '-o', 'calls.o', join(STANDINS, 'calls.c'));
  });
  const folder = join(cacheFolder(), 'build', hashOf([key, source]));
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the manager to be scheduled');
    const run = (...args: readonly string[]) => runCompiler(compiler, args, unfinished);
    await writeFile(join(unfinished, 'irqbypass.c'), source);
    await run(...REPORTING_FLAGS, ...includes, '-c', '-o', 'irqbypass.o', 'irqbypass.c');
    await run('-r', '-nostdlib', `-Wl,-T,${SCRIPT}`, '-o', 'manager.o', 'irqbypass.o');
    const objects = ['calls.o', 'scheduler.o'].map((name) => join(parts, name));
    await run('-no-pie', '-o', 'schedule', 'manager.o', ...objects);
  });
  return join(folder, 'schedule');
}
