/**
 * A trace as the rules see it: one **call** for each operation, with what the operation found and what it did.
 * `read-history.ts` makes it from the events.
 *
 * Everything in a call is taken from the trace itself: who held the token, who was waiting, what had become of the object
 * before. A registration that returned 0 is registered until its unregistration is called. The model has no part in this,
 * so that rules and model stay two judgements.
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
  /** The result of a fallible callback; undefined for other callbacks, and for one that has not returned. */
  readonly result: Status | undefined;
  /** The index of the enter event. */
  readonly at: number;
  /** For an add: the object to which this object or its counterpart is connected already. */
  readonly takenBy: ObjectId | undefined;
  /** For a del: true when the pair had been added and not yet deleted. */
  readonly wasAdded: boolean;
  /** The token under which the object was registered at that moment. */
  readonly token: Token | undefined;
  /** The past of the object at that moment, and that of its counterpart. */
  readonly past: Past;
  readonly counterpartPast: Past;
}

/** The last thing that became of an object or of a token before a call. */
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
  /** Register: every reason to refuse that applies, in the profile's order. */
  readonly reasons: readonly Refusal[];
  /** Register: one of the reasons must be obeyed. */
  readonly mustRefuse: boolean;
  /** Register: no reason had to be obeyed, and the implementation did not use its choice to refuse. */
  readonly goesAhead: boolean;
  /** The object's own past. */
  readonly past: Past;
  /** The past of the token on this side. */
  readonly tokenPast: Past;
  /** The peer has lost a partner since it was registered. */
  readonly peerLostPartner: boolean;
  /** Some object has failed to connect to the peer since the peer was registered. */
  readonly peerSawFailedConnect: boolean;
  /** The object, the holder, the peer was registered already, tried to register again since, and was refused. */
  readonly survivedReregistration: boolean;
  readonly holderSurvived: boolean;
  readonly peerSurvived: boolean;
  /** Some object has failed to connect to this one since this one was registered. */
  readonly sawFailedConnect: boolean;
  /** The number of objects that are registered under other tokens. */
  readonly bystanders: number;
  /** The number of other objects that were unregistered last. */
  readonly othersUnregistered: number;
  /** The number of other objects whose last registration was refused or failed. */
  readonly othersRejected: number;

  /** The callbacks made, in order of entering. */
  readonly invocations: readonly Invocation[];
  readonly logs: readonly LogEvent[];
  /** The end of the call. `broken`: the trace breaks off or makes no sense inside it. */
  readonly outcome: 'returned' | 'crashed' | 'hung' | 'broken';
  /** The status that it returned. */
  readonly status: Status | undefined;
  /** The detail of a crash or a hang. */
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

/** True when an object has a callback. */
export function hasCallback(objects: Objects, object: ObjectId, callback: CallbackName): boolean {
  const callbacks: readonly CallbackName[] | undefined = objects.get(object)?.callbacks;
  return callbacks?.includes(callback) ?? false;
}
