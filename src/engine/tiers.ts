/** How much a run does. */
import type { Coverage } from '../suites/suites.js';

/** The names of the tiers, from a look to a night. */
export type Tier = 'smoke' | 'pr' | 'nightly';

/** What a tier covers completely, and how many random programs come after that. */
export interface TierPlan extends Omit<Coverage, 'scope'> {
  readonly programs: number;
}

/** What each tier does. */
export const TIERS: Readonly<Record<Tier, TierPlan>> = {
  smoke: { pairs: false, extraStates: null, programs: 2_500 },
  pr: { pairs: true, extraStates: 0, programs: 25_000 },
  nightly: { pairs: true, extraStates: 1, programs: 1_000_000 },
};

/** What a tier covers completely. */
export function coverageOf(tier: Tier): Coverage {
  const { pairs, extraStates } = TIERS[tier];
  return { scope: { producers: 2, consumers: 2, tokens: 2 }, pairs, extraStates };
}

/** Whether a string names a tier. */
export function isTier(name: string): name is Tier {
  return name in TIERS;
}
