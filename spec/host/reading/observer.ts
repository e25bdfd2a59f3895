/** What is so at one moment of a trace: it takes event after event, and says of each what it meets. */
import type { Event, ObjectId, Status } from '../../vocabulary.js';
import { roleOf } from '../../vocabulary.js';
import { routeOf, sameRoute } from '../back-ends.js';
import type { HostSetting } from '../setting.js';
import type { EventfdId, GuestTarget, Holder, HostEvent, HostOperation, SetRoutes, VmId } from '../vocabulary.js';
import { indexOf } from '../vocabulary.js';
import type { Arrived, HostFacts, Link, Registered, RegisteredEntry, StateAfter } from './history.js';
import { SetUpKeeper } from './set-up.js';
import { SnapshotMap } from './snapshot-map.js';

/** The facts of an operation, while they are collected. */
type Collected = { [K in keyof HostFacts]: HostFacts[K][number][] };

/** An attempt to register whose call at the manager has not returned; undefined for the end of a registration. */
type Attempt = Omit<Registered, 'status'> | undefined;

const NO_FACTS: HostFacts = {
  registered: [],
  asked: [],
  accepted: [],
  unregistered: [],
  joined: [],
  letGo: [],
  requestedAgain: [],
  referring: [],
  mappings: [],
  arrived: [],
  linesMasked: [],
  linesSignalled: [],
};

/** Watches a host, event by event. */
export class HostObserver {
  readonly #setUp: SetUpKeeper;
  readonly #holders = new Map<ObjectId, Holder>();
  readonly #registered = new SnapshotMap<ObjectId, RegisteredEntry>();
  readonly #moved = new SnapshotMap<EventfdId, true>();
  readonly #mapped = new SnapshotMap<number, GuestTarget>();
  readonly #joined = new SnapshotMap<number, ObjectId>();
  readonly #failed = new SnapshotMap<number, ObjectId>();
  readonly #wasJoined = new Set<number>();
  /** The pairs whose callback runs. */
  readonly #changing = new Map<ObjectId, { readonly irq: number; readonly to: 'joining' | 'parting' }>();
  readonly #requested = new SnapshotMap<number, Holder>();
  readonly #maskedLines = new Set<number>();
  readonly #references = new SnapshotMap<string, number>();
  readonly #halts = new SnapshotMap<VmId, number>();
  readonly #inService = new SnapshotMap<string, true>();
  readonly #pending = new SnapshotMap<string, GuestTarget>();
  #overResumed: VmId | undefined;
  /** The calls at the manager that have not returned, and how many of its callbacks run. */
  #attempts: Attempt[] = [];
  #callbacks = 0;
  /** Whether the operation is one by which user space signals eventfds, or masks a line. */
  #isTriggered = false;
  #isMasked = false;
  #last: StateAfter | undefined;

  /** Whether the manager heeds what an add returns. */
  readonly #heeds: boolean;

  constructor(setting: HostSetting) {
    this.#heeds = setting.profile.fallible;
    this.#setUp = new SetUpKeeper(setting);
  }

  /** Take an operation and its events. */
  read(
    operation: HostOperation,
    events: readonly HostEvent[],
  ): { readonly dueStatus: Status | undefined; readonly facts: HostFacts } {
    this.#isTriggered = operation.operation === 'triggerIrqs';
    this.#isMasked = operation.operation === 'maskLine';
    if (operation.operation === 'setRoutes') this.#move(operation);
    if (operation.operation === 'endOfInterrupt') this.#end(operation);
    const end = events.find((event) => event.type === 'return');
    const dueStatus = this.#setUp.take(operation, end?.status);
    // Most operations of a machine do nothing but deliver.
    const facts = events.length === 1 && events[0]?.type === 'return' ? NO_FACTS : this.#watch(events);
    if (operation.operation === 'destroyVm') this.#forget(operation.vm);
    if (operation.operation !== 'setRoutes') this.#settle(facts.registered);
    return { dueStatus, facts };
  }

  /** What is so now. */
  state(): StateAfter {
    const setUp = this.#setUp.current;
    if (this.#last?.setUp === setUp) return this.#last;
    this.#last = {
      setUp,
      registered: this.#registered.snapshot(),
      moved: this.#moved.snapshot(),
      mapped: this.#mapped.snapshot(),
      joined: this.#joined.snapshot(),
      failed: this.#failed.snapshot(),
      requested: this.#requested.snapshot(),
      references: this.#references.snapshot(),
      halts: this.#halts.snapshot(),
      overResumed: this.#overResumed,
      inService: this.#inService.snapshot(),
      pending: this.#pending.snapshot(),
    };
    return this.#last;
  }

  #watch(events: readonly HostEvent[]): HostFacts {
    this.#last = undefined;
    this.#attempts = [];
    this.#callbacks = 0;
    const facts: Collected = {
      registered: [],
      asked: [],
      accepted: [],
      unregistered: [],
      joined: [],
      letGo: [],
      requestedAgain: [],
      referring: [],
      mappings: [],
      arrived: [],
      linesMasked: [],
      linesSignalled: [],
    };
    for (const [at, event] of events.entries()) this.#take(event, at, facts);
    return facts;
  }

  #take(event: HostEvent, at: number, facts: Collected): void {
    switch (event.type) {
      case 'named':
        this.#holders.set(event.object, event.holder);
        break;
      case 'manager':
        this.#takeManager(event.event, at, facts);
        break;
      case 'irqRequested':
        if (this.#requested.has(event.irq)) facts.requestedAgain.push(event.holder);
        this.#requested.set(event.irq, event.holder);
        this.#maskedLines.delete(event.irq);
        break;
      case 'irqFreed': {
        const held = this.#requested.has(event.irq);
        this.#requested.delete(event.irq);
        const needed = this.#needing(event.holder);
        facts.letGo.push({ what: 'interrupt', holder: event.holder, eventfd: undefined, needed, held, at });
        break;
      }
      case 'referenceTaken':
        this.#count(event.eventfd, event.holder, 1);
        facts.referring.push(event.holder);
        break;
      case 'referenceDropped': {
        const { eventfd, holder } = event;
        const left = this.#count(eventfd, holder, -1);
        const needed = left > 0 ? undefined : this.#needing(holder, eventfd);
        facts.referring.push(holder);
        facts.letGo.push({ what: 'reference', holder, eventfd, needed, held: left >= 0, at });
        break;
      }
      case 'mapped':
      case 'unmapped': {
        const target = event.type === 'mapped' ? event.target : undefined;
        if (target === undefined) this.#mapped.delete(event.irq);
        else this.#mapped.set(event.irq, target);
        facts.mappings.push({ irq: event.irq, target, link: this.#linkOf(event.irq) });
        break;
      }
      case 'irqMasked':
        this.#maskedLines.add(event.irq);
        facts.linesMasked.push({
          irq: event.irq,
          joined: this.#joined.has(event.irq),
          inCallback: this.#callbacks > 0,
          byUser: this.#isMasked,
        });
        break;
      case 'irqUnmasked':
        this.#maskedLines.delete(event.irq);
        break;
      case 'signalled':
        this.#takeSignal(event.eventfd, facts);
        break;
      case 'pending':
      case 'delivered':
        facts.arrived.push(this.#arrive(event));
        break;
      case 'guestHalted':
      case 'guestResumed': {
        const depth = (this.#halts.get(event.vm) ?? 0) + (event.type === 'guestHalted' ? 1 : -1);
        if (depth < 0) this.#overResumed = event.vm;
        this.#halts.set(event.vm, depth);
        break;
      }
      default:
        break;
    }
  }

  #takeManager(event: Event, at: number, facts: Collected): void {
    switch (event.type) {
      case 'call':
        if (event.operation === 'registerProducer' || event.operation === 'registerConsumer') {
          const irq = event.operation === 'registerProducer' ? event.irq : undefined;
          const attempt = this.#attempted(event.object, event.token, irq, at);
          this.#attempts.push(attempt);
          if (attempt !== undefined) facts.asked.push(attempt);
        } else if (event.operation === 'unregisterProducer' || event.operation === 'unregisterConsumer') {
          this.#attempts.push(undefined);
          this.#registered.delete(event.object);
          const role = roleOf(event.object);
          facts.unregistered.push({ role, object: event.object, holder: this.#holders.get(event.object), at });
        }
        break;
      case 'enter':
        this.#callbacks++;
        if (event.callback === 'addProducer' && event.irq !== undefined) {
          this.#changing.set(event.object, { irq: event.irq, to: 'joining' });
        }
        if (event.callback === 'delProducer') this.#parts(event.object);
        break;
      case 'leave':
        this.#callbacks--;
        if (event.callback === 'addProducer')
          this.#joins(event.object, !this.#heeds || (event.result ?? 0) === 0, facts);
        if (event.callback === 'delProducer') this.#changing.delete(event.object);
        break;
      case 'return': {
        const attempt = this.#attempts.pop();
        if (attempt === undefined) break;
        facts.registered.push({ ...attempt, status: event.status });
        if (event.status === 0) this.#registered.set(attempt.object, attempt);
        break;
      }
      default:
        break;
    }
  }

  #attempted(object: ObjectId, token: string | null, irq: number | undefined, at: number): Attempt {
    const holder = this.#holders.get(object);
    const eventfd = token === null ? undefined : (`e${token.slice(1)}` as EventfdId);
    const requestedIrq = [...this.#requested].find(([, one]) => one === holder)?.[0];
    const referenced = (this.#references.get(`${eventfd} ${holder}`) ?? 0) > 0;
    const twice = this.#registered.has(object) || (holder !== undefined && this.#needing(holder) !== undefined);
    return { role: roleOf(object), object, holder, eventfd, irq, requestedIrq, referenced, twice, at };
  }

  #takeSignal(eventfd: EventfdId, facts: Collected): void {
    // What user space triggers is no interrupt of the line.
    if (this.#isTriggered) return;
    const { triggers } = this.#setUp.current;
    for (const [irq, holder] of this.#requested) {
      if (indexOf(holder) !== 'intx' || triggers.get(holder) !== eventfd) continue;
      facts.linesSignalled.push({
        irq,
        holder,
        masked: this.#maskedLines.has(irq),
        link: this.#linkOf(irq),
        wasJoined: this.#wasJoined.has(irq),
      });
    }
  }

  #linkOf(irq: number): Link {
    for (const changing of this.#changing.values()) if (changing.irq === irq) return changing.to;
    return this.#joined.has(irq) ? 'joined' : this.#failed.has(irq) ? 'failed' : 'none';
  }

  #joins(consumer: ObjectId, accepted: boolean, facts: Collected): void {
    const newcomer = this.#attempts.at(-1);
    if (accepted && newcomer !== undefined) facts.accepted.push(newcomer);
    const irq = this.#changing.get(consumer)?.irq;
    this.#changing.delete(consumer);
    if (irq === undefined) return;
    this.#failed.delete(irq);
    if (!accepted) {
      this.#failed.set(irq, consumer);
      return;
    }
    this.#joined.set(irq, consumer);
    this.#wasJoined.add(irq);
    facts.joined.push(irq);
  }

  #parts(consumer: ObjectId): void {
    for (const [irq, one] of this.#joined) {
      if (one !== consumer) continue;
      this.#joined.delete(irq);
      this.#changing.set(consumer, { irq, to: 'parting' });
    }
  }

  /** The registered object of a holder, if it is registered under that eventfd or none is asked for. */
  #needing(holder: Holder, eventfd?: EventfdId): ObjectId | undefined {
    for (const [object, entry] of this.#registered) {
      if (entry.holder === holder && (eventfd === undefined || entry.eventfd === eventfd)) return object;
    }
    return undefined;
  }

  /** The routes of a VM change: so do those of some eventfds. Who is connected anew by another call has the new route. */
  #move({ vm, routes }: SetRoutes): void {
    const { irqfds, vms } = this.#setUp.current;
    for (const [eventfd, irqfd] of irqfds) {
      if (irqfd.vm !== vm || sameRoute(routeOf(vms.get(vm) ?? [], irqfd.gsi), routeOf(routes, irqfd.gsi))) continue;
      this.#moved.set(eventfd, true);
    }
  }

  #settle(registered: readonly Registered[]): void {
    for (const { eventfd, status } of registered) {
      if (eventfd !== undefined && status === 0) this.#moved.delete(eventfd);
    }
  }

  #count(eventfd: EventfdId, holder: Holder, by: 1 | -1): number {
    const key = `${eventfd} ${holder}`;
    const left = (this.#references.get(key) ?? 0) + by;
    if (left === 0) this.#references.delete(key);
    else this.#references.set(key, left);
    return left;
  }

  #arrive({ type, path, target }: Extract<HostEvent, { type: 'pending' | 'delivered' }>): Arrived {
    const key = `${target.vm} ${target.vcpu} ${target.vector}`;
    const pin =
      typeof target.vector === 'string' && target.vector.startsWith('pin ') ? target.vector.slice(4) : undefined;
    const serving = `${target.vm} ${pin}`;
    const wasPending = this.#pending.has(key);
    const inService = pin !== undefined && !wasPending && this.#inService.has(serving);
    if (type === 'pending') this.#pending.set(key, target);
    else this.#pending.delete(key);
    if (pin !== undefined) this.#inService.set(serving, true);
    return { type, path, target, wasPending, inService };
  }

  #end({ vm, pin }: { readonly vm: VmId; readonly pin: number }): void {
    // What is still pending was not taken, so it cannot be ended.
    if ([...this.#pending].some(([, one]) => one.vm === vm && one.vector === `pin ${pin}`)) return;
    if (this.#inService.delete(`${vm} ${pin}`)) this.#last = undefined;
  }

  #forget(vm: VmId): void {
    this.#last = undefined;
    this.#halts.delete(vm);
    for (const [key] of this.#inService) if (key.startsWith(`${vm} `)) this.#inService.delete(key);
    for (const [key, target] of this.#pending) if (target.vm === vm) this.#pending.delete(key);
  }
}
