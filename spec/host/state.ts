/**
 * The state of a host as it follows from the operations alone: what user space has set up, and what comes of that at the
 * manager. Plain data, never changed in place.
 */
import { routeOf, shortcut } from './back-ends.js';
import type { HostSetting } from './setting.js';
import type {
  DeviceId,
  EventfdId,
  GuestTarget,
  Holder,
  HostModule,
  IrqIndex,
  Level,
  Route,
  VmId,
} from './vocabulary.js';
import { indexOf } from './vocabulary.js';

/** An eventfd that was created. */
export interface EventfdState {
  readonly open: boolean;
  /** It was signalled while nobody waited. */
  readonly signalled: boolean;
}

/** A device whose file is open. */
export interface DeviceState {
  readonly index: IrqIndex | null;
  /** The eventfd of each vector of that index. */
  readonly triggers: Readonly<Record<number, EventfdId>>;
  readonly unmask: EventfdId | null;
  /** Of a line: whether it was asserted since its vector was set, so that an interrupt may be under way. */
  readonly underWay: boolean;
  /**
   * Of a line: whether it may have missed the end of its interrupt, because its unmask eventfd was set while one was under
   * way, and others listen there, too. Then nobody can tell whether the line is enabled.
   */
  readonly deaf: boolean;
  /** Of a line: whether user space has masked it, and nothing has come since that may have unmasked it. */
  readonly silenced: boolean;
  /** Of vhost-vdpa: whether the driver is ready. Until it is, what is set has no producer and sends nothing. */
  readonly ready: boolean;
}

/** A device of which no interrupt is set. */
export const NOTHING_SET: DeviceState = {
  index: null,
  triggers: {},
  unmask: null,
  underWay: false,
  deaf: false,
  silenced: false,
  ready: true,
};

/** A vector that is masked in its device. */
export interface MaskState {
  /** It sent something meanwhile. */
  readonly sent: boolean;
}

/** An irqfd. */
export interface IrqfdState {
  readonly gsi: number;
  readonly resample: EventfdId | null;
}

/** A virtual machine. */
export interface VmState {
  readonly vcpus: number;
  readonly routes: readonly Route[];
  readonly irqfds: Readonly<Record<EventfdId, IrqfdState>>;
  /** The vCPUs that hold their interrupts. */
  readonly held: readonly number[];
  /** Given where nothing can be shortcut for this VM, whatever the host can. */
  readonly irqchip?: 'emulated';
}

/** The producer and the consumer that are registered under the token of an eventfd. */
export interface Registration {
  readonly producer: Holder | null;
  readonly consumer: Holder | null;
  /** The place to which the hardware sends the interrupt of the pair by itself; null where it goes through the host. */
  readonly shortcut: GuestTarget | null;
}

/** The state of a host. Whatever is not in a record is not there. */
export interface HostState {
  readonly eventfds: Readonly<Record<EventfdId, EventfdState>>;
  readonly devices: Readonly<Record<DeviceId, DeviceState>>;
  readonly lines: Readonly<Record<DeviceId, Level>>;
  /** The devices whose line an eventfd has ever unmasked. */
  readonly unmaskers: Readonly<Record<EventfdId, readonly DeviceId[]>>;
  readonly masks: Readonly<Record<Holder, MaskState>>;
  readonly vms: Readonly<Record<VmId, VmState>>;
  readonly registrations: Readonly<Record<EventfdId, Registration>>;
  readonly unloaded: readonly HostModule[];
}

/** The state of a host on which nothing was done. */
export const nothingDone: HostState = {
  eventfds: {},
  devices: {},
  lines: {},
  unmaskers: {},
  masks: {},
  vms: {},
  registrations: {},
  unloaded: [],
};

/** A record with one entry set. */
export function put<K extends string | number, V>(record: Readonly<Record<K, V>>, key: K, value: V): Record<K, V> {
  return { ...record, [key]: value } as Record<K, V>;
}

/** A record without one entry. */
export function without<K extends string | number, V>(record: Readonly<Record<K, V>>, key: K): Record<K, V> {
  const rest = { ...record } as Partial<Record<K, V>>;
  delete rest[key];
  return rest as Record<K, V>;
}

/** The entries of a record, with the type of their keys. */
export function entries<K extends string, V>(record: Readonly<Record<K, V>>): readonly (readonly [K, V])[] {
  return Object.entries(record) as [K, V][];
}

/** Nothing registered. */
export const NONE: Registration = { producer: null, consumer: null, shortcut: null };

/** The producer and the consumer that are registered under an eventfd. */
export function registrationOf(state: HostState, eventfd: EventfdId): Registration {
  return state.registrations[eventfd] ?? NONE;
}

/** The VM that has an irqfd for an eventfd, with the irqfd; an eventfd has at most one. */
export function irqfdOf(
  state: HostState,
  eventfd: EventfdId,
): { readonly id: VmId; readonly vm: VmState; readonly irqfd: IrqfdState } | undefined {
  for (const [id, vm] of entries(state.vms)) {
    const irqfd = vm.irqfds[eventfd];
    if (irqfd !== undefined) return { id, vm, irqfd };
  }
  return undefined;
}

/** The route of an interrupt that signals an eventfd. */
export function routeFor(state: HostState, eventfd: EventfdId): Route | undefined {
  const found = irqfdOf(state, eventfd);
  return found === undefined ? undefined : routeOf(found.vm.routes, found.irqfd.gsi);
}

/** The place to which the hardware can send the interrupt of a vector by itself, if it is paired under an eventfd. */
export function shortcutFor(
  setting: HostSetting,
  state: HostState,
  eventfd: EventfdId,
  producer: Holder,
): GuestTarget | null {
  const found = irqfdOf(state, eventfd);
  if (found === undefined || found.vm.irqchip === 'emulated') return null;
  return shortcut(setting.backEnd, indexOf(producer), found.id, routeFor(state, eventfd)) ?? null;
}

/** A state as text: two states are the same if these are. */
export function stateKey(state: HostState): string {
  return keyOf(state);
}

/** A value as text, with the keys of records in order. */
function keyOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record).sort();
  return `{${keys.map((key) => `${key}:${keyOf(record[key])}`).join()}}`;
}
