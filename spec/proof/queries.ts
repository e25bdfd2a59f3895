/**
 * From obligations to questions for a solver. Each asks whether there is a state, of any size, and a step from it, by
 * which an obligation fails: `unsat`, there is none, is the proof; `sat` is a counterexample.
 *
 * Questions about one step share its text, and all share the declarations and the invariants that hold before it. A step
 * is also asked whether it can be taken at all from a state in which they hold; a proof about a step that cannot be taken
 * would be empty.
 */
import type { Profile } from '../profile.js';
import { callObligationsOf, isPossible, stepObligations, waysOn } from './calls.js';
import { oracles, theoremsOf } from './commutation.js';
import { type Expression, forAll, not } from './expression.js';
import { helpersOf } from './helpers.js';
import type { CallObligation, Invariant, Obligation, StepObligation, Theorem, WayOn } from './obligation.js';
import { aboutRegistrations, promisesOf } from './promises.js';
import { declare, print, printAcross, printAfter, printStep } from './smt.js';
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
}

/** Questions with the text that asks them: as many answers come as there are questions, in their order. */
export interface Script {
  readonly text: string;
  readonly questions: readonly Question[];
}

const { Item, Token, Caller, Irq, Status, Callback, Point } = state;

/** Sorts, known things and tables. */
export const declarations = declare([Item, Token, Caller, Irq, Status, Callback, Point], state.known, state.tables);

const assume = (expression: Expression) => `(assert ${print(expression)})`;

/** Collects questions, each in a scope of its own. */
class Asking {
  readonly #lines: string[] = [];
  readonly #questions: Question[] = [];

  say(line: string): void {
    this.#lines.push(line);
  }

  ask(question: Question, ...conditions: readonly string[]): void {
    this.#lines.push('(push 1)', ...conditions.map((one) => `(assert ${one})`), '(check-sat)', '(pop 1)');
    this.#questions.push(question);
  }

  get script(): Script {
    return { text: `${this.#lines.join('\n')}\n`, questions: this.#questions };
  }
}

/** That the invariants hold in the beginning, and that there is a beginning. */
export function askBeginning({ invariants }: Obligations): Script {
  const asking = new Asking();
  asking.say(declarations);
  asking.say(assume(initially));
  asking.ask({ about: 'the beginning', obligation: undefined, expected: 'sat' });
  for (const obligation of invariants) {
    asking.ask({ about: 'the beginning', obligation, expected: 'unsat' }, print(not(obligation.holds)));
  }
  return asking.script;
}

/**
 * That some steps keep the invariants and the other obligations, each from any state in which all invariants hold.
 *
 * @param isAsked which obligations are asked about a step; all if absent
 */
export function askSteps(
  steps: readonly Step[],
  { invariants, calls, steps: ofSteps }: Obligations,
  isAsked: (obligation: Obligation, step: Step) => boolean = () => true,
): Script {
  const asking = new Asking();
  asking.say(declarations);
  for (const { holds } of invariants) asking.say(assume(holds));
  for (const step of steps) {
    const asks = (obligation: Obligation) => isAsked(obligation, step);
    asking.say('(push 1)');
    asking.say(printStep(step));
    asking.ask({ about: step, obligation: undefined, expected: 'sat' });
    for (const obligation of invariants.filter(asks)) {
      asking.ask({ about: step, obligation, expected: 'unsat' }, printAfter(step, not(obligation.holds)));
    }
    for (const obligation of ofSteps.filter(asks)) {
      asking.ask({ about: step, obligation, expected: 'unsat' }, printAcross(step, not(obligation.holds)));
    }
    for (const obligation of step.call === undefined ? [] : calls.filter(asks)) {
      const holds = step.call && obligation.holds(step.call, step);
      if (holds === undefined) continue;
      asking.ask({ about: step, obligation, expected: 'unsat' }, print(not(holds)));
    }
    asking.say('(pop 1)');
  }
  return asking.script;
}

/** That whoever stands at a point can go on. */
export function askWaysOn(steps: readonly Step[], { invariants, ways }: Obligations): Script {
  const asking = new Asking();
  asking.say(declarations);
  for (const { holds } of invariants) asking.say(assume(holds));
  const lockIsFree = forAll([Caller], (other) => not(state.holdsLock(other)));
  asking.say(`(declare-const ?${caller.name} ${caller.sort.name})`);
  for (const obligation of ways) {
    const { point } = obligation;
    const stands = [state.isAt(caller, point), ...(point === 'outside' ? [lockIsFree] : [])];
    const possible = steps.filter(({ from }) => from === point).map(isPossible);
    asking.ask(
      { about: 'any state', obligation, expected: 'unsat' },
      ...stands.map(print),
      ...possible.map((one) => print(not(one))),
    );
  }
  return asking.script;
}

/** That the theorems follow, from what the promises say of who is registered. */
export function askTheorems({ theorems }: Obligations): Script {
  const asking = new Asking();
  asking.say(declarations);
  asking.say(declare([], [], oracles));
  for (const { holds } of aboutRegistrations) asking.say(assume(holds));
  asking.ask({ about: 'any state', obligation: undefined, expected: 'sat' });
  for (const obligation of theorems) {
    const expected = obligation.isTrue ? 'unsat' : 'sat';
    asking.ask({ about: 'any state', obligation, expected }, print(not(obligation.holds)));
  }
  return asking.script;
}
