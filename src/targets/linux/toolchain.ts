/**
 * What builds for a kernel: the machine's own compiler where that is the one that the kernel was built with, else
 * a Debian folder with the right one, which is made once and changes nothing of the machine.
 *
 *     the machine has gcc-12, and linux-kbuild's programs run on it   make -C HEADERS M=FOLDER modules
 *     otherwise                                                       the same, in a chroot of its own mount namespace,
 *                                                                     where the cache lies at the same place
 *
 * For a kernel of another architecture both are a cross compiler, such as aarch64-linux-gnu-gcc-12.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from '../../files/cache.js';
import { exists, makeFolder } from '../../files/folder.js';
import { runTool } from '../../files/tool.js';
import { lastLine } from '../debian/apt.js';
import { architectures, isForeign } from '../debian/architectures.js';
import { codenames } from '../debian/kernels.js';
import { machineMirror } from '../debian/mirror.js';
import { TargetUnavailable } from '../unavailable.js';
import type { KernelPackages } from './packages.js';

/** Runs `make` for a kernel's modules, and the compiler for a program that runs on it. All paths must lie in the cache. */
export interface Toolchain {
  /** What it is, for a hash: a build by another toolchain is another build. */
  readonly name: string;
  make(args: readonly string[]): Promise<Built>;
  compile(args: readonly string[]): Promise<Built>;
}

/** What came of it. */
export interface Built {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * The toolchain for a kernel of Debian.
 * @throws {TargetUnavailable} when the machine has none and cannot make one, with what to install
 */
export async function toolchainOf(kernel: KernelPackages, onProgress: (text: string) => void): Promise<Toolchain> {
  const compiler = `gcc-${await compilerVersion(kernel)}`;
  const { triplet, libc } = architectures[kernel.architecture];
  const own = await ownToolchain(`${triplet}-${compiler}`);
  if (own !== undefined && (await runsHere(kernel))) return own;
  const packages = isForeign(kernel.architecture) ? [`${compiler}-${triplet}`, libc] : [compiler];
  const suite = codenames[/\+deb(\d+)/.exec(kernel.release)?.[1] ?? ''];
  if (suite === undefined || (suite === (await ownCodename()) && own === undefined)) {
    throw new TargetUnavailable(
      `Modules for Linux ${kernel.release} are built with ${triplet}-${compiler}, which this machine lacks: apt-get install ${[...packages, 'make'].join(' ')}`,
    );
  }
  return folderToolchain(suite, `${triplet}-${compiler}`, packages, kernel, onProgress);
}

/** The codename of the Debian that this machine runs; undefined when it is none. */
async function ownCodename(): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1];
}

/** The compiler's first number that the kernel's configuration tells. */
async function compilerVersion({ config }: KernelPackages): Promise<number> {
  const text = await readFile(config, 'utf8');
  const version = Number(/^CONFIG_GCC_VERSION=(\d+)/m.exec(text)?.[1] ?? 0);
  if (version === 0) throw new TargetUnavailable(`${config} does not tell the version of gcc that built the kernel.`);
  return Math.floor(version / 10_000);
}

/** The machine's own make and compiler; undefined when it lacks one. */
export async function ownToolchain(compiler: string): Promise<Toolchain | undefined> {
  const [found, make] = await Promise.all(
    [compiler, 'make'].map((tool) => execa(tool, ['--version'], { reject: false })),
  );
  if (found?.exitCode !== 0 || make?.exitCode !== 0) return undefined;
  const run = async (tool: string, args: readonly string[]): Promise<Built> => {
    const result = await runTool(tool, args, { env: { LC_ALL: 'C' } });
    return { ok: result.exitCode === 0, output: result.all };
  };
  return {
    name: `${found.stdout.split('\n')[0]} of this machine`,
    make: (args) => run('make', args),
    compile: (args) => run(compiler, args),
  };
}

/** Whether the programs of the kernel's package find their libraries here. */
async function runsHere({ headers }: KernelPackages): Promise<boolean> {
  if (headers === undefined) return true;
  for (const program of ['scripts/basic/fixdep', 'scripts/mod/modpost', 'tools/objtool/objtool']) {
    // Not every architecture has an objtool.
    if (program.startsWith('tools/') && !(await exists(join(headers, program)))) continue;
    const result = await execa(join(headers, program), ['--help'], { reject: false, all: true, env: { LC_ALL: 'C' } });
    if (result.exitCode === undefined || /error while loading|not found/.test(result.all)) return false;
  }
  return true;
}

async function folderToolchain(
  suite: string,
  compiler: string,
  compilerPackages: readonly string[],
  kernel: KernelPackages,
  onProgress: (text: string) => void,
): Promise<Toolchain> {
  const packages = [...compilerPackages, 'make', ...kernel.compilerNeeds];
  const name = `${suite}-${compilerPackages[0]}`;
  const folder = join(cacheFolder(), 'toolchain', name);
  await makeFolder(folder, (unfinished) => makeDebian(unfinished, suite, packages, kernel, onProgress), {
    checked: false,
  });
  return {
    name,
    make: (args) => runInside(folder, 'make', args),
    compile: (args) => runInside(folder, compiler, args),
  };
}

async function makeDebian(
  folder: string,
  suite: string,
  packages: readonly string[],
  kernel: KernelPackages,
  onProgress: (text: string) => void,
): Promise<void> {
  const needs = `Modules for Linux ${kernel.release} are built with ${packages[0]}, in a folder with Debian ${suite}`;
  const mirror = await machineMirror();
  if (mirror === undefined)
    throw new TargetUnavailable(`${needs}; this machine's apt sources name no mirror of Debian.`);
  const tool = await execa('mmdebstrap', ['--version'], { reject: false, stdio: 'ignore' });
  if (tool.exitCode !== 0) {
    throw new TargetUnavailable(`${needs}, which takes mmdebstrap: apt-get install mmdebstrap`);
  }
  needRoot(needs);
  onProgress(`making a folder with Debian ${suite} and ${packages[0]}, to build the agent`);
  const root = join(folder, 'root');
  const key = mirror.signedBy === undefined ? [] : [`--keyring=${mirror.signedBy}`];
  const include = `--include=${[...new Set(packages)].join(',')}`;
  const options = ['--variant=essential', '--mode=root', '--quiet', ...key, include];
  const made = await runTool('mmdebstrap', [...options, suite, root, mirror.uri]);
  if (made.exitCode !== 0)
    throw new TargetUnavailable(`${needs}, which mmdebstrap could not make: ${lastLine(made.all)}`);
}

/** Mounts are made in a namespace of their own: they end with the build, whatever ends that. */
async function runInside(folder: string, tool: string, args: readonly string[]): Promise<Built> {
  needRoot('A kernel of another Debian is built for in a folder of its own');
  const cache = cacheFolder();
  const root = join(folder, 'root');
  await mkdir(join(root, cache), { recursive: true });
  const script = [
    'mount -t proc proc "$1/proc"',
    'mount --bind "$2" "$1$2"',
    'root=$1',
    'shift 2',
    'exec chroot "$root" "$@"',
  ].join(' && ');
  const unshare = ['--mount', '--propagation', 'private', '--fork', '--kill-child', 'sh', '-c', script, 'sh'];
  const env = { LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  const result = await runTool('unshare', [...unshare, root, cache, tool, ...args], { env });
  return { ok: result.exitCode === 0, output: result.all };
}

function needRoot(what: string): void {
  if (process.getuid?.() !== 0) throw new TargetUnavailable(`${what}, which takes root: run it as root once.`);
}
