/**
 * A call as numbers: what it finds of its objects as they are, what had become of them, and a code for each thing that
 * happens in it. Rules and model can tell two calls apart by nothing else, but by names and by numbers that mean nothing.
 */
import type { CallbackRow } from '../../../spec/callbacks.js';
import { callbackNames, callbackTable } from '../../../spec/callbacks.js';
import type { Profile } from '../../../spec/profile.js';
import type { Past } from '../../../spec/reading/history.js';
import type { CallbackName, Role, Status } from '../../../spec/vocabulary.js';
import type { Known, Place } from './known.js';

/** What may have become of an object or a token last; its place here stands for it. */
export const PASTS: readonly Past[] = ['new', 'registered', 'unregistered', 'refused', 'failed'];
export const PAST = {
  new: 0,
  registered: 1,
  unregistered: 2,
  refused: 3,
  failed: 4,
} as const satisfies Record<Past, number>;

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
    (Number(place !== undefined && place.token === null) << 3) |
    (Number(self.held !== undefined) << 4) |
    (Number(self.held === place) << 5) |
    (Number(holder !== undefined) << 6) |
    (Number(peer !== undefined) << 7) |
    (self.callbacks << 8) |
    ((peer === undefined ? 0 : peer.callbacks) << 12)
  );
}

/** How many others there are besides the objects of a call: under other tokens, unregistered last, rejected last. */
export interface Others {
  readonly bystanders: number;
  readonly unregistered: number;
  readonly rejected: number;
}

/** Where each thing stands in the past of a call. What became of an object or a token last takes three bits. */
export const PAST_BITS = {
  own: 0,
  token: 3,
  survived: 6,
  sawFailedConnect: 7,
  holderSurvived: 8,
  peerSurvived: 9,
  peerLostPartner: 10,
  peerSawFailedConnect: 11,
  bystanders: 12,
  othersUnregistered: 13,
  othersRejected: 14,
} as const;

/** What had become of the objects of a call before it. Of others it counts only whether there are any. */
export function past({ self, place, holder, peer }: About, { bystanders, unregistered, rejected }: Others): number {
  const tokenPast = place === undefined ? PAST.new : self.isProducer ? place.producerPast : place.consumerPast;
  let bits =
    (self.past << PAST_BITS.own) |
    (tokenPast << PAST_BITS.token) |
    (self.survived << PAST_BITS.survived) |
    (self.sawFailedConnect << PAST_BITS.sawFailedConnect) |
    (Number(bystanders > 0) << PAST_BITS.bystanders) |
    (Number(unregistered > 0) << PAST_BITS.othersUnregistered) |
    (Number(rejected > 0) << PAST_BITS.othersRejected);
  if (holder !== undefined) bits |= holder.survived << PAST_BITS.holderSurvived;
  if (peer !== undefined) {
    bits |=
      (peer.survived << PAST_BITS.peerSurvived) |
      (peer.lostPartner << PAST_BITS.peerLostPartner) |
      (peer.sawFailedConnect << PAST_BITS.peerSawFailedConnect);
  }
  return bits;
}

/** A callback with what a walk asks of it. */
export interface Callback extends Pick<CallbackRow<CallbackName>, 'passesCounterpart' | 'showsIrq'> {
  readonly isAdd: boolean;
  readonly isDel: boolean;
  /** A bit for its kind: an object has at most one of each. */
  readonly bit: number;
  /** Its place in the table, so far to the left that there is room for what is to be said of a call of it. */
  readonly code: number;
  readonly ofProducers: boolean;
  readonly ofConsumers: boolean;
}

const BITS = { stop: 1, start: 2, add: 4, del: 8 } as const;
/** The bit of the callback by which an object learns that a pair has ended. */
export const DEL = BITS.del;

const CALLBACKS: Readonly<Record<CallbackName, Callback>> = {
  stop: callback('stop'),
  start: callback('start'),
  addConsumer: callback('addConsumer'),
  delConsumer: callback('delConsumer'),
  addProducer: callback('addProducer'),
  delProducer: callback('delProducer'),
};

function callback(name: CallbackName): Callback {
  const { kind, passesCounterpart, showsIrq, roles }: CallbackRow<CallbackName> & { readonly roles: readonly Role[] } =
    callbackTable[name];
  return {
    passesCounterpart,
    showsIrq,
    isAdd: kind === 'add',
    isDel: kind === 'del',
    bit: BITS[kind],
    code: callbackNames.indexOf(name) << 3,
    ofProducers: roles.includes('producer'),
    ofConsumers: roles.includes('consumer'),
  };
}

/** A callback by name. Comparing names one by one is quicker than looking one up. */
export function callbackOf(name: CallbackName): Callback {
  switch (name) {
    case 'stop':
      return CALLBACKS.stop;
    case 'start':
      return CALLBACKS.start;
    case 'addProducer':
      return CALLBACKS.addProducer;
    case 'delProducer':
      return CALLBACKS.delProducer;
    case 'addConsumer':
      return CALLBACKS.addConsumer;
    case 'delConsumer':
      return CALLBACKS.delConsumer;
  }
}

/** Where the codes of other events than an entered callback begin. */
const LEFT = callbackNames.length << 3;
const LOGGED = LEFT + 3;
const RETURNED = LOGGED + 2;

/**
 * A callback was entered.
 *
 * @param onPeer whether it is the peer's
 * @param wasAdded whether the two had been added
 * @param otherIrq whether it was shown another interrupt than that which the producer was registered with
 */
export function entered({ code }: Callback, onPeer: boolean, wasAdded: boolean, otherIrq: boolean): number {
  return code | Number(onPeer) | (Number(wasAdded) << 1) | (Number(otherIrq) << 2);
}

/** A callback was left. */
export function left(result: Status | undefined): number {
  return LEFT + (result === undefined ? 0 : result === 0 ? 1 : 2);
}

/** Something was logged. */
export function logged(level: 'info' | 'warning' | 'error'): number {
  return LOGGED + Number(level !== 'info');
}

/** The statuses that mean something under a profile; 0 comes first. */
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
  if (status === undefined) return RETURNED;
  const which = 2 + (status === 0 ? 0 : statuses.indexOf(status));
  return RETURNED + 2 * which + Number(failure !== undefined && status === failure);
}
