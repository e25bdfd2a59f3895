/**
 * What builds a kernel's modules: the machine's own compiler where that is the one that the kernel was built with, else
 * a Debian folder with the right one, which is made once and changes nothing of the machine.
 *
 *     the machine has gcc-12, and linux-kbuild's programs run on it   make -C HEADERS M=FOLDER modules
 *     otherwise                                                       the same, in a chroot of its own mount namespace,
 *                                                                     where the cache lies at the same place
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import { runTool } from '../../files/tool.js';
import { lastLine } from '../debian/apt.js';
import { codenames } from '../debian/kernels.js';
import { machineMirror } from '../debian/mirror.js';
import { TargetUnavailable } from '../unavailable.js';
import type { KernelPackages } from './packages.js';

/** Runs `make` for a kernel's modules. */
export interface Toolchain {
  /** What it is, for a hash: a build by another toolchain is another build. */
  readonly name: string;
  /** Run make with these arguments. All paths must lie in the cache. */
  make(args: readonly string[]): Promise<{ readonly ok: boolean; readonly output: string }>;
}

/**
 * The toolchain for a kernel of Debian.
 * @throws {TargetUnavailable} when the machine has none and cannot make one, with what to install
 */
export async function toolchainOf(kernel: KernelPackages, onProgress: (text: string) => void): Promise<Toolchain> {
  const compiler = `gcc-${await compilerVersion(kernel)}`;
  const own = await ownToolchain(`x86_64-linux-gnu-${compiler}`);
  if (own !== undefined && (await runsHere(kernel))) return own;
  const suite = codenames[/\+deb(\d+)/.exec(kernel.release)?.[1] ?? ''];
  if (suite === undefined) {
    throw new TargetUnavailable(
      `Modules for Linux ${kernel.release} are built with ${compiler}: apt-get install ${compiler} make`,
    );
  }
  return folderToolchain(suite, compiler, kernel, onProgress);
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
  return {
    name: `${found.stdout.split('\n')[0]} of this machine`,
    make: async (args) => {
      const result = await runTool('make', args, { env: { LC_ALL: 'C' } });
      return { ok: result.exitCode === 0, output: result.all };
    },
  };
}

/** Whether the programs of the kernel's package find their libraries here. */
async function runsHere({ headers }: KernelPackages): Promise<boolean> {
  for (const program of ['scripts/basic/fixdep', 'scripts/mod/modpost', 'tools/objtool/objtool']) {
    const result = await execa(join(headers, program), ['--help'], { reject: false, all: true, env: { LC_ALL: 'C' } });
    if (result.exitCode === undefined || /error while loading|not found/.test(result.all)) return false;
  }
  return true;
}

async function folderToolchain(
  suite: string,
  compiler: string,
  kernel: KernelPackages,
  onProgress: (text: string) => void,
): Promise<Toolchain> {
  const packages = [compiler, 'make', ...kernel.compilerNeeds];
  const name = `${suite}-${compiler}`;
  const folder = join(cacheFolder(), 'toolchain', name);
  await makeFolder(folder, (unfinished) => makeDebian(unfinished, suite, packages, kernel, onProgress), {
    checked: false,
  });
  return { name, make: (args) => makeInside(folder, args) };
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
async function makeInside(folder: string, args: readonly string[]): ReturnType<Toolchain['make']> {
  needRoot('A kernel of another Debian is built for in a folder of its own');
  const cache = cacheFolder();
  const root = join(folder, 'root');
  await mkdir(join(root, cache), { recursive: true });
  const script = [
    'mount -t proc proc "$1/proc"',
    'mount --bind "$2" "$1$2"',
    'root=$1',
    'shift 2',
    'exec chroot "$root" make "$@"',
  ].join(' && ');
  const unshare = ['--mount', '--propagation', 'private', '--fork', '--kill-child', 'sh', '-c', script, 'sh'];
  const env = { LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  const result = await runTool('unshare', [...unshare, root, cache, ...args], { env });
  return { ok: result.exitCode === 0, output: result.all };
}

function needRoot(what: string): void {
  if (process.getuid?.() !== 0) throw new TargetUnavailable(`${what}, which takes root: run it as root once.`);
}
