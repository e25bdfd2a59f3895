/**
 * The manager of a Debian kernel: the two files that matter, out of the package `linux-source-VERSION`.
 *
 *     package (../debian/apt.ts) ──> .deb ──> .tar.xz ──> irqbypass.c, irqbypass.h ──> cache
 *
 * What is in the cache is used without the network.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../files/cache.js';
import { exists, makeFolder } from '../../files/folder.js';
import { runTool } from '../../files/tool.js';
import { lastLine, needVersion, searchSuites } from '../debian/apt.js';
import { sourcePackage } from '../debian/kernels.js';
import { TargetUnavailable } from '../unavailable.js';

/** A manager's two files and where they come from. */
export interface ManagerFiles {
  /** The path of virt/lib/irqbypass.c. */
  readonly source: string;
  /** The path of include/linux/irqbypass.h. */
  readonly header: string;
  /** What to call the version, such as `6.12.117-1~deb12u1`. */
  readonly version: string;
}

const ADVICE = 'On a machine that is not Debian give the path of a kernel tree: linux-source:PATH.';

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
  needVersion(version);
  const folder = join(cacheFolder(), 'debian', version);
  await makeFolder(folder, (unfinished) => download(version, unfinished, onProgress));
  return { source: join(folder, SOURCE), header: join(folder, HEADER), version: await versionIn(folder) };
}

/** @throws {TargetUnavailable} when the cache does not say which version it has */
async function versionIn(folder: string): Promise<string> {
  const file = join(folder, 'package.json');
  const facts: unknown = await readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  if (typeof facts === 'object' && facts !== null && 'version' in facts && typeof facts.version === 'string') {
    return facts.version;
  }
  throw new TargetUnavailable(`${file} does not say which version the cache has. Delete ${folder}, and run again.`);
}

/** Whether the cache has Debian's `linux-source-VERSION`, so that it can be used without the network. */
export async function isFetched(version: string): Promise<boolean> {
  return exists(join(cacheFolder(), 'debian', version));
}

async function download(version: string, folder: string, onProgress: (text: string) => void): Promise<void> {
  const name = sourcePackage(version);
  const work = join(folder, 'apt');
  const record = await searchSuites(work, name, ADVICE, onProgress, async (apt) => {
    const found = await apt.show(name);
    if (found === undefined) return undefined;
    onProgress(`downloading ${name} ${found.version} (${Math.round(found.size / 1e6)} MB)`);
    const [deb = ''] = await apt.download([name]);
    onProgress(`unpacking the two files of the manager`);
    await unpack(deb, folder, name);
    return found;
  });
  if (record === undefined) {
    throw new TargetUnavailable(
      `No suite of this machine's Debian mirror has ${name}, or the mirror cannot be reached. ${ADVICE}`,
    );
  }
  const facts = { package: name, version: record.version, sha256: record.sha256 ?? null };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(facts, null, 2)}\n`);
  await rm(work, { recursive: true, force: true });
}

/** Streams the two files out: neither the package's archive nor the kernel's ever lies unpacked on the disk. */
async function unpack(deb: string, folder: string, name: string): Promise<void> {
  // tar stops as soon as it has both files, so only its own status counts: those before it see a closed pipe.
  const script =
    'dpkg-deb --fsys-tarfile "$1" 2>/dev/null | tar -xO --wildcards "*/$2.tar.xz" 2>/dev/null | xz -dcq -T0 2>/dev/null | tar -x -C "$3" --strip-components=1 --occurrence=1 "$2/$4" "$2/$5"';
  const unpacked = await runTool('sh', ['-c', script, 'unpack', deb, name, folder, SOURCE, HEADER]);
  if (unpacked.exitCode !== 0) {
    throw new TargetUnavailable(`${name} could not be unpacked: ${lastLine(unpacked.stderr)}`);
  }
}
