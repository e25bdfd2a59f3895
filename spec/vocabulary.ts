/**
 * The words of the spec, as types.
 *
 *     program ──> target ──> trace ──> check ──> verdict
 *
 * A **program** says what to do: which objects exist, which callbacks they have, what each call of a fallible
 * callback returns, and which operations are called, in one or more lanes. A **trace** says what happened: an
 * ordered list of events. Both are plain data. The position of an event in the list is its place in the one
 * sequence that all lanes share.
 */

/** The two roles. An object is either. */
export type Role = 'producer' | 'consumer';

/** A producer's id.
 * @pattern ^p[0-9]+$ */
export type ProducerId = `p${number}`;

/** A consumer's id.
 * @pattern ^c[0-9]+$ */
export type ConsumerId = `c${number}`;

/** The id of a producer (`p0`, `p1`, ...) or of a consumer (`c0`, `c1`, ...). */
export type ObjectId = ProducerId | ConsumerId;

/**
 * The identity under which an object registers. Opaque: compared, never looked into. `null` is "no token".
 * The names (`t0`, `t1`, ...) are the kit's; an adapter maps each to a token of its own (an eventfd, an address).
 */
export type Token = TokenName | null;

/** The kit's name of a token.
 * @pattern ^t[0-9]+$ */
export type TokenName = `t${number}`;

/**
 * The result of an operation or of a fallible callback: 0 for success, a negative Linux errno (`-16` is -EBUSY) or any
 * other non-zero number for failure.
 * @asType integer
 */
export type Status = number;

/** The statuses that the manager itself gives. The numbers are Linux's on every platform. */
export const OK = 0;
export const ENOMEM = -12;
export const EBUSY = -16;
export const EINVAL = -22;

/** The four operations of the manager. */
export type OperationName = 'registerProducer' | 'unregisterProducer' | 'registerConsumer' | 'unregisterConsumer';

// What there is to know of each callback is in `callbacks.ts`.

/** Callbacks that the manager makes on a producer. */
export type ProducerCallback = 'stop' | 'start' | 'addConsumer' | 'delConsumer';

/** Callbacks that the manager makes on a consumer. */
export type ConsumerCallback = 'stop' | 'start' | 'addProducer' | 'delProducer';

/** Any callback. */
export type CallbackName = ProducerCallback | ConsumerCallback;

/** The callbacks that return a status; every other one returns nothing. */
export type FallibleCallback = 'addConsumer' | 'addProducer';

/** An object of a program: a producer or a consumer that operations may name. */
export type ProgramObject = ProgramProducer | ProgramConsumer;

/** A producer of a program. */
export interface ProgramProducer {
  readonly id: ProducerId;
  /** The callbacks it has. The manager must skip those that it lacks. */
  readonly callbacks: readonly ProducerCallback[];
  /** The n-th call of addConsumer returns the n-th of these, and 0 after the end of the list. */
  readonly results?: readonly Status[];
  /** Undefined behaviour: operations called from inside its callbacks. */
  readonly reenters?: readonly Reentry[];
}

/** A consumer of a program. */
export interface ProgramConsumer {
  readonly id: ConsumerId;
  /** The callbacks it has. The manager must skip those that are optional and that it lacks. */
  readonly callbacks: readonly ConsumerCallback[];
  /** The n-th call of addProducer returns the n-th of these, and 0 after the end of the list. */
  readonly results?: readonly Status[];
  /** Undefined behaviour: operations called from inside its callbacks. */
  readonly reenters?: readonly Reentry[];
}

/** Undefined behaviour: the operation that every call of a callback calls before it returns. */
export interface Reentry {
  readonly callback: CallbackName;
  readonly operation: ManagerOperation;
}

/** Register a producer under a token. */
export interface RegisterProducer {
  readonly operation: 'registerProducer';
  readonly object: ProducerId;
  readonly token: Token;
  /** The host interrupt of the producer, which the consumer may read in addProducer.
   * @asType integer */
  readonly irq: number;
  /** `'none'`: every allocation that the operation tries fails. */
  readonly memory?: 'none';
}

/** Register a consumer under a token. */
export interface RegisterConsumer {
  readonly operation: 'registerConsumer';
  readonly object: ConsumerId;
  readonly token: Token;
  /** `'none'`: every allocation that the operation tries fails. */
  readonly memory?: 'none';
}

/** Take a producer's registration back. */
export interface UnregisterProducer {
  readonly operation: 'unregisterProducer';
  readonly object: ProducerId;
}

/** Take a consumer's registration back. */
export interface UnregisterConsumer {
  readonly operation: 'unregisterConsumer';
  readonly object: ConsumerId;
}

/** One call of the manager. */
export type ManagerOperation = RegisterProducer | RegisterConsumer | UnregisterProducer | UnregisterConsumer;

/**
 * Undefined behaviour, for targets whose objects lie in memory that the caller can write: the token field of the
 * object is overwritten behind the manager's back. Never generated unless asked for.
 */
export interface OverwriteToken {
  readonly operation: 'overwriteToken';
  readonly object: ObjectId;
  readonly token: Token;
}

/** Undefined behaviour: the whole object is set to zero but for its callbacks. Never generated unless asked for. */
export interface WipeObject {
  readonly operation: 'wipeObject';
  readonly object: ObjectId;
}

/** The operations that a caller must not do; see `undefined.ts`. */
export type UndefinedOperation = OverwriteToken | WipeObject;

/** One step of a lane. */
export type Operation = ManagerOperation | UndefinedOperation;

/** A program: the kit asks a target to do this on a manager with nothing registered. */
export interface Program {
  readonly objects: readonly ProgramObject[];
  /** The operations of each lane (thread), in order. Most programs have one lane. */
  readonly lanes: readonly (readonly Operation[])[];
  /** Where lanes meet. There are none in a program of one lane. */
  readonly gates?: readonly Gate[];
}

/** A gate holds one lane until another has come to a certain place, so that it takes no luck to make them meet. */
export type Gate = CallbackGate | CallGate;

/** What a gate waits for. */
interface Awaiting {
  /** The other lane, and the place of its operation in it, counted from 0.
   * @asType integer
   * @minimum 0 */
  readonly lane: number;
  /** @asType integer
   * @minimum 0 */
  readonly operation: number;
  /** That the operation was called, or that it has returned. */
  readonly until: 'called' | 'returned';
}

/**
 * A lane is held inside the manager, in a callback, while another lane calls.
 *
 *     lane 0   register p0 ── stop of p0 ──────(held)────── leaves ──
 *     lane 1            (held) ──────── unregister c0 ── returns ──
 *
 * The awaited operation is not called before the callback was entered in another lane; and the first call of the callback
 * that is made in another lane does not return before that operation was called, or has returned. A manager that holds its
 * lock in callbacks never lets it return: so a lane is held no longer than others can go on, and then its gate gives up
 * (`GaveUpEvent`). See `protocol.md`.
 */
export interface CallbackGate extends Awaiting {
  readonly at: 'callback';
  /** The object and its callback in which a lane is held. */
  readonly object: ObjectId;
  readonly callback: CallbackName;
}

/** A lane does not call an operation before another lane has come to its place; or the gate gives up. */
export interface CallGate extends Awaiting {
  readonly at: 'call';
  /** The lane that is held, and the place of the operation that it calls then.
   * @asType integer
   * @minimum 0 */
  readonly heldLane: number;
  /** @asType integer
   * @minimum 0 */
  readonly heldOperation: number;
}

/** The lane of an event, counted from 0; lane 0 when absent.
 * @asType integer
 * @minimum 0 */
export type Lane = number;

/** An operation was called. */
export type CallEvent = { readonly type: 'call'; readonly lane?: Lane } & Operation;

/** The manager entered a callback. */
export interface EnterEvent {
  readonly type: 'enter';
  readonly lane?: Lane;
  readonly callback: CallbackName;
  /** The object whose callback it is. */
  readonly object: ObjectId;
  /** The object passed to an add or a del callback. */
  readonly counterpart?: ObjectId;
  /** In addProducer: the producer's interrupt as the consumer sees it.
   * @asType integer */
  readonly irq?: number;
}

/** The callback returned. */
export interface LeaveEvent {
  readonly type: 'leave';
  readonly lane?: Lane;
  readonly callback: CallbackName;
  readonly object: ObjectId;
  /** The result of a fallible callback. */
  readonly result?: Status;
}

/** The operation returned to its caller. */
export interface ReturnEvent {
  readonly type: 'return';
  readonly lane?: Lane;
  /** The result of a registration; absent for an operation that returns nothing. */
  readonly status?: Status;
}

/** The operation never returned: the implementation died or threw. Nothing follows in the trace. */
export interface CrashEvent {
  readonly type: 'crash';
  readonly lane?: Lane;
  /** The sign of it, such as a signal, an exception or a sanitizer's summary. */
  readonly detail: string;
}

/** The operation never returned: it can make no progress. Nothing follows in the trace. */
export interface HangEvent {
  readonly type: 'hang';
  readonly lane?: Lane;
  /** The sign of it, such as "lane 0 takes the lock that it holds". */
  readonly detail: string;
}

/** A gate let its lane go on because no other lane could. It says nothing about the implementation. */
export interface GaveUpEvent {
  readonly type: 'gave-up';
  readonly lane?: Lane;
}

/** The implementation logged something. */
export interface LogEvent {
  readonly type: 'log';
  readonly lane?: Lane;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** One thing that happened. */
export type Event = CallEvent | EnterEvent | LeaveEvent | ReturnEvent | CrashEvent | HangEvent | GaveUpEvent | LogEvent;

/** A trace: everything that happened, and the objects that it happened to. */
export interface Trace {
  /** The objects and the callbacks that they have. */
  readonly objects: readonly ProgramObject[];
  /** All events of all lanes in one sequence. */
  readonly events: readonly Event[];
}

/** The role of an object, from its id. */
export function roleOf(object: ObjectId): Role {
  return object.startsWith('p') ? 'producer' : 'consumer';
}

/** True for an operation that registers. */
export function isRegistration(operation: Operation): operation is RegisterProducer | RegisterConsumer {
  return operation.operation === 'registerProducer' || operation.operation === 'registerConsumer';
}

/** True for one of the manager's four operations; false for something that a caller must not do. */
export function isManagerOperation(operation: Operation): operation is ManagerOperation {
  return operation.operation !== 'overwriteToken' && operation.operation !== 'wipeObject';
}

/** True for the id of a producer. */
export function isProducerId(object: ObjectId): object is ProducerId {
  return roleOf(object) === 'producer';
}

/** The operation that registers an object under a token; `irq` is a producer's interrupt. */
export function registering(object: ObjectId, token: Token, irq: number): RegisterProducer | RegisterConsumer {
  return isProducerId(object)
    ? { operation: 'registerProducer', object, token, irq }
    : { operation: 'registerConsumer', object: object as ConsumerId, token };
}

/** The operation that takes an object's registration back. */
export function unregistering(object: ObjectId): UnregisterProducer | UnregisterConsumer {
  return isProducerId(object)
    ? { operation: 'unregisterProducer', object }
    : { operation: 'unregisterConsumer', object: object as ConsumerId };
}

/** An object with given callbacks, and what its fallible one returns. */
export function objectWith(
  id: ObjectId,
  callbacks: readonly CallbackName[],
  results: readonly Status[] = [],
): ProgramObject {
  return { id, callbacks, ...(results.length === 0 ? {} : { results }) } as ProgramObject;
}
