/** The suites that are walks through a machine: every transition, and every pair of transitions in a row. */
import { cover } from './cover.js';
import type { Machine } from './machine.js';
import { transitionsOf } from './machine.js';

/** A walk through a machine: numbers of transitions, from the empty state. */
export type Path = readonly number[];

/**
 * The most operations of one program: long enough that few are spent on the way, short enough that an implementation
 * that dies takes little along.
 */
export const LONGEST = 24;

/** A transition tour: every transition of a machine at least once. Source: Naito and Tsunoyama 1981. */
export function transitionTour(machine: Machine): readonly Path[] {
  const graph = machine.states.map((_, state) =>
    transitionsOf(machine, state).map((number) => machine.to[number] ?? 0),
  );
  return cover(graph, LONGEST).map((walk) => {
    let state = 0;
    return walk.map((place) => {
      const number = (machine.first[state] ?? 0) + place;
      state = machine.to[number] ?? 0;
      return number;
    });
  });
}

/** Every two transitions of which one can follow the other; and every first transition. */
export function transitionPairs(machine: Machine): readonly Path[] {
  // Node 0 is the beginning; node n + 1 stands behind transition n.
  const following = machine.states.map((_, state) => transitionsOf(machine, state).map((number) => number + 1));
  const graph = [following[0] ?? [], ...machine.to.map((state) => following[state] ?? [])];
  return cover(graph, LONGEST).map((walk) => {
    let node = 0;
    return walk.map((place) => {
      node = graph[node]?.[place] ?? 0;
      return node - 1;
    });
  });
}

/** How many pairs of transitions there are in a machine. */
export function countPairs({ to, first }: Machine): number {
  return to.reduce((sum, state) => sum + (first[state + 1] ?? 0) - (first[state] ?? 0), 0);
}
