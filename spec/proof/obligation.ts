/**
 * What is to be proved, as data. Whatever it is, it is asked of the solver in the same way: is there a state, of any
 * size, in which it fails?
 *
 * - An **invariant** holds in the beginning, and each step keeps it: if all invariants hold before a step, it holds after
 *   it. So it holds in every state that can be reached. A promise is an invariant that rules ask for; a helper is one
 *   that nobody asks for, and without which the promises could not be shown to be kept.
 * - A **call** obligation holds whenever a step makes a callback.
 * - A **step** obligation holds between the states before and after each step.
 * - A **way on**: who stands at a point can leave it.
 * - A **theorem** follows from the invariants alone. Beside it stands what would be more and is not true, so that its
 *   conditions are seen to be needed.
 */
import type { Expression } from './expression.js';
import type { Call, Step } from './step.js';

interface Common {
  /** What must hold, in words. */
  readonly name: string;
  /** The rules that it proves, or a part of them; none for a helper. */
  readonly rules: readonly string[];
}

export interface Invariant extends Common {
  readonly kind: 'invariant';
  readonly holds: Expression;
}

export interface CallObligation extends Common {
  readonly kind: 'call';
  /** Undefined where it does not speak of such a callback. The acting caller is `caller` of `step.ts`. */
  readonly holds: (call: Call, step: Step) => Expression | undefined;
}

export interface StepObligation extends Common {
  readonly kind: 'step';
  /** Over the tables before, and with `next` after. */
  readonly holds: Expression;
}

export interface WayOn extends Common {
  readonly kind: 'way on';
  readonly point: string;
}

export interface Theorem extends Common {
  readonly kind: 'theorem';
  readonly holds: Expression;
  /** Whether it is true; otherwise there must be a counterexample. */
  readonly isTrue: boolean;
}

/** Anything to be proved. */
export type Obligation = Invariant | CallObligation | StepObligation | WayOn | Theorem;
