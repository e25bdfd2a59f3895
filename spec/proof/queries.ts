/**
 * From obligations to questions for a solver. Each asks whether there is a state, of any size, and a step from it, by
 * which an obligation fails: `unsat`, there is none, is the proof; `sat` is a counterexample.
 *
 * Questions about one step share its text, and all share the declarations and the invariants that hold before it. Of each
 * step is also asked whether it can be taken at all from a state in which they hold; a proof about a step that cannot be
 * taken would be empty.
 */
import type { Profile } from '../profile.js';
import { callObligationsOf, isPossible, stepObligations, waysOn } from './calls.js';
import { oracles, theoremsOf } from './commutation.js';
import { forAll, not } from './expression.js';
import { helpersOf } from './helpers.js';
import type { CallObligation, Invariant, Obligation, StepObligation, Theorem, WayOn } from './obligation.js';
import { aboutLock, aboutRegistrations, promisesOf } from './promises.js';
import { declare, declareParameter, print, printAcross, printAfter, printInstance, printStep } from './smt.js';
import * as state from './state.js';
import { caller, type Step } from './step.js';
import { initially } from './system.js';

/** Everything that is to be proved of the steps. */
export interface Obligations {
  readonly invariants: readonly Invariant[];
  readonly calls: readonly CallObligation[];
  readonly steps: readonly StepObligation[];
  readonly ways: readonly WayOn[];
  readonly theorems: readonly Theorem[];
}

/** The obligations of a profile. */
export function obligationsOf(profile: Profile): Obligations {
  return {
    invariants: [...promisesOf(profile), ...helpersOf(profile)],
    calls: callObligationsOf(profile),
    steps: stepObligations,
    ways: waysOn,
    theorems: theoremsOf(profile),
  };
}

/** One question, and the answer to it that is well. */
export interface Question {
  readonly about: 'the beginning' | 'any state' | Step;
  /** What is proved; undefined where it is asked whether there is anything to prove it of. */
  readonly obligation: Obligation | undefined;
  readonly expected: 'sat' | 'unsat';
  /** What it asks for beside what its chapter says, as one assertion a line. */
  readonly text: string;
}

/** Questions that share what is said before them, and that no other chapter hears of. */
export interface Chapter {
  readonly says: string;
  readonly questions: readonly Question[];
}

/** Chapters that share premises. */
export interface Script {
  readonly premises: string;
  readonly chapters: readonly Chapter[];
}

const { Item, Token, Caller, Irq, Status, Callback, Point } = state;

/** Sorts, known things, tables, and who acts. */
const declarations = [
  declare([Item, Token, Caller, Irq, Status, Callback, Point], state.known, state.tables),
  declareParameter(caller),
].join('\n');

const assert = (...conditions: readonly string[]) => conditions.map((one) => `(assert ${one})`).join('\n');
const asText = (...lines: readonly string[]) => lines.join('\n');

/** That the invariants hold in the beginning, and that there is a beginning. */
export function askBeginning({ invariants }: Obligations): Script {
  const about = 'the beginning';
  const questions = invariants.map(
    (obligation): Question => ({ about, obligation, expected: 'unsat', text: assert(print(not(obligation.holds))) }),
  );
  const isThere: Question = { about, obligation: undefined, expected: 'sat', text: '' };
  return { premises: declarations, chapters: [{ says: assert(print(initially)), questions: [isThere, ...questions] }] };
}

/** That all invariants hold. */
export function premisesOf({ invariants }: Obligations): string {
  return asText(declarations, assert(...invariants.map(({ holds }) => print(holds))));
}

/**
 * The same, but where an invariant speaks of every caller's operation, only what it says of the caller that acts. The
 * others are outside while it is inside, and that the invariants about the lock say of all callers. These premises are
 * weaker, so what follows from them follows from all; and a solver is done with a question in a quarter of the time.
 */
export function premisesOfWhoActs({ invariants }: Obligations): string {
  const premises = invariants.map((one) =>
    aboutLock.includes(one) ? print(one.holds) : printInstance(one.holds, caller),
  );
  return asText(declarations, assert(...premises));
}

/** That each step can be taken, from some state in which the premises hold. */
export function askPossible(steps: readonly Step[]): readonly Chapter[] {
  return steps.map((step) => ({
    says: printStep(step),
    questions: [{ about: step, obligation: undefined, expected: 'sat', text: '' }],
  }));
}

/**
 * That each step keeps the invariants and the other obligations, from any state in which the premises hold.
 *
 * @param isAsked which obligations are asked about a step; all if absent
 */
export function askSteps(
  steps: readonly Step[],
  { invariants, calls, steps: ofSteps }: Obligations,
  isAsked: (obligation: Obligation, step: Step) => boolean = () => true,
): readonly Chapter[] {
  return steps.map((step) => {
    const asks = (obligation: Obligation) => isAsked(obligation, step);
    const that = (obligation: Obligation, fails: string): Question => ({
      about: step,
      obligation,
      expected: 'unsat',
      text: assert(fails),
    });
    const { call } = step;
    return {
      says: printStep(step),
      questions: [
        ...invariants.filter(asks).map((one) => that(one, printAfter(step, not(one.holds)))),
        ...ofSteps.filter(asks).map((one) => that(one, printAcross(step, not(one.holds)))),
        ...(call === undefined ? [] : calls.filter(asks)).flatMap((one) => {
          const holds = call && one.holds(call, step);
          return holds === undefined ? [] : [that(one, print(not(holds)))];
        }),
      ],
    };
  });
}

/** That whoever stands at a point can go on. */
export function askWaysOn(steps: readonly Step[], ways: readonly WayOn[]): Chapter {
  const lockIsFree = forAll([Caller], (other) => not(state.holdsLock(other)));
  const questions = ways.map((obligation): Question => {
    const { point } = obligation;
    const stands = [state.isAt(caller, point), ...(point === 'outside' ? [lockIsFree] : [])];
    const possible = steps.filter(({ from }) => from === point).map(isPossible);
    const text = assert(...stands.map(print), ...possible.map((one) => print(not(one))));
    return { about: 'any state', obligation, expected: 'unsat', text };
  });
  return { says: '', questions };
}

/** That the theorems follow, from what the promises say of who is registered. */
export function askTheorems({ theorems }: Obligations): Script {
  const about = 'any state';
  const premises = assert(...aboutRegistrations.map(({ holds }) => print(holds)));
  const questions = theorems.map((obligation): Question => {
    const text = assert(print(not(obligation.holds)));
    return { about, obligation, expected: obligation.isTrue ? 'unsat' : 'sat', text };
  });
  const areThere: Question = { about, obligation: undefined, expected: 'sat', text: '' };
  return {
    premises: asText(declarations, declare([], [], oracles), premises),
    chapters: [{ says: '', questions: [areThere, ...questions] }],
  };
}
