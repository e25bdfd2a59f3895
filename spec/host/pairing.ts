/**
 * Participants find each other by registering under an eventfd. Everything about it follows from what user space does
 * anyway, and this file is all there is to it.
 */
import { backEnds, routeOf, sameRoute } from './back-ends.js';
import type { HostSetting } from './setting.js';
import {
  entries,
  type HostState,
  irqfdOf,
  NONE,
  put,
  type Registration,
  registrationOf,
  shortcutFor,
  type VmState,
  without,
} from './state.js';
import type { EventfdId, Holder, Route, VmId } from './vocabulary.js';
import { indexOf } from './vocabulary.js';

/**
 * The choices that a consumer is free to make in one operation. The model takes them as they were seen; where nothing was
 * seen, they are the usual ones.
 */
export interface Choices {
  /** Whether it refuses a GSI that no route can name. */
  readonly refusesWildGsi: boolean;
  /** Whether an irqfd registers its consumer under an eventfd, where nothing can be shortcut for its VM. */
  readonly registers: (consumer: Holder, eventfd: EventfdId) => boolean;
  /** Whether the consumer accepts a producer whose interrupt cannot be shortcut, when one of the two registers. */
  readonly accepts: (newcomer: Holder, eventfd: EventfdId) => boolean;
}

/** What the reference does: it takes any GSI, registers, and refuses what it cannot shortcut. */
export const usualChoices: Choices = { refusesWildGsi: false, registers: () => true, accepts: () => false };

/** Whether an irqfd of a VM may stay away from the manager. */
export function mayStayAway({ backEnd }: HostSetting, vm: VmState): boolean {
  return !backEnds[backEnd].bypasses || vm.irqchip === 'emulated';
}

/** Whether a vector has a producer: a line has one only where lines can be forwarded. */
export function hasProducer(setting: HostSetting, vector: Holder): boolean {
  return indexOf(vector) !== 'intx' || backEnds[setting.backEnd].forwardsLines;
}

/** A vector was set to an eventfd: its producer registers, unless another holds the token or the consumer refuses. */
export function addProducer(
  setting: HostSetting,
  state: HostState,
  eventfd: EventfdId,
  producer: Holder,
  choices: Choices,
): HostState {
  if (!hasProducer(setting, producer)) return state;
  const before = registrationOf(state, eventfd);
  if (before.producer !== null) return state;
  return join(setting, state, eventfd, { ...before, producer }, before, choices.accepts(producer, eventfd));
}

/** An irqfd was assigned to an eventfd: its consumer registers, unless another holds the token or it refuses who waits. */
export function addConsumer(
  setting: HostSetting,
  state: HostState,
  eventfd: EventfdId,
  consumer: Holder,
  choices: Choices,
): HostState {
  const before = registrationOf(state, eventfd);
  if (before.consumer !== null) return state;
  return join(setting, state, eventfd, { ...before, consumer }, before, choices.accepts(consumer, eventfd));
}

/** A vector lets go of its eventfd: if its producer was the one registered, the token is free again. */
export function removeProducer(state: HostState, eventfd: EventfdId, producer: Holder): HostState {
  const before = registrationOf(state, eventfd);
  return before.producer === producer ? register(state, eventfd, { ...before, producer: null, shortcut: null }) : state;
}

/** An irqfd goes. */
export function removeConsumer(state: HostState, eventfd: EventfdId, consumer: Holder): HostState {
  const before = registrationOf(state, eventfd);
  return before.consumer === consumer ? register(state, eventfd, { ...before, consumer: null, shortcut: null }) : state;
}

/** The routes of a VM have changed from `old`: what becomes of its pairs. */
export function reroute(
  setting: HostSetting,
  state: HostState,
  vm: VmId,
  old: readonly Route[],
  choices: Choices,
): HostState {
  const traits = backEnds[setting.backEnd];
  let next = state;
  for (const [eventfd, irqfd] of entries(state.vms[vm]?.irqfds ?? {})) {
    const before = registrationOf(next, eventfd);
    const { producer, consumer } = before;
    if (producer === null || consumer === null) continue;
    const changed = !sameRoute(routeOf(old, irqfd.gsi), routeOf(state.vms[vm]?.routes ?? [], irqfd.gsi));
    if (!changed) continue;
    if (traits.followsRoutes) {
      next = register(next, eventfd, { ...before, shortcut: shortcutFor(setting, next, eventfd, producer) });
    } else if (indexOf(producer) !== 'intx') {
      next = register(next, eventfd, { ...before, shortcut: null });
    } else if (before.shortcut !== null || shortcutFor(setting, next, eventfd, producer) !== null) {
      // The producer of a line has to hear that it is not forwarded as before: the two are parted, and joined anew if they
      // can be.
      next = addConsumer(setting, removeConsumer(next, eventfd, consumer), eventfd, consumer, choices);
    }
  }
  return next;
}

/** Enter a newcomer, who becomes half of a pair if the other half waits. Who cannot be joined is not registered. */
function join(
  setting: HostSetting,
  state: HostState,
  eventfd: EventfdId,
  after: Registration,
  before: Registration,
  accepts: boolean,
): HostState {
  const { producer, consumer } = after;
  if (producer === null || consumer === null) return register(state, eventfd, after);
  const shortcut = shortcutFor(setting, state, eventfd, producer);
  const isFree =
    backEnds[setting.backEnd].unmappable === 'either' || irqfdOf(state, eventfd)?.vm.irqchip === 'emulated';
  const refuses = shortcut === null && !accepts && isFree;
  if (refuses && setting.profile.fallible) return register(state, eventfd, before);
  return register(state, eventfd, { ...after, shortcut });
}

function register(state: HostState, eventfd: EventfdId, registration: Registration): HostState {
  const { producer, consumer } = registration;
  const registrations =
    producer === null && consumer === null
      ? without(state.registrations, eventfd)
      : put(state.registrations, eventfd, { ...NONE, ...registration });
  return { ...state, registrations };
}
