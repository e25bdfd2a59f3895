/**
 * What is checked on the Promela model: proofs, in which SPIN looks for a state that breaks a rule or from which an
 * operation cannot return; and comparisons with `explore`.
 *
 * States that only differ in the order of independent steps may be left out of a proof (partial order reduction), and
 * never of a comparison. No state is ever taken for another (no bit-state hashing).
 */
import type { Scope } from '../../src/explore/scope.js';
import { Space } from '../../src/explore/space.js';
import { type Compared, compare } from './compare.js';
import { type Behaviour, behaviourExplored, behaviourTold, behaviourWithAnyCallbacks } from './operations.js';
import type { Sources } from './sources.js';
import { type Searched, SpinFailed, search } from './spin.js';
import { defineScope, type Version } from './versions.js';

/** Something that SPIN proves. */
export interface Proof {
  readonly what: string;
  readonly scope: Scope;
  readonly define: readonly string[];
  /** Look for cycles in which no operation returns, instead of broken rules and deadlocks. */
  readonly cycles?: boolean;
}

/** A way to reach states and operations with SPIN, compared with `explore`. */
export interface Comparison {
  readonly what: string;
  readonly scope: Scope;
  readonly define: readonly string[];
  readonly explored: (space: Space) => Behaviour;
}

const small: Scope = { producers: 1, consumers: 1, tokens: 1 };
const usual: Scope = { producers: 2, consumers: 2, tokens: 2 };
const larger: Scope = { producers: 3, consumers: 2, tokens: 2 };

const oneCaller: Proof = { what: 'rules, no deadlock; a caller for every object', scope: usual, define: [] };
const anyCallbacks: Proof = {
  what: 'rules, no deadlock; objects with any callbacks',
  scope: small,
  define: ['ANY_CALLBACKS'],
};
const returns: Proof = { what: 'no cycle in which nothing returns', scope: usual, define: [], cycles: true };

/** The proofs by which a defect is looked for. */
export const proofBy = { oneCaller, anyCallbacks, returns } as const;

/** What is proved of every profile. */
export const proofs: readonly Proof[] = [
  oneCaller,
  { what: 'rules, no deadlock; two callers for every object', scope: usual, define: ['CALLERS=2'] },
  anyCallbacks,
  returns,
];

/** An operation as one step, on the usual scope. */
export const oneStep: Comparison = {
  what: 'an operation is one step',
  scope: usual,
  define: ['ATOMIC'],
  explored: behaviourExplored,
};

/** What is compared for every profile. */
export const comparisons: readonly Comparison[] = [
  oneStep,
  { ...oneStep, scope: larger },
  {
    what: 'an operation is one step; any callbacks',
    scope: small,
    define: ['ATOMIC', 'ANY_CALLBACKS'],
    explored: behaviourWithAnyCallbacks,
  },
  { what: 'callers at the same time, from lock to unlock', scope: usual, define: [], explored: behaviourExplored },
];

/** Let SPIN prove something. @throws SpinFailed */
export function prove(sources: Sources, version: Version, proof: Proof): Promise<Searched> {
  return search({
    sources,
    define: [...version.define, ...defineScope(proof.scope), ...proof.define],
    compile: ['COLLAPSE'],
    ...(proof.cycles === undefined ? {} : { cycles: proof.cycles }),
  });
}

/** What came of a comparison. */
export interface Comparing {
  readonly spin: Behaviour;
  readonly compared: Compared;
}

/** Compare what SPIN and `explore` reach. No rule is asserted meanwhile: that would hide what differs. @throws SpinFailed */
export async function compareWithExplore(
  sources: Sources,
  version: Version,
  { scope, define, explored }: Comparison,
): Promise<Comparing> {
  const { printed, error } = await search({
    sources,
    define: [...version.define, ...defineScope(scope), ...define, 'TELL', 'BARE'],
    compile: ['NOREDUCE', 'PRINTF'],
  });
  if (error !== undefined)
    throw new SpinFailed(`SPIN stopped before it had reached everything: ${error.text}\n${error.trail}`);
  const spin = behaviourTold(printed);
  return { spin, compared: compare(spin, explored(new Space(version.profile, scope))) };
}
