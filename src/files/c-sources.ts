import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The paths of a folder's own C files, in the order of their names. */
export async function cSourcesIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.c'));
  return names.sort().map((name) => join(folder, name));
}
