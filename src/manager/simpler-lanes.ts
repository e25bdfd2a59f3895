/**
 * Programs of several lanes that are simpler than a given one: fewer lanes, fewer operations, fewer gates, then simpler
 * operations and objects as in one lane. Gates go by the places of operations, so they move with them.
 */
import { isOwned } from '../../conformance/generators/lanes.js';
import type { CallbackName, Gate, Program } from '../../spec/vocabulary.js';
import { spell } from '../subject/spelling.js';
import { renameByFirstUse } from './canonical.js';
import { permutations } from './permutations.js';
import { withLane, withoutUnused } from './with-lane.js';

/** Lanes are put in every order up to so many. */
const MOST_REORDERED = 4;

/** Programs with less in their lanes; none of one lane, which is another matter. */
export function* withLessInLanes(program: Program): Iterable<Program> {
  const { lanes, gates = [] } = program;
  if (lanes.length > 2) {
    for (const [lane] of lanes.entries()) yield fitted(withoutLane(program, lane));
  }
  for (const [lane, operations] of lanes.entries()) {
    if (operations.length < 2) continue;
    for (const [at] of operations.entries()) yield fitted(withoutOperation(program, lane, at));
  }
  for (const [at] of gates.entries()) yield fitted({ ...program, gates: gates.toSpliced(at, 1) });
}

/** Simpler programs among candidates of which no operation was taken out: those that are still programs of lanes. */
export function* fittedToLanes(candidates: Iterable<Program>): Iterable<Program> {
  for (const one of candidates) if (isOwned(one)) yield fitted(one);
}

/** The program with one more gate, at every place where there can be one. */
export function* withAnotherGate(program: Program): Iterable<Program> {
  const { objects, lanes, gates = [] } = program;
  for (const { id, callbacks } of objects) {
    const all: readonly CallbackName[] = callbacks;
    for (const callback of all) {
      for (const [lane, operations] of lanes.entries()) {
        for (const [operation] of operations.entries()) {
          yield { ...program, gates: [...gates, { object: id, callback, lane, operation, until: 'returned' }] };
        }
      }
    }
  }
}

/** The lanes in other orders, and everything named by first use, where that is less in the order of spellings. */
export function* lesserLanes(program: Program): Iterable<Program> {
  const own = spell(program);
  const found = new Map<string, Program>();
  const order = program.lanes.map((_, lane) => lane);
  for (const places of order.length > MOST_REORDERED ? [order] : permutations(order)) {
    const lanes = places.flatMap((lane) => {
      const operations = program.lanes[lane];
      return operations === undefined ? [] : [operations];
    });
    const gates = program.gates?.map((gate) => ({ ...gate, lane: places.indexOf(gate.lane) }));
    const renamed = renameByFirstUse({ ...program, lanes, ...(gates === undefined ? {} : { gates }) });
    const key = spell(renamed);
    if (key < own) found.set(key, renamed);
  }
  for (const key of [...found.keys()].sort()) {
    const one = found.get(key);
    if (one !== undefined) yield one;
  }
}

function withoutLane(program: Program, lane: number): Program {
  const gates = program.gates?.flatMap((gate): readonly Gate[] => {
    if (gate.lane === lane) return [];
    return [gate.lane < lane ? gate : { ...gate, lane: gate.lane - 1 }];
  });
  return { ...program, lanes: program.lanes.toSpliced(lane, 1), ...(gates === undefined ? {} : { gates }) };
}

function withoutOperation(program: Program, lane: number, at: number): Program {
  const operations = program.lanes[lane] ?? [];
  const gates = program.gates?.flatMap((gate): readonly Gate[] => {
    if (gate.lane !== lane || gate.operation < at) return [gate];
    // What waited for the operation that goes waits for the next one, or for the one before.
    const last = operations.length - 2;
    return [{ ...gate, operation: gate.operation === at ? Math.min(at, last) : gate.operation - 1 }];
  });
  const shorter = withLane(program, lane, operations.toSpliced(at, 1));
  return gates === undefined ? shorter : { ...shorter, gates };
}

/** Without objects that are not used, and without gates in callbacks that are no longer there. */
function fitted(program: Program): Program {
  const { gates, ...bare } = withoutUnused(program);
  const kept = gates?.filter(({ object, callback }) => {
    const callbacks: readonly CallbackName[] = bare.objects.find(({ id }) => id === object)?.callbacks ?? [];
    return callbacks.includes(callback);
  });
  return kept === undefined || kept.length === 0 ? bare : { ...bare, gates: kept };
}
