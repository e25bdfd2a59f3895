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
  const having = (gate: Gate): Program => ({ ...program, gates: [...gates, gate] });
  for (const { id, callbacks } of objects) {
    const all: readonly CallbackName[] = callbacks;
    for (const callback of all) {
      for (const [lane, operations] of lanes.entries()) {
        for (const [operation] of operations.entries()) {
          yield having({ at: 'callback', object: id, callback, lane, operation, until: 'returned' });
        }
      }
    }
  }
  for (const [heldLane, held] of lanes.entries()) {
    for (const [heldOperation] of held.entries()) {
      for (const [lane, operations] of lanes.entries()) {
        if (lane === heldLane) continue;
        for (const [operation] of operations.entries())
          yield having({ at: 'call', heldLane, heldOperation, lane, operation, until: 'returned' });
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
    const gates = program.gates?.map((gate) => ({
      ...gate,
      lane: places.indexOf(gate.lane),
      ...(gate.at === 'call' ? { heldLane: places.indexOf(gate.heldLane) } : {}),
    }));
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
  const moved = (other: number) => (other < lane ? other : other - 1);
  const gates = program.gates?.flatMap((gate): readonly Gate[] => {
    if (gate.lane === lane || (gate.at === 'call' && gate.heldLane === lane)) return [];
    const awaiting = { ...gate, lane: moved(gate.lane) };
    return [awaiting.at === 'call' ? { ...awaiting, heldLane: moved(awaiting.heldLane) } : awaiting];
  });
  return { ...program, lanes: program.lanes.toSpliced(lane, 1), ...(gates === undefined ? {} : { gates }) };
}

function withoutOperation(program: Program, lane: number, at: number): Program {
  const operations = program.lanes[lane] ?? [];
  // What spoke of the operation that goes speaks of the next one, or of the one before where there is none.
  const moved = (place: number) => (place <= at ? Math.min(place, operations.length - 2) : place - 1);
  const gates = program.gates?.map((gate): Gate => {
    const awaiting = gate.lane === lane ? { ...gate, operation: moved(gate.operation) } : gate;
    if (awaiting.at === 'callback' || awaiting.heldLane !== lane) return awaiting;
    return { ...awaiting, heldOperation: moved(awaiting.heldOperation) };
  });
  const shorter = withLane(program, lane, operations.toSpliced(at, 1));
  return gates === undefined ? shorter : { ...shorter, gates };
}

/** Without objects that are not used, and without gates in callbacks that are no longer there. */
function fitted(program: Program): Program {
  const { gates, ...bare } = withoutUnused(program);
  const kept = gates?.filter((gate) => {
    if (gate.at === 'call') return true;
    const callbacks: readonly CallbackName[] = bare.objects.find(({ id }) => id === gate.object)?.callbacks ?? [];
    return callbacks.includes(gate.callback);
  });
  return kept === undefined || kept.length === 0 ? bare : { ...bare, gates: kept };
}
