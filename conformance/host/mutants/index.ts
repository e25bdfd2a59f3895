/** Participants that are known to be wrong: what the kit must find, each by the rule that it was made for. */
import { backEndMutants } from './back-ends.js';
import { consumers } from './consumers.js';
import { injections } from './injections.js';
import { irqActions } from './irq-actions.js';
import { lines } from './lines.js';
import { moduleMutants } from './modules.js';
import type { HostMutant } from './mutant.js';
import { nothing } from './nothing.js';
import { producers } from './producers.js';
import { sharedLines } from './shared-lines.js';

export type { HostMutant } from './mutant.js';

/** All mutants of participants. */
export const hostMutants: readonly HostMutant[] = [
  ...producers,
  ...irqActions,
  ...lines,
  ...sharedLines,
  ...consumers,
  ...injections,
  ...backEndMutants,
  ...moduleMutants,
  ...nothing,
];

/** The mutant of a name, or undefined for a name that is none. */
export function findHostMutant(name: string): HostMutant | undefined {
  return hostMutants.find((mutant) => mutant.name === name);
}
