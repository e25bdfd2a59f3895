/**
 * Harmonised state identifiers: for each state a few sequences of inputs whose outputs tell it from every other state,
 * such that any two states are told apart by one sequence that both have.
 *
 * Outputs tell two states apart when no implementation could show the same in both: other callbacks, or statuses of
 * which none is allowed in both.
 *
 * Source: Petrenko, Yevtushenko, Lebedev and Das, "Nondeterministic state machines in protocol conformance testing"
 * (1993), for machines in which not every input is defined in every state.
 */
import type { Machine, Output } from './machine.js';
import { transitionsOf } from './machine.js';
import type { Path } from './walks.js';

/** The identifiers of each state, as numbers of transitions from that state on. */
export interface Identifiers {
  readonly of: readonly (readonly Path[])[];
  /** Pairs of states that no sequence of inputs tells apart. */
  readonly inseparable: readonly (readonly [number, number])[];
}

/** The longest sequence that is tried for telling apart many states at once. */
const LONGEST = 8;

/** Whether two outputs cannot be shown by one implementation. */
export function areDisjoint(a: Output, b: Output): boolean {
  if (a.callbacks !== b.callbacks) return true;
  if (a.statuses.length === 0 && b.statuses.length === 0) return false;
  return !a.statuses.some((status) => b.statuses.includes(status));
}

/** Find the identifiers of a machine. */
export function identify(machine: Machine): Identifiers {
  return new Identification(machine).identifiers();
}

interface Split {
  readonly a: number;
  readonly b: number;
}

class Identification {
  /** The transition of each input that does not fail, by state and operation; -1 where it is not defined. */
  readonly #step: readonly Int32Array[];
  readonly #inputs: number;
  /** Which outputs of transitions are disjoint, by their numbers among the different outputs. */
  readonly #outputOf: Int32Array;
  readonly #disjoint: readonly (readonly boolean[])[];

  constructor(readonly machine: Machine) {
    const { space, states, transitions, outputs } = machine;
    this.#inputs = space.operations.length;
    const inputOf = new Map(space.operations.map((operation, input) => [operation, input]));
    this.#step = states.map((_, state) => {
      const steps = new Int32Array(this.#inputs).fill(-1);
      for (const number of transitionsOf(machine, state)) {
        const transition = transitions[number];
        if (transition?.failing === -1) steps[inputOf.get(transition.operation) ?? -1] = number;
      }
      return steps;
    });
    const different = new Map<string, { readonly number: number; readonly output: Output }>();
    this.#outputOf = Int32Array.from(outputs, (output) => {
      const key = JSON.stringify(output);
      const known = different.get(key) ?? { number: different.size, output };
      different.set(key, known);
      return known.number;
    });
    const list = [...different.values()].map(({ output }) => output);
    this.#disjoint = list.map((a) => list.map((b) => areDisjoint(a, b)));
  }

  identifiers(): Identifiers {
    const { states } = this.machine;
    const nearest = this.#nearestSplits();
    let open: Split[] = [];
    const inseparable: [number, number][] = [];
    for (let a = 0; a < states.length; a++) {
      for (let b = a + 1; b < states.length; b++) {
        if (nearest.has(pairKey(a, b))) open.push({ a, b });
        else inseparable.push([a, b]);
      }
    }
    const of: Path[][] = states.map(() => []);
    for (let [split] = open; split !== undefined; [split] = open) {
      const { sequence, told } = this.#telling(split, open, nearest);
      const users = new Set([...told].flatMap(({ a, b }) => [a, b]));
      for (const state of users) of[state]?.push(this.#pathOf(state, sequence));
      open = open.filter((one) => !told.has(one));
    }
    return { of, inseparable };
  }

  /**
   * A sequence that tells one pair of states apart, and then as many of the others as it can: it begins with a
   * shortest one for the pair, and grows by the input that tells most pairs apart.
   */
  #telling(
    split: Split,
    open: readonly Split[],
    nearest: ReadonlyMap<number, number>,
  ): { sequence: readonly number[]; told: ReadonlySet<Split> } {
    const sequence: number[] = [];
    const told = new Set<Split>();
    let now: Int32Array = Int32Array.from(this.machine.states, (_, state) => state);
    const append = (input: number): void => {
      for (const one of open) if (!told.has(one) && this.#tells(now, one, input)) told.add(one);
      now = this.#after(now, input);
      sequence.push(input);
    };
    while (!told.has(split)) {
      const input = nearest.get(pairKey(now[split.a] ?? 0, now[split.b] ?? 0));
      if (input === undefined) throw new Error('two states that can be told apart were lost on the way');
      append(input);
    }
    while (sequence.length < LONGEST && told.size < open.length) {
      const rest = open.filter((one) => !told.has(one));
      let best = -1;
      let most = 0;
      for (let input = 0; input < this.#inputs; input++) {
        const gain = rest.reduce((sum, one) => sum + (this.#tells(now, one, input) ? 1 : 0), 0);
        if (gain > most) [best, most] = [input, gain];
      }
      if (best === -1) break;
      append(best);
    }
    return { sequence, told };
  }

  #tells(now: Int32Array, { a, b }: Split, input: number): boolean {
    const [left, right] = [this.#transition(now[a] ?? -1, input), this.#transition(now[b] ?? -1, input)];
    return left !== -1 && right !== -1 && this.#areDisjoint(left, right);
  }

  #after(now: Int32Array, input: number): Int32Array {
    return now.map((state) => {
      const number = this.#transition(state, input);
      return number === -1 ? -1 : (this.machine.to[number] ?? -1);
    });
  }

  #transition(state: number, input: number): number {
    return state === -1 ? -1 : (this.#step[state]?.[input] ?? -1);
  }

  #areDisjoint(left: number, right: number): boolean {
    return this.#disjoint[this.#outputOf[left] ?? -1]?.[this.#outputOf[right] ?? -1] ?? false;
  }

  /** What a sequence is from one state on, as far as it is defined there. */
  #pathOf(from: number, sequence: readonly number[]): Path {
    const path: number[] = [];
    let state = from;
    for (const input of sequence) {
      const number = this.#transition(state, input);
      if (number === -1) break;
      path.push(number);
      state = this.machine.to[number] ?? -1;
    }
    return path;
  }

  /** For each pair of states that can be told apart, the first input of a shortest sequence that does it. */
  #nearestSplits(): ReadonlyMap<number, number> {
    const { states, to } = this.machine;
    const found = new Map<number, number>();
    for (let fresh = true; fresh; ) {
      fresh = false;
      const round: [number, number][] = [];
      for (let a = 0; a < states.length; a++) {
        for (let b = a + 1; b < states.length; b++) {
          const key = pairKey(a, b);
          if (found.has(key)) continue;
          for (let input = 0; input < this.#inputs; input++) {
            const [left, right] = [this.#transition(a, input), this.#transition(b, input)];
            if (left === -1 || right === -1) continue;
            if (this.#areDisjoint(left, right) || found.has(pairKey(to[left] ?? 0, to[right] ?? 0))) {
              round.push([key, input]);
              break;
            }
          }
        }
      }
      for (const [key, input] of round) {
        found.set(key, input);
        fresh = true;
      }
    }
    return found;
  }
}

/** One number for an unordered pair of states. */
function pairKey(a: number, b: number): number {
  return a < b ? a * 1_000_000 + b : b * 1_000_000 + a;
}
