/**
 * The target `library`: a manager in a shared library, called through the C adapter library.
 *
 *     FILE[#TABLE] ──> loader, compiled once ──> command line
 */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cSourcesIn, cTextsUnder } from '../../files/c-sources.js';
import { cacheFolder, hashOf } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import { packageRoot } from '../../files/root.js';
import { runTool } from '../../files/tool.js';
import { TargetUnavailable } from '../unavailable.js';

const FLAGS = ['-std=gnu11', '-O2', '-g', '-rdynamic'];
const LIBRARIES = ['-ldl', '-ljansson', '-pthread'];

/** The name of the table that a library exports, where none is named. */
const TABLE = 'irqbypass_adapter';

/** How the loader of a library is started. */
export interface PreparedLibrary {
  readonly command: string;
  readonly args: readonly [file: string, table: string];
}

/**
 * Prepare the manager of a shared library.
 *
 * @param where the library, and after `#` the name of its `struct adapter_implementation`, `irqbypass_adapter` otherwise
 * @throws {TargetUnavailable} when there is no such file, or the loader cannot be compiled
 */
export async function prepareLibrary(where: string, onProgress: (text: string) => void): Promise<PreparedLibrary> {
  const hash = where.lastIndexOf('#');
  const [file, table] = hash === -1 ? [where, TABLE] : [where.slice(0, hash), where.slice(hash + 1)];
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new TargetUnavailable(`${file} is no file. Expected a shared library, such as ./libmanager.so.`);
  }
  return { command: await loader(onProgress), args: [path, table] };
}

/** The path of the loader, which is compiled unless the cache has it. */
async function loader(onProgress: (text: string) => void): Promise<string> {
  const compiler = process.env.CC || 'gcc';
  const harness = join(packageRoot, 'conformance', 'harnesses', 'c');
  const version = await runTool(compiler, ['--version'], { env: { LC_ALL: 'C' } });
  const key = hashOf([
    JSON.stringify([compiler, version.stdout, FLAGS, LIBRARIES]),
    ...(await cTextsUnder(harness, ['example', 'build'])),
  ]);
  const folder = join(cacheFolder(), 'build', key);
  await makeFolder(folder, async (unfinished) => {
    onProgress('compiling the loader');
    const sources = await cSourcesIn(join(harness, 'library'));
    const all = [`-I${harness}`, ...FLAGS, '-o', 'loader', join(harness, 'loader', 'loader.c'), ...sources];
    const built = await runTool(compiler, [...all, ...LIBRARIES], { cwd: unfinished, env: { LC_ALL: 'C' } });
    if (built.exitCode === 0) return;
    const why = built.all.split('\n').find((line) => line.includes('error')) ?? 'no reason given';
    throw new TargetUnavailable(
      `library needs a C compiler and libjansson-dev: apt-get install gcc libjansson-dev. The compiler says: ${why}`,
    );
  });
  return join(folder, 'loader');
}
