/**
 * The validators that the build has compiled (dev/validators.ts): of what targets say, and of the files that are read most.
 * To load ajv and to compile a schema takes longer than all the rest of a start. The other kinds are compiled when they are
 * first needed (validate.ts): all of them would be megabytes.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { packageRoot } from '../files/root.js';
import type { Kind } from '../schemas/kinds.js';

export const compiledKinds: readonly Kind[] = [
  'hello',
  'target-message',
  'role-message',
  'trace',
  'host-trace',
  'finding',
  'baseline',
];

/** Where the compiled validators lie, a file each. */
export const compiledFolder = join(packageRoot, 'dist', 'validators');
export const compiledFile = (kind: Kind): string => `${kind}.cjs`;

const load = createRequire(import.meta.url);
const loaded = new Map<Kind, ValidateFunction>();

/** The compiled validator of a kind, if there is one. It says whether a value is of that kind, and not why. */
export function compiled(kind: Kind): ValidateFunction | undefined {
  const known = loaded.get(kind);
  if (known !== undefined || !compiledKinds.includes(kind)) return known;
  const validator = load(join(compiledFolder, compiledFile(kind))) as ValidateFunction;
  loaded.set(kind, validator);
  return validator;
}
