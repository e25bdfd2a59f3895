import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../files/root.js';

/** The version of this package. */
export function version(): string {
  const { version: found } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return found;
}
