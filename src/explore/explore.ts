/**
 * Explore the model exhaustively over a scope and prove every rule on it.
 *
 * The rules judge the trace of every pair of transitions, one after the other, from every reachable state: so each
 * transition is judged after every way to come into its state, refusals and failures included, with every status that it
 * may return. Then every transition
 * that makes callbacks is judged once more with every subset of the optional callbacks of its pair.
 *
 * With symmetry, one state of each orbit is enough (symmetry.ts): what holds there holds under every other name.
 */
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import { holdsIn } from '../../spec/rule.js';
import { Judge } from '../judge/judge.js';
import { type Contradiction, Proof } from './proof.js';
import { reach } from './reach.js';
import type { Scope, Without } from './scope.js';
import { mustFit, stateCount } from './size.js';
import { Space } from './space.js';
import type { Proved } from './statements.js';
import { proveStatements } from './statements.js';
import { orbitSize } from './symmetry.js';

/** What came of exploring one profile. */
export interface Exploration {
  readonly profile: Profile;
  readonly scope: Scope;
  /** All states and transitions; with symmetry, those that the orbits stand for. */
  readonly states: number;
  readonly transitions: number;
  /** With symmetry: how many orbits there are. */
  readonly orbits?: number;
  /** What was judged; without proofs, nothing was. */
  readonly proofs?: Proofs;
  /** How long it took to reach every state, and then to prove, in seconds. */
  readonly seconds: { readonly reaching: number; readonly proving: number };
}

/** What was judged on a scope. */
export interface Proofs {
  /** Pairs of transitions, as they can be told apart, whose traces were judged, and traces with fewer callbacks. */
  readonly pairs: number;
  readonly subsets: number;
  /** How often each rule was exposed; those that are exposed by two runs are among the statements. */
  readonly exposures: ReadonlyMap<string, number>;
  readonly statements: readonly Proved[];
  readonly contradictions: readonly Contradiction[];
}

/** How to explore. */
export interface Exploring {
  /** Only one state of each orbit. */
  readonly symmetry?: boolean;
  /** Only reach the states; prove nothing. */
  readonly withoutProofs?: boolean;
  readonly onProgress?: (progress: ExploreProgress) => void;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

/** How far an exploration is: so many states of so many are done, and so many of a unit. */
export interface ExploreProgress {
  readonly phase: 'reaching' | 'proving' | 'comparing runs of';
  readonly done: number;
  readonly total: number;
  readonly unit: 'transitions' | 'pairs' | 'states';
  readonly units: number;
}

/** Of so many states reached, one is told of. */
const TOLD_EVERY = 1000;

/**
 * Explore a scope.
 *
 * @throws ScopeTooLarge when its states would take too much memory
 */
export function explore(
  profile: Profile,
  scope: Scope,
  rules: readonly ChapterRule[],
  { symmetry = false, withoutProofs = false, onProgress, now = () => performance.now() }: Exploring = {},
): Exploration {
  mustFit(profile, scope, symmetry);
  const space = new Space(profile, scope);
  const expected = stateCount(profile, scope);
  const started = now();
  let states = 0;
  let transitions = 0;
  let weight = 1;
  const tell = (
    phase: ExploreProgress['phase'],
    done: number,
    total: number,
    unit: ExploreProgress['unit'],
    units: number,
  ): void => onProgress?.({ phase, done, total, unit, units });
  const reached = reach(space, {
    symmetry,
    onState: (key) => {
      weight = symmetry ? orbitSize(space, key) : 1;
      states += weight;
      if (states === weight || states % TOLD_EVERY < weight)
        tell('reaching', states, Math.max(states, expected), 'transitions', transitions);
    },
    visit: () => {
      transitions += weight;
    },
  });
  const between = now();
  const whole = { profile, scope, states, transitions, ...(symmetry ? { orbits: reached.size } : {}) };
  const reaching = (between - started) / 1000;
  if (withoutProofs) return { ...whole, seconds: { reaching, proving: 0 } };
  const proof = new Proof(space, reached, new Judge(profile, rules, true));
  let done = 0;
  for (const key of reached.keys()) {
    proof.judgeFrom(key);
    tell('proving', ++done, reached.size, 'pairs', proof.pairs);
  }
  const compared = function* () {
    let count = 0;
    for (const key of reached.keys()) {
      yield key;
      tell('comparing runs of', ++count, reached.size, 'states', count);
    }
  };
  const proofs: Proofs = {
    pairs: proof.pairs,
    subsets: proof.subsets,
    exposures: proof.judge.exposures(),
    statements: proveStatements(space, compared()),
    contradictions: [...proof.contradictions.values()],
  };
  return { ...whole, proofs, seconds: { reaching, proving: (now() - between) / 1000 } };
}

/** What keeps an exploration from being a proof. */
export interface Unproved {
  /** What does not hold: the spec contradicts itself. */
  readonly broken: readonly string[];
  /** What was never met on the scope, and so is neither proved nor broken. */
  readonly unexposed: readonly string[];
}

/** Whether everything was proved: no contradiction, every statement holds, every rule of one run was exposed. */
export function unproved({ profile, scope, proofs }: Exploration, rules: readonly ChapterRule[]): Unproved {
  if (proofs === undefined) return { broken: [], unexposed: [] };
  const { exposures, contradictions, statements } = proofs;
  const never = rules.filter(
    (rule) =>
      (rule.kind === 'call' || rule.kind === 'trace') &&
      holdsIn(rule, profile) &&
      !isLeftOut(rule, scope.without) &&
      (exposures.get(rule.id) ?? 0) === 0,
  );
  return {
    broken: [
      ...contradictions.map(({ rule, text }) => `${rule} does not hold: ${text}`),
      ...statements.flatMap(({ statement, counterexample }) =>
        counterexample === undefined ? [] : [`it does not hold that ${statement}: ${counterexample}`],
      ),
    ],
    unexposed: [
      ...never.map(({ id }) => `${id} was never exposed on this scope`),
      ...statements.flatMap(({ statement, cases }) => (cases > 0 ? [] : [`no case of "${statement}" on this scope`])),
    ],
  };
}

/** By what a capability that a rule needs can be left out. */
const LEFT_OUT_BY = {
  'null-token': 'nullToken',
  'allocation-failure': 'memoryFailure',
  'missing-mandatory': 'subsets',
} as const satisfies Record<Exclude<ChapterRule['needs'], undefined | 'irq-actions'>, keyof Without>;

/** Whether a rule speaks of nothing but what was left out, by choice. */
function isLeftOut({ needs }: ChapterRule, without: Without = {}): boolean {
  return needs !== undefined && needs !== 'irq-actions' && without[LEFT_OUT_BY[needs]] === true;
}
