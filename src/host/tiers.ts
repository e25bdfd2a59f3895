/** How much each tier does with a host. */
import { backEnds } from '../../spec/host/back-ends.js';
import type { BackEnd } from '../../spec/host/vocabulary.js';
import type { Tier, TierPlan } from '../subject/subject.js';
import type { HostShape } from './shape.js';

/** All back ends. */
export const allBackEnds = Object.keys(backEnds) as readonly BackEnd[];

export const hostTiers: Readonly<Record<Tier, TierPlan<HostShape>>> = {
  smoke: { coverage: { scope: false, backEnds: allBackEnds }, programs: 4_000 },
  pr: { coverage: { scope: true, backEnds: allBackEnds }, programs: 4_000 },
  nightly: { coverage: { scope: true, backEnds: allBackEnds }, programs: 200_000 },
};
