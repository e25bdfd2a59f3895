/**
 * Builds what the guest runs: the agent module, against the kernel's headers, and init, a static program. Kept in the
 * cache under a hash of everything that goes in.
 */
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import type { Generation } from '../../../spec/profile.js';
import { cSourcesIn } from '../../files/c-sources.js';
import { cacheFolder, hashOf } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import { packageRoot } from '../../files/root.js';
import { runTool } from '../../files/tool.js';
import { type Architecture, isForeign } from '../debian/architectures.js';
import { TargetUnavailable } from '../unavailable.js';
import { fetchJansson } from './jansson.js';
import type { Built, Toolchain } from './toolchain.js';

const HARNESSES = join(packageRoot, 'conformance', 'harnesses');

/**
 * Build a module of our own out of a folder with a Kbuild file.
 *
 * @param headers the folder to build against
 * @param kernel what tells one kernel from another
 * @param name of the module
 * @param variables of the Kbuild file, as NAME=VALUE
 * @returns the path of the module
 * @throws {TargetUnavailable} when it does not build
 */
export async function buildModule(
  toolchain: Toolchain,
  headers: string,
  kernel: string,
  source: string,
  name: string,
  variables: readonly string[],
  onProgress: (text: string) => void,
): Promise<string> {
  const symbols = await readFile(join(headers, 'Module.symvers'), 'utf8').catch(() => '');
  const config = await readFile(join(headers, '.config'), 'utf8').catch(() => '');
  const key = hashOf([toolchain.name, headers, kernel, symbols, config, ...variables, ...(await textsOf(source))]);
  const folder = join(cacheFolder(), 'build', key);
  await makeFolder(folder, async (unfinished) => {
    onProgress(`building the module ${name} for Linux ${kernel}`);
    await cp(source, unfinished, { recursive: true });
    // Split BTF takes pahole, and nothing reads ours.
    const fixed = ['CONFIG_DEBUG_INFO_BTF_MODULES=', `M=${unfinished}`];
    const { ok, output } = await toolchain.make(['-C', headers, ...fixed, ...variables, 'modules']);
    if (!ok) throw new TargetUnavailable(`The module ${name} does not build for Linux ${kernel}: ${reasonIn(output)}`);
  });
  return join(folder, `${name}.ko`);
}

/** The folder of the agent's sources, and its name as a module. */
export const AGENT = { source: join(HARNESSES, 'linux-kernel', 'agent'), name: 'irqbypass-agent' } as const;

/** How the Kbuild file of the agent is told the generation. */
export function agentVariables(generation: Generation): readonly string[] {
  return generation === 'token-as-argument' ? ['TOKEN_AS_ARGUMENT=y'] : [];
}

/** Compiles programs for a guest. */
export interface Compiler {
  /** What it is, for a hash. */
  readonly name: string;
  /** Arguments by which it finds libjansson, where it does not by itself. */
  readonly library: readonly string[];
  compile(args: readonly string[]): Promise<Built>;
}

/**
 * The compiler for programs of an architecture: the machine's own, or that of a kernel's toolchain.
 * @throws {TargetUnavailable} when something is missing, with what to install
 */
export async function compilerFor(
  architecture: Architecture,
  toolchain: () => Promise<Toolchain>,
  onProgress: (text: string) => void,
): Promise<Compiler> {
  if (isForeign(architecture)) {
    const [{ name, compile }, library] = [await toolchain(), await fetchJansson(architecture, onProgress)];
    return { name, library, compile };
  }
  const program = process.env.CC || 'gcc';
  const version = await execa(program, ['--version'], { reject: false });
  if (version.exitCode !== 0) throw new TargetUnavailable(NEEDS);
  const compile = async (args: readonly string[]): Promise<Built> => {
    const result = await runTool(program, args, { env: { LC_ALL: 'C' } });
    return { ok: result.exitCode === 0, output: result.all };
  };
  return { name: `${program}\n${version.stdout}`, library: [], compile };
}

/**
 * Compile the guest's init.
 * @returns the path of the program
 * @throws {TargetUnavailable} when a tool is missing, with what to install
 */
export async function buildInit(compiler: Compiler, onProgress: (text: string) => void): Promise<string> {
  const library = join(HARNESSES, 'c', 'library');
  const init = join(HARNESSES, 'linux-kernel', 'init');
  return buildStatic('init', [init, library], [AGENT.source, join(HARNESSES, 'c')], compiler, onProgress);
}

/**
 * Compile a static program for a guest out of all C files of some folders of the harnesses.
 *
 * @param seen folders whose files are included
 * @throws {TargetUnavailable} when a tool is missing, with what to install
 */
export async function buildStatic(
  name: string,
  folders: readonly string[],
  seen: readonly string[],
  compiler: Compiler,
  onProgress: (text: string) => void,
): Promise<string> {
  const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-static', '-pthread'];
  const texts = (await Promise.all([...folders, ...seen].map(textsOf))).flat();
  const folder = join(
    cacheFolder(),
    'build',
    hashOf([compiler.name, ...flags, ...compiler.library, ...folders.map((one) => relative(HARNESSES, one)), ...texts]),
  );
  await makeFolder(folder, async (unfinished) => {
    onProgress(`compiling the guest's ${name}`);
    // A compiler in a folder of its own sees the cache alone.
    const place = (path: string) => join(unfinished, 'source', relative(HARNESSES, path));
    for (const one of [...folders, ...seen]) {
      await mkdir(place(one), { recursive: true });
      await cp(one, place(one), { recursive: true });
    }
    const sources = (await Promise.all(folders.map((one) => cSourcesIn(place(one))))).flat();
    const { ok, output } = await compiler.compile([
      ...flags,
      '-o',
      join(unfinished, name),
      ...sources,
      ...compiler.library,
      '-ljansson',
      '-pthread',
    ]);
    if (ok) return;
    if (/jansson/.test(output)) throw new TargetUnavailable(NEEDS);
    throw new TargetUnavailable(`The guest's ${name} does not compile: ${reasonIn(output)}`);
  });
  return join(folder, name);
}

const NEEDS = 'The guest of a real kernel needs a C compiler and libjansson-dev: apt-get install gcc libjansson-dev';

/** The texts of a folder's own files that a compiler or Kbuild reads. */
async function textsOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => /(?:\.[ch]|^Kbuild)$/.test(name)).sort();
  return Promise.all(names.map(async (name) => `${name}\n${await readFile(join(folder, name), 'utf8')}`));
}

/** The first lines that tell why. */
function reasonIn(output: string): string {
  const lines = output.split('\n').filter((line) => /\berror\b|undefined|\*\*\*/i.test(line));
  return lines.slice(0, 3).join('; ') || output.trim().split('\n').at(-1) || 'no reason given';
}
