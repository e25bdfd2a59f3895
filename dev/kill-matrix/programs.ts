/**
 * The programs that mutants are run with: under each profile a transition tour, every set of callbacks and all pairs of
 * transitions, from the model; and random ones for what lies outside its scope (other statuses, more objects).
 */

import { generateProgram } from '../../conformance/generators/program.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import type { Capability } from '../../spec/formats/protocol.js';
import type { SuiteName } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { Program } from '../../spec/vocabulary.js';
import type { Scope } from '../../src/explore/scope.js';
import { makeSuites } from '../../src/suites/suites.js';
import type { Programs } from './harness.js';

/** What the reference can be asked to do. */
const CAPABILITIES: ReadonlySet<Capability> = new Set(['allocation-failure', 'null-token', 'missing-mandatory']);

/**
 * Two of everything for the tour. The pairs are to show what one operation leaves behind for the next: two on one side are
 * enough for that, and so is memory, since what fails for lack of it leaves least behind of all.
 */
const TOUR: Scope = { producers: 2, consumers: 2, tokens: 2 };
const PAIRS: readonly Scope[] = [
  { producers: 2, consumers: 1, tokens: 2 },
  { producers: 1, consumers: 2, tokens: 2 },
];
const RANDOM = { withVariants: 150, without: 350 } as const;
const FEW = 200;
const SEED = 1;

/** The programs for one profile: the same ones, in the same order, for ever. */
export function programsFor(profile: Profile): Programs {
  const random = randomFor(profile, RANDOM.withVariants + RANDOM.without);
  return {
    withVariants: random.slice(0, RANDOM.withVariants),
    others: [
      ...random.slice(RANDOM.withVariants),
      ...suite(profile, TOUR, 'transition tour'),
      ...suite(profile, TOUR, 'callback sets'),
      ...PAIRS.flatMap((scope) => suite(profile, scope, 'transition pairs')),
    ],
  };
}

/** Random programs alone, for a profile that differs from one of the others in next to nothing. */
export function fewProgramsFor(profile: Profile): Programs {
  return { withVariants: [], others: randomFor(profile, FEW) };
}

function randomFor(profile: Profile, count: number): readonly Program[] {
  const bits = bitsFrom(SEED);
  return Array.from({ length: count }, () => generateProgram(bits, { profile, capabilities: CAPABILITIES }));
}

/** The programs of one of the suites of a scope. */
function suite(profile: Profile, scope: Scope, name: SuiteName): readonly Program[] {
  // Where a profile leaves it open, the reference refuses a null token. Where it is none, it is one of the two tokens.
  const refuses = profile.refusals.some(({ refusal }) => refusal === 'null-token');
  const pairs = name === 'transition pairs';
  const nullToken = refuses ? 'refused' : 'accepted';
  const { suites } = makeSuites(
    profile,
    pairs ? new Set([...CAPABILITIES].filter((one) => one !== 'allocation-failure')) : CAPABILITIES,
    { producer: nullToken, consumer: nullToken },
    {
      scope: refuses ? scope : { ...scope, tokens: scope.tokens - 1 },
      pairs,
      extraStates: null,
    },
  );
  return suites
    .filter((one) => one.name === name)
    .flatMap(({ plan }) => [...plan().programs()].map(({ program }) => program));
}
