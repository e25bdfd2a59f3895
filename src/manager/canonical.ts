/**
 * One spelling for one program: objects and tokens named by first use, callbacks in a fixed order, nothing unused.
 */
import { callbackNames } from '../../spec/callbacks.js';
import type { CallbackName, Gate, ObjectId, Operation, Program, ProgramObject, Token } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import { spell } from '../subject/spelling.js';

/** The program with its objects and tokens renamed by first use, and the objects that are not used left out. */
export function renameByFirstUse(program: Program): Program {
  const ids = new Map<ObjectId, ObjectId>();
  const tokens = new Map<Token, Token>([[null, null]]);
  const counts = { producer: 0, consumer: 0 };
  const nameObject = (id: ObjectId): ObjectId => {
    const known = ids.get(id);
    if (known !== undefined) return known;
    const name = `${id[0]}${counts[roleOf(id)]++}` as ObjectId;
    ids.set(id, name);
    return name;
  };
  const nameToken = (token: Token): Token => {
    const known = tokens.get(token);
    if (known !== undefined) return known;
    const name: Token = `t${tokens.size - 1}`;
    tokens.set(token, name);
    return name;
  };
  const renameOperation = <T extends Operation>(operation: T): T => ({
    ...operation,
    object: nameObject(operation.object),
    ...('token' in operation ? { token: nameToken(operation.token) } : {}),
  });
  const lanes = program.lanes.map((lane) => lane.map(renameOperation));
  const objects = program.objects.filter((object) => ids.has(object.id));
  const renamed = objects.map((object) => {
    const reenters = object.reenters?.map((one) => ({ ...one, operation: renameOperation(one.operation) }));
    const callbacks: readonly CallbackName[] = object.callbacks;
    return {
      ...object,
      id: nameObject(object.id),
      callbacks: callbackNames.filter((callback) => callbacks.includes(callback)),
      ...(reenters === undefined ? {} : { reenters }),
    } as ProgramObject;
  });
  renamed.sort((a, b) => rank(a.id) - rank(b.id));
  const gates = program.gates?.map((gate) =>
    gate.at === 'callback' ? { ...gate, object: nameObject(gate.object) } : gate,
  );
  return { objects: renamed, lanes, ...(gates === undefined ? {} : { gates: gates.toSorted(byPlace) }) };
}

/** Gates by the operation that they wait for. */
function byPlace(a: Gate, b: Gate): number {
  return a.lane - b.lane || a.operation - b.operation || (spell(a) < spell(b) ? -1 : 1);
}

/** Producers before consumers, each by number. */
function rank(id: ObjectId): number {
  return (roleOf(id) === 'producer' ? 0 : 1_000_000) + Number(id.slice(1));
}
