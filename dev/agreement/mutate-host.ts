/** Wrong host traces, made from right ones by one small change. */
import type { GuestTarget, Holder, HostEvent } from '../../spec/host/vocabulary.js';
import type { Event } from '../../spec/vocabulary.js';
import { alteredCallbacks, otherObject } from './mutate.js';

/** A wrong host trace and what was done to it. */
export interface MutatedHost {
  readonly change: string;
  readonly events: readonly HostEvent[];
}

/**
 * Every trace that differs from a given one by an event dropped, doubled or exchanged with its neighbour, or by another
 * status, object, target, interrupt, eventfd, holder, VM, pin or path. Calls stay as they are: another call is another
 * program, and not a wrong answer to this one.
 */
export function* hostMutations(events: readonly HostEvent[]): Generator<MutatedHost> {
  for (const [at, event] of events.entries()) {
    if (event.type === 'call') continue;
    const what = `event ${at} (${event.type === 'manager' ? event.event.type : event.type})`;
    yield { change: `${what} dropped`, events: events.toSpliced(at, 1) };
    yield { change: `${what} doubled`, events: events.toSpliced(at, 0, event) };
    const next = events[at + 1];
    if (next !== undefined) yield { change: `${what} moved`, events: events.toSpliced(at, 2, next, event) };
    for (const [change, other] of alterations(event)) {
      yield { change: `${what}: ${change}`, events: events.with(at, other) };
    }
  }
}

type Alteration = readonly [change: string, event: HostEvent];

function* alterations(event: HostEvent): Generator<Alteration> {
  switch (event.type) {
    case 'return':
      for (const status of [0, -9, -16, 3]) {
        if (event.status !== undefined && status !== event.status) yield ['another status', { ...event, status }];
      }
      break;
    case 'named':
      yield ['another object', { ...event, object: otherObject(event.object) }];
      yield ['another holder', { ...event, holder: otherHolder(event.holder) }];
      break;
    case 'manager':
      for (const [change, other] of managerAlterations(event.event)) yield [change, { type: 'manager', event: other }];
      break;
    case 'irqRequested':
    case 'irqFreed':
      yield ['another interrupt', { ...event, irq: event.irq + 1 }];
      yield ['another holder', { ...event, holder: otherHolder(event.holder) }];
      break;
    case 'irqMasked':
    case 'irqUnmasked':
      yield ['another interrupt', { ...event, irq: event.irq + 1 }];
      yield ['the opposite', { ...event, type: event.type === 'irqMasked' ? 'irqUnmasked' : 'irqMasked' }];
      break;
    case 'referenceTaken':
    case 'referenceDropped':
      yield ['another eventfd', { ...event, eventfd: 'e7' }];
      yield ['another holder', { ...event, holder: otherHolder(event.holder) }];
      yield [
        'the opposite',
        { ...event, type: event.type === 'referenceTaken' ? 'referenceDropped' : 'referenceTaken' },
      ];
      break;
    case 'mapped':
      yield ['another interrupt', { ...event, irq: event.irq + 1 }];
      for (const target of otherTargets(event.target)) yield ['another target', { ...event, target }];
      yield ['the opposite', { type: 'unmapped', irq: event.irq }];
      break;
    case 'unmapped':
      yield ['another interrupt', { ...event, irq: event.irq + 1 }];
      yield ['the opposite', { ...event, type: 'mapped', target: { vm: 'vm0', vcpu: 0, vector: 48 } }];
      break;
    case 'signalled':
      yield ['another eventfd', { ...event, eventfd: 'e7' }];
      break;
    case 'pending':
    case 'delivered':
      yield ['the other path', { ...event, path: event.path === 'host' ? 'bypass' : 'host' }];
      yield ['not as before', { ...event, type: event.type === 'pending' ? 'delivered' : 'pending' }];
      for (const target of otherTargets(event.target)) yield ['another target', { ...event, target }];
      break;
    case 'level':
      yield ['another pin', { ...event, pin: event.pin + 1 }];
      break;
    case 'guestHalted':
    case 'guestResumed':
      yield ['another VM', { ...event, vm: 'vm7' }];
      yield ['the opposite', { ...event, type: event.type === 'guestHalted' ? 'guestResumed' : 'guestHalted' }];
      break;
    case 'call':
    case 'crash':
    case 'hang':
    case 'log':
      break;
  }
}

function* managerAlterations(event: Event): Generator<readonly [string, Event]> {
  switch (event.type) {
    case 'call':
      if ('token' in event) yield ['another token', { ...event, token: 't7' }];
      if ('object' in event) yield ['another object', { ...event, object: otherObject(event.object) } as Event];
      if (event.operation === 'registerProducer') yield ['another interrupt', { ...event, irq: event.irq + 1 }];
      break;
    case 'return':
      for (const status of [0, -16, 3]) {
        if (event.status !== undefined && status !== event.status) yield ['another status', { ...event, status }];
      }
      break;
    case 'enter':
    case 'leave':
      yield* alteredCallbacks(event);
      break;
    default:
      break;
  }
}

/** A holder of the same kind: of another device, or another VM. */
function otherHolder(holder: Holder): Holder {
  return holder.replace(/^(d|vm)\d+/, '$17') as Holder;
}

function otherTargets(target: GuestTarget): readonly GuestTarget[] {
  return [
    { ...target, vcpu: target.vcpu + 1 },
    { ...target, vm: 'vm7' },
    { ...target, vector: typeof target.vector === 'number' ? target.vector + 1 : 48 },
  ];
}
