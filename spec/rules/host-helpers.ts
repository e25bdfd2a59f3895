/** What the chapters about a host share. */
import { routeOf, sameRoute } from '../host/back-ends.js';
import type { HostCall, HostHistory } from '../host/reading/history.js';
import { entries, irqfdOf, type Registration } from '../host/state.js';
import type { EventfdId, GuestTarget, Holder, Route } from '../host/vocabulary.js';
import { hostOperationText, targetText } from '../host/words.js';
import type { Verdict } from '../rule.js';

/** Holds a check against each of the things that a call did; undefined when it did none. */
export function each<T>(things: readonly T[], check: (thing: T) => Verdict): Verdict {
  let exposed = false;
  for (const thing of things) {
    const verdict = check(thing);
    if (typeof verdict === 'string') return verdict;
    exposed ||= verdict === true;
  }
  return exposed || undefined;
}

/** `while setRoutes vm0: none`. */
export function during(call: HostCall): string {
  return `while ${hostOperationText(call.operation)}`;
}

/** Whether a holder is a vector of a device, and not an irqfd. */
export function isVector(holder: Holder | undefined): boolean {
  return holder?.startsWith('d') === true;
}

/** Where an interrupt goes, in words. */
export function wayText(target: GuestTarget | null | undefined): string {
  return target === null || target === undefined ? 'the host' : targetText(target);
}

/** The number of a vector's interrupt, after a call or before it. */
export function irqOf(call: HostCall, holder: Holder): number | undefined {
  for (const requested of [call.after.requested, call.earlier.requested]) {
    for (const [irq, one] of requested) if (one === holder) return irq;
  }
  return undefined;
}

/** A pair whose route a call has changed. */
export interface Rerouted {
  readonly eventfd: EventfdId;
  readonly old: Route | undefined;
  readonly route: Route | undefined;
  /** Where the hardware sent it before, and has to send it now. */
  readonly was: GuestTarget | null;
  readonly due: GuestTarget | null;
  /** Where it sends it now. */
  readonly is: GuestTarget | null;
}

/** The pairs of messages whose route a call changed. */
export function rerouted(call: HostCall): readonly Rerouted[] {
  const { operation, before, expected } = call;
  if (operation.operation !== 'setRoutes' || call.outcome !== 'returned') return [];
  const found: Rerouted[] = [];
  for (const [eventfd, registration] of pairs(before.registrations)) {
    const irqfd = irqfdOf(before, eventfd);
    if (irqfd?.id !== operation.vm || registration.producer === null) continue;
    const old = routeOf(irqfd.vm.routes, irqfd.irqfd.gsi);
    const route = routeOf(operation.routes, irqfd.irqfd.gsi);
    const irq = irqOf(call, registration.producer);
    // A pair that the manager does not have is no pair: that is for other rules.
    if (sameRoute(old, route) || irq === undefined || !call.earlier.joined.has(irq)) continue;
    const due = expected.state.registrations[eventfd]?.shortcut ?? null;
    found.push({ eventfd, old, route, was: registration.shortcut, due, is: call.after.mapped.get(irq) ?? null });
  }
  return found;
}

/** The registrations that are pairs. */
export function pairs(
  registrations: Readonly<Record<EventfdId, Registration>>,
): readonly (readonly [EventfdId, Registration])[] {
  return entries(registrations).filter(([, { producer, consumer }]) => producer !== null && consumer !== null);
}

/** The check of a rule that says: a call leaves the hardware sending interrupts where the route says. */
export function takesEffect(
  speaksOf: (one: Rerouted) => boolean,
  why: string,
): (call: HostCall, history: HostHistory) => Verdict {
  return (call) =>
    each(rerouted(call).filter(speaksOf), ({ eventfd, due, is }) =>
      wayText(due) === wayText(is)
        ? true
        : `the interrupt of ${eventfd} goes to ${wayText(is)} after ${hostOperationText(call.operation)}, and has to go to ${wayText(due)}: ${why}`,
    );
}
