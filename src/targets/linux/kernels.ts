/**
 * Which kernel: `debian:VERSION`, or the files of one's own build.
 *
 *     linux:debian:6.12, linux:debian:6.12@arm64
 *     linux:kernel=arch/x86/boot/bzImage,module=virt/lib/irqbypass.ko,headers=.
 *     linux:kernel=vmlinuz,headers=DIR                 the manager is built in
 *     ...,modules=DIR                                  where the drivers of virtio lie: lib/modules/RELEASE
 *     ...,append=WORDS                                 added to the kernel's command line
 */
import { open, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Generation, ProfileName } from '../../../spec/profile.js';
import { profileOfRelease } from '../../../spec/profiles/releases.js';
import type { Architecture } from '../debian/architectures.js';
import { generationOf } from '../linux-source/header.js';
import { TargetUnavailable } from '../unavailable.js';
import { PORT_DRIVERS } from './initramfs.js';
import type { KernelModule } from './modules.js';
import { ModuleFolder, readModule } from './modules.js';
import { fetchKernel, type KernelPackages } from './packages.js';
import type { Toolchain } from './toolchain.js';
import { ownToolchain, toolchainOf } from './toolchain.js';

/** A kernel and all that it takes to judge its manager. */
export interface Kernel {
  /** What was asked for, without the command line. */
  readonly origin: string;
  readonly architecture: Architecture;
  readonly release: string;
  /** What to call the version: that of the package, or the release. */
  readonly version: string;
  readonly vmlinuz: string;
  /** The manager's module; undefined when it is built into the kernel. */
  readonly manager: KernelModule | undefined;
  /** The modules that the guest's port takes, in the order of loading. */
  readonly drivers: readonly KernelModule[];
  readonly headers: string;
  readonly generation: Generation;
  readonly profile: ProfileName;
  readonly toolchain: (onProgress: (text: string) => void) => Promise<Toolchain>;
  readonly commandLine: readonly string[];
}

const MANAGER = 'irqbypass';
const USAGE = 'Write linux:debian:6.12, or linux:kernel=VMLINUZ,module=IRQBYPASS.KO,headers=DIR.';

/**
 * Find a kernel by what stands behind `linux:`.
 * @throws {TargetUnavailable} when it is not to be had, or is none
 */
export async function findKernel(where: string, onProgress: (text: string) => void): Promise<Kernel> {
  const [first = '', ...parts] = where.split(',');
  const isDebian = first.startsWith('debian:');
  const values = readValues(isDebian ? parts : [first, ...parts], isDebian ? ['append'] : OWN_KEYS);
  const commandLine = (values.get('append') ?? '').split(' ').filter((word) => word !== '');
  const kernel = isDebian ? await debianKernel(first, onProgress) : await ownKernel(values);
  return { ...kernel, commandLine };
}

const OWN_KEYS = ['kernel', 'module', 'headers', 'modules', 'append'];

function readValues(parts: readonly string[], known: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const key = equals === -1 ? part : part.slice(0, equals);
    if (equals === -1 || !known.includes(key)) {
      throw new TargetUnavailable(
        `${JSON.stringify(part)} is none of ${known.map((one) => `${one}=`).join(', ')}. ${USAGE}`,
      );
    }
    values.set(key, part.slice(equals + 1));
  }
  return values;
}

type Found = Omit<Kernel, 'commandLine'>;

async function debianKernel(origin: string, onProgress: (text: string) => void): Promise<Found> {
  const packages = await fetchKernel(origin.slice('debian:'.length), onProgress);
  if (packages.headers === undefined) {
    throw new TargetUnavailable(
      `Debian has Linux ${packages.release} still, but its headers no more, and the agent is built against them. irqbypass-spec observe takes none.`,
    );
  }
  const folder = await ModuleFolder.open(packages.modules);
  const [manager] = folder.isBuiltIn(MANAGER) ? [] : await folder.withDependencies([MANAGER]);
  const { architecture, release, version, vmlinuz, headers } = packages;
  return {
    origin,
    architecture,
    release,
    version,
    vmlinuz,
    manager,
    drivers: await folder.withDependencies(PORT_DRIVERS),
    headers,
    ...(await readGeneration(headers, release)),
    toolchain: (progress) => toolchainOf(packages, progress),
  };
}

async function ownKernel(values: ReadonlyMap<string, string>): Promise<Found> {
  const [kernel, headers] = [values.get('kernel'), values.get('headers')];
  if (kernel === undefined || headers === undefined) {
    throw new TargetUnavailable(
      `A kernel of your own takes its image and the folder to build modules against. ${USAGE}`,
    );
  }
  const vmlinuz = await needFile(kernel, 'the image of a kernel');
  const release = await releaseOf(vmlinuz);
  const module = values.get('module');
  const place = module === undefined ? undefined : await needFile(module, 'a module');
  return {
    origin: basename(kernel),
    architecture: 'amd64',
    release,
    version: release,
    vmlinuz,
    manager: place === undefined ? undefined : { name: MANAGER, contents: await readModule(place) },
    drivers: await findDrivers(values.get('modules') ?? modulesAround(place) ?? headers),
    headers: resolve(headers),
    ...(await readGeneration(resolve(headers), release)),
    toolchain: async () => ownCompiler(resolve(headers)),
  };
}

async function needFile(path: string, what: string): Promise<string> {
  const found = await stat(resolve(path)).catch(() => undefined);
  if (found?.isFile() !== true) throw new TargetUnavailable(`${path} is not ${what}: there is no such file.`);
  return resolve(path);
}

/** The release as the image itself tells it: at 0x20e it says where the text lies, counted from 0x200. */
async function releaseOf(vmlinuz: string): Promise<string> {
  const file = await open(vmlinuz);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(0x10000), 0, 0x10000, 0);
    if (bytesRead > 0x210 && buffer.toString('latin1', 0x202, 0x206) === 'HdrS') {
      const at = buffer.readUInt16LE(0x20e) + 0x200;
      const release = /^[!-~]+/.exec(buffer.toString('latin1', at, at + 200))?.[0];
      if (release !== undefined) return release;
    }
  } finally {
    await file.close();
  }
  throw new TargetUnavailable(`${vmlinuz} is not the image of a kernel for x86 (a bzImage).`);
}

/** The folder lib/modules/RELEASE that a module lies in, if it does. */
function modulesAround(module: string | undefined): string | undefined {
  const parts = (module ?? '').split('/');
  const at = parts.lastIndexOf('modules');
  return at === -1 ? undefined : parts.slice(0, at + 2).join('/');
}

/** The port's drivers out of a folder of modules or a tree; those that are not there are taken to be built in. */
async function findDrivers(folder: string): Promise<readonly KernelModule[]> {
  const modules = await ModuleFolder.open(resolve(folder));
  return modules.withDependencies(PORT_DRIVERS.filter((name) => modules.has(name)));
}

/** The compiler that the configuration names, else the machine's own. */
async function ownCompiler(headers: string): Promise<Toolchain> {
  const config = await readFile(join(headers, '.config'), 'utf8').catch(() => '');
  const version = Math.floor(Number(/^CONFIG_GCC_VERSION=(\d+)/m.exec(config)?.[1] ?? 0) / 10_000);
  const toolchain = (await ownToolchain(`gcc-${version}`)) ?? (await ownToolchain(process.env.CC || 'gcc'));
  if (toolchain !== undefined) return toolchain;
  throw new TargetUnavailable('Building the agent takes a C compiler and make: apt-get install gcc make');
}

/** How callers hand the token over, by the header; and the profile, by the release where only the source would tell. */
export async function readGeneration(
  headers: string,
  release: string,
): Promise<Pick<Kernel, 'generation' | 'profile'>> {
  const generation = generationOf(await readHeader(headers));
  if (generation === undefined) {
    throw new TargetUnavailable(`include/linux/irqbypass.h of ${headers} is of no known generation.`);
  }
  return { generation, profile: profileOfRelease(release, generation)?.name ?? 'core' };
}

/** The same of a kernel of Debian: by its headers, or by its release where Debian has no headers of it. */
export async function generationOfKernel({
  headers,
  release,
}: Pick<KernelPackages, 'headers' | 'release'>): Promise<Pick<Kernel, 'generation' | 'profile'>> {
  if (headers !== undefined) return readGeneration(headers, release);
  const profile = profileOfRelease(release);
  if (profile?.generation === undefined) throw new TargetUnavailable(`No profile stands for Linux ${release}.`);
  return { generation: profile.generation, profile: profile.name };
}

/** Headers may lie in two folders, of which the Makefile of the one names the other. */
async function readHeader(headers: string): Promise<string> {
  const makefile = await readFile(join(headers, 'Makefile'), 'utf8').catch(() => '');
  const included = /^include\s+(\S+)\/Makefile$/m.exec(makefile)?.[1];
  for (const folder of [headers, join(headers, 'source'), ...(included === undefined ? [] : [included])]) {
    const text = await readFile(join(folder, 'include', 'linux', 'irqbypass.h'), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new TargetUnavailable(
    `${headers} is no folder to build a kernel's modules against: include/linux/irqbypass.h is missing. Give the folder of the headers, such as /lib/modules/RELEASE/build.`,
  );
}
