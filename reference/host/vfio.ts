/** VFIO: devices with vectors, each with a trigger that user space sets, and a producer (vfio_pci_intrs.c). */
import { backEnds } from '../../spec/host/back-ends.js';
import type { ProducerDriver, ProducerEnvironment } from '../../spec/host/roles.js';
import type { DeviceId, EventfdId, HostDevice, IrqIndex, SetStatus } from '../../spec/host/vocabulary.js';
import { EBUSY, EINVAL, OK, type Status } from '../../spec/vocabulary.js';
import { IntxVector } from './vfio-intx.js';
import { EBADF, Vector } from './vfio-msi.js';

/** The status of what a driver does not do. */
const ENOTTY = -25;

/** A device whose file is open. */
export interface OpenDevice {
  readonly description: HostDevice;
  /** The index that is enabled; a device has one at a time. */
  index: IrqIndex | undefined;
  /** Of vhost-vdpa: whether its driver is. */
  ready: boolean;
  readonly vectors: Map<number, Vector>;
}

/** The driver of all devices. */
export class Vfio implements ProducerDriver {
  protected readonly devices = new Map<DeviceId, OpenDevice>();

  constructor(protected readonly environment: ProducerEnvironment) {}

  openDevice(description: HostDevice): Status {
    if (this.devices.has(description.id)) return EBUSY;
    this.devices.set(description.id, { description, index: undefined, ready: true, vectors: new Map() });
    return OK;
  }

  closeDevice(id: DeviceId): Status {
    const device = this.devices.get(id);
    if (device === undefined) return EBADF;
    this.disable(device);
    this.devices.delete(id);
    return OK;
  }

  /** vfio-pci saves and restores the vectors around a reset; vhost-vdpa lets them go. */
  resetDevice(id: DeviceId): Status {
    const device = this.devices.get(id);
    if (device === undefined) return EBADF;
    if (device.description.driver === 'vhost-vdpa') this.disable(device);
    return OK;
  }

  setIrqs(id: DeviceId, index: IrqIndex, start: number, eventfds: readonly (EventfdId | null)[]): Status {
    const device = this.devices.get(id);
    if (device === undefined) return EBADF;
    const most = index === 'intx' ? 1 : device.description.vectors;
    if (eventfds.length === 0 || start + eventfds.length > most) return EINVAL;
    if (device.index !== undefined && device.index !== index) return EINVAL;
    device.index = index;
    return this.setRange(device, index, start, eventfds);
  }

  disableIrqs(id: DeviceId, index: IrqIndex): Status {
    const device = this.devices.get(id);
    if (device === undefined) return EBADF;
    if (device.index !== index) return EINVAL;
    this.disable(device);
    return OK;
  }

  setUnmaskEventfd(id: DeviceId, eventfd: EventfdId | null): Status {
    const device = this.devices.get(id);
    if (device === undefined) return EBADF;
    const line = device.index === 'intx' ? this.vector(device, 'intx', 0) : undefined;
    return line instanceof IntxVector ? line.setUnmask(eventfd) : EINVAL;
  }

  triggerIrqs(id: DeviceId, index: IrqIndex, start: number, vectors: number | readonly boolean[]): Status {
    const device = this.devices.get(id);
    if (device === undefined) return EBADF;
    const which = typeof vectors === 'number' ? new Array<boolean>(vectors).fill(true) : vectors;
    const most = index === 'intx' ? 1 : device.description.vectors;
    if (which.length === 0 || start + which.length > most || device.index !== index) return EINVAL;
    for (const [at, is] of which.entries()) if (is) this.vector(device, index, start + at).signal();
    return OK;
  }

  maskLine(id: DeviceId): Status {
    return this.withLine(id, (line) => line.mask());
  }

  unmaskLine(id: DeviceId): Status {
    return this.withLine(id, (line) => line.unmask());
  }

  /** The queues of vhost-vdpa have interrupts and producers only while the driver is ready. */
  setStatus(id: DeviceId, status: SetStatus['status']): Status {
    const device = this.devices.get(id);
    if (device === undefined) return EBADF;
    if (device.description.driver !== 'vhost-vdpa') return ENOTTY;
    device.ready = status === 'driver-ok';
    const inOrder = [...device.vectors.values()].sort((one, other) => one.number - other.number);
    for (const vector of inOrder) vector.setReady(device.ready);
    return OK;
  }

  interrupt(irq: number): void {
    for (const { vectors } of this.devices.values()) {
      for (const vector of vectors.values()) if (vector.irq === irq) vector.interrupt();
    }
  }

  /** All of a range or none: when a vector fails, those of the range that were set before it are taken back. */
  protected setRange(
    device: OpenDevice,
    index: IrqIndex,
    start: number,
    eventfds: readonly (EventfdId | null)[],
  ): Status {
    for (const [at, eventfd] of eventfds.entries()) {
      const status = this.vector(device, index, start + at).setTrigger(eventfd);
      if (status === OK) continue;
      for (let back = at - 1; back >= 0; back--) this.vector(device, index, start + back).setTrigger(null);
      return status;
    }
    return OK;
  }

  /** Every vector of the enabled index is let go. */
  protected disable(device: OpenDevice): void {
    for (const vector of device.vectors.values()) {
      if (vector instanceof IntxVector) vector.setUnmask(null);
      vector.setTrigger(null);
    }
    device.vectors.clear();
    device.index = undefined;
  }

  protected withLine(id: DeviceId, act: (line: IntxVector) => void): Status {
    const device = this.devices.get(id);
    if (device === undefined) return EBADF;
    const line = device.index === 'intx' ? this.vector(device, 'intx', 0) : undefined;
    if (!(line instanceof IntxVector)) return EINVAL;
    act(line);
    return OK;
  }

  protected vector(device: OpenDevice, index: IrqIndex, number: number): Vector {
    const known = device.vectors.get(number);
    if (known !== undefined) return known;
    const vector = this.makeVector(device.description.id, index, number);
    device.vectors.set(number, vector);
    vector.setReady(device.ready);
    return vector;
  }

  protected makeVector(device: DeviceId, index: IrqIndex, number: number): Vector {
    if (index !== 'intx') return new Vector(this.environment, device, index, number);
    return new IntxVector(this.environment, device, backEnds[this.environment.backEnd].forwardsLines);
  }
}
