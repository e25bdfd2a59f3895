/**
 * A host trace, read: operation by operation, what happened in each, with what was so at that observer. The rules of the
 * participants look at this and at nothing else.
 */
import type { ObjectId, Role, Status } from '../../vocabulary.js';
import { type HostStep, stepHost } from '../model.js';
import { type HostSetting, type HostState, nothingDone } from '../state.js';
import type {
  DeliveryPath,
  EventfdId,
  GuestTarget,
  Holder,
  HostEvent,
  HostOperation,
  HostTrace,
  VmId,
} from '../vocabulary.js';
import { HostObserver } from './observer.js';

/** A participant registered. */
export interface Registered {
  readonly role: Role;
  readonly object: ObjectId;
  readonly holder: Holder | undefined;
  readonly eventfd: EventfdId | undefined;
  /** The interrupt that a producer registered with, and the one that was requested for its vector. */
  readonly irq: number | undefined;
  readonly requestedIrq: number | undefined;
  /** Whether its holder held a reference to the eventfd. */
  readonly referenced: boolean;
  /** Whether it was registered already. */
  readonly twice: boolean;
  readonly status: Status | undefined;
  /** The place of the call among the events of the operation. */
  readonly at: number;
}

/** A participant unregistered. */
export interface Unregistered {
  readonly role: Role;
  readonly object: ObjectId;
  readonly holder: Holder | undefined;
  readonly at: number;
}

/** An interrupt was freed, or a reference dropped. */
export interface LetGo {
  readonly what: 'interrupt' | 'reference';
  readonly holder: Holder;
  readonly eventfd: EventfdId | undefined;
  /** The object of this holder that is still registered and needs what was let go. */
  readonly needed: ObjectId | undefined;
  readonly at: number;
}

/** The hardware was told where an interrupt goes. */
export interface Mapping {
  readonly irq: number;
  /** Undefined where it was told to send it to the host. */
  readonly target: GuestTarget | undefined;
  /** What stood between the interrupt and a consumer then. `failed`: the last consumer that was asked refused. */
  readonly pair: 'joining' | 'joined' | 'parting' | 'failed' | 'none';
}

/** An interrupt came to a guest. */
export interface Arrived {
  readonly type: 'pending' | 'delivered';
  readonly path: DeliveryPath;
  readonly target: GuestTarget;
  /** It was pending before and is taken now. */
  readonly wasPending: boolean;
  /** It is a pin whose interrupt before this one is not ended yet. */
  readonly inService: boolean;
}

/** The host masked a line. */
export interface LineMasked {
  readonly irq: number;
  /** Whether a pair was joined for it. */
  readonly joined: boolean;
  /** Whether that was in a callback of the manager. */
  readonly inCallback: boolean;
}

/** What is so when an operation has returned. */
export interface StateAfter {
  readonly registered: ReadonlyMap<
    ObjectId,
    { readonly holder: Holder | undefined; readonly eventfd: EventfdId | undefined }
  >;
  /** Where the hardware sends interrupts by itself, by number. */
  readonly mapped: ReadonlyMap<number, GuestTarget>;
  /** The interrupts of pairs, by number, with the consumer. */
  readonly joined: ReadonlyMap<number, ObjectId>;
  /** The interrupts that were part of a pair at some time. */
  readonly wasJoined: ReadonlyMap<number, true>;
  /** The interrupts whose last consumer refused. */
  readonly failed: ReadonlyMap<number, ObjectId>;
  /** The interrupts that are requested, by number. */
  readonly requested: ReadonlyMap<number, Holder>;
  /** How many references each holder has to an eventfd, by `EVENTFD HOLDER`. */
  readonly references: ReadonlyMap<string, number>;
  /** How often each guest is halted. */
  readonly halts: ReadonlyMap<VmId, number>;
  /** A guest that was resumed without having been halted. */
  readonly overResumed: VmId | undefined;
  /** The pins whose interrupt the guest has not ended, as `VM PIN`. */
  readonly inService: ReadonlyMap<string, true>;
  /** What is pending at the vCPUs. */
  readonly pending: ReadonlyMap<string, GuestTarget>;
}

/** One operation and what happened in it. */
export interface HostCall {
  readonly operation: HostOperation;
  /** The index of its call event in the trace. */
  readonly at: number;
  readonly events: readonly HostEvent[];
  readonly outcome: 'returned' | 'crash' | 'hang' | 'broken';
  readonly detail: string;
  readonly status: Status | undefined;
  readonly before: HostState;
  /** What the model says of it. */
  readonly expected: HostStep;
  readonly earlier: StateAfter;
  readonly registered: readonly Registered[];
  readonly unregistered: readonly Unregistered[];
  readonly letGo: readonly LetGo[];
  readonly mappings: readonly Mapping[];
  readonly arrived: readonly Arrived[];
  readonly linesMasked: readonly LineMasked[];
  readonly after: StateAfter;
}

/** A whole trace, read. */
export interface HostHistory {
  readonly setting: HostSetting;
  readonly calls: readonly HostCall[];
}

/** Read a trace. The operations alone say what the state is; what a target says of itself is held against that. */
export function readHostHistory(trace: HostTrace, setting: HostSetting): HostHistory {
  const observer = new HostObserver();
  const calls: HostCall[] = [];
  let state = nothingDone;
  let at = 0;
  while (at < trace.events.length) {
    const first = trace.events[at];
    if (first?.type !== 'call') break;
    let end = at + 1;
    while (end < trace.events.length && trace.events[end]?.type !== 'call' && trace.events[end - 1]?.type !== 'return')
      end++;
    const { type: _, ...operation } = first;
    const events = trace.events.slice(at + 1, end);
    const earlier = observer.state();
    const expected = stepHost(setting, state, operation);
    const facts = observer.read(operation, events);
    const last = events.at(-1);
    calls.push({
      operation,
      at,
      events,
      outcome:
        last?.type === 'return' ? 'returned' : last?.type === 'crash' || last?.type === 'hang' ? last.type : 'broken',
      detail: last?.type === 'crash' || last?.type === 'hang' ? last.detail : '',
      status: last?.type === 'return' ? last.status : undefined,
      before: state,
      expected,
      earlier,
      ...facts,
      after: observer.state(),
    });
    state = expected.state;
    at = end;
  }
  return { setting, calls };
}
