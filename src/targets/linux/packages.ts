/**
 * A kernel of Debian as its packages have it: unpacked in the cache, not installed.
 *
 *     debian:6.12 ──> linux-image-6.12.117+deb12-cloud-amd64, its headers, and what the two depend on of the kernel's own
 *                 ──> root/boot, root/lib/modules/RELEASE, root/usr/src, root/usr/lib/linux-kbuild-*
 *
 * What is in the cache is used without the network.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from '../../files/cache.js';
import { exists, makeFolder } from '../../files/folder.js';
import type { Apt, PackageRecord } from '../debian/apt.js';
import { lastLine, needKernelName, searchSuites } from '../debian/apt.js';
import { type Architecture, architectures, isForeign, ownArchitecture } from '../debian/architectures.js';
import { imagePackages, type KernelName, kernelText } from '../debian/kernels.js';
import { TargetUnavailable } from '../unavailable.js';

/** A kernel's packages, unpacked. */
export interface KernelPackages {
  readonly architecture: Architecture;
  /** What `uname -r` says in it, such as `6.12.117+deb12-cloud-amd64`. */
  readonly release: string;
  /** The version of the package, such as `6.12.117-1~deb12u1`. */
  readonly version: string;
  /** The packages that building its modules takes, beside a compiler: such as `libelf1`. */
  readonly compilerNeeds: readonly string[];
  /** The packages' files as they would lie under `/`. */
  readonly root: string;
  /** The paths of the kernel's image and of its configuration. */
  readonly vmlinuz: string;
  readonly config: string;
  /** The folder against which modules are built; undefined where Debian has the kernel still, but its headers no more. */
  readonly headers: string | undefined;
  /** The folder of its modules: `lib/modules/RELEASE`. */
  readonly modules: string;
}

/** What the cache keeps beside the files. */
interface Facts {
  readonly release: string;
  readonly version: string;
  readonly compilerNeeds: readonly string[];
  readonly packages: readonly { readonly name: string; readonly version: string; readonly sha256: string | null }[];
}

const ADVICE = 'On a machine that is not Debian give the files: linux:kernel=VMLINUZ,module=IRQBYPASS.KO,headers=DIR.';

/** The kernel's own packages, of those that one depends on. */
const OF_THE_KERNEL = /^linux-(?:base|binary|headers|image|kbuild|modules)-[0-9]/;

/** What linux-kbuild's programs are linked with, of what the kernel's packages depend on. */
const OF_THE_TOOLS = /^lib(?:c6|elf|ssl)/;

/**
 * The newest kernel of a name such as `6.12` or `6.12@arm64` that Debian has, from the cache or else from the machine's
 * mirror: the one for clouds, where the architecture has such.
 * @throws {TargetUnavailable} when it is not cached and cannot be downloaded.
 */
export async function fetchKernel(
  text: string,
  onProgress: (text: string) => void = () => {},
): Promise<KernelPackages> {
  const name = needKernelName(text);
  const folder = kernelFolder(name);
  // Thousands of headers: they take longer to read than the kernel to boot.
  await makeFolder(folder, (unfinished) => download(name, unfinished, onProgress), { checked: false });
  const facts = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Facts;
  const { release } = facts;
  const root = join(folder, 'root');
  const modules = await firstThere(['lib', 'usr/lib'].map((lib) => join(root, lib, 'modules', release)));
  const headers = headersIn(root, release);
  const hasHeaders = await exists(headers);
  return {
    architecture: name.architecture,
    release,
    version: facts.version,
    compilerNeeds: facts.compilerNeeds,
    root,
    vmlinuz: await firstThere(
      ['vmlinuz', 'vmlinux'].map((image) => join(root, 'boot', `${image}-${release}`)).concat(join(modules, 'vmlinuz')),
    ),
    config: hasHeaders ? join(headers, '.config') : join(root, 'boot', `config-${release}`),
    headers: hasHeaders ? headers : undefined,
    modules,
  };
}

/** Whether the cache has a kernel, so that it can be used without the network. */
export async function isKernelFetched(text: string): Promise<boolean> {
  return exists(kernelFolder(needKernelName(text)));
}

function kernelFolder(name: KernelName): string {
  return join(cacheFolder(), 'kernel', kernelText(name));
}

async function firstThere(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await exists(path)) return path;
  throw new TargetUnavailable(`The kernel's packages have no ${paths.at(0)}: delete the cache, and run again.`);
}

async function download(name: KernelName, folder: string, onProgress: (text: string) => void): Promise<void> {
  const work = join(folder, 'apt');
  const { architecture } = name;
  const what = `the kernel ${kernelText(name)}`;
  const look = async (apt: Apt): Promise<Facts | undefined> => {
    const packages = await choose(apt, name);
    const [image] = packages;
    if (image === undefined) return undefined;
    const megabytes = Math.round(packages.reduce((sum, { size }) => sum + size, 0) / 1e6);
    const what = packages.some(isHeaders) ? `${image.name} and its headers` : image.name;
    onProgress(`downloading ${what} (${megabytes} MB)`);
    const files = await apt.download(packages.map((one) => one.name));
    onProgress(`unpacking ${what}`);
    for (const file of files) await unpack(file, join(folder, 'root'));
    const release = image.name.replace(/^linux-image-/, '');
    if (packages.some(isHeaders)) await moveHeaders(join(folder, 'root'), release, join(kernelFolder(name), 'root'));
    return {
      release,
      version: image.version,
      compilerNeeds: packages.flatMap(({ depends }) => depends.filter((one) => OF_THE_TOOLS.test(one))),
      packages: packages.map((one) => ({ name: one.name, version: one.version, sha256: one.sha256 ?? null })),
    };
  };
  const facts = await searchSuites(work, what, ADVICE, onProgress, look, foreign(architecture));
  if (facts === undefined) {
    throw new TargetUnavailable(
      `No suite of this machine's Debian mirror has a kernel ${name.version} (${architectures[architecture].flavour}), or the mirror cannot be reached. ${ADVICE}`,
    );
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(facts, null, 2)}\n`);
  await rm(work, { recursive: true, force: true });
}

/** The architecture to tell apt; none where it is the machine's own. */
function foreign(architecture: Architecture): Architecture | undefined {
  return isForeign(architecture) ? architecture : undefined;
}

/**
 * The newest kernel with headers, or else the newest, and the packages that it needs of the kernel's own; none when there
 * is none. Debian keeps an image longer than its headers.
 */
async function choose(apt: Apt, name: KernelName): Promise<readonly PackageRecord[]> {
  const pattern = imagePackages(name);
  const releases = (await apt.names(`linux-image-${name.version}`))
    .filter((one) => pattern.test(one))
    .map((one) => one.replace(/^linux-image-/, ''))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  let alone: PackageRecord | undefined;
  for (const release of releases) {
    const image = await apt.show(`linux-image-${release}`);
    const headers = await apt.show(`linux-headers-${release}`);
    if (image === undefined) continue;
    if (headers !== undefined) return withDependencies(apt, [image, headers], name.architecture);
    alone ??= image;
  }
  return alone === undefined ? [] : withDependencies(apt, [alone], name.architecture);
}

function isHeaders({ name }: PackageRecord): boolean {
  return name.startsWith('linux-headers-');
}

function headersIn(root: string, release: string): string {
  return join(root, 'usr', 'src', `linux-headers-${release}`);
}

async function withDependencies(
  apt: Apt,
  packages: readonly PackageRecord[],
  architecture: Architecture,
): Promise<readonly PackageRecord[]> {
  const all = [...packages];
  for (const { depends } of all) {
    for (const plain of depends) {
      // An image that is not signed is another build of one that is.
      if (!OF_THE_KERNEL.test(plain) || plain.endsWith('-unsigned')) continue;
      const name = runsWhereItBuilds(plain) && isForeign(architecture) ? `${plain}:${ownArchitecture()}` : plain;
      if (all.some((one) => one.name === name)) continue;
      const found = await apt.show(name);
      if (found !== undefined) all.push(found);
    }
  }
  return all;
}

/** The programs that build modules are the only ones of a kernel's packages that run on this machine. */
function runsWhereItBuilds(name: string): boolean {
  return name.startsWith('linux-kbuild-');
}

/** Unpack a package's files, as they would lie under `/`. @throws {TargetUnavailable} when that fails */
export async function unpack(deb: string, root: string): Promise<void> {
  const unpacked = await execa('dpkg-deb', ['--extract', deb, root], { reject: false });
  if (unpacked.exitCode !== 0) {
    throw new TargetUnavailable(`${deb} could not be unpacked: ${lastLine(unpacked.stderr)}`);
  }
}

/** The headers name their own place, which is not where they lie here. */
async function moveHeaders(root: string, release: string, place: string): Promise<void> {
  const makefile = join(headersIn(root, release), 'Makefile');
  const text = await readFile(makefile, 'utf8');
  await writeFile(makefile, text.replaceAll('/usr/src/', `${join(place, 'usr', 'src')}/`));
}

/** The names of all files below a folder, as paths from it. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
