/**
 * What there is: objects, tokens and callers, any number of each; the tables that the manager keeps; and the evidence
 * by which it is judged.
 *
 *     outside ──lock──> registering ─────────────────────────────────────────────> returning ──unlock──> outside
 *                           └──> stop stop add add [del] start start ──> entering ─────┘
 *     outside ──lock──> unregistering ──────────────────────────────────> removing ──┘
 *                           └──> stop stop del del start start ─────────────┘
 *
 * Every caller stands at one point of this way. A callback lasts from when its caller comes to its point until the step
 * that leaves it, so that other callers may do something meanwhile: whatever the lock does not keep them from.
 *
 * Two things are left open, so that what is proved holds however they turn out. A **token** is anything; the null token
 * is one of them, known by name. A **status** is anything; 0 and the three that the manager gives itself are known by
 * name, and a callback that fails gives any but 0.
 */
import { callbackNames } from '../callbacks.js';
import {
  allOf,
  anyOf,
  Bool,
  choose,
  type Expression,
  equal,
  isOneOf,
  named,
  not,
  type Sort,
  table,
} from './expression.js';
import { FALLIBLE, type Row, rowsOf } from './sequence.js';

/** A producer or a consumer. (`Object` is JavaScript's.) */
export const Item: Sort = { name: 'Item' };
export const Token: Sort = { name: 'Token' };
/** A thread that may call operations. */
export const Caller: Sort = { name: 'Caller' };
export const Irq: Sort = { name: 'Irq' };
export const Status: Sort = { name: 'Status' };
export const Callback: Sort = { name: 'Callback', members: callbackNames };

/** The callbacks of connecting and of disconnecting, each at its point. */
export const connecting = rowsOf('connect');
export const disconnecting = rowsOf('disconnect');

const onTheWay = [
  'registering',
  ...connecting.map(({ point }) => point),
  'entering',
  'unregistering',
  ...disconnecting.map(({ point }) => point),
  'removing',
  'returning',
] as const;

/** Where a caller is. Every step but the last leads to a point further down this list. */
export const Point: Sort = { name: 'Point', members: ['outside', ...onTheWay] };

export const nullToken = named(Token, 'null');
export const noIrq = named(Irq, 'none');
/** The names of the statuses that the manager gives itself. */
export const statuses = {
  0: named(Status, 'ok'),
  [-12]: named(Status, 'ENOMEM'),
  [-16]: named(Status, 'EBUSY'),
  [-22]: named(Status, 'EINVAL'),
};
export const ok = statuses[0];

/** All known things of sorts without members. Those of one sort differ. */
export const known = [nullToken, noIrq, ...Object.values(statuses)];

// What an object is, which never changes.
export const isProducer = table('isProducer', [Item], Bool, 'nobody');
export const has = table('has', [Item, Callback], Bool, 'nobody');

// What the manager keeps.
export const holdsLock = table('holdsLock', [Caller], Bool, 'manager', false);
export const registered = table('registered', [Item, Token], Bool, 'manager');
/** A producer and the consumer that it is connected to. */
export const partners = table('partners', [Item, Item], Bool, 'manager');
export const irqOf = table('irqOf', [Item], Irq, 'manager');

// What an operation knows while it runs.
export const at = table('at', [Caller], Point, 'manager', false);
/** Whether it registers; otherwise it unregisters. */
export const registers = table('registers', [Caller], Bool, 'manager');
export const self = table('self', [Caller], Item, 'manager');
export const token = table('token', [Caller], Token, 'manager');
export const irq = table('irq', [Caller], Irq, 'manager');
/** Whether there is no memory for it. */
export const starved = table('starved', [Caller], Bool, 'manager');
export const producer = table('producer', [Caller], Item, 'manager');
export const consumer = table('consumer', [Caller], Item, 'manager');
/** What it will return; of no meaning for an unregistration. */
export const status = table('status', [Caller], Status, 'manager');

// Evidence: what the participants see.
/** Who was registered when the operation took the lock. */
export const was = table('was', [Caller, Item, Token], Bool, 'evidence');
/** Which callbacks the operation has made, on whom. */
export const called = table('called', [Caller, Callback, Item], Bool, 'evidence');
/** Which of them failed, and the status that it gave. */
export const failed = table('failed', [Caller, Callback], Bool, 'evidence');
export const answer = table('answer', [Caller], Status, 'evidence');
/** Stopped, and not started since. */
export const stopped = table('stopped', [Item], Bool, 'evidence');
/** Told of another by an add, and not told by a del since. */
export const told = table('told', [Item, Item], Bool, 'evidence');
/** The interrupt with which a producer is registered, going by what operations returned. */
export const gave = table('gave', [Item], Irq, 'evidence');

/** Every table. */
export const tables = [
  ...[isProducer, has, holdsLock, registered, partners, irqOf, at, registers, self, token, irq, starved],
  ...[producer, consumer, status, was, called, failed, answer, stopped, told, gave],
];

/** Whether a caller is at one of some points. */
export function isAt(caller: Expression, ...points: readonly string[]): Expression {
  return isOneOf(
    at(caller),
    points.map((point) => named(Point, point)),
  );
}

/** Whether a caller's operation is under way. */
export function inside(caller: Expression): Expression {
  return not(isAt(caller, 'outside'));
}

/** Whether one is a producer and the other a consumer. */
export function opposite(one: Expression, other: Expression): Expression {
  return not(equal(isProducer(one), isProducer(other)));
}

/** The callback of a name. */
export function callback(name: string): Expression {
  return named(Callback, name);
}

/** Balance can be asked only of an object that has both (BAL-1): of its stops and starts. */
export function counts(object: Expression): Expression {
  return allOf(has(object, callback('stop')), has(object, callback('start')));
}

/** The same for its add and its del (BAL-2). */
export function learns(object: Expression): Expression {
  const both = (...names: readonly string[]) => allOf(...names.map((name) => has(object, callback(name))));
  return choose(isProducer(object), both('addConsumer', 'delConsumer'), both('addProducer', 'delProducer'));
}

/** Whether a callback of the operation failed, so that it does not connect. */
export function fails(caller: Expression): Expression {
  return anyOf(...FALLIBLE.map((name) => failed(caller, callback(name))));
}

/** The object whose callback is made at a point, and the other one of the pair. */
export function objectsAt({ role }: Row, caller: Expression): readonly [object: Expression, other: Expression] {
  return role === 'producer' ? [producer(caller), consumer(caller)] : [consumer(caller), producer(caller)];
}
