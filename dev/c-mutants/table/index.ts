/** The mutants of each version. */
import { bindings, connection } from './connection.js';
import { lists } from './lists.js';
import type { CMutant } from './mutant.js';
import { xarray } from './xarray.js';

export type { CMutant, Excuse, Mistake } from './mutant.js';

/** The versions of which mutants are made. */
export type Version = '6.12' | '7.3';

/** Every mutant, by version. */
export const table: Readonly<Record<Version, readonly CMutant[]>> = {
  '6.12': [...connection, ...lists],
  '7.3': [...connection, ...bindings, ...xarray],
};

/** Whether there are mutants of a version. */
export function isVersion(name: string): name is Version {
  return name in table;
}
