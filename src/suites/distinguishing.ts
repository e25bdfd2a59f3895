/**
 * A suite that no wrong implementation with up to k extra states passes: the HSI method.
 *
 * Let the machine have n states, each told from the others by its identifiers, and let the implementation be
 * deterministic, start anew with every program, and have at most n + k states. The programs are: a shortest way `v`
 * to each state, then every sequence `x` of at most k + 1 inputs, then each identifier of the state in which that ends.
 *
 * **Theorem.** If every output of these programs is allowed, every output of every program is.
 *
 * **Proof.** Suppose not, and let `v x` be a shortest program that fails after the way `v` to some state: shortest in
 * `x`, over all states. It is not among the suite's, so `x` has more than k + 1 inputs. Look at the ways to all n
 * states and at `v` followed by the first 1, 2, ... k + 1 inputs of `x`: n + k + 1 programs, each with its identifiers
 * in the suite. Two of them leave the implementation in the same state. They leave the model in the same state, too:
 * otherwise an identifier that both states have would have told them apart, and each output was allowed. So what is
 * left of `x` after the longer one fails after the shorter one as well: after the way to a state, with fewer inputs
 * than `x`, or after `v` with a part of `x` cut out. Either is shorter than a shortest one. ∎
 *
 * It holds where several statuses are allowed, since what decides is whether outputs are disjoint, and where an input
 * is undefined in some states, since the model is in the same state on both sides. A fallible callback that is not made
 * uses up no result, so it need not be asked to fail there.
 *
 * Source: Petrenko, Yevtushenko, Lebedev and Das (1993); Luo, Petrenko and v. Bochmann, "Selecting test sequences for
 * partially-specified nondeterministic finite state machines" (1994). The W-method it refines is Chow's (1978).
 */
import { type Identifiers, identify } from './identify.js';
import type { Machine } from './machine.js';
import { transitionsOf, wayTo } from './machine.js';
import type { Path } from './walks.js';

/** The programs of a suite for up to so many extra states, and how many there are. */
export interface Distinguishing {
  readonly count: number;
  /** Made one by one, since there may be millions. */
  readonly paths: () => Iterable<Path>;
  /** Pairs of states that nothing tells apart; if there are any, the theorem does not hold. */
  readonly inseparable: Identifiers['inseparable'];
}

/** Make the suite of a machine. */
export function distinguishing(machine: Machine, extraStates: number): Distinguishing {
  const identifiers = identify(machine);
  const ends = identifiers.of.map((own) => Math.max(1, own.length));
  // How many programs there are from each state on, with so many inputs at most.
  let counts: readonly number[] = ends;
  for (let inputs = 0; inputs <= extraStates; inputs++) {
    const shorter = counts;
    counts = ends.map((own, state) =>
      transitionsOf(machine, state).reduce((sum, number) => sum + (shorter[machine.to[number] ?? 0] ?? 0), own),
    );
  }
  return {
    count: counts.reduce((sum, count) => sum + count, 0),
    paths: () => pathsOf(machine, identifiers, extraStates + 1),
    inseparable: identifiers.inseparable,
  };
}

function* pathsOf(machine: Machine, identifiers: Identifiers, inputs: number): Iterable<Path> {
  for (const state of machine.states.keys()) yield* extend(machine, identifiers, wayTo(machine, state), state, inputs);
}

function* extend(
  machine: Machine,
  identifiers: Identifiers,
  path: Path,
  state: number,
  inputs: number,
): Iterable<Path> {
  const own = identifiers.of[state] ?? [];
  if (own.length === 0) yield path;
  for (const identifier of own) yield [...path, ...identifier];
  if (inputs === 0) return;
  for (const number of transitionsOf(machine, state)) {
    yield* extend(machine, identifiers, [...path, number], machine.to[number] ?? 0, inputs - 1);
  }
}
