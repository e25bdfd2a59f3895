/**
 * Who has to be registered with the manager of a host: it follows from what is set up, from who was registered before, and
 * from the order in which one call sets several vectors.
 */
import { backEnds, shortcut } from '../host/back-ends.js';
import type { HostCall, HostHistory, RegisteredEntry, StateAfter } from '../host/reading/history.js';
import { routeFor } from '../host/reading/set-up.js';
import type { HostSetting } from '../host/setting.js';
import type { DeviceId, EventfdId, Holder } from '../host/vocabulary.js';
import { indexOf, isVector, vectorHolder } from '../host/vocabulary.js';
import { holderUnder, shortcutOf } from './host-helpers.js';

/** A vector that is set to an eventfd, or the irqfd of one: it is registered under it, or would be. */
export interface Claim {
  readonly eventfd: EventfdId;
  readonly holder: Holder;
}

/** Those who have to be registered after a call: everybody whose claim is good. */
export function dueRegistrations(call: HostCall, { setting }: HostHistory): readonly Claim[] {
  return claims(setting, call).filter((claim) =>
    isNew(call, claim)
      ? !staysAway(setting, call, claim) && isFree(setting, call, claim) && canJoin(setting, call, claim)
      : isKept(call, claim) && canStay(setting, call, claim),
  );
}

/** Lines have producers only where they can be forwarded. */
function claims({ backEnd }: HostSetting, { after }: HostCall): readonly Claim[] {
  const { triggers, irqfds, unready } = after.setUp;
  const { forwardsLines } = backEnds[backEnd];
  return [
    ...[...triggers].flatMap(([holder, eventfd]) =>
      (indexOf(holder) === 'intx' && !forwardsLines) || unready.has(deviceOf(holder)) ? [] : [{ eventfd, holder }],
    ),
    ...[...irqfds].map(([eventfd, { holder }]) => ({ eventfd, holder })),
  ];
}

/** Whether the call has set a vector, to the same eventfd or another, or assigned an irqfd. */
function isNew(call: HostCall, { eventfd, holder }: Claim): boolean {
  const { operation, dueStatus } = call;
  if (dueStatus !== 0) return false;
  if (operation.operation === 'assignIrqfd') return operation.eventfd === eventfd && !isVector(holder);
  return turnOf(call, holder) !== undefined;
}

function deviceOf(vector: Holder): DeviceId {
  return vector.split('.')[0] as DeviceId;
}

/** What a call sets or sets going, one after the other: each vector with its eventfd. */
function set({ operation, before, after }: HostCall): readonly { holder: Holder; eventfd: EventfdId | null }[] {
  if (operation.operation === 'setIrqs') {
    const { device, index, start, eventfds } = operation;
    return eventfds.map((eventfd, at) => ({ holder: vectorHolder(device, index, start + at), eventfd }));
  }
  if (operation.operation !== 'setStatus') return [];
  const { device } = operation;
  const isReadyNow = before.setUp.unready.has(device) && !after.setUp.unready.has(device);
  const own = [...after.setUp.triggers].filter(([holder]) => isReadyNow && deviceOf(holder) === device);
  return own.map(([holder, eventfd]) => ({ holder, eventfd })).sort((one, other) => numberOf(one) - numberOf(other));
}

function numberOf({ holder }: { readonly holder: Holder }): number {
  return Number(holder.slice(holder.lastIndexOf('.') + 1));
}

/** The place of a vector among those that a call sets in their order; undefined for one that it does not set. */
function turnOf(call: HostCall, holder: Holder): number | undefined {
  const turn = set(call).findIndex((one) => one.holder === holder);
  return turn === -1 ? undefined : turn;
}

/**
 * Whether the token of an eventfd is free when it is a newcomer's turn. Vectors are set one after the other: one that is
 * registered keeps the token until its own turn, and the first one that is set to an eventfd from then on takes it, unless
 * the consumer refuses it.
 */
function isFree(setting: HostSetting, call: HostCall, { eventfd, holder }: Claim): boolean {
  const { operation, before } = call;
  if (operation.operation === 'assignIrqfd') return holderUnder(before.registered, eventfd, 'consumer') === undefined;
  const turn = turnOf(call, holder) ?? 0;
  const incumbent = holderUnder(before.registered, eventfd, 'producer');
  const from = incumbent === undefined ? 0 : (turnOf(call, incumbent) ?? Number.POSITIVE_INFINITY);
  const takes = (one: { readonly holder: Holder; readonly eventfd: EventfdId | null }, at: number) =>
    one.eventfd === eventfd && at >= from && canJoin(setting, call, { eventfd, holder: one.holder });
  return from <= turn && !set(call).slice(0, turn).some(takes);
}

/** Whether an irqfd may stay away from the manager, and does: where nothing can be shortcut, it has nothing to gain. */
function staysAway(setting: HostSetting, { asked, after }: HostCall, claim: Claim): boolean {
  const mayCome = isBypassed(setting, after, claim.eventfd);
  return !mayCome && !isVector(claim.holder) && !asked.some((one) => isSame(one, claim));
}

/** Whether anything can be shortcut for the VM whose irqfd waits for an eventfd. */
export function isBypassed({ backEnd }: HostSetting, { setUp }: StateAfter, eventfd: EventfdId): boolean {
  const irqfd = setUp.irqfds.get(eventfd);
  return backEnds[backEnd].bypasses && !(irqfd !== undefined && setUp.emulated.has(irqfd.vm));
}

function isSame(one: RegisteredEntry, { eventfd, holder }: Claim): boolean {
  return one.eventfd === eventfd && one.holder === holder;
}

/**
 * Whether a newcomer is connected with who waits under its eventfd. Who cannot be shortcut is refused, if the manager asks
 * and the consumer does not accept it all the same.
 */
function canJoin(setting: HostSetting, { before, after, accepted }: HostCall, claim: Claim): boolean {
  if (!setting.profile.fallible) return true;
  if (backEnds[setting.backEnd].unmappable === 'paired' && isBypassed(setting, after, claim.eventfd)) return true;
  if (accepted.some((one) => isSame(one, claim))) return true;
  const { eventfd, holder } = claim;
  const producer = isVector(holder) ? holder : holderUnder(before.registered, eventfd, 'producer');
  const consumer = isVector(holder) ? holderUnder(before.registered, eventfd, 'consumer') : holder;
  if (producer === undefined || consumer === undefined) return true;
  const irqfd = after.setUp.irqfds.get(eventfd);
  return (
    irqfd !== undefined &&
    !after.setUp.emulated.has(irqfd.vm) &&
    shortcut(setting.backEnd, indexOf(producer), irqfd.vm, routeFor(after.setUp, eventfd)) !== undefined
  );
}

function isKept({ before }: HostCall, { eventfd, holder }: Claim): boolean {
  return [...before.registered.values()].some((entry) => entry.holder === holder && entry.eventfd === eventfd);
}

/** The producer of a line has to hear when it is not forwarded any more: the consumer leaves it. */
function canStay(setting: HostSetting, call: HostCall, claim: Claim): boolean {
  const { operation, before } = call;
  if (operation.operation !== 'setRoutes' || isVector(claim.holder)) return true;
  const { eventfd } = claim;
  const producer = holderUnder(before.registered, eventfd, 'producer');
  if (producer === undefined || indexOf(producer) !== 'intx') return true;
  // What was not forwarded, and is not, is as it was.
  return shortcutOf(setting, before, { eventfd, producer }) === null || canJoin(setting, call, claim);
}
