/**
 * A host trace, read: operation by operation, what happened in each, and what was so before and after it. The rules of the
 * participants look at this and at nothing else. Nothing of it comes from the model: `follow.ts` goes that way.
 */
import type { ObjectId, Role, Status } from '../../vocabulary.js';
import type { HostSetting } from '../setting.js';
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
import type { SetUp } from './set-up.js';

/** A participant asked the manager to be registered. */
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
  /** Whether it, or another object of its holder, was registered already. */
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
  /** Whether the holder had what it let go. */
  readonly held: boolean;
  readonly at: number;
}

/** The hardware was told where an interrupt goes. */
export interface Mapping {
  readonly irq: number;
  /** Undefined where it was told to send it to the host. */
  readonly target: GuestTarget | undefined;
  readonly link: Link;
}

/**
 * What stands between an interrupt and a consumer. `joining`, `parting`: the callback of the consumer runs. `failed`: the
 * last consumer that was asked refused.
 */
export type Link = 'joining' | 'joined' | 'parting' | 'failed' | 'none';

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
  /** Whether that was in a callback of the manager, or because user space has asked for it. */
  readonly inCallback: boolean;
  readonly byUser: boolean;
}

/** The eventfd of a line was signalled: its interrupt came to the host. */
export interface LineSignalled {
  readonly irq: number;
  readonly holder: Holder;
  /** Whether the line was masked then. */
  readonly masked: boolean;
  readonly link: Link;
  /** Whether a consumer was connected at some time before. */
  readonly wasJoined: boolean;
}

/** Who is registered. */
export interface RegisteredEntry {
  readonly holder: Holder | undefined;
  readonly eventfd: EventfdId | undefined;
}

/** What is so when an operation has returned. */
export interface StateAfter {
  readonly setUp: SetUp;
  readonly registered: ReadonlyMap<ObjectId, RegisteredEntry>;
  /** The eventfds whose route has changed since what is registered under them was connected. */
  readonly moved: ReadonlyMap<EventfdId, true>;
  /** Where the hardware sends interrupts by itself, by number. */
  readonly mapped: ReadonlyMap<number, GuestTarget>;
  /** The interrupts of pairs, by number, with the consumer. */
  readonly joined: ReadonlyMap<number, ObjectId>;
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

/** What happened in one operation. */
export interface HostFacts {
  readonly registered: readonly Registered[];
  /** Those who asked to be registered, whatever came of it. */
  readonly asked: readonly RegisteredEntry[];
  /** Those of them who met a peer, and whose consumer accepted the producer. */
  readonly accepted: readonly RegisteredEntry[];
  readonly unregistered: readonly Unregistered[];
  /** The interrupts for which a consumer accepted the producer. */
  readonly joined: readonly number[];
  readonly letGo: readonly LetGo[];
  /** The vectors whose interrupt was requested although it was not freed. */
  readonly requestedAgain: readonly Holder[];
  /** Who took a reference or dropped one. */
  readonly referring: readonly Holder[];
  readonly mappings: readonly Mapping[];
  readonly arrived: readonly Arrived[];
  readonly linesMasked: readonly LineMasked[];
  readonly linesSignalled: readonly LineSignalled[];
}

/** One operation and what happened in it. */
export interface HostCall extends HostFacts {
  readonly operation: HostOperation;
  /** The index of its call event in the trace. */
  readonly at: number;
  readonly events: readonly HostEvent[];
  readonly outcome: 'returned' | 'crash' | 'hang' | 'broken';
  readonly detail: string;
  readonly status: Status | undefined;
  /** What it returns on a host without a bypass; undefined for what a device or a guest does. */
  readonly dueStatus: Status | undefined;
  readonly before: StateAfter;
  readonly after: StateAfter;
}

/** A whole trace, read. */
export interface HostHistory {
  readonly setting: HostSetting;
  readonly calls: readonly HostCall[];
}

/** Read a trace. The events of an operation are all up to the next one; what comes before the first is nobody's answer. */
export function readHostHistory(trace: HostTrace, setting: HostSetting): HostHistory {
  const { events } = trace;
  const observer = new HostObserver(setting);
  const calls: HostCall[] = [];
  let at = nextCall(events, 0);
  for (let first = events[at]; first?.type === 'call'; first = events[at]) {
    const end = nextCall(events, at + 1);
    const operation: HostOperation = first;
    const within = events.slice(at + 1, end);
    const before = observer.state();
    const { dueStatus, facts } = observer.read(operation, within);
    calls.push({
      operation,
      at,
      events: within,
      ...outcomeOf(within),
      dueStatus,
      before,
      ...facts,
      after: observer.state(),
    });
    at = end;
  }
  return { setting, calls };
}

function nextCall(events: readonly HostEvent[], from: number): number {
  let at = from;
  while (at < events.length && events[at]?.type !== 'call') at++;
  return at;
}

/** How an operation ended. Nothing happens after it has returned; a participant may still log. */
function outcomeOf(events: readonly HostEvent[]): Pick<HostCall, 'outcome' | 'detail' | 'status'> {
  const last = events.findLastIndex(({ type }) => type !== 'log');
  const end = events[last];
  if (end?.type === 'crash' || end?.type === 'hang')
    return { outcome: end.type, detail: end.detail, status: undefined };
  const returns = events.findIndex(({ type }) => type === 'return');
  if (returns === -1) return { outcome: 'broken', detail: 'never returns', status: undefined };
  if (returns !== last || end?.type !== 'return')
    return { outcome: 'broken', detail: 'goes on after it has returned', status: undefined };
  return { outcome: 'returned', detail: '', status: end.status };
}
