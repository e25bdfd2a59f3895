/**
 * Programs that are simpler than a given one: fewer operations first, then simpler operations, fewer callbacks and
 * faults, then one spelling. They come in a fixed order, the boldest cuts first.
 *
 * Of a short program every simpler one is there. A long one has too many of them, and each takes long: it is simplified
 * in large pieces (`simpler-long.ts`) until it is short, or can be no shorter.
 */
import { bareCallbacks, callbackNames, callbackTable } from '../../spec/callbacks.js';
import type { CallbackName, Operation, Program, ProgramObject } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import { spell } from '../subject/spelling.js';
import { renameByFirstUse } from './canonical.js';
import { permutations } from './permutations.js';
import { plainerIrqs, plainerResults } from './plainer-values.js';
import { fittedToLanes, lesserLanes, withLessInLanes } from './simpler-lanes.js';
import { isLong, longBeginnings, simplerLongPrograms } from './simpler-long.js';
import { withLane, withoutUnused } from './with-lane.js';

/** Two operations are taken out together only of programs up to this many operations; of longer ones, one will do. */
const MOST_PAIRED = 8;

/** Reorderings are tried for programs up to this many operations; beyond it there are too many. */
const MOST_REORDERED = 6;

/** The program broken off after each of its operations but the last, the shortest first; none for several lanes. */
export function* beginnings(program: Program): Iterable<Program> {
  const [lane, ...others] = program.lanes;
  if (lane === undefined || others.length > 0) return;
  if (isLong(program)) {
    yield* longBeginnings(program);
    return;
  }
  for (let length = 1; length < lane.length; length++) yield withoutUnused(withLane(program, 0, lane.slice(0, length)));
}

/** Programs that are simpler than a given one, the boldest cuts first. */
export function* simplerPrograms(program: Program): Generator<Program> {
  if (isLong(program)) {
    yield* simplerLongPrograms(program);
    return;
  }
  if (program.lanes.length > 1) {
    yield* withLessInLanes(program);
    yield* fittedToLanes(withSimplerOperations(program));
    yield* fittedToLanes(withSimplerObjects(program));
    return;
  }
  yield* withFewerOperations(program);
  yield* withSimplerOperations(program);
  yield* withAlikeTokens(program);
  yield* withSimplerObjects(program);
}

function* withFewerOperations(program: Program): Iterable<Program> {
  for (const [laneIndex, lane] of program.lanes.entries()) {
    for (let size = lane.length >> 1; size >= 1; size >>= 1) {
      for (let from = lane.length - size; from >= 0; from -= size) {
        const rest = [...lane.slice(0, from), ...lane.slice(from + size)];
        if (rest.length > 0) yield withoutUnused(withLane(program, laneIndex, rest));
      }
    }
    // An operation that goes takes the result along that its callback returned: else the next one would get it.
    for (const [at] of lane.entries()) {
      for (const [index, object] of program.objects.entries()) {
        if (object.results === undefined || lane.length === 1) continue;
        const { results, ...plain } = object;
        const later = results.length > 1 ? { ...plain, results: results.slice(1) } : plain;
        const objects = program.objects.with(index, later as ProgramObject);
        yield withoutUnused(withLane({ ...program, objects }, laneIndex, lane.toSpliced(at, 1)));
      }
    }
    for (let a = 0; a < lane.length && lane.length <= MOST_PAIRED; a++) {
      for (let b = a + 1; b < lane.length; b++) {
        const rest = lane.filter((_, at) => at !== a && at !== b);
        if (rest.length > 0) yield withoutUnused(withLane(program, laneIndex, rest));
      }
    }
  }
}

function* withSimplerOperations(program: Program): Iterable<Program> {
  for (const [laneIndex, lane] of program.lanes.entries()) {
    for (const [at, operation] of lane.entries()) {
      const replace = (by: Operation) => withoutUnused(withLane(program, laneIndex, lane.with(at, by)));
      if ('memory' in operation) {
        const { memory: _, ...fed } = operation;
        yield replace(fed);
      }
      if ('token' in operation) {
        if (operation.token !== 't0') yield replace({ ...operation, token: 't0' });
      }
      if (operation.operation === 'registerProducer')
        for (const irq of plainerIrqs(operation.irq)) yield replace({ ...operation, irq });
    }
  }
  // Two objects of a side may stand for one another: use the first in place of the second, everywhere or once.
  for (const [laneIndex, lane] of program.lanes.entries()) {
    for (const one of program.objects) {
      for (const other of program.objects) {
        if (one === other || one.id[0] !== other.id[0] || one.id > other.id) continue;
        const merged = lane.map((operation) =>
          operation.object === other.id ? ({ ...operation, object: one.id } as Operation) : operation,
        );
        yield withoutUnused(withLane(program, laneIndex, merged));
      }
    }
  }
}

/** Two tokens of which one is the beginning of the other, by the shortest names that are so. */
function* withAlikeTokens(program: Program): Iterable<Program> {
  const names = new Set(
    program.lanes.flat().flatMap((one) => ('token' in one && one.token !== null ? [one.token] : [])),
  );
  const [one, other, ...others] = [...names].sort();
  if (one === undefined || other === undefined || others.length > 0 || !other.startsWith(one) || other === 't10')
    return;
  const lanes = program.lanes.map((lane) =>
    lane.map((operation) =>
      'token' in operation && operation.token !== null
        ? ({ ...operation, token: operation.token === one ? 't1' : 't10' } as const)
        : operation,
    ),
  );
  yield { ...program, lanes };
}

function* withSimplerObjects(program: Program): Iterable<Program> {
  for (const [index, object] of program.objects.entries()) {
    const replace = (by: object): Program => ({
      ...program,
      objects: program.objects.with(index, by as ProgramObject),
    });
    if (object.reenters !== undefined) {
      const { reenters: _, ...plain } = object;
      yield replace(plain);
    }
    if (object.results !== undefined) {
      const { results, ...plain } = object;
      yield replace(plain);
      for (let length = 1; length < results.length; length++)
        yield replace({ ...object, results: results.slice(0, length) });
      for (const [at, result] of results.entries()) {
        if (result !== 0 && at < results.length - 1) yield replace({ ...object, results: results.with(at, 0) });
        for (const plainer of plainerResults(result)) yield replace({ ...object, results: results.with(at, plainer) });
      }
    }
    for (const callbacks of simplerCallbacks(object)) yield replace({ ...object, callbacks });
  }
}

/** What an object may lack: each callback with its opposite, in the order of the table. */
const HALVES: readonly (readonly CallbackName[])[] = callbackNames
  .map((name) => [name, callbackTable[name].opposite] as const)
  .filter(
    ([name, opposite]) =>
      !callbackTable[name].mandatory && callbackNames.indexOf(name) < callbackNames.indexOf(opposite),
  );

/**
 * Simpler sets of callbacks. Two halves of a pair go together, and are put together where one is missing: an object
 * with a start and no stop, or a consumer without its mandatory callbacks, is odder than one that has both.
 */
function* simplerCallbacks(object: ProgramObject): Iterable<readonly CallbackName[]> {
  const callbacks: readonly CallbackName[] = object.callbacks;
  for (const pair of HALVES) {
    const rest = callbacks.filter((one) => !pair.includes(one));
    if (rest.length < callbacks.length) yield rest;
    if (rest.length === callbacks.length - 1) yield [...rest, ...pair];
  }
  for (const missing of bareCallbacks[roleOf(object.id)]) {
    if (!callbacks.includes(missing)) yield [...callbacks, missing];
  }
}

/** The same program spelt otherwise, and its reorderings, as long as they come earlier in the order of spellings. */
export function* lesserSpellings(program: Program): Iterable<Program> {
  if (program.lanes.length > 1) {
    yield* lesserLanes(program);
    return;
  }
  const own = spell(program);
  const renamed = renameByFirstUse(program);
  if (spell(renamed) !== own) {
    yield renamed;
    return;
  }
  const [lane, ...others] = program.lanes;
  if (lane === undefined || others.length > 0 || lane.length > MOST_REORDERED) return;
  const found = new Map<string, Program>();
  for (const order of permutations(lane)) {
    const candidate = renameByFirstUse(withLane(program, 0, order));
    const key = spell(candidate);
    if (key < own) found.set(key, candidate);
  }
  for (const key of [...found.keys()].sort()) {
    const candidate = found.get(key);
    if (candidate !== undefined) yield candidate;
  }
}
