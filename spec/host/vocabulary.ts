/**
 * The words of the host, as types: what user space, the hardware and the guest do, and what comes of it.
 *
 *     user space ──ioctl──> VFIO (producer) ──> manager <── KVM (consumer) <──ioctl── user space
 *                              ^                                │
 *     device ──interrupt───────┘ ─ ─ ─ ─ bypass ─ ─ ─ ─ ─ ─ ─ > vCPU
 *
 * A **host program** is plain data, decided before it runs. Each of its operations on VFIO, KVM and eventfds is one system
 * call, so that the same program runs on a simulated host and on a real one. Nothing in any of them names the bypass.
 * A **host trace** is what happened, in one sequence. What the manager saw is in it as events of the manager's own
 * vocabulary, so that the manager of a host is judged by the manager's rules. Its events are in `events.ts`.
 */

export * from './events.js';

/** A virtual machine.
 * @pattern ^vm[0-9]+$ */
export type VmId = `vm${number}`;

/** A device that VFIO hands to user space.
 * @pattern ^d[0-9]+$ */
export type DeviceId = `d${number}`;

/** An eventfd. The manager's token of `e3` is `t3`.
 * @pattern ^e[0-9]+$ */
export type EventfdId = `e${number}`;

/** A kind of interrupt of a device, as VFIO_DEVICE_SET_IRQS counts them. INTx has one vector, 0. */
export type IrqIndex = 'intx' | 'msi' | 'msix';

/**
 * A holder of a reference to an eventfd: a vector of a device (`d0.msix.1`), or the irqfd of a VM (`vm0.e1`). A vector has
 * a producer, and an irqfd a consumer.
 * @pattern ^(d[0-9]+\.(intx|msi|msix)\.[0-9]+|vm[0-9]+\.e[0-9]+)$
 */
export type Holder = `${DeviceId}.${IrqIndex}.${number}` | `${VmId}.${EventfdId}`;

/**
 * The hardware and the code by which a host shortcuts interrupts.
 * - `vtd-posted`: posted interrupts of Intel VT-d.
 * - `amd-avic`: guest-mode interrupt remapping of AMD's AVIC.
 * - `arm-forwarding`: vLPIs of GICv4 for messages, IRQ forwarding for lines; connecting halts the guest.
 * - `refusing`: none. The consumer may refuse every producer, as powerpc does with +1 when told so; or accept it and map
 *   nothing, as x86 does without posted interrupts; or never register.
 */
export type BackEnd = 'vtd-posted' | 'amd-avic' | 'arm-forwarding' | 'refusing';

/** A device of a host. */
export interface HostDevice {
  readonly id: DeviceId;
  /**
   * Its driver. They differ in what a reset does: vfio-pci keeps the vectors as user space set them, vhost-vdpa
   * lets all of them go.
   */
  readonly driver: 'vfio-pci' | 'vhost-vdpa';
  /** Its vectors of MSI-X and of MSI each.
   * @asType integer */
  readonly vectors: number;
}

/** The way of an interrupt of a VM, from KVM_SET_GSI_ROUTING. A GSI without an entry goes nowhere. */
export type Route = MsiRoute | IrqchipRoute;

/**
 * A message to vCPUs.
 *
 * On Arm the route stands for an entry of the guest's ITS: fixed, to one vCPU; a message to nobody is one that the
 * guest has not mapped.
 */
export interface MsiRoute {
  readonly type: 'msi';
  /** @asType integer
   * @minimum 0 */
  readonly gsi: number;
  /** The vCPUs that it is sent to, by number; nobody when empty. */
  readonly vcpus: readonly VcpuNumber[];
  /** The vector (x86) or the LPI (Arm) that the guest sees; of no meaning for an NMI.
   * @asType integer */
  readonly vector: number;
  /** `fixed`: to each of the vCPUs. `lowest-priority`: to one of them. `nmi`: as an NMI, which cannot be posted. */
  readonly delivery: 'fixed' | 'lowest-priority' | 'nmi';
}

/** The number of a vCPU of a VM, from 0.
 * @asType integer
 * @minimum 0 */
export type VcpuNumber = number;

/** The number of a CPU of the host, from 0.
 * @asType integer
 * @minimum 0 */
export type CpuNumber = number;

/** A pin of the VM's interrupt controller, edge or level. */
export interface IrqchipRoute {
  readonly type: 'irqchip';
  /** @asType integer
   * @minimum 0 */
  readonly gsi: number;
  /** @asType integer
   * @minimum 0 */
  readonly pin: number;
}

/** eventfd(2). Every eventfd exists once: an id is not created twice. */
export type CreateEventfd = { readonly operation: 'createEventfd'; readonly eventfd: EventfdId };

/** close(2) of an eventfd: user space's reference goes; what waits on it is told that it hung up. */
export type CloseEventfd = { readonly operation: 'closeEventfd'; readonly eventfd: EventfdId };

/** KVM_CREATE_VM, with an interrupt controller and vCPUs. No route is set. */
export interface CreateVm {
  readonly operation: 'createVm';
  readonly vm: VmId;
  /** @asType integer
   * @minimum 1 */
  readonly vcpus: number;
  /**
   * Given where the interrupt controller is emulated throughout: a GIC without vPEs, or an APIC for which AVIC or APICv is
   * inhibited. Then nothing can be shortcut for the VM, on a host that can for others, and its consumers may refuse every
   * producer, accept it and map nothing, or never register.
   */
  readonly irqchip?: 'emulated';
}

/** The last file of the VM is closed. */
export type DestroyVm = { readonly operation: 'destroyVm'; readonly vm: VmId };

/**
 * KVM_IRQFD: when the eventfd is signalled, the GSI is triggered. One that no route can name (`FIRST_WILD_GSI` and above)
 * may be refused with -EINVAL, as Linux does since 4.14, or be taken for one without a route.
 */
export interface AssignIrqfd {
  readonly operation: 'assignIrqfd';
  readonly vm: VmId;
  readonly eventfd: EventfdId;
  /** @asType integer
   * @minimum 0 */
  readonly gsi: number;
  /** KVM_IRQFD_FLAG_RESAMPLE: the GSI is a level, and this eventfd is signalled at its end of interrupt. */
  readonly resample?: EventfdId;
}

/** KVM_IRQFD with KVM_IRQFD_FLAG_DEASSIGN. */
export interface DeassignIrqfd {
  readonly operation: 'deassignIrqfd';
  readonly vm: VmId;
  readonly eventfd: EventfdId;
  /** @asType integer
   * @minimum 0 */
  readonly gsi: number;
}

/** KVM_SET_GSI_ROUTING: the whole table at once. */
export interface SetRoutes {
  readonly operation: 'setRoutes';
  readonly vm: VmId;
  readonly routes: readonly Route[];
}

/** VFIO: get a file for the device. */
export type OpenDevice = { readonly operation: 'openDevice'; readonly device: DeviceId };

/** close(2) of the device's file: all of its interrupts go. */
export type CloseDevice = { readonly operation: 'closeDevice'; readonly device: DeviceId };

/** VFIO_DEVICE_RESET. */
export type ResetDevice = { readonly operation: 'resetDevice'; readonly device: DeviceId };

/**
 * VFIO_DEVICE_SET_IRQS with VFIO_IRQ_SET_DATA_EVENTFD and VFIO_IRQ_SET_ACTION_TRIGGER: from vector `start` on, each
 * vector signals the eventfd of its place, or nothing where that is null (-1).
 *
 * The first one of an index enables it. Linux up to 6.3 then has as many vectors as that call named, so a program that
 * is to run everywhere first names them all.
 */
export interface SetIrqs {
  readonly operation: 'setIrqs';
  readonly device: DeviceId;
  readonly index: IrqIndex;
  /** @asType integer
   * @minimum 0 */
  readonly start: number;
  readonly eventfds: readonly (EventfdId | null)[];
}

/** VFIO_DEVICE_SET_IRQS with VFIO_IRQ_SET_DATA_NONE and count 0: the whole index is disabled. */
export interface DisableIrqs {
  readonly operation: 'disableIrqs';
  readonly device: DeviceId;
  readonly index: IrqIndex;
}

/** VFIO_DEVICE_SET_IRQS of INTx with VFIO_IRQ_SET_ACTION_UNMASK: this eventfd unmasks the line when it is signalled. */
export interface SetUnmaskEventfd {
  readonly operation: 'setUnmaskEventfd';
  readonly device: DeviceId;
  readonly eventfd: EventfdId | null;
}

/**
 * VFIO_DEVICE_SET_IRQS with VFIO_IRQ_SET_ACTION_TRIGGER and no eventfds: from vector `start` on, the eventfds of vectors
 * are signalled as if these had interrupted. A number is that many of them (VFIO_IRQ_SET_DATA_NONE); a list says of each
 * whether it is (VFIO_IRQ_SET_DATA_BOOL). A vector that is set to nothing is passed over.
 */
export interface TriggerIrqs {
  readonly operation: 'triggerIrqs';
  readonly device: DeviceId;
  readonly index: IrqIndex;
  /** @asType integer
   * @minimum 0 */
  readonly start: number;
  readonly vectors: number | readonly boolean[];
}

/**
 * VFIO_DEVICE_SET_IRQS of INTx with VFIO_IRQ_SET_ACTION_MASK or VFIO_IRQ_SET_ACTION_UNMASK: the line does not interrupt
 * until it is unmasked, by this or by its unmask eventfd, and then does if it is still asserted.
 */
export interface MaskLine {
  readonly operation: 'maskLine' | 'unmaskLine';
  readonly device: DeviceId;
}

/**
 * VHOST_VDPA_SET_STATUS: user space sets the queues of a vhost-vdpa device up before the driver is ready (DRIVER_OK), and
 * again after it has taken that back. A device is ready when it is opened. While it is not, its vectors stay set, send
 * nothing, and have no producer. Other drivers answer with -ENOTTY.
 */
export interface SetStatus {
  readonly operation: 'setStatus';
  readonly device: DeviceId;
  readonly status: 'driver-ok' | 'none';
}

/** delete_module(2), without waiting. All modules are loaded at first. */
export interface UnloadModule {
  readonly operation: 'unloadModule';
  readonly module: HostModule;
}

/** The manager, and the modules that depend on it. */
export type HostModule = 'irqbypass' | 'vfio' | 'kvm';

/** The operations of user space. */
export type UserOperation =
  | CreateEventfd
  | CloseEventfd
  | CreateVm
  | DestroyVm
  | AssignIrqfd
  | DeassignIrqfd
  | SetRoutes
  | OpenDevice
  | CloseDevice
  | ResetDevice
  | SetIrqs
  | DisableIrqs
  | SetUnmaskEventfd
  | TriggerIrqs
  | MaskLine
  | SetStatus
  | UnloadModule;

/** The device sends a message. */
export interface RaiseVector {
  readonly operation: 'raise';
  readonly device: DeviceId;
  readonly index: 'msi' | 'msix';
  /** @asType integer
   * @minimum 0 */
  readonly vector: number;
}

/** The device asserts or deasserts its line (INTx). */
export interface SetLine {
  readonly operation: 'setLine';
  readonly device: DeviceId;
  readonly level: Level;
}

/** The two levels of a line. */
export type Level = 'asserted' | 'deasserted';

/** A vector is masked in the device: what it sends meanwhile is kept, as one, until it is unmasked. */
export interface MaskVector {
  readonly operation: 'mask' | 'unmask';
  readonly device: DeviceId;
  readonly index: 'msi' | 'msix';
  /** @asType integer
   * @minimum 0 */
  readonly vector: number;
}

/** The guest ends the interrupt of a pin that is a level. */
export interface EndOfInterrupt {
  readonly operation: 'endOfInterrupt';
  readonly vm: VmId;
  /** @asType integer
   * @minimum 0 */
  readonly pin: number;
}

/** The guest stops taking interrupts on a vCPU (they stay pending there), or takes them again. */
export interface GuestInterrupts {
  readonly operation: 'holdInterrupts' | 'takeInterrupts';
  readonly vm: VmId;
  readonly vcpu: VcpuNumber;
}

/**
 * The host's scheduler: from now on a vCPU runs on a CPU of the host, or on none (null), be it that another task has taken
 * its place or that the guest waits for an interrupt. Neither user space nor the guest sees it, so nothing else that is
 * due is changed by it: an interrupt comes to a vCPU wherever it runs, and one that runs nowhere is woken. At first each
 * runs on CPU 0, and one that is woken does.
 */
export interface ScheduleVcpu {
  readonly operation: 'scheduleVcpu';
  readonly vm: VmId;
  readonly vcpu: VcpuNumber;
  readonly cpu: CpuNumber | null;
}

/** The operations of the device, of the guest, and of the host's scheduler. */
export type MachineOperation = RaiseVector | SetLine | MaskVector | EndOfInterrupt | GuestInterrupts | ScheduleVcpu;

/** One step of a host program. */
export type HostOperation = UserOperation | MachineOperation;

/** A program of a host. At first there are its devices, and no eventfd, no VM, and no open file. */
export interface HostProgram {
  readonly backEnd: BackEnd;
  readonly devices: readonly HostDevice[];
  readonly operations: readonly HostOperation[];
}

/** The first GSI that no table of routes can have: KVM_MAX_IRQ_ROUTES. */
export const FIRST_WILD_GSI = 4096;

/** The numbers of the vectors whose eventfds a call signals. */
export function triggered({ start, vectors }: TriggerIrqs): readonly number[] {
  const which = typeof vectors === 'number' ? new Array<boolean>(vectors).fill(true) : vectors;
  return which.flatMap((is, at) => (is ? [start + at] : []));
}

/** How many vectors a call names. */
export function countOf({ vectors }: TriggerIrqs): number {
  return typeof vectors === 'number' ? vectors : vectors.length;
}

/** The operations that unmask no line, whatever they lead to. */
const LEAVE_MASKED: readonly HostOperation['operation'][] = [
  'maskLine',
  'setLine',
  'raise',
  'mask',
  'unmask',
  'holdInterrupts',
  'takeInterrupts',
  'scheduleVcpu',
];

/** Whether an operation may unmask a line that user space has masked: by itself, or by the end of an interrupt. */
export function mayUnmask({ operation }: HostOperation): boolean {
  return !LEAVE_MASKED.includes(operation);
}

/** The holder that a vector of a device is. */
export function vectorHolder(device: DeviceId, index: IrqIndex, vector: number): Holder {
  return `${device}.${index}.${vector}`;
}

/** The index that a vector belongs to. */
export function indexOf(vector: Holder): IrqIndex {
  return vector.includes('.intx.') ? 'intx' : vector.includes('.msix.') ? 'msix' : 'msi';
}

/** Whether a holder is a vector of a device, and not an irqfd. */
export function isVector(holder: Holder): boolean {
  return holder.startsWith('d');
}

/** The holder that an irqfd is: a VM has at most one for an eventfd. */
export function irqfdHolder(vm: VmId, eventfd: EventfdId): Holder {
  return `${vm}.${eventfd}`;
}

/** The manager's token of an eventfd. */
export function tokenOf(eventfd: EventfdId): `t${number}` {
  return `t${eventfd.slice(1)}` as `t${number}`;
}
