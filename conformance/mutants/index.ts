/** Managers that are known to be wrong: what the kit must find, each by the rule that it was made for. */
import { balance } from './balance.js';
import { callbacks } from './callbacks.js';
import { failure } from './failure.js';
import { historical } from './historical.js';
import { isolation } from './isolation.js';
import { lifetime } from './lifetime.js';
import type { Mutant } from './mutant.js';
import { pairing } from './pairing.js';
import { tokens } from './tokens.js';
import { values } from './values.js';
import { wide } from './wide.js';

export type { Mutant } from './mutant.js';
export type { NullImplementation } from './null-implementations.js';
export { nullImplementations } from './null-implementations.js';

/** All mutants, those that once were real first. */
export const mutants: readonly Mutant[] = [
  ...historical,
  ...tokens,
  ...pairing,
  ...callbacks,
  ...failure,
  ...balance,
  ...lifetime,
  ...isolation,
  ...values,
  ...wide,
];

/** The mutant of a name, or undefined for a name that is none. */
export function findMutant(name: string): Mutant | undefined {
  return mutants.find((mutant) => mutant.name === name);
}
