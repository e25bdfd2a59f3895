/**
 * Where two sides are compared: a world is some objects and every operation that is tried on them.
 *
 * A world has two objects of one side and one of the other. In one world they are as bare as can be, in one they have
 * every callback, in others a fallible callback fails, or a consumer lacks what is mandatory. Where both sides can be
 * asked to, there are also worlds in which the caller does what the spec leaves undefined, once a program.
 */
import { bareCallbacks, wholeCallbacks } from '../../spec/callbacks.js';
import type { Capability } from '../../spec/formats/protocol.js';
import type { ManagerOperation, ObjectId, Operation, ProgramObject, Token } from '../../spec/vocabulary.js';
import { isManagerOperation, isProducerId, objectWith, registering, unregistering } from '../../spec/vocabulary.js';

/** Objects, and the operations that programs on them are made of. */
export interface World {
  readonly objects: readonly ProgramObject[];
  readonly operations: readonly Operation[];
  /** Programs have at most so many operations here. */
  readonly most: number;
  /** What the caller does in it that is undefined; such programs hold it exactly once, or its objects do. */
  readonly undefined?: 'object-memory' | 'reentry';
}

/** Programs with a callback that calls back are this long: to pair, and to part again. */
const MOST_REENTRANT = 3;

/** Every world that two sides can be compared in, the plain ones first. */
export function worlds(abilities: ReadonlySet<Capability>): readonly World[] {
  const plain = shapes(objectWith('p0', bareCallbacks.producer), objectWith('c0', bareCallbacks.consumer));
  const whole = shapes(objectWith('p0', wholeCallbacks.producer), objectWith('c0', wholeCallbacks.consumer));
  const failing = [
    ...shapes(objectWith('p0', wholeCallbacks.producer), objectWith('c0', wholeCallbacks.consumer, [-5])),
    ...shapes(objectWith('p0', wholeCallbacks.producer, [-5]), objectWith('c0', wholeCallbacks.consumer)),
    ...shapes(objectWith('p0', wholeCallbacks.producer), objectWith('c0', wholeCallbacks.consumer, [1])),
  ];
  const incomplete = bareCallbacks.consumer.flatMap((only) =>
    shapes(objectWith('p0', bareCallbacks.producer), objectWith('c0', [only])),
  );
  const defined = [...plain, ...whole, ...failing, ...(abilities.has('missing-mandatory') ? incomplete : [])];
  return [
    ...defined.map((objects): World => ({ objects, operations: operationsOn(objects, abilities), most: Infinity })),
    ...(abilities.has('object-memory') ? plain.map((objects) => writing(objects, abilities)) : []),
    ...(abilities.has('reentry') ? reentrant() : []),
  ];
}

/** Two objects of one side and one of the other. */
function shapes(p: ProgramObject, c: ProgramObject): readonly (readonly ProgramObject[])[] {
  return [
    [p, { ...p, id: 'p1' } as ProgramObject, c],
    [p, c, { ...c, id: 'c1' } as ProgramObject],
  ];
}

function tokensFor(abilities: ReadonlySet<Capability>): readonly Token[] {
  return abilities.has('null-token') ? ['t0', 't1', null] : ['t0', 't1'];
}

function operationsOn(
  objects: readonly ProgramObject[],
  abilities: ReadonlySet<Capability>,
): readonly ManagerOperation[] {
  return objects.flatMap(({ id }) => {
    const registrations = tokensFor(abilities).map((token) => registering(id, token, 1));
    const starved = abilities.has('allocation-failure') ? [withoutMemory(id)] : [];
    return [...registrations, ...starved, unregistering(id)];
  });
}

/** The registration of an object that finds no memory. */
export function withoutMemory(id: ObjectId): ManagerOperation {
  return { ...registering(id, 't0', 1), memory: 'none' };
}

/** The caller writes into an object behind the manager's back. */
function writing(objects: readonly ProgramObject[], abilities: ReadonlySet<Capability>): World {
  const writes = objects.flatMap(({ id }): readonly Operation[] => [
    ...tokensFor(abilities).map((token): Operation => ({ operation: 'overwriteToken', object: id, token })),
    { operation: 'wipeObject', object: id },
  ]);
  return {
    objects,
    operations: [...operationsOn(objects, abilities), ...writes],
    most: Infinity,
    undefined: 'object-memory',
  };
}

/** A callback of a pair calls one operation; each callback and each operation is a world. */
function reentrant(): readonly World[] {
  const [p, c] = [objectWith('p0', wholeCallbacks.producer), objectWith('c0', wholeCallbacks.consumer)];
  const operations = [p, c].flatMap(({ id }) => [registering(id, 't0', 1), unregistering(id)]);
  return [p, c].flatMap((object) =>
    object.callbacks.flatMap((callback) =>
      operations.map((operation): World => {
        const calling = { ...object, reenters: [{ callback, operation }] } as ProgramObject;
        const objects = isProducerId(object.id) ? [calling, c] : [p, calling];
        return { objects, operations, most: MOST_REENTRANT, undefined: 'reentry' };
      }),
    ),
  );
}

/** How often a lane does what is undefined. */
export function undefinedIn(lane: readonly Operation[]): number {
  return lane.filter((operation) => !isManagerOperation(operation)).length;
}
