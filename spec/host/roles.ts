/**
 * The interfaces of the other two roles, as `spec/manager.ts` is that of the manager: a driver of producers (VFIO), a
 * driver of consumers (KVM), and the environment that a host gives to each. Neither knows the other. All that they share is
 * eventfds, and the manager.
 */
import type { Manager } from '../manager.js';
import type { CallbackName, Status } from '../vocabulary.js';
import type {
  BackEnd,
  DeviceId,
  EventfdId,
  GuestTarget,
  Holder,
  HostDevice,
  IrqIndex,
  Level,
  Route,
  SetStatus,
  VmId,
} from './vocabulary.js';

/** The part of the environment that both roles are given. */
export interface ParticipantEnvironment {
  readonly manager: Manager;
  readonly backEnd: BackEnd;
  /**
   * Whether the manager heeds a refusal. In the prototype of 2015 the callbacks return nothing: a consumer is paired with
   * whatever producer comes, and has to see to it that what it cannot shortcut still comes through the host.
   */
  readonly canRefuse: boolean;
  /**
   * Take a reference to an eventfd: it is there until the reference is dropped, though user space closes it.
   *
   * @returns false when user space has no such eventfd open
   */
  readonly takeReference: (eventfd: EventfdId, holder: Holder) => boolean;
  readonly dropReference: (eventfd: EventfdId, holder: Holder) => void;
  /** Signal an eventfd. Who waits for it is told at once; if nobody does, it stays signalled. */
  readonly signal: (eventfd: EventfdId) => void;
  /**
   * Wait for an eventfd that a reference is held to. Of consumers, the first one that waits is told, and takes what was
   * signalled; all producers are told that wait, each for the end of the interrupt of its line. One that comes to an
   * eventfd that is signalled already is told at once.
   *
   * @returns ends the waiting
   */
  readonly wait: (eventfd: EventfdId, waiter: Waiter) => () => void;
  readonly log: (text: string) => void;
}

/** Something that waits for an eventfd. */
export interface Waiter {
  /** It was signalled, and is not any more. */
  signalled(): void;
  /** User space has closed it. */
  hungUp?(): void;
}

/** The environment of the driver of producers. */
export interface ProducerEnvironment extends ParticipantEnvironment {
  /** The producer callbacks without which the manager refuses; none in any version that was merged. */
  readonly mandatory: readonly CallbackName[];
  /** Request the host's interrupt of a vector: from now on it is handed to the driver. @returns its number, from 0 */
  readonly requestIrq: (device: DeviceId, index: IrqIndex, vector: number) => number;
  readonly freeIrq: (irq: number) => void;
  /** Mask a line: it does not interrupt until it is unmasked, and then does if it is still asserted. */
  readonly maskIrq: (irq: number) => void;
  readonly unmaskIrq: (irq: number) => void;
}

/** The driver of producers: VFIO. Each operation is the system call of that name; its status is the call's. */
export interface ProducerDriver {
  openDevice(device: HostDevice): Status;
  closeDevice(device: DeviceId): Status;
  resetDevice(device: DeviceId): Status;
  setIrqs(device: DeviceId, index: IrqIndex, start: number, eventfds: readonly (EventfdId | null)[]): Status;
  disableIrqs(device: DeviceId, index: IrqIndex): Status;
  setUnmaskEventfd(device: DeviceId, eventfd: EventfdId | null): Status;
  /**
   * What came later is optional, so that a driver that was written before is judged as it was: it is asked for these only
   * if it has all four (capability `irq-actions`).
   *
   * @param vectors so many from `start` on, or of each whether it is meant
   */
  triggerIrqs?(device: DeviceId, index: IrqIndex, start: number, vectors: number | readonly boolean[]): Status;
  maskLine?(device: DeviceId): Status;
  unmaskLine?(device: DeviceId): Status;
  setStatus?(device: DeviceId, status: SetStatus['status']): Status;
  /** The interrupt handler: an interrupt that was requested came to the host. */
  interrupt(irq: number): void;
}

/** The calls that a driver of producers may do without. */
export const IRQ_ACTIONS = ['triggerIrqs', 'maskLine', 'unmaskLine', 'setStatus'] as const;

/** The environment of the driver of consumers. */
export interface ConsumerEnvironment extends ParticipantEnvironment {
  /** Send an interrupt to a vCPU, from the host. */
  readonly inject: (target: GuestTarget) => void;
  /** Set a pin of a VM's interrupt controller, from the host. */
  readonly setPin: (vm: VmId, pin: number, level: Level) => void;
  /** Give the guest the interrupt of a line that is mapped: the hardware deactivates the line when the guest ends it. */
  readonly injectForwarded: (irq: number) => void;
  /** True for an interrupt of the host that is a line (INTx), and not a message. */
  readonly isLine: (irq: number) => boolean;
  /** Tell the hardware to send an interrupt straight to a vCPU: an IRTE to posted, a vLPI or a line mapped. */
  readonly map: (irq: number, target: GuestTarget) => void;
  /**
   * Tell the hardware to send an interrupt to the host again.
   *
   * @returns where an interrupt was pending in the entry that is gone, which is lost unless it is injected
   */
  readonly unmap: (irq: number) => GuestTarget | undefined;
  /**
   * Tell the hardware where what it posts to a vCPU is announced (the NDST and the vector of a posted-interrupt descriptor,
   * AVIC's physical APIC id, GICv4's residency and doorbell): at a CPU of the host, on which the vCPU runs, or at the host
   * itself (null), which wakes it. What is announced elsewhere nobody hears of. At first it is CPU 0.
   */
  readonly announce: (vm: VmId, vcpu: number, cpu: number | null) => void;
  /** Halt all vCPUs of a guest, or let them run; each halt has its resume. */
  readonly halt: (vm: VmId) => void;
  readonly resume: (vm: VmId) => void;
}

/** The driver of consumers: KVM. Each operation is the system call of that name; its status is the call's. */
export interface ConsumerDriver {
  createVm(vm: VmId, vcpus: number): Status;
  /**
   * A VM for which nothing can be shortcut, whatever the host can: `createVm` with `irqchip: 'emulated'`. It came later,
   * and is optional: a driver without it is asked for no such VM (capability `emulated-irqchip`).
   */
  createVmWithEmulatedIrqchip?(vm: VmId, vcpus: number): Status;
  destroyVm(vm: VmId): Status;
  assignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number, resample?: EventfdId): Status;
  deassignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number): Status;
  setRoutes(vm: VmId, routes: readonly Route[]): Status;
  /** The guest ended the interrupt of a pin that the host had asserted. */
  endOfInterrupt(vm: VmId, pin: number): void;
  /**
   * The host's scheduler lets a vCPU run on a CPU, or nowhere. It came later, and is optional: of a driver without it the
   * hardware is told by the host.
   */
  scheduled?(vm: VmId, vcpu: number, cpu: number | null): void;
}

/** Makes a driver with nothing open. This is what a `module:` target exports as `createProducers`. */
export type ProducerFactory = (environment: ProducerEnvironment) => ProducerDriver;

/** Makes a driver with no VM. This is what a `module:` target exports as `createConsumers`. */
export type ConsumerFactory = (environment: ConsumerEnvironment) => ConsumerDriver;
