/** What the lanes of a host share: plain data, so that two states of it can be told apart. */
import type {
  DeviceId,
  EventfdId,
  GuestTarget,
  Holder,
  IrqIndex,
  Level,
  Route,
  VmId,
} from '../../../spec/host/vocabulary.js';
import type { Token } from '../../../spec/vocabulary.js';

/** An eventfd: user space's file of it and those of calls under way; who is told of a signal. */
export interface LaneEventfd {
  open: boolean;
  files: number;
  /** The call that closed it: what comes of that is its doing, whoever lets go of the last file. */
  closer: number | null;
  signalled: boolean;
  /** Numbers of irqfds; the first one is told. */
  waiters: number[];
  /** Devices whose line it unmasks; all are told. */
  listeners: DeviceId[];
}

/** An irqfd, by its number. */
export interface LaneIrqfd {
  readonly vm: VmId;
  readonly eventfd: EventfdId;
  readonly gsi: number;
  readonly resample: EventfdId | null;
  /** Whether it is on the list of its VM. */
  listed: boolean;
  route: Route | null;
  /** The interrupt that it is paired with. */
  irq: number | null;
  registered: boolean;
  asserts: boolean;
}

/** A vector of a device. */
export interface LaneVector {
  readonly holder: Holder;
  trigger: { readonly eventfd: EventfdId; readonly irq: number } | null;
  registered: boolean;
  /** Of a line: masked because it came, and not ended by the guest yet. */
  inFlight: boolean;
}

/** A device whose file is open. */
export interface LaneDevice {
  index: IrqIndex | null;
  vectors: Record<number, LaneVector>;
  unmask: EventfdId | null;
}

/** A line of a device, as the interrupt controller of the host has it. */
export interface LaneLine {
  level: Level;
  masked: boolean;
}

/** A pin of a guest's interrupt controller: who asserts it, and whether the guest serves it. */
export interface LanePin {
  asserting: number[];
  inService: boolean;
}

export interface World {
  eventfds: Record<EventfdId, LaneEventfd>;
  vms: Record<VmId, { routes: readonly Route[] }>;
  irqfds: LaneIrqfd[];
  /** Irqfds that were hung up and are not shut down yet, by VM. */
  shutdowns: Record<VmId, number>;
  devices: Record<DeviceId, LaneDevice>;
  /** Interrupts by number: whose each is, which are requested, and where the hardware sends them by itself. */
  holders: Holder[];
  requested: Record<number, true>;
  table: Record<number, GuestTarget>;
  lines: Record<number, LaneLine>;
  pins: Record<string, LanePin>;
  producers: Record<Token & string, { readonly holder: Holder; readonly irq: number }>;
  consumers: Record<Token & string, number>;
  names: Record<Holder | number, string>;
}

/** Nothing is there yet. */
export function emptyWorld(): World {
  return {
    eventfds: {},
    vms: {},
    irqfds: [],
    shutdowns: {},
    devices: {},
    holders: [],
    requested: {},
    table: {},
    lines: {},
    pins: {},
    producers: {},
    consumers: {},
    names: {},
  };
}
