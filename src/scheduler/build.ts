/**
 * Compiles a tree's manager, unchanged, into a program that explores the interleavings of lanes
 * (`scheduler/scheduler.h`). The compiler is asked to report each access to memory, as for ThreadSanitizer, and the
 * reports come to the scheduler. The caller's own writes are reported, too: up to Linux 6.16 it writes the token.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, hashOf } from '../files/cache.js';
import { makeFolder } from '../files/folder.js';
import { packageRoot } from '../files/root.js';
import { type BuildInput, compilerVersion, runCompiler, textsOf } from '../targets/linux-source/build.js';

const PLAIN_FLAGS = ['-std=gnu11', '-O2', '-g', '-fno-pie'];

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

const includes = (folder: string) => [`-I${join(STANDINS, 'include')}`, `-I${join(folder, 'include')}`];

/**
 * The program that explores a manager's interleavings, built unless the cache has it; `irqbypass.c` lies beside it.
 * @throws {TargetUnavailable} when a tool is missing or the manager does not compile.
 */
export async function buildScheduler(
  { source, header, generation }: BuildInput,
  onProgress: (text: string) => void = () => {},
): Promise<string> {
  const compiler = process.env.CC || 'gcc';
  const key = hashOf([
    JSON.stringify([header, generation, compiler, await compilerVersion(compiler), PLAIN_FLAGS, REPORTING_FLAGS]),
    await readFile(SCRIPT, 'utf8'),
    ...(await textsOf(STANDINS, [])),
  ]);
  const parts = join(cacheFolder(), 'build', key);
  await makeFolder(parts, async (unfinished) => {
    onProgress('compiling the scheduler');
    await mkdir(join(unfinished, 'include', 'linux'), { recursive: true });
    await writeFile(join(unfinished, 'include', 'linux', 'irqbypass.h'), header);
    const own = (await readdir(SCHEDULER)).filter((name) => name.endsWith('.c')).map((name) => join(SCHEDULER, name));
    const shared = SHARED.map((name) => join(CLOSURE, `${name}.c`));
    const run = (...args: readonly string[]) => runCompiler(compiler, args, unfinished);
    await run(...PLAIN_FLAGS, ...includes(unfinished), '-r', '-o', 'scheduler.o', ...own, ...shared);
    const caller = join(STANDINS, `${generation}.c`);
    await run(...REPORTING_FLAGS, ...includes(unfinished), '-c', '-o', 'caller.o', caller);
  });
  const folder = join(cacheFolder(), 'build', hashOf([key, source]));
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the manager to be scheduled');
    const run = (...args: readonly string[]) => runCompiler(compiler, args, unfinished);
    await writeFile(join(unfinished, 'irqbypass.c'), source);
    await run(...REPORTING_FLAGS, ...includes(parts), '-c', '-o', 'irqbypass.o', 'irqbypass.c');
    await run('-r', '-nostdlib', `-Wl,-T,${SCRIPT}`, '-o', 'manager.o', 'irqbypass.o');
    const objects = ['caller.o', 'scheduler.o'].map((name) => join(parts, name));
    await run('-no-pie', '-o', 'schedule', 'manager.o', ...objects);
  });
  return join(folder, 'schedule');
}
