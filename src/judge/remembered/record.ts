/**
 * A call as numbers: what it finds of its objects as they are, what had become of them, and a code for each thing that
 * happens in it. Rules and model can tell two calls apart by nothing else, but by names and by numbers that mean nothing.
 */
import { type CallbackKind, callbackTable } from '../../../spec/callbacks.js';
import type { Profile } from '../../../spec/profile.js';
import type { Call, Past } from '../../../spec/reading/history.js';
import type { CallbackName, Status } from '../../../spec/vocabulary.js';
import type { Known, Place } from './known.js';
import { PASTS } from './known.js';

/** The objects and the token that a call is about. */
export interface About {
  readonly registers: boolean;
  readonly self: Known;
  /** The token asked for; that under which the object is registered, of an unregistration. */
  readonly place: Place | undefined;
  /** Another object of the same side that holds the token, and the one of the other side that does. */
  readonly holder: Known | undefined;
  readonly peer: Known | undefined;
}

/** What a call finds of its objects as they are. */
export function finds({ registers, self, place, holder, peer }: About, withoutMemory: boolean): number {
  return (
    Number(registers) |
    (Number(self.isProducer) << 1) |
    (Number(withoutMemory) << 2) |
    (Number(place?.token === null) << 3) |
    (Number(self.held !== undefined) << 4) |
    (Number(self.held === place) << 5) |
    (Number(holder !== undefined) << 6) |
    (Number(peer !== undefined) << 7) |
    (self.callbacks << 8) |
    ((peer?.callbacks ?? 0) << 12)
  );
}

/** How many others there are besides the objects of a call: under other tokens, unregistered last, rejected last. */
export interface Others {
  readonly bystanders: number;
  readonly unregistered: number;
  readonly rejected: number;
}

/** What had become of the objects of a call before it. Of others it counts only whether there are any. */
export function past({ self, place, holder, peer }: About, { bystanders, unregistered, rejected }: Others): number {
  const tokenPast = place === undefined ? 0 : self.isProducer ? place.producerPast : place.consumerPast;
  return (
    self.past |
    (tokenPast << 3) |
    (self.survived << 6) |
    (self.sawFailedConnect << 7) |
    ((holder?.survived ?? 0) << 8) |
    ((peer?.survived ?? 0) << 9) |
    ((peer?.lostPartner ?? 0) << 10) |
    ((peer?.sawFailedConnect ?? 0) << 11) |
    (Number(bystanders > 0) << 12) |
    (Number(unregistered > 0) << 13) |
    (Number(rejected > 0) << 14)
  );
}

/** The same call with another past. */
export function withPast(call: Call, past: number): Call {
  const own = PASTS[past & 7] ?? 'new';
  const has = (bit: number) => ((past >> bit) & 1) === 1;
  const pastOf = (object: Call['holder'], before: Past) => (object === call.object ? own : before);
  return {
    ...call,
    past: own,
    tokenPast: PASTS[(past >> 3) & 7] ?? 'new',
    survivedReregistration: has(6),
    sawFailedConnect: has(7),
    holderSurvived: has(8),
    peerSurvived: has(9),
    peerLostPartner: has(10),
    peerSawFailedConnect: has(11),
    bystanders: Number(has(12)),
    othersUnregistered: Number(has(13)),
    othersRejected: Number(has(14)),
    invocations: call.invocations.map((one) => ({
      ...one,
      past: pastOf(one.object, one.past),
      counterpartPast: pastOf(one.counterpart, one.counterpartPast),
    })),
  };
}

/** Where the codes of each kind of event begin. */
const ENTERED = 0;
const LEFT = 32;
const LOGGED = 35;
const RETURNED = 37;

const NUMBER: Readonly<Record<CallbackKind, number>> = { stop: 0, start: 8, add: 16, del: 24 };

/**
 * A callback was entered.
 *
 * @param onPeer whether it is the peer's
 * @param wasAdded whether the two had been added
 * @param otherIrq whether it was shown another interrupt than that which the producer was registered with
 */
export function entered(callback: CallbackName, onPeer: boolean, wasAdded: boolean, otherIrq: boolean): number {
  const which = ENTERED + NUMBER[callbackTable[callback].kind];
  return which | Number(onPeer) | (Number(wasAdded) << 1) | (Number(otherIrq) << 2);
}

/** A callback was left. */
export function left(result: Status | undefined): number {
  return LEFT + (result === undefined ? 0 : result === 0 ? 1 : 2);
}

/** Something was logged. */
export function logged(level: 'info' | 'warning' | 'error'): number {
  return LOGGED + (level === 'info' ? 0 : 1);
}

/** The statuses that mean something under a profile. */
export function meaning({ refusals }: Profile): readonly Status[] {
  return [...new Set([0, ...refusals.flatMap(({ statuses }) => statuses)])];
}

/**
 * The call returned.
 *
 * @param failure what a callback in it failed with
 * @param statuses those that mean something
 */
export function returned(status: Status | undefined, failure: Status | undefined, statuses: readonly Status[]): number {
  const isFailure = failure !== undefined && status === failure;
  const which = status === undefined ? statuses.length + 1 : statuses.indexOf(status) + 1;
  return RETURNED + 2 * which + Number(isFailure);
}
