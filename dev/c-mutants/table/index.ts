/** The mutants of each version. */
import type { DebianVersion } from '../../../src/targets/debian/kernels.js';
import { bindings, connection } from './connection.js';
import { lists } from './lists.js';
import { listsAmongCallers } from './lists-lanes.js';
import type { CMutant } from './mutant.js';
import { xarray } from './xarray.js';
import { xarrayAmongCallers } from './xarray-lanes.js';

export type { AmongCallers, CMutant, ConcurrencyRule, Excuse, Mistake } from './mutant.js';

/** Every mutant, by the version of which it is made: one of each generation's code is enough. */
export const table = {
  '6.12': [...connection, ...lists],
  '7.3': [...connection, ...bindings, ...xarray],
} as const satisfies Partial<Readonly<Record<DebianVersion, readonly CMutant[]>>>;

/** The versions of which mutants are made. */
export type Version = keyof typeof table;

/** The mutants that are examined with several callers: those of the table that say so, and others. */
export const amongCallers: Readonly<Record<Version, readonly CMutant[]>> = {
  '6.12': [...table['6.12'].filter(saysSo), ...listsAmongCallers],
  '7.3': [...table['7.3'].filter(saysSo), ...xarrayAmongCallers],
};

function saysSo(mutant: CMutant): boolean {
  return mutant.amongCallers !== undefined;
}

/** Whether there are mutants of a version. */
export function isVersion(name: string): name is Version {
  return name in table;
}
