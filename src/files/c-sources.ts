/** C files of a folder: their paths, and their texts. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The paths of a folder's own C files, in the order of their names. */
export async function cSourcesIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.c'));
  return names.sort().map((name) => join(folder, name));
}

/** The C files and headers under a folder, each with its name, in a fixed order. */
export async function cTextsUnder(folder: string, without: readonly string[] = []): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const texts = await Promise.all(
    entries
      .filter((entry) => !without.includes(entry.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return cTextsUnder(path);
        return /\.[ch]$/.test(entry.name) ? [`${entry.name}\n${await readFile(path, 'utf8')}`] : [];
      }),
  );
  return texts.flat();
}
