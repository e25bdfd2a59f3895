/**
 * What a trace shows, as one **call** an operation, with what it found and what it did; `read-history.ts` reads it.
 *
 * The rules judge calls. What a call found (who held the token, who was waiting, what had become of the object before)
 * is taken from what the trace itself shows: a registration that returned 0 is registered until its unregistration is
 * called. The model has no part in it, so that rules and model stay two judgements.
 */
import type { Objects } from '../model.js';
import type { Profile, Refusal } from '../profile.js';
import type { CallbackName, LogEvent, ManagerOperation, ObjectId, Role, Status, Token } from '../vocabulary.js';

/** One callback that the manager made. */
export interface Invocation {
  readonly callback: CallbackName;
  readonly object: ObjectId;
  readonly counterpart: ObjectId | undefined;
  readonly irq: number | undefined;
  /** What a fallible callback returned; undefined for others, and while it has not returned. */
  readonly result: Status | undefined;
  /** The index of the enter event. */
  readonly at: number;
  /** For an add: another object to which this object or its counterpart is connected already. */
  readonly takenBy: ObjectId | undefined;
  /** For a del: whether the pair had been added and not yet deleted. */
  readonly wasAdded: boolean;
  /** The token under which the object was registered then, and what had become of it and of its counterpart. */
  readonly token: Token | undefined;
  readonly past: Past;
  readonly counterpartPast: Past;
}

/** What last became of an object or of a token before a call. */
export type Past = 'new' | 'registered' | 'unregistered' | 'refused' | 'failed';

/** One operation as the trace shows it. */
export interface Call {
  /** Its place among the calls, from 0. */
  readonly index: number;
  /** The index of the call event. */
  readonly at: number;
  readonly operation: ManagerOperation;
  readonly registers: boolean;
  readonly role: Role;
  readonly object: ObjectId;
  /** Register: the token asked for. Unregister: the token it is registered under, undefined when it is not. */
  readonly token: Token | undefined;
  /** The token under which the object is registered already. */
  readonly heldToken: Token | undefined;
  /** Register: another object of this side that holds the token. */
  readonly holder: ObjectId | undefined;
  /** The object of the other side that is registered under the token. */
  readonly peer: ObjectId | undefined;
  /** The producer and the consumer concerned, where there is a peer. */
  readonly producer: ObjectId | undefined;
  readonly consumer: ObjectId | undefined;
  /** The interrupt that the producer concerned was registered with. */
  readonly irq: number | undefined;
  /** Register: every reason to refuse that applies, in the profile's order, and whether one of them must be obeyed. */
  readonly reasons: readonly Refusal[];
  readonly mustRefuse: boolean;
  /** Register: no reason had to be obeyed, and the implementation did not use its choice to refuse. */
  readonly goesAhead: boolean;
  /** What had become of the object. */
  readonly past: Past;
  /** What had become of the token on this side, and through which object. */
  readonly tokenPast: Past;
  /** Whether the peer had lost a partner since it was registered, and whether one failed to connect to it. */
  readonly peerWidowed: boolean;
  readonly peerRefused: boolean;
  /** Whether the registration of the object, of the holder, of the peer survived a refused attempt to repeat it. */
  readonly survivedReregistration: boolean;
  readonly holderSurvived: boolean;
  readonly peerSurvived: boolean;
  /** Whether some object failed to connect to this one since it was registered. */
  readonly refusedAPeer: boolean;
  /** How many objects were registered under other tokens, how many had left, and how many had been turned away. */
  readonly bystanders: number;
  readonly departed: number;
  readonly turnedAway: number;

  /** The callbacks made, in order of entering. */
  readonly invocations: readonly Invocation[];
  readonly logs: readonly LogEvent[];
  /** How it ended. `broken`: the trace breaks off or makes no sense inside it. */
  readonly outcome: 'returned' | 'crashed' | 'hung' | 'broken';
  /** What it returned. */
  readonly status: Status | undefined;
  /** What is known of a crash or a hang. */
  readonly detail: string;
  /** Pairs of this object that are still connected, by their callbacks, though they are not registered together. */
  readonly dangling: readonly ObjectId[];
}

/** Something in the order of the events that no run of a manager can show. */
export interface Break {
  readonly at: number;
  readonly text: string;
}

/** A trace, read. */
export interface History {
  readonly calls: readonly Call[];
  readonly objects: Objects;
  readonly profile: Profile;
  readonly broken?: Break;
  /** The index of the event from which on the behaviour is undefined; nothing behind it is read. */
  readonly undefinedFrom?: number;
}

/** Whether an object has a callback. */
export function hasCallback(objects: Objects, object: ObjectId, callback: CallbackName): boolean {
  const callbacks: readonly CallbackName[] | undefined = objects.get(object)?.callbacks;
  return callbacks?.includes(callback) ?? false;
}

/** Whether a callback connects. */
export function isAdd(callback: CallbackName): boolean {
  return callback === 'addConsumer' || callback === 'addProducer';
}

/** Whether a callback disconnects. */
export function isDel(callback: CallbackName): boolean {
  return callback === 'delConsumer' || callback === 'delProducer';
}
