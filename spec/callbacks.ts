/**
 * The callbacks, as one table: what is said of one anywhere else follows from its row, or is checked against it.
 *
 *     producer    stop  start  addConsumer  delConsumer
 *     consumer    stop  start  addProducer  delProducer
 *
 * The unions of `vocabulary.ts` say which names there are; the compiler holds the table against them. What follows
 * when one is called is said by the model and the rules. The Promela model and the harnesses in C name the same
 * callbacks in their own words, and tests hold them against the table.
 */
import type { CallbackName, ConsumerCallback, FallibleCallback, ProducerCallback, Role } from './vocabulary.js';

/** What a callback does. An object has at most one of each kind, so that a set of callbacks is a set of kinds. */
export type CallbackKind = 'stop' | 'start' | 'add' | 'del';

/** A row of the table. */
export interface CallbackRow<Name extends CallbackName> {
  readonly kind: CallbackKind;
  /** Whose it is. Where both roles have one, each object of a pair has its own. */
  readonly roles: RolesOf<Name>;
  /** Whether it returns a status; every other one returns nothing. */
  readonly fallible: Name extends FallibleCallback ? true : false;
  /** Whether it is passed the other object of the pair. */
  readonly passesCounterpart: boolean;
  /** Whether it sees the producer's interrupt. */
  readonly showsIrq: boolean;
  /** Whether no good version takes an object without it. A profile may ask for more: see `Profile.mandatory`. */
  readonly mandatory: boolean;
  /** What takes back what it does; of one that takes back, what it takes back. */
  readonly opposite: CallbackName;
  /** Its name where producers are consumers and consumers are producers. */
  readonly mirror: CallbackName;
  /** Its name in C: the field of the kernel's `struct irq_bypass_producer` or `struct irq_bypass_consumer`. */
  readonly c: string;
}

type RolesOf<Name extends CallbackName> = Name extends ProducerCallback & ConsumerCallback
  ? readonly ['producer', 'consumer']
  : readonly [Name extends ProducerCallback ? 'producer' : 'consumer'];

/** Every callback, in the order in which the kit writes them down. */
export const callbackTable: { readonly [Name in CallbackName]: CallbackRow<Name> } = {
  stop: {
    kind: 'stop',
    roles: ['producer', 'consumer'],
    fallible: false,
    passesCounterpart: false,
    showsIrq: false,
    mandatory: false,
    opposite: 'start',
    mirror: 'stop',
    c: 'stop',
  },
  start: {
    kind: 'start',
    roles: ['producer', 'consumer'],
    fallible: false,
    passesCounterpart: false,
    showsIrq: false,
    mandatory: false,
    opposite: 'stop',
    mirror: 'start',
    c: 'start',
  },
  addConsumer: {
    kind: 'add',
    roles: ['producer'],
    fallible: true,
    passesCounterpart: true,
    showsIrq: false,
    mandatory: false,
    opposite: 'delConsumer',
    mirror: 'addProducer',
    c: 'add_consumer',
  },
  delConsumer: {
    kind: 'del',
    roles: ['producer'],
    fallible: false,
    passesCounterpart: true,
    showsIrq: false,
    mandatory: false,
    opposite: 'addConsumer',
    mirror: 'delProducer',
    c: 'del_consumer',
  },
  addProducer: {
    kind: 'add',
    roles: ['consumer'],
    fallible: true,
    passesCounterpart: true,
    showsIrq: true,
    mandatory: true,
    opposite: 'delProducer',
    mirror: 'addConsumer',
    c: 'add_producer',
  },
  delProducer: {
    kind: 'del',
    roles: ['consumer'],
    fallible: false,
    passesCounterpart: true,
    showsIrq: false,
    mandatory: true,
    opposite: 'addProducer',
    mirror: 'delConsumer',
    c: 'del_producer',
  },
};

/** The names of all callbacks, in the order of the table. */
export const callbackNames = Object.keys(callbackTable) as readonly CallbackName[];

/** The callbacks of an object that has them all. */
export const wholeCallbacks = {
  producer: callbackNames.filter((name): name is ProducerCallback => hasRole(name, 'producer')),
  consumer: callbackNames.filter((name): name is ConsumerCallback => hasRole(name, 'consumer')),
} as const satisfies Readonly<Record<Role, readonly CallbackName[]>>;

/** The callbacks of an object that has as few as can be. */
export const bareCallbacks = {
  producer: wholeCallbacks.producer.filter((name) => callbackTable[name].mandatory),
  consumer: wholeCallbacks.consumer.filter((name) => callbackTable[name].mandatory),
} as const satisfies Readonly<Record<Role, readonly CallbackName[]>>;

/** The callback of each role that returns a status. */
export const fallibleCallback: Readonly<Record<Role, FallibleCallback>> = {
  producer: 'addConsumer',
  consumer: 'addProducer',
};

/** True for a callback that returns a status. */
export function returnsStatus(callback: CallbackName): callback is FallibleCallback {
  return callbackTable[callback].fallible;
}

/** True for a callback that is passed the other object of the pair. */
export function passesCounterpart(callback: CallbackName): boolean {
  return callbackTable[callback].passesCounterpart;
}

/** True for a callback that sees the producer's interrupt. */
export function showsIrq(callback: CallbackName): boolean {
  return callbackTable[callback].showsIrq;
}

/** True for a callback that connects. */
export function isAdd(callback: CallbackName): boolean {
  return callbackTable[callback].kind === 'add';
}

/** True for a callback that disconnects. */
export function isDel(callback: CallbackName): boolean {
  return callbackTable[callback].kind === 'del';
}

function hasRole(name: CallbackName, role: Role): boolean {
  const roles: readonly Role[] = callbackTable[name].roles;
  return roles.includes(role);
}
