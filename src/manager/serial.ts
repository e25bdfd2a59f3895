/** The operations of several lanes in one. */
import type { Operation, Program, Trace } from '../../spec/vocabulary.js';
import { seenAt, spansOf } from '../linear/span.js';

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

/** The operations of a program in one lane, in the order in which a trace of it shows them; undefined where it shows none. */
export function programAsSeen({ objects, lanes }: Program, { events }: Trace): Program | undefined {
  const seen = spansOf(events);
  if (typeof seen === 'string') return undefined;
  const taken = lanes.map(() => 0);
  const order = [...seen.spans, ...seen.pending].sort((a, b) => seenAt(a) - seenAt(b));
  const operations = order.flatMap(({ lane }) => {
    const at = taken[lane] ?? 0;
    taken[lane] = at + 1;
    return lanes[lane]?.[at] ?? [];
  });
  return { objects, lanes: [operations] };
}

function* orders(lanes: readonly (readonly Operation[])[]): Iterable<readonly Operation[]> {
  if (lanes.every((lane) => lane.length === 0)) yield [];
  for (const [index, [first, ...rest]] of lanes.entries()) {
    if (first === undefined) continue;
    for (const others of orders(lanes.with(index, rest))) yield [first, ...others];
  }
}
