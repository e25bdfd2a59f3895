/** What a guest boots into: an initramfs, kept in the cache by its contents. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../files/cache.js';
import { makeFolder } from '../../files/folder.js';
import type { Entry } from './archive.js';
import { archive } from './archive.js';
import type { KernelModule } from './modules.js';

/** The modules that drive the guest's virtio port. */
export const PORT_DRIVERS: readonly string[] = ['virtio_pci', 'virtio_console'];

/** Modules as files of a folder that init loads in the order of their names. */
export function inOrder(folder: string, modules: readonly KernelModule[]): readonly Entry[] {
  return modules.map(({ name, contents }, at) => ({
    path: `${folder}/${String(at).padStart(2, '0')}-${name}.ko`,
    contents,
  }));
}

/** Make an initramfs of these files, unless the cache has it. @returns its path */
export async function makeInitramfs(entries: readonly Entry[]): Promise<string> {
  const bytes = archive(entries);
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const folder = join(cacheFolder(), 'initramfs', name);
  await makeFolder(folder, (unfinished) => writeFile(join(unfinished, 'initramfs.cpio'), bytes));
  return join(folder, 'initramfs.cpio');
}
