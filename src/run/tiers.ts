/** How much a run does. */

/** The names of the tiers, from a look to a night. */
export type Tier = 'smoke' | 'pr' | 'nightly';

/** The random programs of each tier. */
export const TIERS: Readonly<Record<Tier, number>> = { smoke: 2_500, pr: 25_000, nightly: 1_000_000 };

/** Whether a string names a tier. */
export function isTier(name: string): name is Tier {
  return name in TIERS;
}
