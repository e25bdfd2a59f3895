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
import { setImmediate } from 'node:timers/promises';
import type { Explored, ExploredPart, Proofs } from '../../spec/formats/exploration.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import { holdsIn } from '../../spec/rule.js';
import { interruptibly } from '../files/interruptible.js';
import { deal, type Runner } from '../jobs/deal.js';
import { Kinds } from '../judge/remembered/kinds.js';
import { doneBy, piecesOf, provePiece, type ToProve, together } from './pieces.js';
import { reach } from './reach.js';
import type { Scope, Without } from './scope.js';
import { mustFit, stateCount } from './size.js';
import { Space } from './space.js';
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
  readonly seconds: Explored['seconds'];
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
  exploring: Exploring = {},
): Exploration {
  const { whole, toProve, seconds, tell } = reachAll(profile, scope, rules, exploring);
  if (exploring.withoutProofs === true) return { ...whole, seconds: seconds() };
  const pieces: Proofs[] = [];
  for (let number = 0; number < piecesOf(toProve.reached); number++) {
    const piece = provePiece(toProve, number);
    pieces.push(piece);
    tell(piece, pieces.length);
  }
  return { ...whole, proofs: together(pieces), seconds: seconds() };
}

/**
 * Explore a scope, with helpers that prove some of its pieces. The result is the same, but for times.
 *
 * @throws ScopeTooLarge when its states would take too much memory
 */
export async function exploreTogether(
  profile: Profile,
  scope: Scope,
  rules: readonly ChapterRule[],
  exploring: Exploring,
  helpers: readonly Runner<undefined, Proofs>[],
): Promise<Exploration> {
  const reached = interruptibly(() => reachAll(profile, scope, rules, exploring));
  const { whole, seconds } = reached;
  if (exploring.withoutProofs === true) return { ...whole, seconds: seconds() };
  return { ...whole, proofs: together(await proveAll(reached, helpers)), seconds: seconds() };
}

/**
 * Prove the pieces of a scope whose states were reached.
 *
 * @param helpers prove some of them
 * @param isMine whether a piece is to be proved, by its number; all are when absent
 * @returns what each of them showed, in their order
 */
export async function proveAll(
  { toProve, tell }: ReachedAll,
  helpers: readonly Runner<undefined, Proofs>[],
  isMine: (number: number) => boolean = () => true,
): Promise<readonly ExploredPart[]> {
  const mine = Array.from({ length: piecesOf(toProve.reached) }, (_, number) => number).filter(isMine);
  const done: ExploredPart[] = [];
  const share = piecesOf(toProve.reached) / Math.max(1, mine.length);
  let dealt = 0;
  const own: Runner<undefined, Proofs> = {
    run: async (_, number) => {
      const piece = interruptibly(() => provePiece(toProve, number));
      // Proving never waits: let the helpers have their say.
      await setImmediate();
      return piece;
    },
  };
  await deal(
    () => {
      const number = mine[dealt++];
      return number === undefined ? undefined : { piece: undefined, number };
    },
    own,
    helpers,
    (_, part, piece) => {
      done.push({ part, ...piece });
      tell(piece, Math.round(done.length * share));
    },
  );
  return done.sort((a, b) => a.part - b.part);
}

/** A scope whose states were reached. */
export interface ReachedAll {
  readonly whole: Omit<Exploration, 'proofs' | 'seconds'>;
  readonly toProve: ToProve;
  /** How long it has taken so far. */
  readonly seconds: () => Exploration['seconds'];
  /** Tell how far the proof is, once one more piece is done. */
  readonly tell: (piece: Proofs, done: number) => void;
}

/** Reach all states of a scope. */
export function reachAll(
  profile: Profile,
  scope: Scope,
  rules: readonly ChapterRule[],
  { symmetry = false, onProgress, now = () => performance.now() }: Exploring = {},
): ReachedAll {
  mustFit(profile, scope, symmetry);
  const space = new Space(profile, scope);
  const expected = stateCount(profile, scope);
  const started = now();
  let states = 0;
  let transitions = 0;
  let weight = 1;
  const reached = reach(space, {
    symmetry,
    onState: (key) => {
      weight = symmetry ? orbitSize(space, key) : 1;
      states += weight;
      if (states === weight || states % TOLD_EVERY < weight) {
        const total = Math.max(states, expected);
        onProgress?.({ phase: 'reaching', done: states, total, unit: 'transitions', units: transitions });
      }
    },
    visit: () => {
      transitions += weight;
    },
  });
  const between = now();
  let pairs = 0;
  return {
    whole: { profile, scope, states, transitions, ...(symmetry ? { orbits: reached.size } : {}) },
    toProve: { space, reached, profile, rules, kinds: new Kinds() },
    seconds: () => ({ reaching: (between - started) / 1000, proving: (now() - between) / 1000 }),
    tell: (piece, count) => {
      pairs += piece.pairs;
      const { isCompared, states: done } = doneBy(reached, count);
      const total = reached.size;
      if (isCompared) onProgress?.({ phase: 'comparing runs of', done, total, unit: 'states', units: done });
      else onProgress?.({ phase: 'proving', done, total, unit: 'pairs', units: pairs });
    },
  };
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
      (exposures[rule.id] ?? 0) === 0,
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
