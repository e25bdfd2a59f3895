/**
 * Follow a host trace through the operational model, to the first event that the model does not allow.
 *
 * This is the second of the two judgements of a host trace; the rules are the first. It reads the raw events and keeps what
 * it has seen of them by itself. With the rules it shares what a back end can do, and the profile.
 */
import type { Status } from '../../vocabulary.js';
import { backEnds, sameRoute } from '../back-ends.js';
import { stepHost } from '../model.js';
import type { HostSetting } from '../setting.js';
import {
  entries,
  type HostState,
  irqfdOf,
  nothingDone,
  type Registration,
  registrationOf,
  routeFor,
} from '../state.js';
import type { EventfdId, Holder, HostEvent, HostOperation, HostTrace } from '../vocabulary.js';
import { irqfdHolder, vectorHolder } from '../vocabulary.js';
import { targetText } from '../words.js';
import { choicesIn } from './choices.js';
import { arrivalEvents, type Refusal, type Running, refusal, Seen } from './seen.js';

/** Where a host trace leaves the model. */
export interface HostDivergence {
  /** The index of the event that is not allowed; the number of events when the trace ends too early. */
  readonly at: number;
  /** The index of the call, among the calls of the trace, in which it happened. */
  readonly call: number;
  /** What is not allowed about it. */
  readonly text: string;
  /** What was due instead, where that is an event. */
  readonly expected: readonly HostEvent[];
}

/** What following a host trace showed. */
export interface HostFollowed {
  readonly divergence?: HostDivergence;
}

/** Follow a trace. What comes before the first call is nobody's answer, and not looked at. */
export function followHost({ events }: HostTrace, setting: HostSetting): HostFollowed {
  const seen = new Seen(setting);
  let state = nothingDone;
  let call = -1;
  /** The operation that has not returned. */
  let running: Running | undefined;
  for (let at = 0; at <= events.length; at++) {
    const event = events[at];
    let refused: Refusal | undefined;
    if (event === undefined || event.type === 'call') {
      if (running !== undefined) refused = refusal('the operation does not return', returning(running));
    } else if (event.type === 'log' && event.level !== 'info' && call !== -1) {
      refused = refusal(`the host reports a defect of its own: ${event.text}`);
    } else if (event.type === 'log' || call === -1) {
      // Anybody may log, at any time.
    } else if (running === undefined) {
      refused = refusal('an operation goes on after it has returned');
    } else if (event.type === 'return') {
      refused = checkReturn(seen, running, event.status);
      running = undefined;
    } else {
      refused = seen.take(event, running);
    }
    if (refused !== undefined) return { divergence: { at, call, ...refused } };
    if (event?.type !== 'call') continue;
    const step = stepHost(setting, state, event, choicesIn(events, at, seen.names));
    running = seen.begin(event, state, step);
    state = step.state;
    call++;
  }
  return {};
}

/** The operations that assign an irqfd, or end one. */
const CHANGING_IRQFDS: readonly HostOperation['operation'][] = [
  'assignIrqfd',
  'deassignIrqfd',
  'closeEventfd',
  'destroyVm',
];

function returning({ step }: Running): HostEvent {
  return step.status === undefined ? { type: 'return' } : { type: 'return', status: step.status };
}

/** Hold what was seen of an operation against what the model says of it. */
function checkReturn(seen: Seen, running: Running, status: Status | undefined): Refusal | undefined {
  const { operation, before, step } = running;
  if (step.status !== undefined && status !== step.status)
    return refusal(`it returns ${status}, and must return ${step.status}`, returning(running));
  if (operation.operation === 'destroyVm') seen.forget(operation.vm);
  return (
    checkArrivals(running) ??
    (running.registrationsSeen || step.attempts !== undefined || step.state.registrations !== before.registrations
      ? checkRegistrations(seen, running)
      : undefined) ??
    (running.referencesSeen || step.state.devices !== before.devices || CHANGING_IRQFDS.includes(operation.operation)
      ? checkReferences(seen, step.state)
      : undefined) ??
    (running.interruptsSeen || step.state.devices !== before.devices ? checkInterrupts(seen, step.state) : undefined) ??
    checkHardware(seen, running) ??
    checkLines(seen, step.state)
  );
}

/** Everything that is due has come, and everything that was pending at a vCPU that takes interrupts was taken, once. */
function checkArrivals({ due, toTake }: Running): Refusal | undefined {
  const [missing] = due;
  if (missing !== undefined) {
    const places = missing.targets.map(targetText).join(' or ');
    return refusal(`no interrupt comes to ${places} by the ${missing.path}`, ...due.flatMap(arrivalEvents));
  }
  for (const [target, times] of toTake) {
    if (times !== 1) return refusal(`what was pending at ${target} is taken ${times} times`);
  }
  return undefined;
}

/** Who is registered is who the model has registered, and everybody who has to has asked. */
function checkRegistrations(seen: Seen, { step, attempts }: Running): Refusal | undefined {
  const due = new Set(
    entries(step.state.registrations).flatMap(([eventfd, { producer, consumer }]) =>
      [producer, consumer].flatMap((holder) => (holder === null ? [] : [`${holder} under ${eventfd}`])),
    ),
  );
  const has = new Set([...seen.registered.values()].map(({ holder, eventfd }) => `${holder} under ${eventfd}`));
  for (const one of due) if (!has.has(one)) return refusal(`${one} is not registered`);
  for (const one of has) if (!due.has(one)) return refusal(`${one} is registered`);
  if (step.status !== 0) return undefined;
  for (const { holder, eventfd } of step.attempts ?? []) {
    if (!attempts.includes(`${holder} under ${eventfd}`))
      return refusal(`${holder} does not register under ${eventfd}`);
  }
  return undefined;
}

/** Each vector and each irqfd holds a reference for every eventfd that it is set to, and nobody holds another. */
function checkReferences({ references }: Seen, state: HostState): Refusal | undefined {
  const due = new Map<string, number>();
  const hold = (eventfd: EventfdId, holder: Holder) => {
    const key = `${eventfd} ${holder}`;
    due.set(key, (due.get(key) ?? 0) + 1);
  };
  for (const [id, { index, triggers, unmask }] of entries(state.devices)) {
    if (index === null) continue;
    for (const [vector, eventfd] of Object.entries(triggers)) hold(eventfd, vectorHolder(id, index, Number(vector)));
    if (unmask !== null) hold(unmask, vectorHolder(id, 'intx', 0));
  }
  for (const [id, { irqfds }] of entries(state.vms)) {
    for (const [eventfd, { resample }] of entries(irqfds)) {
      hold(eventfd, irqfdHolder(id, eventfd));
      if (resample !== null) hold(resample, irqfdHolder(id, eventfd));
    }
  }
  for (const key of new Set([...due.keys(), ...references.keys()])) {
    const [eventfd, holder] = key.split(' ');
    const [count, wanted] = [references.get(key) ?? 0, due.get(key) ?? 0];
    if (count !== wanted) return refusal(`${holder} holds ${count} references to ${eventfd}, and must hold ${wanted}`);
  }
  return undefined;
}

/** No interrupt is requested but those of vectors that are set to an eventfd. */
function checkInterrupts({ interrupts }: Seen, { devices }: HostState): Refusal | undefined {
  const set = new Set(
    entries(devices).flatMap(([id, { index, triggers }]) =>
      index === null ? [] : Object.keys(triggers).map((vector) => vectorHolder(id, index, Number(vector))),
    ),
  );
  for (const [irq, holder] of interrupts) {
    if (!set.has(holder))
      return refusal(`interrupt ${irq} of ${holder} is left requested`, { type: 'irqFreed', holder, irq });
  }
  return undefined;
}

/** The hardware sends the interrupts of pairs where the model does, and none that has no pair; no guest is left halted. */
function checkHardware(seen: Seen, running: Running): Refusal | undefined {
  const { operation, before, step } = running;
  for (const irq of seen.mapped.keys()) {
    if (!seen.connected.has(irq))
      return refusal(`interrupt ${irq} is mapped without a pair`, { type: 'unmapped', irq });
  }
  if (operation.operation === 'setRoutes') {
    for (const [eventfd, pair] of Object.entries(before.registrations) as [EventfdId, Registration][]) {
      if (irqfdOf(before, eventfd)?.id !== operation.vm || pair.producer === null || pair.consumer === null) continue;
      const irq = seen.irqOf(pair.producer);
      const moved = !sameRoute(routeFor(before, eventfd), routeFor(step.state, eventfd));
      if (!moved || irq === undefined || !running.connectedBefore.has(irq)) continue;
      const refused = checkMapping(seen, irq, registrationOf(step.state, eventfd));
      if (refused !== undefined) return refused;
    }
  } else {
    if (operation.operation === 'deassignIrqfd') {
      const { producer, consumer } = registrationOf(before, operation.eventfd);
      const irq = producer === null ? undefined : seen.irqOf(producer);
      const ended = consumer !== null && registrationOf(step.state, operation.eventfd).consumer === null;
      if (ended && irq !== undefined && running.connectedBefore.has(irq) && seen.mapped.has(irq))
        return refusal(`interrupt ${irq} is mapped, though its irqfd has gone`, { type: 'unmapped', irq });
    }
    if (running.added.length > 0) {
      for (const pair of Object.values(step.state.registrations)) {
        if (pair.producer === null || pair.consumer === null) continue;
        const irq = seen.irqOf(pair.producer);
        if (irq === undefined || !running.added.includes(irq) || !seen.connected.has(irq)) continue;
        const refused = checkMapping(seen, irq, pair);
        if (refused !== undefined) return refused;
      }
    }
  }
  if (!backEnds[seen.setting.backEnd].halts) return undefined;
  for (const [vm, depth] of seen.halts) {
    if (depth > 0) return refusal(`${vm} is left halted`, { type: 'guestResumed', vm });
  }
  return undefined;
}

function checkMapping(seen: Seen, irq: number, { shortcut }: Registration): Refusal | undefined {
  const target = seen.mapped.get(irq);
  const [is, due] = [target, shortcut].map((one) => (one ? targetText(one) : 'the host'));
  if (is === due) return undefined;
  const expected: HostEvent = shortcut === null ? { type: 'unmapped', irq } : { type: 'mapped', irq, target: shortcut };
  return refusal(`interrupt ${irq} goes to ${is}, and must go to ${due}`, expected);
}

/** Every line that is asserted, and wired to a pin with eventfds in both directions, is being served by its guest. */
function checkLines(seen: Seen, state: HostState): Refusal | undefined {
  for (const [id, { index, triggers, unmask, deaf, ready }] of entries(state.devices)) {
    const eventfd = triggers[0];
    if (index !== 'intx' || eventfd === undefined || unmask === null || deaf || !ready) continue;
    if (state.lines[id] !== 'asserted') continue;
    const found = irqfdOf(state, eventfd);
    const route = routeFor(state, eventfd);
    if (found?.irqfd.resample !== unmask || route?.type !== 'irqchip') continue;
    if (!seen.served.has(`${found.id} pin ${route.pin}`))
      return refusal(
        `${vectorHolder(id, 'intx', 0)} is asserted, and pin ${route.pin} of ${found.id} has no interrupt`,
      );
  }
  return undefined;
}
