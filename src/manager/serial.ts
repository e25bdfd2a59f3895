/** The operations of several lanes in one. */
import type { Operation, Program } from '../../spec/vocabulary.js';

/** The orders of one program that are made at most. */
export const MOST_ORDERS = 60;

/** Programs of one lane with the operations of all lanes, in every order that keeps that of each lane, or in many. */
export function serialPrograms({ objects, lanes }: Program): readonly Program[] {
  const programs: Program[] = [];
  for (const lane of orders(lanes)) {
    programs.push({ objects, lanes: [lane] });
    if (programs.length >= MOST_ORDERS) break;
  }
  return programs;
}

function* orders(lanes: readonly (readonly Operation[])[]): Iterable<readonly Operation[]> {
  if (lanes.every((lane) => lane.length === 0)) yield [];
  for (const [index, [first, ...rest]] of lanes.entries()) {
    if (first === undefined) continue;
    for (const others of orders(lanes.with(index, rest))) yield [first, ...others];
  }
}
