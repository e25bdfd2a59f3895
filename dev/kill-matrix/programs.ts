/**
 * The programs that mutants are run with: under each profile a transition tour, every set of callbacks and all pairs of
 * transitions, from the model; and random ones for what lies outside its scope (other statuses, more objects). The named
 * mutants are run with wide and long ones as well, and with values at their edges: nothing in the reference counts.
 */

import { generateProgram, randomPrograms } from '../../conformance/generators/program.js';
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
/** Of so many programs of a run, those that are longer than this, and those with such numbers, are for the named mutants. */
const OF_A_RUN = 2_500;
const LONG = 60;
const PLAIN_NUMBERS = { from: -22, to: 40 } as const;
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
    forNamed: outOfTheOrdinary(profile),
  };
}

/** Programs that are wide or long, or have numbers at an edge. */
function outOfTheOrdinary(profile: Profile): readonly Program[] {
  const make = randomPrograms(SEED, { profile, capabilities: CAPABILITIES, largeIrqs: true });
  const isPlain = (number: number) => number >= PLAIN_NUMBERS.from && number <= PLAIN_NUMBERS.to && number !== 0;
  return Array.from({ length: OF_A_RUN }, make).filter(({ objects, lanes }) => {
    const operations = lanes.flat();
    return (
      operations.length > LONG ||
      operations.some((one) => one.operation === 'registerProducer' && !isPlain(one.irq)) ||
      objects.some(({ results = [] }) => !results.every((result) => result === 0 || isPlain(result)))
    );
  });
}

/** Random programs alone, for a profile that differs from one of the others in next to nothing. */
export function fewProgramsFor(profile: Profile): Programs {
  return { withVariants: [], others: randomFor(profile, FEW), forNamed: [] };
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
