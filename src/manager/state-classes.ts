/** The states of a machine in classes, so that a picture of them fits a page, whatever the scope. */
import type { Covered, StateClass } from '../../spec/formats/results.js';
import { roleOf } from '../../spec/vocabulary.js';
import type { Machine } from '../suites/machine.js';
import { transitionsOf } from '../suites/machine.js';

type Counts = { -readonly [Member in keyof Covered]: Covered[Member] };
type Growing = Pick<StateClass, 'producers' | 'consumers' | 'pairs'> & {
  readonly states: Counts;
  readonly transitions: Map<number, Counts>;
};

/**
 * The classes of states by how many are registered and paired, the emptiest first, with what was reached of each.
 *
 * @param reached which states were reached, and which transitions taken: 1 for those that were
 */
export function stateClasses(machine: Machine, reached: Uint8Array, taken: Uint8Array): readonly StateClass[] {
  const classes: Growing[] = [];
  const places = new Map<string, number>();
  const classOf = machine.states.map((_, state) => {
    const counts = countsOf(machine, state);
    const name = Object.values(counts).join();
    let place = places.get(name);
    if (place === undefined) {
      place = classes.push({ ...counts, states: { covered: 0, all: 0 }, transitions: new Map() }) - 1;
      places.set(name, place);
    }
    return place;
  });
  for (const [state, place] of classOf.entries()) {
    const own = classes[place];
    if (own === undefined) continue;
    count(own.states, reached[state]);
    for (const transition of transitionsOf(machine, state)) {
      const to = classOf[machine.to[transition] ?? 0] ?? 0;
      const counts = own.transitions.get(to) ?? { covered: 0, all: 0 };
      own.transitions.set(to, counts);
      count(counts, taken[transition]);
    }
  }
  return classes.map(({ transitions, ...own }) => ({
    ...own,
    transitions: [...transitions].sort(([a], [b]) => a - b).map(([to, counts]) => ({ to, ...counts })),
  }));
}

function count(counts: Counts, mark: number | undefined): void {
  counts.all++;
  counts.covered += mark ?? 0;
}

function countsOf({ space, states }: Machine, state: number): Pick<StateClass, 'producers' | 'consumers' | 'pairs'> {
  const key = states[state] ?? 0;
  const held = { producer: new Set<unknown>(), consumer: new Set<unknown>() };
  for (const id of space.ids) {
    const token = space.tokenOf(key, id);
    if (token !== undefined) held[roleOf(id)].add(token);
  }
  // Of one side, no two hold the same token.
  const pairs = [...held.producer].filter((token) => held.consumer.has(token)).length;
  return { producers: held.producer.size, consumers: held.consumer.size, pairs };
}
