/** How much each tier does with a manager. */
import type { Tier, TierPlan } from '../subject/subject.js';
import type { ManagerShape } from './shape.js';

/** What is covered completely where nothing else is said. */
const SCOPE = { producers: 2, consumers: 2, tokens: 2 } as const;

export const managerTiers: Readonly<Record<Tier, TierPlan<ManagerShape>>> = {
  smoke: { coverage: { scope: SCOPE, pairs: false, extraStates: null }, programs: 2_500 },
  pr: { coverage: { scope: SCOPE, pairs: true, extraStates: 0 }, programs: 25_000 },
  nightly: { coverage: { scope: SCOPE, pairs: true, extraStates: 1 }, programs: 1_000_000 },
};

/** Random programs of several lanes, where a target has them, unless a run has fewer random programs in all. */
export const lanePrograms: Readonly<Record<Tier, number>> = { smoke: 2_000, pr: 5_000, nightly: 200_000 };
