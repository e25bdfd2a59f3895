/**
 * What helps to keep the promises: what is true halfway through an operation. Nobody asks for it. A promise that is not
 * kept by a step from some state that no run comes to cannot be proved; a helper says that no run comes there.
 */
import type { Profile } from '../profile.js';
import { allOf, anyOf, choose, type Expression, equal, forAll, implies, not, yes } from './expression.js';
import type { Invariant } from './obligation.js';
import { askedBy, reasonsOf } from './outcome.js';
import type { Row } from './sequence.js';
import * as state from './state.js';
import {
  Callback,
  Caller,
  callback,
  called,
  connecting,
  consumer,
  disconnecting,
  Item,
  inside,
  isAt,
  isProducer,
  ok,
  opposite,
  partners,
  producer,
  registered,
  registers,
  self,
  status,
  stopped,
  Token,
  token,
  told,
} from './state.js';

function helper(name: string, holds: Expression): Invariant {
  return { kind: 'invariant', name, rules: [], holds };
}

/** A helper about every operation that is at one of some points. */
function whileAt(name: string, points: readonly string[], holds: (caller: Expression) => Expression): Invariant {
  return helper(
    name,
    forAll([Caller], (caller) => implies(isAt(caller, ...points), holds(caller))),
  );
}

const points = (rows: readonly Row[]) => rows.map(({ point }) => point);
const connects = [...points(connecting), 'entering'];
const disconnects = [...points(disconnecting), 'removing'];

/** The points behind a row, up to the end of its way. */
function behind(ways: readonly string[], row: Row): readonly string[] {
  return ways.slice(ways.indexOf(row.point) + 1);
}

const rowOf = (rows: readonly Row[], role: string, name: string): Row => {
  const found = rows.find((row) => row.role === role && row.callback === name);
  if (found === undefined) throw new Error(`no ${name} of a ${role}`);
  return found;
};

const kinds: readonly Invariant[] = [
  whileAt('whoever is about to register, registers', ['registering', ...connects], registers),
  whileAt('whoever is about to unregister, does not register', ['unregistering', ...disconnects], (caller) =>
    not(registers(caller)),
  ),
  helper(
    'nobody is entered or taken out before the end of an operation',
    forAll([Caller, Item, Token], (caller, object, under) =>
      implies(
        allOf(inside(caller), not(isAt(caller, 'returning'))),
        equal(registered(object, under), state.was(caller, object, under)),
      ),
    ),
  ),
];

/** Who is joined, and that there was no reason not to. */
function connections(profile: Profile): readonly Invariant[] {
  const pairIsOf = (caller: Expression, condition: (newcomer: Expression, peer: Expression) => Expression) =>
    anyOf(
      allOf(equal(self(caller), producer(caller)), condition(producer(caller), consumer(caller))),
      allOf(equal(self(caller), consumer(caller)), condition(consumer(caller), producer(caller))),
    );
  const isPair = (caller: Expression) => allOf(isProducer(producer(caller)), not(isProducer(consumer(caller))));
  return [
    whileAt('who is connected is the newcomer and a peer that waits under its token', connects, (caller) =>
      allOf(
        isPair(caller),
        pairIsOf(caller, (_, peer) => registered(peer, token(caller))),
      ),
    ),
    whileAt('who is connected had no reason to be refused', connects, (caller) =>
      allOf(
        ...reasonsOf(profile, askedBy(caller))
          .filter(({ optional }) => !optional)
          .map(({ applies }) => not(applies)),
      ),
    ),
    whileAt('who is disconnected are partners, the one that leaves and the other', disconnects, (caller) =>
      allOf(
        isPair(caller),
        partners(producer(caller), consumer(caller)),
        pairIsOf(caller, (leaving) => registered(leaving, token(caller))),
      ),
    ),
  ];
}

/** Which callbacks have been made, by the point. */
const progress: readonly Invariant[] = [
  helper('a callback is made once it lies behind', madeSoFar('registering', connecting, connects)),
  helper(
    'a callback is made once it lies behind, while disconnecting',
    madeSoFar('unregistering', disconnecting, disconnects),
  ),
];

function madeSoFar(start: string, rows: readonly Row[], way: readonly string[]): Expression {
  return forAll([Caller, Callback, Item], (caller, name, object) => {
    const isMade = (row: Row) => {
      const [own] = state.objectsAt(row, caller);
      return allOf(
        isAt(caller, ...behind(way, row)),
        equal(name, callback(row.callback)),
        equal(object, own),
        happens(row, way, caller),
      );
    };
    return implies(
      isAt(caller, start, ...way),
      equal(called(caller, name, object), allOf(state.has(object, name), anyOf(...rows.map(isMade)))),
    );
  });
}

/** Whether the way leads through a row: addProducer comes if addConsumer did not fail, the roll-back if addProducer did. */
function happens({ callback: name }: Row, way: readonly string[], caller: Expression): Expression {
  if (way !== connects) return yes;
  if (name === 'addProducer') return not(state.failed(caller, callback('addConsumer')));
  return name === 'delConsumer' ? state.failed(caller, callback('addProducer')) : yes;
}

const failures: readonly Invariant[] = [
  helper(
    'only an add can have failed, and only once it was made',
    forAll([Caller, Callback], (caller, name) =>
      implies(
        allOf(inside(caller), state.failed(caller, name)),
        anyOf(
          ...connecting
            .filter((row) => row.callback.startsWith('add'))
            .map((row) =>
              allOf(equal(name, callback(row.callback)), isAt(caller, ...behind(connects, row), 'returning')),
            ),
        ),
      ),
    ),
  ),
  whileAt(
    'nothing has failed before the last add',
    ['registering', ...connects.slice(0, connects.indexOf('connect.consumer.addProducer') + 1)],
    (caller) => not(state.fails(caller)),
  ),
  helper(
    'at most one add has failed, since nothing is added after that',
    forAll([Caller], (caller) =>
      implies(
        inside(caller),
        not(allOf(state.failed(caller, callback('addConsumer')), state.failed(caller, callback('addProducer')))),
      ),
    ),
  ),
  whileAt('the status is 0 until an add has failed, and then what it gave', ['registering', ...connects], (caller) =>
    allOf(
      equal(equal(status(caller), ok), not(state.fails(caller))),
      implies(state.fails(caller), equal(status(caller), state.answer(caller))),
    ),
  ),
  whileAt('a roll-back comes of a failure of addProducer', ['connect.producer.delConsumer'], (caller) =>
    state.failed(caller, callback('addProducer')),
  ),
  helper(
    'a callback that failed was there',
    forAll([Caller], (caller) =>
      implies(
        isAt(caller, ...connects),
        allOf(
          implies(state.failed(caller, callback('addConsumer')), state.has(producer(caller), callback('addConsumer'))),
          implies(state.failed(caller, callback('addProducer')), state.has(consumer(caller), callback('addProducer'))),
        ),
      ),
    ),
  ),
  whileAt('what does not join a pair has not failed', ['unregistering', ...disconnects], (caller) =>
    not(state.fails(caller)),
  ),
];

/** Who is stopped, halfway. */
function stoppedBetween(role: 'producer' | 'consumer'): Invariant {
  const held = [[connecting, connects] as const, [disconnecting, disconnects] as const].flatMap(([rows, way]) => {
    const [stop, start] = [rowOf(rows, role, 'stop'), rowOf(rows, role, 'start')];
    return way.slice(way.indexOf(stop.point) + 1, way.indexOf(start.point) + 1);
  });
  const isRole = (object: Expression) => (role === 'producer' ? isProducer(object) : not(isProducer(object)));
  return helper(
    `a ${role} is stopped from its stop to its start`,
    forAll([Caller, Item], (caller, object) =>
      implies(
        allOf(inside(caller), isRole(object)),
        equal(
          stopped(object),
          allOf(
            state.counts(object),
            isAt(caller, ...held),
            equal(object, role === 'producer' ? producer(caller) : consumer(caller)),
          ),
        ),
      ),
    ),
  );
}

/** Who was told of whom, halfway: partners, but for the pair that is being made or ended. */
function toldBetween(role: 'producer' | 'consumer'): Invariant {
  const [add, del] = role === 'producer' ? ['addConsumer', 'delConsumer'] : ['addProducer', 'delProducer'];
  const added = behind(connects, rowOf(connecting, role, add as string));
  const deleted = behind(disconnects, rowOf(disconnecting, role, del as string));
  const rollBack = 'connect.producer.delConsumer';
  return helper(
    `a ${role} was told of its partner, from its add to its del`,
    forAll([Caller, Item, Item], (caller, object, other) => {
      const [own, its] =
        role === 'producer' ? [producer(caller), consumer(caller)] : [consumer(caller), producer(caller)];
      const isPair = allOf(equal(object, own), equal(other, its));
      const arePartners = role === 'producer' ? partners(object, other) : partners(other, object);
      const isRole = role === 'producer' ? isProducer(object) : not(isProducer(object));
      const beingMade = allOf(
        isAt(caller, ...added),
        isPair,
        not(state.failed(caller, callback('addConsumer'))),
        role === 'producer'
          ? anyOf(not(state.failed(caller, callback('addProducer'))), isAt(caller, rollBack))
          : not(state.failed(caller, callback('addProducer'))),
      );
      const beingEnded = allOf(isAt(caller, ...deleted), isPair);
      return implies(
        allOf(inside(caller), not(isAt(caller, 'returning')), isRole),
        equal(told(object, other), allOf(state.learns(object), anyOf(allOf(arePartners, not(beingEnded)), beingMade))),
      );
    }),
  );
}

const evidence: readonly Invariant[] = [
  stoppedBetween('producer'),
  stoppedBetween('consumer'),
  toldBetween('producer'),
  toldBetween('consumer'),
  helper(
    'nobody is told who has no del, or is of the same side',
    forAll([Item, Item], (object, other) =>
      implies(told(object, other), allOf(state.learns(object), opposite(object, other))),
    ),
  ),
];

const interrupts: readonly Invariant[] = [
  helper(
    'the interrupt of what is registered is the one it was registered with',
    forAll([Item, Token], (object, under) =>
      implies(
        allOf(
          registered(object, under),
          forAll([Caller], (caller) => not(allOf(isAt(caller, 'returning'), equal(self(caller), object)))),
        ),
        equal(state.irqOf(object), state.gave(object)),
      ),
    ),
  ),
  whileAt('the interrupt of what has just been entered is the one it gives', ['returning'], (caller) =>
    forAll([Token], (under) =>
      implies(
        registered(self(caller), under),
        equal(
          state.irqOf(self(caller)),
          choose(allOf(registers(caller), equal(status(caller), ok)), state.irq(caller), state.gave(self(caller))),
        ),
      ),
    ),
  ),
];

/** Every helper. */
export function helpersOf(profile: Profile): readonly Invariant[] {
  return [...kinds, ...connections(profile), ...progress, ...failures, ...evidence, ...interrupts];
}
