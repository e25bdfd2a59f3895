/**
 * Programs that are simpler than a long one: without a large piece of it, or with all of a kind made plain at once.
 *
 * What was not found by taking out the pieces of one size is not tried again after a success: the search goes on with
 * the next piece, then with smaller ones, and comes to its end after about as many programs as there are operations.
 *
 *     size 1/2   [........][........]
 *     size 1/4   [....][....][....][....]      <- a piece goes, and the search goes on before it
 *     ...
 */
import { bareCallbacks } from '../../spec/callbacks.js';
import type { Operation, Program, ProgramObject } from '../../spec/vocabulary.js';
import { objectWith, roleOf } from '../../spec/vocabulary.js';
import { plainerIrqs, plainerResults } from './plainer-values.js';
import { withLane, withoutUnused } from './with-lane.js';

/** A program with more operations than this is long. */
const MOST_OF_A_SHORT_ONE = 48;
/** The beginnings of a long program that are tried. */
const BEGINNINGS = 32;
/**
 * The smallest pieces are so small that there are at most so many of them; and in all, so many that the programs without
 * one have about so many operations together. A program of 257 operations is looked at one by one, one of 2,000 by 27.
 */
const MOST_PIECES = 512;
const MOST_OPERATIONS = 150_000;

/** Whether a program has so many operations that it is simplified in pieces. */
export function isLong({ lanes }: Program): boolean {
  return lanes.reduce((sum, lane) => sum + lane.length, 0) > MOST_OF_A_SHORT_ONE;
}

/** Some beginnings of a long program of one lane, the shortest first. */
export function* longBeginnings(program: Program): Iterable<Program> {
  const [lane = []] = program.lanes;
  for (let part = 1; part < BEGINNINGS; part++) {
    const length = Math.ceil((lane.length * part) / BEGINNINGS);
    yield withoutUnused(withLane(program, 0, lane.slice(0, length)));
  }
}

/** Where the search for pieces that can go is: the next piece to take out is `size` operations that end at `end`. */
interface Place {
  readonly lane: number;
  readonly size: number;
  readonly end: number;
}

/** Where the search goes on in a program that comes of it. One that nothing is known of is searched from the start. */
const places = new WeakMap<Program, Place | 'through'>();

/** Programs that are simpler than a long one, the boldest cuts first: all plain, then shorter, then what can be plain now. */
export function* simplerLongPrograms(program: Program): Iterable<Program> {
  const begun = places.get(program);
  if (begun === undefined) yield* withAllPlain(program);
  if (begun !== 'through') yield* withoutPieces(program, begun);
  for (const simpler of withAllPlain(program)) {
    places.set(simpler, 'through');
    yield simpler;
  }
}

function* withoutPieces(program: Program, begun: Place | undefined): Iterable<Program> {
  for (const [index, lane] of program.lanes.entries()) {
    if (begun !== undefined && index < begun.lane) continue;
    const going = begun?.lane === index ? begun : undefined;
    const pieces = Math.min(MOST_PIECES, MOST_OPERATIONS / lane.length);
    const least = Math.max(1, Math.ceil(lane.length / pieces));
    for (let size = going?.size ?? lane.length >> 1; size >= least; size >>= 1) {
      for (let end = size === going?.size ? going.end : lane.length; end > 0; end -= size) {
        const from = Math.max(0, end - size);
        if (end - from === lane.length) continue;
        const rest = withoutUnused(withLane(program, index, [...lane.slice(0, from), ...lane.slice(end)]));
        places.set(rest, { lane: index, size, end: from });
        yield rest;
      }
    }
  }
}

/** What makes operations and objects plain, one thing at a time. */
const PLAIN_OPERATIONS: readonly ((operation: Operation) => Operation)[] = [
  (operation) => {
    if (!('memory' in operation)) return operation;
    const { memory: _, ...fed } = operation;
    return fed;
  },
  (operation) =>
    operation.operation === 'registerProducer' ? { ...operation, irq: plainerIrqs(operation.irq)[0] ?? 1 } : operation,
];
const PLAIN_OBJECTS: readonly ((object: ProgramObject) => ProgramObject)[] = [
  ({ id, callbacks, results }) => objectWith(id, callbacks, results),
  ({ id, callbacks }) => objectWith(id, callbacks),
  ({ id, results }) => objectWith(id, bareCallbacks[roleOf(id)], results),
  ({ id, callbacks, results = [] }) =>
    objectWith(
      id,
      callbacks,
      results.map((one) => plainerResults(one)[0] ?? one),
    ),
];

function* withAllPlain(program: Program): Iterable<Program> {
  for (const plain of PLAIN_OPERATIONS)
    for (const [index, lane] of program.lanes.entries())
      for (const plainer of inPieces(lane, plain)) yield withLane(program, index, plainer);
  for (const plain of PLAIN_OBJECTS)
    for (const objects of inPieces(program.objects, plain)) yield { ...program, objects };
}

/** A list with everything made plain, then each half of it, each quarter and each sixteenth, as far as that changes anything. */
function* inPieces<T>(list: readonly T[], plain: (one: T) => T): Iterable<readonly T[]> {
  const changed = list
    .map(plain)
    .map((one, at) => (JSON.stringify(one) === JSON.stringify(list[at]) ? undefined : one));
  for (const parts of [1, 2, 4, 16]) {
    const size = Math.ceil(list.length / parts);
    for (let from = 0; from < list.length; from += size) {
      const end = from + size;
      if (!changed.slice(from, end).some((one) => one !== undefined)) continue;
      yield list.map((one, at) => (at >= from && at < end ? (changed[at] ?? one) : one));
    }
  }
}
