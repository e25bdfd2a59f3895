/**
 * User-space programs for a real host: what a virtual machine monitor may do with KVM and VFIO, in any order.
 *
 * A program is legal user space, not sensible user space: eventfds are shared between vectors and VMs, closed while they
 * are in use, and devices are closed in the middle. It ends by closing all that it has open, in any order.
 */
import type { Draw } from '../../conformance/generators/random.js';
import type { DeviceId, EventfdId, MsiRoute, Route, VmId } from '../../spec/host/vocabulary.js';
import type { ObservedOperation, ObservedProgram } from './commands.js';
import type { ObservedBackEnd } from './stages.js';

/** The vectors of the guest's devices (QEMU's e1000e): of MSI-X; MSI has one. */
export const VECTORS = 5;

/** Few things, so that they meet. */
const DEVICES: readonly DeviceId[] = ['d0', 'd1'];
const VMS = 2;
const EVENTFDS = 4;
const GSIS = [24, 25, 26];

/**
 * A random program.
 * @param length the number of operations before everything is closed
 */
export function generateObserved(draw: Draw, length: number, backEnd: ObservedBackEnd): ObservedProgram {
  const writer = new Writer(draw, ways[backEnd]);
  while (writer.operations.length < length) writer.step();
  writer.closeAll();
  return {
    backEnd,
    devices: DEVICES.map((id) => ({ id, driver: 'vfio-pci', vectors: VECTORS })),
    operations: writer.operations,
  };
}

/** The messages that guests have on a back end. On Arm one to nobody is an event that the guest has not mapped. */
const ways: Readonly<Record<ObservedBackEnd, (draw: Draw) => Pick<MsiRoute, 'vcpus' | 'delivery'>>> = {
  'amd-avic': (draw) => {
    const delivery = draw.of(['fixed', 'fixed', 'fixed', 'lowest-priority', 'nmi'] as const);
    return { vcpus: draw.of([[0], [1], [0, 1]]), delivery };
  },
  'arm-forwarding': (draw) => ({ vcpus: draw.of([[0], [0], [1], [1], []]), delivery: 'fixed' }),
};

/** Writes operations, and knows what is open. */
class Writer {
  readonly operations: ObservedOperation[] = [];
  readonly #eventfds: EventfdId[] = [];
  readonly #vms: VmId[] = [];
  readonly #open: DeviceId[] = [];
  readonly #irqfds: { readonly vm: VmId; readonly eventfd: EventfdId; readonly gsi: number }[] = [];
  /** The devices whose MSI-X is on. */
  readonly #enabled = new Set<DeviceId>();
  #nextEventfd = 0;
  #nextVm = 0;

  constructor(
    readonly draw: Draw,
    readonly message: (draw: Draw) => Pick<MsiRoute, 'vcpus' | 'delivery'>,
  ) {}

  step(): void {
    this.#choose().call(this);
  }

  #choose(): () => void {
    const { draw } = this;
    const [eventfds, vms, open] = [this.#eventfds.length, this.#vms.length, this.#open.length];
    if (eventfds === 0 || (eventfds < EVENTFDS && draw.chance(15))) return this.#createEventfd;
    if (vms === 0 || (vms < VMS && draw.chance(8))) return this.#createVm;
    if (open === 0 || (open < DEVICES.length && draw.chance(8))) return this.#openDevice;
    const isOn = this.#enabled.size > 0;
    return draw.of([
      ...repeat(this.#assign, 6),
      ...repeat(this.#setIrqs, 6),
      ...repeat(this.#setRoutes, 2),
      ...repeat(this.#deassign, this.#irqfds.length > 0 ? 3 : 0),
      ...repeat(this.#clearVector, isOn ? 2 : 0),
      ...repeat(this.#disable, isOn ? 1 : 0),
      this.#closeEventfd,
      this.#closeDevice,
      this.#destroyVm,
    ]);
  }

  closeAll(): void {
    while (this.#open.length + this.#vms.length + this.#eventfds.length > 0) {
      const kinds = [
        ...(this.#open.length > 0 ? [this.#closeDevice] : []),
        ...(this.#vms.length > 0 ? [this.#destroyVm] : []),
        ...(this.#eventfds.length > 0 ? [this.#closeEventfd] : []),
      ];
      this.draw.of(kinds).call(this);
    }
  }

  #createEventfd(): void {
    const eventfd: EventfdId = `e${this.#nextEventfd++}`;
    this.#eventfds.push(eventfd);
    this.operations.push({ operation: 'createEventfd', eventfd });
  }

  #closeEventfd(): void {
    const eventfd = this.#take(this.#eventfds);
    for (let at = this.#irqfds.length - 1; at >= 0; at--) {
      if (this.#irqfds[at]?.eventfd === eventfd) this.#irqfds.splice(at, 1);
    }
    this.operations.push({ operation: 'closeEventfd', eventfd });
  }

  #createVm(): void {
    const vm: VmId = `vm${this.#nextVm++}`;
    this.#vms.push(vm);
    this.operations.push({ operation: 'createVm', vm, vcpus: 2 });
    this.operations.push({ operation: 'setRoutes', vm, routes: this.#routes() });
  }

  #destroyVm(): void {
    const vm = this.#take(this.#vms);
    for (let at = this.#irqfds.length - 1; at >= 0; at--) if (this.#irqfds[at]?.vm === vm) this.#irqfds.splice(at, 1);
    this.operations.push({ operation: 'destroyVm', vm });
  }

  #assign(): void {
    const irqfd = { vm: this.draw.of(this.#vms), eventfd: this.draw.of(this.#eventfds), gsi: this.draw.of(GSIS) };
    this.operations.push({ operation: 'assignIrqfd', ...irqfd });
    // A VM takes an eventfd once.
    if (this.#irqfds.every(({ vm, eventfd }) => vm !== irqfd.vm || eventfd !== irqfd.eventfd)) this.#irqfds.push(irqfd);
  }

  #deassign(): void {
    this.operations.push({ operation: 'deassignIrqfd', ...this.#take(this.#irqfds) });
  }

  #setRoutes(): void {
    this.operations.push({ operation: 'setRoutes', vm: this.draw.of(this.#vms), routes: this.#routes() });
  }

  #routes(): readonly Route[] {
    const { draw } = this;
    return GSIS.filter(() => draw.chance(80)).map((gsi): Route => {
      if (draw.chance(10)) return { type: 'irqchip', gsi, pin: draw.below(24) };
      const { vcpus, delivery } = this.message(draw);
      return { type: 'msi', gsi, vcpus, vector: 0x40 + draw.below(4), delivery };
    });
  }

  #openDevice(): void {
    const device = this.draw.of(DEVICES.filter((one) => !this.#open.includes(one)));
    this.#open.push(device);
    this.operations.push({ operation: 'openDevice', device });
  }

  #closeDevice(): void {
    const device = this.#take(this.#open);
    this.#enabled.delete(device);
    this.operations.push({ operation: 'closeDevice', device });
  }

  /** The first call names every vector, so that kernels which fix their number then take the later ones too. */
  #setIrqs(): void {
    const { draw } = this;
    const device = draw.of(this.#open);
    const first = !this.#enabled.has(device);
    const start = first ? 0 : draw.below(VECTORS);
    const count = first ? VECTORS : 1 + draw.below(Math.min(2, VECTORS - start));
    const eventfds = Array.from({ length: count }, () =>
      draw.chance(first ? 40 : 85) ? draw.of(this.#eventfds) : null,
    );
    this.#enabled.add(device);
    this.operations.push({ operation: 'setIrqs', device, index: 'msix', start, eventfds });
  }

  #clearVector(): void {
    const start = this.draw.below(VECTORS);
    const device = this.draw.of([...this.#enabled]);
    this.operations.push({ operation: 'setIrqs', device, index: 'msix', start, eventfds: [null] });
  }

  #disable(): void {
    const device = this.draw.of([...this.#enabled]);
    this.#enabled.delete(device);
    this.operations.push({ operation: 'disableIrqs', device, index: 'msix' });
  }

  #take<T>(list: T[]): T {
    const [one] = list.splice(this.draw.below(list.length), 1);
    if (one === undefined) throw new RangeError('nothing is open');
    return one;
  }
}

function repeat<T>(one: T, times: number): readonly T[] {
  return Array.from({ length: times }, () => one);
}
