/** The mutants of each version. */
import type { DebianVersion } from '../../../src/targets/debian/kernels.js';
import { bindings, connection } from './connection.js';
import { lists } from './lists.js';
import type { CMutant } from './mutant.js';
import { xarray } from './xarray.js';

export type { CMutant, Excuse, Mistake } from './mutant.js';

/** Every mutant, by the version of which it is made: one of each generation's code is enough. */
export const table = {
  '6.12': [...connection, ...lists],
  '7.3': [...connection, ...bindings, ...xarray],
} as const satisfies Partial<Readonly<Record<DebianVersion, readonly CMutant[]>>>;

/** The versions of which mutants are made. */
export type Version = keyof typeof table;

/** Whether there are mutants of a version. */
export function isVersion(name: string): name is Version {
  return name in table;
}
