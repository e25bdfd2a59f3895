/** How much a run on hosts does. */
import type { Tier } from '../engine/tiers.js';

/** What each tier covers, and how many random programs come after that. */
export const HOST_TIERS: Readonly<Record<Tier, { readonly scope: boolean; readonly programs: number }>> = {
  smoke: { scope: false, programs: 4_000 },
  pr: { scope: true, programs: 4_000 },
  nightly: { scope: true, programs: 200_000 },
};
