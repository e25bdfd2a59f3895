/** libjansson for another architecture: unpacked in the cache, not installed. The machine's own is that of the machine. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import { type Apt, searchSuites } from '../debian/apt.js';
import { type Architecture, architectures } from '../debian/architectures.js';
import { TargetUnavailable } from '../unavailable.js';
import { unpack } from './packages.js';

const PACKAGE = 'libjansson-dev';

/**
 * Fetch libjansson of an architecture, unless the cache has it.
 * @returns the arguments by which a compiler finds it
 * @throws {TargetUnavailable} when it cannot be downloaded
 */
export async function fetchJansson(
  architecture: Architecture,
  onProgress: (text: string) => void,
): Promise<readonly string[]> {
  // Without its architecture, apt takes that of another where a suite has none of this one.
  const name = `${PACKAGE}:${architecture}`;
  const folder = join(cacheFolder(), 'library', `${PACKAGE}-${architecture}`);
  await makeFolder(folder, async (unfinished) => {
    const advice =
      'A program for another architecture is built with its libraries, which only a Debian system can fetch.';
    const look = async (apt: Apt): Promise<readonly string[] | undefined> =>
      (await apt.show(name)) === undefined ? undefined : apt.download([name]);
    const work = join(unfinished, 'apt');
    const found = await searchSuites(work, name, advice, onProgress, look, architecture);
    const [deb] = found ?? [];
    if (deb === undefined)
      throw new TargetUnavailable(`No suite of this machine's Debian mirror has ${name}. ${advice}`);
    await unpack(deb, join(unfinished, 'root'));
    await rm(work, { recursive: true, force: true });
  });
  const { triplet } = architectures[architecture];
  const [headers, libraries] = [join(folder, 'root', 'usr', 'include'), join(folder, 'root', 'usr', 'lib', triplet)];
  return [`-I${headers}`, `-I${join(headers, triplet)}`, `-L${libraries}`];
}
