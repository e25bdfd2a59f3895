/**
 * Random programs of several lanes, with gates at which they meet.
 *
 * Each object belongs to one lane: what two lanes do to one object at the same time is undefined. Few tokens make lanes
 * meet under one. About half of the programs have gates: one lane is held in a callback, where a right manager holds its
 * lock, until another has called or has returned, so that it takes no luck to see whether the other is kept out.
 */
import { fallibleCallback } from '../../spec/callbacks.js';
import type { Capability } from '../../spec/formats/protocol.js';
import type { Profile } from '../../spec/profile.js';
import type { CallbackName, Gate, ObjectId, Operation, Program, ProgramObject, Token } from '../../spec/vocabulary.js';
import { objectWith, registering, roleOf, unregistering } from '../../spec/vocabulary.js';
import { bitsFrom, Draw } from './random.js';
import { drawFailure } from './values.js';

/** What a program of lanes may contain. */
export interface LaneOptions {
  readonly profile: Profile;
  readonly capabilities: ReadonlySet<Capability>;
  /** Only programs in which nothing is refused and nothing fails. */
  readonly asItShouldBe?: boolean;
}

/** Of a hundred programs so many have two lanes, three, four; and no gate, one, two. */
const LANES = [60, 85, 100] as const;
const GATES = [30, 80, 100] as const;
/** The most objects and operations of one lane. */
const MOST_OBJECTS = 2;
const MOST_OPERATIONS = 4;
/** Of a hundred programs in so many the first lane makes a pair by itself, so that there are callbacks to be held in. */
const PAIRING = 60;

/** A row of programs: the same seed gives the same ones for ever. */
export function lanePrograms(seed: number, options: LaneOptions): () => Program {
  const draw = new Draw(bitsFrom(seed));
  return () => laneProgram(draw, options);
}

function laneProgram(draw: Draw, options: LaneOptions): Program {
  const careful = options.asItShouldBe === true || isCareful(options.profile);
  const count = 2 + share(draw, LANES);
  const pairing = draw.chance(PAIRING);
  const objects: ProgramObject[] = [];
  const own = (letter: string): ObjectId => {
    const id = `${letter}${objects.filter((one) => one.id.startsWith(letter)).length}` as ObjectId;
    objects.push(makeObject(draw, id, options, careful));
    return id;
  };
  const owned = Array.from({ length: count }, (_, lane) => {
    if (lane === 0 && pairing) return [own('p'), own('c')];
    return Array.from({ length: 1 + draw.below(MOST_OBJECTS) }, () => own(draw.chance(50) ? 'p' : 'c'));
  });
  const tokens: readonly Token[] = Array.from({ length: 1 + draw.below(2) }, (_, index): Token => `t${index}`);
  const tokenFor = (id: ObjectId): Token => (careful ? (`t${id.slice(1)}` as Token) : draw.of(tokens));
  const lanes = owned.map((ids, lane) => {
    const first = lane === 0 && pairing ? makePair(draw, ids, tokenFor) : [];
    return [...first, ...makeLane(draw, ids, first, tokenFor, options, careful)];
  });
  const held = pairing && draw.chance(75) ? objects.slice(0, 2) : objects;
  const gates = makeGates(draw, held, owned, lanes);
  return { objects, lanes, ...(gates.length === 0 ? {} : { gates }) };
}

/** Both objects of a lane under one token. */
function makePair(draw: Draw, ids: readonly ObjectId[], tokenFor: (id: ObjectId) => Token): readonly Operation[] {
  const [first = 'p0'] = ids;
  const token = tokenFor(first);
  const registrations = ids.map((id) => registering(id, token, 32 + draw.below(8)));
  return draw.chance(50) ? registrations : registrations.toReversed();
}

/** Whether what is registered must be known before it is unregistered, since the profile leaves anything else undefined. */
function isCareful({ undefined: free }: Profile): boolean {
  return free['unregister-unregistered'] !== undefined || free['register-registered'] !== undefined;
}

function share(draw: Draw, shares: readonly number[]): number {
  const drawn = draw.below(100);
  return shares.findIndex((most) => drawn < most);
}

function makeObject(draw: Draw, id: ObjectId, { profile }: LaneOptions, careful: boolean): ProgramObject {
  const role = roleOf(id);
  const whole = draw.chance(60);
  const callbacks = profile.callbacks[role].filter(
    (callback) => whole || profile.mandatory[role].includes(callback) || draw.chance(50),
  );
  const canFail = profile.fallible && callbacks.includes(fallibleCallback[role]) && !careful;
  const results = canFail && draw.chance(25) ? [...(draw.chance(50) ? [0] : []), drawFailure(draw, 0)] : [];
  return objectWith(id, callbacks, results);
}

/** Objects come and go, mostly by turns. */
function makeLane(
  draw: Draw,
  ids: readonly ObjectId[],
  before: readonly Operation[],
  tokenFor: (id: ObjectId) => Token,
  { capabilities }: LaneOptions,
  careful: boolean,
): readonly Operation[] {
  const registered = new Set<ObjectId>(before.map(({ object }) => object));
  const length = (before.length === 0 ? 1 : 0) + draw.below(MOST_OPERATIONS);
  return Array.from({ length }, (): Operation => {
    const id = draw.of(ids);
    const unregisters = registered.has(id) !== (!careful && draw.chance(10));
    if (unregisters) {
      registered.delete(id);
      return unregistering(id);
    }
    registered.add(id);
    const operation = registering(id, tokenFor(id), 32 + draw.below(8));
    const without = !careful && capabilities.has('allocation-failure') && draw.chance(3);
    return without ? { ...operation, memory: 'none' } : operation;
  });
}

function makeGates(
  draw: Draw,
  objects: readonly ProgramObject[],
  owned: readonly (readonly ObjectId[])[],
  lanes: readonly (readonly Operation[])[],
): readonly Gate[] {
  const gates: Gate[] = [];
  for (let left = share(draw, GATES); left > 0; left--) {
    const object = draw.of(objects);
    const callbacks: readonly CallbackName[] = object.callbacks;
    const others = owned.flatMap((ids, lane) => (ids.includes(object.id) ? [] : [lane]));
    if (callbacks.length === 0 || others.length === 0) continue;
    const lane = draw.of(others);
    const operation = draw.below(lanes[lane]?.length ?? 1);
    const until = draw.chance(80) ? 'returned' : 'called';
    gates.push({ at: 'callback', object: object.id, callback: draw.of(callbacks), lane, operation, until });
  }
  return gates;
}

/** Whether no two lanes of a program use one object. */
export function isOwned({ lanes }: Program): boolean {
  const owners = new Map<ObjectId, number>();
  return lanes.every((operations, lane) =>
    operations.every(({ object }) => {
      const owner = owners.get(object) ?? lane;
      owners.set(object, lane);
      return owner === lane;
    }),
  );
}
