/** The folder of this package: the code runs from its `src` in tests, and from its `dist` when installed. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) {
    throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}: the package is incomplete`);
  }
  return findRoot(parent);
}
