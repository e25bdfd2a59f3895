/** The events of a host trace. */
import type { CallbackName, Event, ObjectId, Status } from '../vocabulary.js';
import type { BackEnd, EventfdId, Holder, HostDevice, HostOperation, Level, VcpuNumber, VmId } from './vocabulary.js';

/** An operation began. */
export type HostCallEvent = { readonly type: 'call' } & HostOperation;

/** The operation is done; what a system call returned (0 or a negative errno), nothing for what a machine does. */
export interface HostReturnEvent {
  readonly type: 'return';
  readonly status?: Status;
}

/** A producer or a consumer has a name from here on. Each vector has one producer, each KVM_IRQFD one consumer. */
export interface NamedEvent {
  readonly type: 'named';
  readonly object: ObjectId;
  readonly holder: Holder;
  /** The callbacks that it has; absent where nobody can see them, as on a real host. */
  readonly callbacks?: readonly CallbackName[];
}

/** Something happened at the manager: a call of one of its operations, a callback, a return. */
export interface ManagerEvent {
  readonly type: 'manager';
  readonly event: Event;
}

/** The host's interrupt of a vector was requested, or freed. */
export interface IrqEvent {
  readonly type: 'irqRequested' | 'irqFreed';
  readonly holder: Holder;
  /** @asType integer */
  readonly irq: number;
}

/** The line's interrupt was masked at the host, or unmasked. */
export interface IrqMaskEvent {
  readonly type: 'irqMasked' | 'irqUnmasked';
  /** @asType integer */
  readonly irq: number;
}

/** A reference to an eventfd was taken, or dropped. */
export interface ReferenceEvent {
  readonly type: 'referenceTaken' | 'referenceDropped';
  readonly eventfd: EventfdId;
  readonly holder: Holder;
}

/** The destination of an interrupt: a vector of a vCPU. */
export interface GuestTarget {
  readonly vm: VmId;
  readonly vcpu: VcpuNumber;
  /** The vector or LPI that the guest sees; `nmi` for an NMI, `pin 4` for a pin of the interrupt controller. */
  readonly vector: GuestVector;
}

/** The number or name under which the guest sees an interrupt. */
export type GuestVector = number | 'nmi' | `pin ${number}`;

/** The hardware was told to send an interrupt straight to a guest: an IRTE was set to posted, a vLPI or a line mapped. */
export interface MappedEvent {
  readonly type: 'mapped';
  /** @asType integer */
  readonly irq: number;
  readonly target: GuestTarget;
}

/** The hardware was told to send an interrupt to the host again. */
export interface UnmappedEvent {
  readonly type: 'unmapped';
  /** @asType integer */
  readonly irq: number;
}

/** An eventfd was signalled by the host's interrupt handler. */
export interface SignalledEvent {
  readonly type: 'signalled';
  readonly eventfd: EventfdId;
}

/**
 * The way on which an interrupt came to the guest. A line that came by `bypass` is one whose end of interrupt goes from
 * the guest straight to the hardware.
 */
export type DeliveryPath = 'host' | 'bypass';

/**
 * An interrupt arrived at a vCPU: `pending` when it reached it and is not taken yet; `delivered` when the guest takes it.
 * One that is taken at once is delivered only.
 */
export interface ArrivalEvent {
  readonly type: 'pending' | 'delivered';
  readonly path: DeliveryPath;
  readonly target: GuestTarget;
}

/** A pin of the guest's interrupt controller changed its level. */
export interface LevelEvent {
  readonly type: 'level';
  readonly vm: VmId;
  /** @asType integer */
  readonly pin: number;
  readonly level: Level;
}

/** All vCPUs of a guest were halted, or one halt was taken back: it runs again when all are. */
export interface GuestEvent {
  readonly type: 'guestHalted' | 'guestResumed';
  readonly vm: VmId;
}

/** The operation never returned: something died, threw, or can make no progress. Nothing follows in the trace. */
export interface HostEndEvent {
  readonly type: 'crash' | 'hang';
  readonly detail: string;
}

/** Something was logged. */
export interface HostLogEvent {
  readonly type: 'log';
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** One thing that happened on a host. */
export type HostEvent =
  | HostCallEvent
  | HostReturnEvent
  | NamedEvent
  | ManagerEvent
  | IrqEvent
  | IrqMaskEvent
  | ReferenceEvent
  | MappedEvent
  | UnmappedEvent
  | SignalledEvent
  | ArrivalEvent
  | LevelEvent
  | GuestEvent
  | HostEndEvent
  | HostLogEvent;

/** A trace of a host: everything that happened on it. */
export interface HostTrace {
  readonly backEnd: BackEnd;
  readonly devices: readonly HostDevice[];
  readonly events: readonly HostEvent[];
}
