/** What is so at one moment of a trace: it takes event after event, and says of each what it meets. */
import type { Event, ObjectId } from '../../vocabulary.js';
import { roleOf } from '../../vocabulary.js';
import type { EventfdId, GuestTarget, Holder, HostEvent, HostOperation, VmId } from '../vocabulary.js';
import type { Arrived, LetGo, LineMasked, Mapping, Registered, StateAfter, Unregistered } from './history.js';
import { SnapshotMap } from './snapshot-map.js';

/** What happened in one operation. */
export interface Facts {
  readonly registered: readonly Registered[];
  readonly unregistered: readonly Unregistered[];
  readonly letGo: readonly LetGo[];
  readonly mappings: readonly Mapping[];
  readonly arrived: readonly Arrived[];
  readonly linesMasked: readonly LineMasked[];
}

interface Entry {
  readonly holder: Holder | undefined;
  readonly eventfd: EventfdId | undefined;
  readonly irq: number | undefined;
}

type Attempt = Omit<Registered, 'status'> & Entry;

const NO_FACTS: Facts = { registered: [], unregistered: [], letGo: [], mappings: [], arrived: [], linesMasked: [] };

/** Watches a host, event by event. */
export class HostObserver {
  readonly #holders = new Map<ObjectId, Holder>();
  readonly #registered = new SnapshotMap<ObjectId, Entry>();
  readonly #mapped = new SnapshotMap<number, GuestTarget>();
  readonly #joined = new SnapshotMap<number, ObjectId>();
  /** The interrupts whose last consumer refused. */
  readonly #failed = new SnapshotMap<number, ObjectId>();
  readonly #wasJoined = new SnapshotMap<number, true>();
  /** The pairs whose callback runs. */
  readonly #changing = new Map<ObjectId, { readonly irq: number; readonly to: 'joining' | 'parting' }>();
  readonly #requested = new SnapshotMap<number, Holder>();
  readonly #references = new SnapshotMap<string, number>();
  readonly #halts = new SnapshotMap<VmId, number>();
  readonly #inService = new SnapshotMap<string, true>();
  readonly #pending = new SnapshotMap<string, GuestTarget>();
  #overResumed: VmId | undefined;
  #callbacks = 0;
  #attempt: Attempt | undefined;
  #last: StateAfter | undefined;

  /** Take the events of one operation. */
  read(operation: HostOperation, events: readonly HostEvent[]): Facts {
    if (operation.operation === 'endOfInterrupt') this.#end(operation);
    // Most operations of a machine do nothing but deliver.
    if (events.length <= 1 && operation.operation !== 'destroyVm') return NO_FACTS;
    this.#last = undefined;
    const facts = {
      registered: [] as Registered[],
      unregistered: [] as Unregistered[],
      letGo: [] as LetGo[],
      mappings: [] as Mapping[],
      arrived: [] as Arrived[],
      linesMasked: [] as LineMasked[],
    };
    for (const [at, event] of events.entries()) this.#take(event, at, facts);
    if (operation.operation === 'destroyVm') this.#forget(operation.vm);
    return facts;
  }

  /** What is so now. */
  state(): StateAfter {
    this.#last ??= {
      registered: this.#registered.snapshot(),
      mapped: this.#mapped.snapshot(),
      joined: this.#joined.snapshot(),
      wasJoined: this.#wasJoined.snapshot(),
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

  #take(event: HostEvent, at: number, facts: { [K in keyof Facts]: Facts[K][number][] }): void {
    switch (event.type) {
      case 'named':
        this.#holders.set(event.object, event.holder);
        break;
      case 'manager':
        this.#takeManager(event.event, at, facts);
        break;
      case 'irqRequested':
        this.#requested.set(event.irq, event.holder);
        break;
      case 'irqFreed':
        this.#requested.delete(event.irq);
        facts.letGo.push({
          what: 'interrupt',
          holder: event.holder,
          eventfd: undefined,
          needed: this.#needing(event.holder),
          at,
        });
        break;
      case 'referenceTaken':
        this.#count(event.eventfd, event.holder, 1);
        break;
      case 'referenceDropped': {
        const left = this.#count(event.eventfd, event.holder, -1);
        const needed = left > 0 ? undefined : this.#needing(event.holder, event.eventfd);
        facts.letGo.push({ what: 'reference', holder: event.holder, eventfd: event.eventfd, needed, at });
        break;
      }
      case 'mapped':
      case 'unmapped': {
        const target = event.type === 'mapped' ? event.target : undefined;
        if (target === undefined) this.#mapped.delete(event.irq);
        else this.#mapped.set(event.irq, target);
        facts.mappings.push({ irq: event.irq, target, pair: this.#pairOf(event.irq) });
        break;
      }
      case 'irqMasked': {
        facts.linesMasked.push({
          irq: event.irq,
          joined: this.#joined.has(event.irq),
          inCallback: this.#callbacks > 0,
        });
        break;
      }
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

  #takeManager(event: Event, at: number, facts: { [K in keyof Facts]: Facts[K][number][] }): void {
    switch (event.type) {
      case 'call':
        if (event.operation === 'registerProducer' || event.operation === 'registerConsumer') {
          const irq = event.operation === 'registerProducer' ? event.irq : undefined;
          this.#attempt = this.#attempted(event.object, event.token, irq, at);
        } else if (event.operation === 'unregisterProducer' || event.operation === 'unregisterConsumer') {
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
        if (event.callback === 'addProducer') this.#joins(event.object, (event.result ?? 0) === 0);
        if (event.callback === 'delProducer') this.#changing.delete(event.object);
        break;
      case 'return':
        if (this.#attempt === undefined) break;
        facts.registered.push({ ...this.#attempt, status: event.status });
        if (event.status === 0) this.#registered.set(this.#attempt.object, this.#attempt);
        this.#attempt = undefined;
        break;
      default:
        break;
    }
  }

  #attempted(object: ObjectId, token: string | null, irq: number | undefined, at: number): Attempt {
    const holder = this.#holders.get(object);
    const eventfd = token === null ? undefined : (`e${token.slice(1)}` as EventfdId);
    const requestedIrq = [...this.#requested].find(([, one]) => one === holder)?.[0];
    const referenced = (this.#references.get(`${eventfd} ${holder}`) ?? 0) > 0;
    const twice = this.#registered.has(object);
    return { role: roleOf(object), object, holder, eventfd, irq, requestedIrq, referenced, twice, at };
  }

  #pairOf(irq: number): Mapping['pair'] {
    for (const changing of this.#changing.values()) if (changing.irq === irq) return changing.to;
    return this.#joined.has(irq) ? 'joined' : this.#failed.has(irq) ? 'failed' : 'none';
  }

  #joins(consumer: ObjectId, accepted: boolean): void {
    const irq = this.#changing.get(consumer)?.irq;
    this.#changing.delete(consumer);
    if (irq === undefined) return;
    this.#failed.delete(irq);
    if (accepted) this.#joined.set(irq, consumer);
    else this.#failed.set(irq, consumer);
    if (accepted) this.#wasJoined.set(irq, true);
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
