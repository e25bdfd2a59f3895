/**
 * The manager of a Debian kernel: the two files that matter, out of the package `linux-source-VERSION`.
 *
 *     the machine's apt sources ──> mirror and keyring ──> private apt configuration, one suite after the other
 *       apt-get update, apt-get download ──> .deb ──> .tar.xz ──> irqbypass.c, irqbypass.h ──> cache
 *
 * The private configuration leaves the machine's own apt untouched and needs no root. What is in the cache is used
 * without the network.
 */
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { exists, makeFolder } from './atomic.js';
import { TargetUnavailable } from './errors.js';
import { cacheFolder } from './files.js';

/** A manager's two files and where they come from. */
export interface ManagerFiles {
  /** The path of virt/lib/irqbypass.c. */
  readonly source: string;
  /** The path of include/linux/irqbypass.h. */
  readonly header: string;
  /** What to call the version, such as `6.12.117-1~deb12u1`. */
  readonly version: string;
}

/** Where packages come from: one line of an apt source. */
interface Mirror {
  readonly uri: string;
  readonly signedBy?: string;
}

/** Suites that are looked in after those of the machine: backports carry the newest kernels. */
const MORE_SUITES = ['trixie-backports', 'bookworm-backports', 'trixie', 'bookworm'];

/** The files inside the source package, under its one folder. */
const SOURCE = 'virt/lib/irqbypass.c';
const HEADER = 'include/linux/irqbypass.h';

/**
 * The manager of Debian's `linux-source-VERSION` (such as `6.12`), from the cache or else from the machine's mirror.
 * @throws {TargetUnavailable} when it is not cached and cannot be downloaded.
 */
export async function fetchDebian(
  version: string,
  onProgress: (text: string) => void = () => {},
): Promise<ManagerFiles> {
  if (!/^[0-9]+\.[0-9]+$/.test(version)) {
    throw new TargetUnavailable(
      `debian:${version} is no kernel version: write debian:6.12 or another that Debian has.`,
    );
  }
  const folder = join(cacheFolder(), 'debian', version);
  await makeFolder(folder, (unfinished) => download(version, unfinished, onProgress));
  const facts = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { source: join(folder, SOURCE), header: join(folder, HEADER), version: facts.version };
}

/** Whether the cache has Debian's `linux-source-VERSION`, so that it can be used without the network. */
export async function isFetched(version: string): Promise<boolean> {
  return exists(join(cacheFolder(), 'debian', version));
}

async function download(version: string, folder: string, onProgress: (text: string) => void): Promise<void> {
  await needTools();
  const name = `linux-source-${version}`;
  const work = join(folder, 'apt');
  for (const sources of await candidateSources()) {
    onProgress(`looking for ${name} in ${sources.suites}`);
    const apt = await privateApt(work, sources.text);
    const update = await execa('apt-get', ['update', '-q'], { env: apt, reject: false, all: true });
    const shown = await execa('apt-cache', ['show', '--no-all-versions', name], { env: apt, reject: false });
    const packageVersion = /^Version: (.+)$/m.exec(shown.stdout)?.[1];
    const sourceSize = Number(/^Size: ([0-9]+)$/m.exec(shown.stdout)?.[1] ?? 0);
    if (packageVersion === undefined) {
      if (update.exitCode !== 0) onProgress(`apt-get update failed for ${sources.suites}: ${lastLine(update.all)}`);
      continue;
    }
    onProgress(`downloading ${name} ${packageVersion} (${Math.round(sourceSize / 1e6)} MB)`);
    const got = await execa('apt-get', ['download', '-q', name], { env: apt, cwd: work, reject: false, all: true });
    if (got.exitCode !== 0) {
      throw new TargetUnavailable(`apt-get could not download ${name}: ${lastLine(got.all)}`);
    }
    onProgress(`unpacking the two files of the manager`);
    await unpack(work, folder, name);
    await writeFile(
      join(folder, 'package.json'),
      `${JSON.stringify({ package: name, version: packageVersion, sha256: /^SHA256: (.+)$/m.exec(shown.stdout)?.[1] ?? null }, null, 2)}\n`,
    );
    await rm(work, { recursive: true, force: true });
    return;
  }
  throw new TargetUnavailable(
    `No suite of this machine's Debian mirror has ${name}, or the mirror cannot be reached. Give the path of a kernel tree instead: linux-source:PATH.`,
  );
}

async function needTools(): Promise<void> {
  for (const [tool, holder] of [
    ['apt-get', 'apt'],
    ['dpkg-deb', 'dpkg'],
    ['tar', 'tar'],
    ['xz', 'xz-utils'],
  ] as const) {
    const found = await execa(tool, ['--version'], { reject: false, stdio: 'ignore' });
    if (found.exitCode !== 0) {
      throw new TargetUnavailable(
        `linux-source:debian needs ${tool} (${holder}), which this machine lacks. On a machine that is not Debian give the path of a kernel tree: linux-source:PATH.`,
      );
    }
  }
}

/** The machine's own sources as they are, then each further suite from the same mirror. */
async function candidateSources(): Promise<{ readonly suites: string; readonly text: string }[]> {
  const own = await machineSources();
  const mirror = findMirror(own);
  if (mirror === undefined) {
    throw new TargetUnavailable(
      'This machine has no Debian mirror in its apt sources. Give the path of a kernel tree instead: linux-source:PATH.',
    );
  }
  const further = MORE_SUITES.map((suite) => ({
    suites: suite,
    text: `Types: deb\nURIs: ${mirror.uri}\nSuites: ${suite}\nComponents: main\n${
      mirror.signedBy === undefined ? '' : `Signed-By: ${mirror.signedBy}\n`
    }`,
  }));
  return [{ suites: "the machine's own suites", text: own }, ...further];
}

/** All of the machine's Debian sources, in the deb822 form. */
async function machineSources(): Promise<string> {
  const folder = '/etc/apt/sources.list.d';
  const names = await readdir(folder).catch(() => []);
  const paths = ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))];
  const texts = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, 'utf8').catch(() => '');
      return path.endsWith('.sources') ? text : path.endsWith('.list') ? toStanzas(text) : '';
    }),
  );
  return texts
    .flatMap((text) => text.split(/\n[ \t]*\n/))
    .map((stanza) => stanza.replace(/^#.*\n?/gm, '').trim())
    .filter((stanza) => debianUri(stanza) !== undefined)
    .map((stanza) => `${stanza}\n`)
    .join('\n');
}

/** One-line sources (`deb [signed-by=...] URI SUITE COMPONENT...`) as stanzas. */
function toStanzas(text: string): string {
  return [...text.matchAll(/^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/gm)]
    .map(([, options, uri, suite, components]) => {
      const signedBy = /signed-by=(\S+)/.exec(options ?? '')?.[1];
      return `Types: deb\nURIs: ${uri}\nSuites: ${suite}\nComponents: ${components}\n${
        signedBy === undefined ? '' : `Signed-By: ${signedBy}\n`
      }`;
    })
    .join('\n');
}

/** The address of a stanza, if it is one of Debian itself: vendors use its name, but not its component `main`. */
function debianUri(stanza: string): string | undefined {
  if (!/^Components:.*\bmain\b/m.test(stanza)) return undefined;
  return /^URIs:\s*(\S*\/debian(?:-security)?\/?)(?:\s|$)/m.exec(stanza)?.[1];
}

function findMirror(sources: string): Mirror | undefined {
  for (const stanza of sources.split(/\n[ \t]*\n/)) {
    const uri = debianUri(stanza);
    if (uri === undefined || /debian-security\/?$/.test(uri)) continue;
    const signedBy = /^Signed-By:\s*(\S+)/m.exec(stanza)?.[1];
    return signedBy === undefined ? { uri } : { uri, signedBy };
  }
  return undefined;
}

/** An apt of its own in `work`, which reads only these sources. Gives the environment that makes apt use it. */
async function privateApt(work: string, sources: string): Promise<Record<string, string>> {
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
      '',
    ].join('\n'),
  );
  return { APT_CONFIG: config, LC_ALL: 'C' };
}

/** Streams the two files out: neither the package's archive nor the kernel's ever lies unpacked on the disk. */
async function unpack(work: string, folder: string, name: string): Promise<void> {
  const deb = (await readdir(work)).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
  if (deb === undefined) throw new TargetUnavailable(`apt-get said that it downloaded ${name}, but left no package.`);
  // tar stops as soon as it has both files, so only its own status counts: those before it see a closed pipe.
  const script =
    'dpkg-deb --fsys-tarfile "$1" 2>/dev/null | tar -xO --wildcards "*/$2.tar.xz" 2>/dev/null | xz -dcq -T0 2>/dev/null | tar -x -C "$3" --strip-components=1 --occurrence=1 "$2/$4" "$2/$5"';
  const unpacked = await execa('sh', ['-c', script, 'unpack', join(work, deb), name, folder, SOURCE, HEADER], {
    reject: false,
  });
  if (unpacked.exitCode !== 0) {
    throw new TargetUnavailable(`${name} could not be unpacked: ${lastLine(unpacked.stderr)}`);
  }
}

function lastLine(text: string | undefined): string {
  return (
    (text ?? '')
      .split('\n')
      .filter((line) => line.trim())
      .at(-1) ?? 'no reason given'
  );
}
