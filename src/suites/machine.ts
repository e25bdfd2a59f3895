/**
 * The model on a scope as a finite state machine, for one way of settling what its profile leaves open.
 *
 *     state --input--> state, with the outputs that are allowed
 *
 * An **input** is an operation, together with the fallible callback that fails during it, if any. A profile may allow
 * several statuses for one input: they are one transition with several outputs. It may also leave open whether a null
 * token is refused or is a token like any other, and then the next state depends on the implementation: that is
 * settled first, by asking it, and from there on the next state follows from state and input alone.
 */
import { rollBack } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import type { ManagerOperation, Role, Status } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import type { Key, Space, Transition } from '../explore/space.js';

/** What a target does with a null token, side by side, where its profile leaves it open. */
export type NullToken = Readonly<Record<Role, 'accepted' | 'refused'>>;

/** What may be seen of a transition: the callbacks, and any of these statuses; none for what returns nothing. */
export interface Output {
  readonly callbacks: string;
  readonly statuses: readonly Status[];
}

/** A machine whose transitions are numbered, state by state. */
export interface Machine {
  readonly space: Space;
  /** The states by number, in the order in which they are first reached; the first is the empty one. */
  readonly states: readonly Key[];
  readonly transitions: readonly Transition[];
  /** The transitions of state `s` are `first[s]` up to, not including, `first[s + 1]`. */
  readonly first: readonly number[];
  /** The state in which each transition ends. */
  readonly to: readonly number[];
  readonly outputs: readonly Output[];
  /** The first transition on a shortest way to each state came this way; -1 for the empty state. */
  readonly reachedBy: readonly number[];
}

/** Whether a profile leaves it open what becomes of a null token. */
export function leavesNullTokenOpen(profile: Profile): boolean {
  return profile.refusals.some(({ refusal, optional }) => refusal === 'null-token' && optional === true);
}

/** Build the machine of a space. */
export function machineOf(space: Space, nullToken: NullToken): Machine {
  const states: Key[] = [0];
  const index = new Map<Key, number>([[0, 0]]);
  const transitions: Transition[] = [];
  const first: number[] = [];
  const to: number[] = [];
  const outputs: Output[] = [];
  const reachedBy: number[] = [-1];
  for (const key of states) {
    first.push(transitions.length);
    for (const { transition, output } of inputsOf(space, key, nullToken)) {
      let next = index.get(transition.to);
      if (next === undefined) {
        next = states.length;
        index.set(transition.to, next);
        states.push(transition.to);
        reachedBy.push(transitions.length);
      }
      transitions.push(transition);
      to.push(next);
      outputs.push(output);
    }
  }
  first.push(transitions.length);
  return { space, states, transitions, first, to, outputs, reachedBy };
}

/** The numbers of the transitions of a state. */
export function transitionsOf({ first }: Machine, state: number): readonly number[] {
  const from = first[state] ?? 0;
  return Array.from({ length: (first[state + 1] ?? 0) - from }, (_, offset) => from + offset);
}

/** A shortest way from the empty state to another, as numbers of transitions. */
export function wayTo(machine: Machine, state: number): readonly number[] {
  const way: number[] = [];
  let at = machine.reachedBy[state] ?? -1;
  while (at !== -1) {
    way.unshift(at);
    at = machine.reachedBy[stateBefore(machine, at)] ?? -1;
  }
  return way;
}

/** The state in which a transition starts. */
export function stateBefore(machine: Machine, transition: number): number {
  let [low, high] = [0, machine.states.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((machine.first[middle] ?? 0) <= transition) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** One transition for every input of a state; the branches that only differ in their status are put together. */
function inputsOf(space: Space, key: Key, nullToken: NullToken): readonly { transition: Transition; output: Output }[] {
  const found: { transition: Transition; output: Output }[] = [];
  const byOperation = new Map<ManagerOperation, Transition[]>(space.operations.map((operation) => [operation, []]));
  for (const transition of space.transitions(key)) byOperation.get(transition.operation)?.push(transition);
  for (const [operation, all] of byOperation) {
    let taken: readonly Transition[] = all;
    const accepting = taken.filter(({ branch }) => branch.change === 'register');
    if (accepting.length > 0 && accepting.length < taken.length) {
      const accepts = nullToken[roleOf(operation.object)] === 'accepted';
      taken = accepts ? accepting : taken.filter((transition) => !accepting.includes(transition));
    }
    for (const failing of new Set(taken.map((transition) => transition.failing))) {
      const same = taken.filter((transition) => transition.failing === failing);
      const [transition] = same;
      if (transition === undefined) continue;
      const statuses = [...new Set(same.flatMap(({ branch }) => (failing === -1 ? branch.statuses : [])))];
      found.push({ transition, output: { callbacks: callbacksOf(space, transition), statuses } });
    }
  }
  return found;
}

function callbacksOf(space: Space, { branch, failing }: Transition): string {
  const failed = branch.steps[failing];
  const steps =
    failed === undefined
      ? branch.steps
      : [
          ...branch.steps.slice(0, failing + 1),
          ...rollBack(failed, new Map(space.objects.map((object) => [object.id, object]))),
        ];
  return JSON.stringify(steps);
}
