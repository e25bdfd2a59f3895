/**
 * The order of programs, and those below a small one, so that a defect is shown by one program whatever was found first.
 *
 * Making a program small ends where nothing can be taken away, and there are several such ends: a defect that shows
 * with a callback of either side, or after one of two operations, ends in as many programs. From there the search goes
 * down to programs in which one operation is another, or the operations come in another order, or the two sides are
 * exchanged, and at the same time the objects have other callbacks and faults.
 * Only what is less in the order is asked, the least first, so little is asked where little is left.
 */
import { bareCallbacks, callbackTable, passesCounterpart, wholeCallbacks } from '../../spec/callbacks.js';
import type { CallbackName, ObjectId, Operation, Program, ProgramObject, Status } from '../../spec/vocabulary.js';
import {
  isManagerOperation,
  isProducerId,
  isRegistration,
  objectWith,
  registering,
  roleOf,
  unregistering,
} from '../../spec/vocabulary.js';
import { spell } from '../subject/spelling.js';
import { renameByFirstUse } from './canonical.js';
import { permutations } from './permutations.js';

/** All orders of the operations are tried up to so many, and all callbacks of the objects together up to so many. */
const MOST_REORDERED = 4;
const MOST_JOINED = 3;
/** Programs of more operations than this have too many neighbours to be looked at. */
const MOST_SEARCHED = 8;

/**
 * The first part of the order, as one number: fewer operations, then less that is out of the ordinary, then fewer
 * callbacks. The measure of a program is that of its lane and those of the objects that it uses. Among programs that
 * measure the same, the spelling decides.
 */
function measureOfLane(lane: readonly Operation[]): number {
  const odd = lane.filter((one) => ('token' in one && one.token === null) || 'memory' in one);
  return (lane.length * 1000 + odd.length) * 1000;
}

function measureOf({ callbacks, results = [] }: ProgramObject): number {
  return results.filter((result) => result !== 0).length * 1000 + callbacks.length;
}

/** An object, as one of several that may be chosen, and its measure. */
interface Choice {
  readonly object: ProgramObject;
  readonly measure: number;
}

/** The programs near a small one that are less than it, the least first; none for several lanes or what is undefined. */
export function* lesserNeighbours(program: Program): Iterable<Program> {
  const [only, ...others] = program.lanes;
  if (only === undefined || others.length > 0 || only.length > MOST_SEARCHED || !only.every(isManagerOperation)) return;
  const own = sum([measureOfLane(program.lanes[0] ?? []), ...program.objects.map(measureOf)]);
  const ownSpelling = spell(program);
  const byMeasure = new Map<number, Program[]>();
  for (const { objects, lanes } of [program, exchanged(program)]) {
    const everybody = [...objects, ...newcomers(objects)];
    const choices = everybody.map((object) =>
      [object, ...(objects.includes(object) ? forms(object) : [])].map(
        (one): Choice => ({ object: one, measure: measureOf(one) }),
      ),
    );
    const choose = objects.length <= MOST_JOINED ? combinations : oneChanged;
    for (const lane of otherLanes(lanes[0] ?? [], everybody)) {
      const used = choices.filter(([first]) => lane.some(({ object }) => object === first?.object.id));
      const ofLane = measureOfLane(lane);
      for (const chosen of choose(used, own - ofLane)) {
        const mine = ofLane + sum(chosen.map(({ measure }) => measure));
        const list = byMeasure.get(mine) ?? [];
        byMeasure.set(mine, list);
        list.push({ objects: chosen.map(({ object }) => object), lanes: [lane] });
      }
    }
  }
  for (const [mine, list] of [...byMeasure].sort(([a], [b]) => a - b)) {
    const bySpelling = new Map<string, Program>();
    for (const one of list) {
      const renamed = renameByFirstUse(one);
      bySpelling.set(spell(renamed), renamed);
    }
    for (const [spelled, renamed] of [...bySpelling].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (mine < own || spelled < ownSpelling) yield renamed;
  }
}

/** One more object of each side, as plain as can be. */
function newcomers(objects: readonly ProgramObject[]): readonly ProgramObject[] {
  const free = (letter: 'p' | 'c') =>
    `${letter}${1 + Math.max(-1, ...objects.filter(({ id }) => id[0] === letter).map(({ id }) => Number(id.slice(1))))}`;
  return [
    objectWith(free('p') as ObjectId, bareCallbacks.producer),
    objectWith(free('c') as ObjectId, bareCallbacks.consumer),
  ];
}

/** The same program with producers for consumers and consumers for producers. */
function exchanged({ objects, lanes }: Program): Program {
  const other = (id: ObjectId) => `${isProducerId(id) ? 'c' : 'p'}${id.slice(1)}` as ObjectId;
  return {
    objects: objects.map((object) => {
      const callbacks: readonly CallbackName[] = object.callbacks;
      const mirrored = callbacks.map((callback) => callbackTable[callback].mirror);
      const mandatory = bareCallbacks[roleOf(other(object.id))];
      return objectWith(other(object.id), [...new Set([...mirrored, ...mandatory])], object.results);
    }),
    lanes: lanes.map((lane) =>
      lane.map((one): Operation => {
        if (!('token' in one)) return unregistering(other(one.object));
        const registration = registering(other(one.object), one.token, 1);
        return 'memory' in one && one.memory !== undefined ? { ...registration, memory: one.memory } : registration;
      }),
    ),
  };
}

/** The lane itself, without one operation, with one replaced, and in other orders. */
function* otherLanes(lane: readonly Operation[], objects: readonly ProgramObject[]): Iterable<readonly Operation[]> {
  yield lane;
  const tokens = new Set(lane.flatMap((one) => ('token' in one && one.token !== null ? [one.token] : [])));
  const everything = objects.flatMap(({ id }) => [
    ...[...tokens].map((token): Operation => registering(id, token, irqOf(lane, id))),
    unregistering(id),
  ]);
  for (const at of lane.keys()) {
    if (lane.length > 1) yield lane.toSpliced(at, 1);
    for (const other of everything) yield lane.with(at, other);
  }
  if (lane.length <= MOST_REORDERED) yield* permutations(lane);
}

/** The interrupt that an object registers with in a lane. */
function irqOf(lane: readonly Operation[], id: ObjectId): number {
  const own = lane.find((one) => one.object === id && isRegistration(one));
  return own?.operation === 'registerProducer' ? own.irq : 1;
}

/** One of each list, in every combination that measures at most so much. */
function* combinations([first, ...rest]: readonly (readonly Choice[])[], most: number): Iterable<readonly Choice[]> {
  if (first === undefined) {
    if (most >= 0) yield [];
    return;
  }
  for (const one of first) {
    if (one.measure > most) continue;
    for (const others of combinations(rest, most - one.measure)) yield [one, ...others];
  }
}

/** The first of each list, and those with one of them replaced by another of its list, that measure at most so much. */
function* oneChanged(lists: readonly (readonly Choice[])[], most: number): Iterable<readonly Choice[]> {
  const firsts = lists.flatMap(([first]) => first ?? []);
  const measure = sum(firsts.map((one) => one.measure));
  if (measure <= most) yield firsts;
  for (const [at, [first, ...others]] of lists.entries()) {
    for (const other of others)
      if (measure - (first?.measure ?? 0) + other.measure <= most) yield firsts.with(at, other);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** An object with its callbacks in whole halves, and its fallible one failing once or never. */
function forms(object: ProgramObject): readonly ProgramObject[] {
  const whole: readonly CallbackName[] = wholeCallbacks[roleOf(object.id)];
  const stilling = whole.filter((callback) => !passesCounterpart(callback));
  const connecting = whole.filter(passesCounterpart);
  const isNeeded = connecting.some((callback) => callbackTable[callback].mandatory);
  const without = isNeeded ? [] : [objectWith(object.id, []), objectWith(object.id, stilling)];
  const faults: readonly (readonly Status[])[] = [[], [-5], [1]];
  return [
    ...without,
    ...[connecting, [...stilling, ...connecting]].flatMap((callbacks) =>
      faults.map((results) => objectWith(object.id, callbacks, results)),
    ),
  ];
}
