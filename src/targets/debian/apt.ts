/**
 * An apt of its own: it leaves that of the machine untouched and needs no root.
 *
 *     the machine's apt sources ──> mirror and keyring ──> private apt configuration, one suite after the other
 *       apt-get update, apt-get download ──> .deb
 */
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { TargetUnavailable } from '../unavailable.js';
import { type Architecture, ownArchitecture } from './architectures.js';
import { KERNEL_USAGE, type KernelName, readKernelName } from './kernels.js';
import { candidateSources } from './mirror.js';

/** What apt knows of a package. */
export interface PackageRecord {
  /** With its architecture, where that was asked for: `linux-kbuild-6.12:amd64`. */
  readonly name: string;
  readonly version: string;
  /** Bytes to download. */
  readonly size: number;
  readonly sha256: string | undefined;
  /** The names in its Depends, alternatives included. */
  readonly depends: readonly string[];
}

/** Packages of some suites. */
export class Apt {
  constructor(
    /** What to call the suites. */
    readonly suites: string,
    readonly work: string,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** The newest package of a name; undefined when these suites have none. */
  async show(name: string): Promise<PackageRecord | undefined> {
    const { stdout } = await execa('apt-cache', ['show', '--no-all-versions', name], { env: this.env, reject: false });
    const field = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(stdout)?.[1];
    const version = field('Version');
    if (version === undefined) return undefined;
    const depends = (field('Depends') ?? '').split(/[,|]/).map((one) => one.replace(/\(.*\)/, '').trim());
    return { name, version, size: Number(field('Size') ?? 0), sha256: field('SHA256'), depends };
  }

  /** The names of all packages that begin so. */
  async names(prefix: string): Promise<readonly string[]> {
    const { stdout } = await execa('apt-cache', ['pkgnames', prefix], { env: this.env, reject: false });
    return stdout.split('\n').filter((line) => line !== '');
  }

  /**
   * Download packages.
   * @returns the paths of their files, in the same order
   * @throws {TargetUnavailable} when that fails
   */
  async download(names: readonly string[]): Promise<readonly string[]> {
    const options = { env: this.env, cwd: this.work, reject: false, all: true } as const;
    const got = await execa('apt-get', ['download', '-q', ...names], options);
    if (got.exitCode !== 0) {
      throw new TargetUnavailable(`apt-get could not download ${names.join(' ')}: ${lastLine(got.all)}`);
    }
    const files = await readdir(this.work);
    return names.map((name) => {
      const [plain, architecture = ''] = name.split(':');
      const file = files.find((one) => one.startsWith(`${plain}_`) && one.endsWith(`${architecture}.deb`));
      if (file === undefined)
        throw new TargetUnavailable(`apt-get said that it downloaded ${name}, but left no package.`);
      return join(this.work, file);
    });
  }
}

/**
 * Look in the machine's own suites, then in each further suite of its mirror, until `look` finds something.
 *
 * @param work a folder to work in, which is emptied; downloads lie in it afterwards
 * @param advice what to do on a machine that is not Debian, as the end of an error
 * @param architecture whose packages are meant where none is named; that of the machine when left out
 * @throws {TargetUnavailable} when this machine cannot download Debian's packages
 */
export async function searchSuites<Found>(
  work: string,
  what: string,
  advice: string,
  onProgress: (text: string) => void,
  look: (apt: Apt) => Promise<Found | undefined>,
  architecture?: Architecture,
): Promise<Found | undefined> {
  await needTools(what, advice);
  const candidates = await candidateSources();
  if (candidates.length === 0) {
    throw new TargetUnavailable(`This machine has no Debian mirror in its apt sources. ${advice}`);
  }
  for (const sources of candidates) {
    onProgress(`looking for ${what} in ${sources.suites}`);
    const env = await privateApt(work, sources.text, architecture);
    const update = await execa('apt-get', ['update', '-q'], { env, reject: false, all: true });
    const found = await look(new Apt(sources.suites, work, env));
    if (found !== undefined) return found;
    if (update.exitCode !== 0) onProgress(`apt-get update failed for ${sources.suites}: ${lastLine(update.all)}`);
  }
  return undefined;
}

/** @throws {TargetUnavailable} when a text is not the version of a kernel as Debian's packages name it, such as 6.12 */
export function needVersion(version: string): void {
  if (/^[0-9]+\.[0-9]+$/.test(version)) return;
  throw new TargetUnavailable(`debian:${version} is no kernel version: write debian:6.12 or another that Debian has.`);
}

/** @throws {TargetUnavailable} when a text does not name a kernel of Debian, such as 6.12 or 6.12@arm64 */
export function needKernelName(text: string): KernelName {
  const name = readKernelName(text);
  if (name !== undefined) return name;
  throw new TargetUnavailable(`debian:${text} is no kernel: write ${KERNEL_USAGE}, such as debian:6.12@arm64.`);
}

/** The last line of a tool's output that says something. */
export function lastLine(text: string | undefined): string {
  const lines = (text ?? '').split('\n').filter((line) => line.trim());
  return lines.at(-1) ?? 'no reason given';
}

async function needTools(what: string, advice: string): Promise<void> {
  for (const [tool, holder] of [
    ['apt-get', 'apt'],
    ['dpkg-deb', 'dpkg'],
    ['tar', 'tar'],
    ['xz', 'xz-utils'],
  ] as const) {
    const found = await execa(tool, ['--version'], { reject: false, stdio: 'ignore' });
    if (found.exitCode !== 0) {
      throw new TargetUnavailable(
        `To fetch ${what}, ${tool} (${holder}) is needed, which this machine lacks. ${advice}`,
      );
    }
  }
}

/** An apt of its own in `work`, which reads only these sources. Gives the environment that makes apt use it. */
async function privateApt(
  work: string,
  sources: string,
  architecture: Architecture | undefined,
): Promise<Record<string, string>> {
  await rm(work, { recursive: true, force: true });
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'sources.list.d']) {
    await mkdir(join(work, folder), { recursive: true });
  }
  await chmod(work, 0o755);
  await writeFile(join(work, 'sources.list.d', 'debian.sources'), sources);
  const config = join(work, 'apt.conf');
  await writeFile(
    config,
    [
      'Dir::Etc::sourcelist "/dev/null";',
      `Dir::Etc::sourceparts "${join(work, 'sources.list.d')}";`,
      `Dir::State "${join(work, 'state')}";`,
      'Dir::State::status "/dev/null";',
      `Dir::Cache "${join(work, 'cache')}";`,
      // As root, apt would hand the download to a user who may not write here.
      'APT::Sandbox::User "root";',
      'Acquire::Languages "none";',
      'Acquire::Retries "2";',
      ...(architecture === undefined ? [] : foreignArchitecture(architecture)),
      '',
    ].join('\n'),
  );
  return { APT_CONFIG: config, LC_ALL: 'C' };
}

/** Packages of that architecture are meant where none is named, and those of the machine can be named. */
function foreignArchitecture(architecture: Architecture): readonly string[] {
  const known = [architecture, ownArchitecture()].filter((one) => one !== undefined);
  return [
    `APT::Architecture "${architecture}";`,
    `APT::Architectures { ${[...new Set(known)].map((one) => `"${one}"; `).join('')}};`,
  ];
}
