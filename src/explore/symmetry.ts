/**
 * Symmetry: states that only differ in how their objects and tokens are called.
 *
 *     p0 t0, c1 t0      p1 t1, c0 t1      p1 t0, c1 t0      one orbit: a pair, the others not registered
 *
 * Objects of one side are alike, and so are tokens; but the null token is itself. So all that counts is how many
 * producers and how many consumers each token has, and of these counts how often each comes. That is the **name** of
 * the orbit. How many states are in it follows by counting in how many ways tokens and objects can be given out.
 */
import { roleOf } from '../../spec/vocabulary.js';
import type { Key, Space } from './space.js';

/** Counts of producers and consumers under the null token, then under each token, the largest first. */
type Shape = readonly (readonly [producers: number, consumers: number])[];

/** The name of the orbit of a state: the same number for all states of one orbit, and for no other. */
export function orbitName(space: Space, key: Key): number {
  const [none, ...named] = shapeOf(space, key);
  const base = Math.max(space.scope.producers, space.scope.consumers) + 1;
  let name = 0;
  for (const [producers, consumers] of [...(none === undefined ? [] : [none]), ...named]) {
    name = (name * base + producers) * base + consumers;
  }
  return name;
}

/** How many states are in the orbit of a state. */
export function orbitSize(space: Space, key: Key): number {
  const [none, ...named] = shapeOf(space, key);
  const shape = none === undefined ? named : [none, ...named];
  const alike = new Map<string, number>();
  for (const counts of named) alike.set(counts.join(), (alike.get(counts.join()) ?? 0) + 1);
  const tokens =
    factorial(named.length) / [...alike.values()].reduce((product, count) => product * factorial(count), 1);
  return (
    tokens *
    ways(
      space.scope.producers,
      shape.map(([count]) => count),
    ) *
    ways(
      space.scope.consumers,
      shape.map(([, count]) => count),
    )
  );
}

/** In how many ways objects can be given to tokens that take so many each; the others stay out. */
function ways(objects: number, taken: readonly number[]): number {
  const left = objects - taken.reduce((sum, count) => sum + count, 0);
  return [left, ...taken].reduce((rest, count) => rest / factorial(count), factorial(objects));
}

function shapeOf(space: Space, key: Key): Shape {
  const counts = space.tokens.map((): [number, number] => [0, 0]);
  for (const id of space.ids) {
    const token = space.tokenOf(key, id);
    const count = token === undefined ? undefined : counts[space.tokens.indexOf(token)];
    if (count !== undefined) count[roleOf(id) === 'producer' ? 0 : 1]++;
  }
  const [none, ...named] = counts;
  named.sort(([p1, c1], [p2, c2]) => p2 - p1 || c2 - c1);
  return none === undefined ? named : [none, ...named];
}

function factorial(number: number): number {
  let product = 1;
  for (let factor = 2; factor <= number; factor++) product *= factor;
  return product;
}
