/** What the chapters about a host share. */
import { backEnds, routeOf, sameRoute, shortcut } from '../host/back-ends.js';
import type { HostCall, HostHistory, StateAfter } from '../host/reading/history.js';
import { routeFor } from '../host/reading/set-up.js';
import type { HostSetting } from '../host/setting.js';
import type { EventfdId, GuestTarget, Holder, Route } from '../host/vocabulary.js';
import { indexOf } from '../host/vocabulary.js';
import { hostOperationText, targetText } from '../host/words.js';
import type { Verdict } from '../rule.js';
import { roleOf } from '../vocabulary.js';

/** Holds a check against each of the things that a call did; undefined when it did none. */
export function each<T>(things: Iterable<T>, check: (thing: T) => Verdict): Verdict {
  let exposed = false;
  for (const thing of things) {
    const verdict = check(thing);
    if (typeof verdict === 'string') return verdict;
    if (verdict === true) exposed = true;
  }
  return exposedIf(exposed);
}

/** The verdict of a rule that holds: it was exposed, or it does not speak of the call. */
export function exposedIf(exposed: boolean): Verdict {
  return exposed ? true : undefined;
}

/** `while setRoutes vm0: none`. */
export function during(call: HostCall): string {
  return `while ${hostOperationText(call.operation)}`;
}

/** Where an interrupt goes, in words. */
export function wayText(target: GuestTarget | null | undefined): string {
  return target === null || target === undefined ? 'the host' : targetText(target);
}

/** The number of a vector's interrupt, after a call or before it. */
export function irqOf(call: HostCall, holder: Holder): number | undefined {
  for (const requested of [call.after.requested, call.before.requested]) {
    for (const [irq, one] of requested) if (one === holder) return irq;
  }
  return undefined;
}

/** A producer and a consumer that are registered under one eventfd. */
export interface HostPair {
  readonly eventfd: EventfdId;
  readonly producer: Holder;
  readonly consumer: Holder;
}

/** The pairs there are. */
export function pairsOf({ registered }: StateAfter): readonly HostPair[] {
  if (registered.size < 2) return [];
  const pairs: HostPair[] = [];
  for (const [object, { holder: producer, eventfd }] of registered) {
    if (roleOf(object) !== 'producer' || producer === undefined || eventfd === undefined) continue;
    const consumer = holderUnder(registered, eventfd, 'consumer');
    if (consumer !== undefined) pairs.push({ eventfd, producer, consumer });
  }
  return pairs;
}

/** Who is registered under an eventfd, of the producers or of the consumers. */
export function holderUnder(
  registered: StateAfter['registered'],
  eventfd: EventfdId,
  role: 'producer' | 'consumer',
): Holder | undefined {
  for (const [object, entry] of registered) {
    if (entry.eventfd === eventfd && roleOf(object) === role) return entry.holder;
  }
  return undefined;
}

/**
 * Where the hardware has to send the interrupt of a pair by itself; null for the host's path. A route that can be shortcut
 * is; but a message whose route has changed since the two were connected only where the back end follows routes.
 */
export function shortcutOf(
  setting: HostSetting,
  { setUp, moved }: StateAfter,
  { eventfd, producer }: Pick<HostPair, 'eventfd' | 'producer'>,
): GuestTarget | null {
  const irqfd = setUp.irqfds.get(eventfd);
  if (irqfd === undefined || setUp.emulated.has(irqfd.vm)) return null;
  const index = indexOf(producer);
  if (moved.has(eventfd) && index !== 'intx' && !backEnds[setting.backEnd].followsRoutes) return null;
  return shortcut(setting.backEnd, index, irqfd.vm, routeFor(setUp, eventfd)) ?? null;
}

/** A pair whose route a call has changed. */
export interface Rerouted {
  readonly eventfd: EventfdId;
  readonly irq: number;
  readonly old: Route | undefined;
  readonly route: Route | undefined;
  /** Where the hardware had to send it before, and has to send it now. */
  readonly was: GuestTarget | null;
  readonly due: GuestTarget | null;
  /** Where it sends it now. */
  readonly is: GuestTarget | null;
}

/** The pairs whose route a call changed. */
export function rerouted(call: HostCall, { setting }: HostHistory): readonly Rerouted[] {
  const { operation, before, after } = call;
  if (operation.operation !== 'setRoutes' || call.outcome !== 'returned') return [];
  const found: Rerouted[] = [];
  for (const pair of pairsOf(before)) {
    const { eventfd, producer } = pair;
    const irqfd = before.setUp.irqfds.get(eventfd);
    if (irqfd?.vm !== operation.vm) continue;
    const old = routeFor(before.setUp, eventfd);
    const route = routeOf(operation.routes, irqfd.gsi);
    const irq = irqOf(call, producer);
    // A pair that the manager does not have is no pair: that is for other rules.
    if (sameRoute(old, route) || irq === undefined || !before.joined.has(irq)) continue;
    const was = shortcutOf(setting, before, pair);
    const due = shortcutOf(setting, after, pair);
    found.push({ eventfd, irq, old, route, was, due, is: after.mapped.get(irq) ?? null });
  }
  return found;
}

/** The check of a rule that says: a call leaves the hardware sending interrupts where the route says. */
export function takesEffect(
  speaksOf: (one: Rerouted) => boolean,
  why: string,
): (call: HostCall, history: HostHistory) => Verdict {
  return (call, history) =>
    each(rerouted(call, history).filter(speaksOf), ({ eventfd, due, is }) =>
      wayText(due) === wayText(is)
        ? true
        : `the interrupt of ${eventfd} goes to ${wayText(is)} after ${hostOperationText(call.operation)}, and has to go to ${wayText(due)}: ${why}`,
    );
}

/** The eventfds that a holder has references to, each as often as it has. */
export function referencesOf({ references }: StateAfter, holder: Holder): readonly string[] {
  const found: string[] = [];
  for (const [key, count] of references) {
    if (!key.endsWith(` ${holder}`)) continue;
    for (let left = count; left > 0; left--) found.push(key.slice(0, key.indexOf(' ')));
  }
  return found.sort();
}
