/**
 * What was seen of a host, as the follower keeps it: event after event, each of which is taken or refused. What the model
 * says of the operation that runs is given; what the rules know is not.
 */
import type { Event, ObjectId } from '../../vocabulary.js';
import { roleOf } from '../../vocabulary.js';
import { backEnds, routeOf, sameRoute } from '../back-ends.js';
import type { Arrival, HostStep } from '../model.js';
import type { HostSetting } from '../setting.js';
import { entries, type HostState, registrationOf, routeFor } from '../state.js';
import type { EventfdId, GuestInterrupts, GuestTarget, Holder, HostEvent, HostOperation, VmId } from '../vocabulary.js';
import { indexOf, vectorHolder } from '../vocabulary.js';
import { targetText } from '../words.js';

/** Why an event is not allowed, and what would have been. */
export interface Refusal {
  readonly text: string;
  readonly expected: readonly HostEvent[];
}

/** The operation that runs: the state that it found, what the model says of it, and what was seen of it so far. */
export interface Running {
  readonly operation: HostOperation;
  readonly before: HostState;
  readonly step: HostStep;
  /** The arrivals that are still to come. */
  readonly due: Arrival[];
  /** Those who asked the manager to be registered, as `HOLDER under EVENTFD`. */
  readonly attempts: string[];
  /** The interrupts that were connected to a consumer before it, and those for which one was added in it. */
  readonly connectedBefore: ReadonlySet<number>;
  readonly added: number[];
  /** What is to be taken at a vCPU in this operation, and how often it was. */
  readonly toTake: Map<string, number>;
  registrationsSeen: boolean;
  referencesSeen: boolean;
  interruptsSeen: boolean;
  mappingsSeen: boolean;
}

/** A registration, or an attempt at one. */
interface Entry {
  readonly object: ObjectId;
  readonly holder: Holder | undefined;
  readonly eventfd: EventfdId | undefined;
}

const ALLOWED: Refusal | undefined = undefined;

/** All that was seen of a host up to some event. */
export class Seen {
  readonly names = new Map<ObjectId, Holder>();
  readonly registered = new Map<ObjectId, Entry>();
  /** The interrupts that are requested, by number. */
  readonly interrupts = new Map<number, Holder>();
  /** How many references each holder has, by `EVENTFD HOLDER`. */
  readonly references = new Map<string, number>();
  /** Where the hardware sends interrupts by itself. */
  readonly mapped = new Map<number, GuestTarget>();
  /** The interrupts that a consumer has accepted, and those that the last one refused. */
  readonly connected = new Map<number, ObjectId>();
  readonly refused = new Set<number>();
  readonly halts = new Map<VmId, number>();
  readonly pending = new Map<string, GuestTarget>();
  /** The pins whose interrupt the guest has not ended, as `VM PIN`. */
  readonly served = new Set<string>();
  /** The consumers in whose add or del callback an interrupt is being connected or disconnected. */
  readonly #changing = new Map<ObjectId, { readonly irq: number; readonly adds: boolean }>();
  readonly #maskedLines = new Set<number>();
  #calls: (Entry | undefined)[] = [];
  #callbacks = 0;

  constructor(readonly setting: HostSetting) {}

  /** An operation begins. */
  begin(operation: HostOperation, before: HostState, step: HostStep): Running {
    this.#calls = [];
    this.#callbacks = 0;
    if (operation.operation === 'endOfInterrupt') this.#end(operation.vm, operation.pin);
    return {
      operation,
      before,
      step,
      due: [...step.arrivals],
      attempts: [],
      connectedBefore: MOVING.includes(operation.operation) ? new Set(this.connected.keys()) : NOTHING,
      added: [],
      toTake: operation.operation === 'takeInterrupts' ? this.#pendingAt(operation) : NOTHING_TO_TAKE,
      registrationsSeen: false,
      referencesSeen: false,
      interruptsSeen: false,
      mappingsSeen: false,
    };
  }

  /** A VM is gone, with all that was under way at it. */
  forget(vm: VmId): void {
    this.halts.delete(vm);
    for (const pin of this.served) if (pin.startsWith(`${vm} `)) this.served.delete(pin);
    for (const [key, target] of this.pending) if (target.vm === vm) this.pending.delete(key);
  }

  /** The number of the interrupt of a vector. */
  irqOf(vector: Holder): number | undefined {
    for (const [irq, holder] of this.interrupts) if (holder === vector) return irq;
    return undefined;
  }

  /** Take an event of the operation that runs. @returns why it is not allowed, if it is not */
  take(event: HostEvent, running: Running): Refusal | undefined {
    switch (event.type) {
      case 'named':
        this.names.set(event.object, event.holder);
        return ALLOWED;
      case 'manager':
        return this.#takeManager(event.event, running);
      case 'irqRequested': {
        running.interruptsSeen = true;
        const isHeld = this.interrupts.has(event.irq);
        this.interrupts.set(event.irq, event.holder);
        this.#maskedLines.delete(event.irq);
        return isHeld ? refusal(`interrupt ${event.irq} is requested, and was not freed before`) : ALLOWED;
      }
      case 'irqFreed':
        running.interruptsSeen = true;
        if (!this.interrupts.delete(event.irq))
          return refusal(`interrupt ${event.irq} is freed, and was not requested`);
        return this.#mustBeUnregistered(event.holder, undefined, `the interrupt of ${event.holder} is freed`);
      case 'referenceTaken':
      case 'referenceDropped':
        return this.#refer(event, running);
      case 'mapped':
      case 'unmapped':
        return this.#map(event, running);
      case 'irqMasked':
        this.#maskedLines.add(event.irq);
        return this.#callbacks === 0 &&
          running.operation.operation !== 'maskLine' &&
          this.connected.has(event.irq) &&
          backEnds[this.setting.backEnd].forwardsLines
          ? refusal(`interrupt ${event.irq} is masked while it is forwarded`)
          : ALLOWED;
      case 'irqUnmasked':
        this.#maskedLines.delete(event.irq);
        return ALLOWED;
      case 'signalled':
        return this.#signal(event.eventfd, running);
      case 'pending':
      case 'delivered':
        return this.#arrive(event, running);
      case 'guestHalted':
      case 'guestResumed':
        return this.#halt(event);
      case 'crash':
      case 'hang':
        return refusal(`the operation ends in a ${event.type}: ${event.detail}`);
      case 'call':
      case 'return':
      case 'level':
      case 'log':
        return ALLOWED;
    }
  }

  #takeManager(event: Event, running: Running): Refusal | undefined {
    switch (event.type) {
      case 'call': {
        running.registrationsSeen = true;
        if (event.operation === 'unregisterProducer' || event.operation === 'unregisterConsumer') {
          this.#calls.push(undefined);
          this.registered.delete(event.object);
          return ALLOWED;
        }
        if (event.operation !== 'registerProducer' && event.operation !== 'registerConsumer') return ALLOWED;
        const holder = this.names.get(event.object);
        const eventfd = event.token === null ? undefined : (`e${event.token.slice(1)}` as EventfdId);
        const entry: Entry = { object: event.object, holder, eventfd };
        this.#calls.push(entry);
        running.attempts.push(`${holder} under ${eventfd}`);
        return this.#attempt(entry, event.operation === 'registerProducer' ? event.irq : undefined);
      }
      case 'return': {
        const entry = this.#calls.pop();
        if (entry !== undefined && event.status === 0) this.registered.set(entry.object, entry);
        return ALLOWED;
      }
      case 'enter':
        this.#callbacks++;
        if (event.callback === 'addProducer' && event.irq !== undefined)
          this.#changing.set(event.object, { irq: event.irq, adds: true });
        if (event.callback === 'delProducer') this.#disconnect(event.object);
        return ALLOWED;
      case 'leave':
        this.#callbacks--;
        if (event.callback === 'addProducer') {
          const accepts = !this.setting.profile.fallible || (event.result ?? 0) === 0;
          this.#connect(event.object, accepts, running);
        }
        if (event.callback === 'delProducer') this.#changing.delete(event.object);
        return ALLOWED;
      default:
        return ALLOWED;
    }
  }

  /** Who asks to be registered holds its eventfd; a producer, which asks once, also its interrupt. */
  #attempt({ object, holder, eventfd }: Entry, irq: number | undefined): Refusal | undefined {
    if (holder === undefined || eventfd === undefined || !this.references.has(`${eventfd} ${holder}`))
      return refusal(`${object} registers under ${eventfd} without a reference to it`);
    if (roleOf(object) === 'consumer') return ALLOWED;
    const own = this.irqOf(holder);
    if (own === undefined || own !== irq)
      return refusal(`${object} registers with interrupt ${irq}; that of ${holder} is ${own}`);
    return this.#mustBeUnregistered(holder, undefined, `${object} registers`, object);
  }

  /** Refuses what happens while somebody is registered. */
  #mustBeUnregistered(
    holder: Holder,
    eventfd: EventfdId | undefined,
    what: string,
    itself?: ObjectId,
  ): Refusal | undefined {
    for (const entry of this.registered.values()) {
      const same = entry.object === itself || entry.holder === holder;
      if (!same || (eventfd !== undefined && entry.eventfd !== eventfd)) continue;
      return refusal(`${what} while ${entry.object} is registered`, unregistering(entry.object));
    }
    return ALLOWED;
  }

  #refer(
    { type, eventfd, holder }: Extract<HostEvent, { type: 'referenceTaken' | 'referenceDropped' }>,
    running: Running,
  ): Refusal | undefined {
    running.referencesSeen = true;
    const key = `${eventfd} ${holder}`;
    const had = this.references.get(key) ?? 0;
    if (type === 'referenceTaken') {
      this.references.set(key, had + 1);
      return ALLOWED;
    }
    if (had === 0) return refusal(`${holder} drops a reference to ${eventfd} that it does not have`);
    if (had > 1) {
      this.references.set(key, had - 1);
      return ALLOWED;
    }
    this.references.delete(key);
    return this.#mustBeUnregistered(holder, eventfd, `${holder} drops ${eventfd}`);
  }

  #connect(consumer: ObjectId, accepts: boolean, running: Running): void {
    const changing = this.#changing.get(consumer);
    this.#changing.delete(consumer);
    if (changing === undefined) return;
    this.refused.delete(changing.irq);
    if (!accepts) {
      this.refused.add(changing.irq);
      return;
    }
    this.connected.set(changing.irq, consumer);
    running.added.push(changing.irq);
  }

  #disconnect(consumer: ObjectId): void {
    for (const [irq, one] of this.connected) {
      if (one !== consumer) continue;
      this.connected.delete(irq);
      this.#changing.set(consumer, { irq, adds: false });
    }
  }

  #isChanging(irq: number): boolean {
    for (const changing of this.#changing.values()) if (changing.irq === irq) return true;
    return false;
  }

  /** The hardware is told where an interrupt goes: by the consumer that it is connected to, and by nobody else. */
  #map(event: Extract<HostEvent, { type: 'mapped' | 'unmapped' }>, running: Running): Refusal | undefined {
    running.mappingsSeen = true;
    const { irq } = event;
    if (event.type === 'mapped') this.mapped.set(irq, event.target);
    else this.mapped.delete(irq);
    if (running.operation.operation === 'setRoutes' && isUnmoved(running, this.interrupts.get(irq)))
      if (running.connectedBefore.has(irq))
        return refusal(`interrupt ${irq} is set up anew, though its route is as it was`);
    if (this.connected.has(irq) || this.#isChanging(irq)) return ALLOWED;
    if (this.refused.has(irq)) return refusal(`interrupt ${irq} is set up, though its consumer had refused`);
    return event.type === 'mapped' ? refusal(`interrupt ${irq} is mapped without a pair`) : ALLOWED;
  }

  /** A line that is not forwarded comes to the host masked. */
  #signal(eventfd: EventfdId, { operation, before, step: { state } }: Running): Refusal | undefined {
    // What user space triggers is no interrupt of the line.
    if (operation.operation === 'triggerIrqs') return ALLOWED;
    if (operation.operation === 'setLine') {
      const device = before.devices[operation.device];
      if (device?.silenced === true && device.triggers[0] === eventfd)
        return refusal(`the line of ${operation.device} comes, though user space has masked it`);
    }
    for (const [irq, holder] of this.interrupts) {
      if (indexOf(holder) !== 'intx' || this.#maskedLines.has(irq)) continue;
      if (this.connected.has(irq) || this.#isChanging(irq)) continue;
      const sets = entries(state.devices).some(
        ([id, { index, triggers }]) =>
          index === 'intx' && triggers[0] === eventfd && vectorHolder(id, 'intx', 0) === holder,
      );
      if (sets) return refusal(`${holder} comes to the host and is not masked`, { type: 'irqMasked', irq });
    }
    return ALLOWED;
  }

  #halt({ type, vm }: Extract<HostEvent, { type: 'guestHalted' | 'guestResumed' }>): Refusal | undefined {
    const depth = (this.halts.get(vm) ?? 0) + (type === 'guestHalted' ? 1 : -1);
    this.halts.set(vm, depth);
    return depth < 0 && backEnds[this.setting.backEnd].halts
      ? refusal(`${vm} is resumed without having been halted`)
      : ALLOWED;
  }

  /** An interrupt comes: one that is due, one that was pending, or that of a level. */
  #arrive(event: Extract<HostEvent, { type: 'pending' | 'delivered' }>, running: Running): Refusal | undefined {
    const { type, path, target } = event;
    const text = targetText(target);
    const wasPending = this.pending.has(text);
    if (type === 'pending') this.pending.set(text, target);
    else this.pending.delete(text);
    const taken = type === 'delivered' ? running.toTake.get(text) : undefined;
    if (taken !== undefined) running.toTake.set(text, taken + 1);
    const pin = `${target.vm} ${target.vector}`;
    const wasServed = this.served.has(pin);
    if (String(target.vector).startsWith('pin ')) this.served.add(pin);
    if (isLevel(running.before, target) || isLevel(running.step.state, target)) {
      return wasServed && !wasPending
        ? refusal(`${text} is interrupted, though its last interrupt is not ended`)
        : ALLOWED;
    }
    const at = running.due.findIndex(({ targets }) => targets.some((one) => targetText(one) === text));
    const [due] = at === -1 ? [] : running.due.splice(at, 1);
    if (due !== undefined) {
      return due.path === path
        ? ALLOWED
        : refusal(`the interrupt to ${text} takes the wrong path`, { ...event, path: due.path });
    }
    const sends = running.step.arrivals.length > 0 || SENDING.includes(running.operation.operation);
    return !sends && (wasPending || taken !== undefined)
      ? ALLOWED
      : { text: `an interrupt comes to ${text} that is not due`, expected: running.due.flatMap(arrivalEvents) };
  }

  #pendingAt({ vm, vcpu }: GuestInterrupts): Map<string, number> {
    const toTake = new Map<string, number>();
    for (const target of this.pending.values()) {
      if (target.vm === vm && target.vcpu === vcpu) toTake.set(targetText(target), 0);
    }
    return toTake;
  }

  /** The guest ends the interrupt of a pin; one that is still pending was not taken, and cannot be ended. */
  #end(vm: VmId, pin: number): void {
    for (const target of this.pending.values()) if (target.vm === vm && target.vector === `pin ${pin}`) return;
    this.served.delete(`${vm} pin ${pin}`);
  }
}

const NOTHING: ReadonlySet<number> = new Set();
const NOTHING_TO_TAKE: Map<string, number> = new Map();

/** The operations in which it matters what was connected before. */
const MOVING: readonly HostOperation['operation'][] = ['setRoutes', 'deassignIrqfd'];

/** The operations in which a message may be sent. */
const SENDING: readonly HostOperation['operation'][] = ['raise', 'unmask', 'assignIrqfd', 'triggerIrqs'];

/** An arrival that is due, as the event that it shows as, to each of its targets. */
export function arrivalEvents({ path, targets }: Arrival): readonly HostEvent[] {
  return targets.map((target) => ({ type: 'delivered', path, target }));
}

/** What is not allowed. */
export function refusal(text: string, ...expected: readonly HostEvent[]): Refusal {
  return { text, expected };
}

function unregistering(object: ObjectId): HostEvent {
  const event = {
    type: 'call',
    operation: roleOf(object) === 'producer' ? 'unregisterProducer' : 'unregisterConsumer',
  };
  return { type: 'manager', event: { ...event, object } as Event };
}

/** Whether a target is a pin that an irqfd with a resampling eventfd leads to. */
function isLevel({ vms }: HostState, { vm, vector }: GuestTarget): boolean {
  const state = vms[vm];
  return (
    state !== undefined &&
    Object.values(state.irqfds).some(({ gsi, resample }) => {
      const route = resample === null ? undefined : routeOf(state.routes, gsi);
      return route?.type === 'irqchip' && `pin ${route.pin}` === vector;
    })
  );
}

/** Whether a vector is that of a pair of the VM whose routes are set, and its own route is as it was. */
function isUnmoved({ operation, before, step }: Running, vector: Holder | undefined): boolean {
  if (vector === undefined || operation.operation !== 'setRoutes') return false;
  return entries(before.vms[operation.vm]?.irqfds ?? {}).some(([eventfd]) => {
    const { producer, consumer } = registrationOf(before, eventfd);
    return (
      producer === vector && consumer !== null && sameRoute(routeFor(before, eventfd), routeFor(step.state, eventfd))
    );
  });
}
