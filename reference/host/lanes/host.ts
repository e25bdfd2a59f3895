/**
 * A host with lanes: the reference host with its locks, each system call in steps. One call after another, it does what
 * `../host.ts` does, event by event; that is tested. It plays the back ends that follow routes, and messages and lines.
 */
import type { DeviceId, HostEvent, HostOperation, HostProgram } from '../../../spec/host/vocabulary.js';
import { vectorHolder } from '../../../spec/host/vocabulary.js';
import type { Status } from '../../../spec/vocabulary.js';
import { LaneEventfds } from './eventfds.js';
import { LaneHardware } from './hardware.js';
import { LaneKvm } from './kvm.js';
import { LaneManager } from './manager.js';
import { act, type Steps } from './steps.js';
import { LaneVfio } from './vfio.js';
import { emptyWorld, type World } from './world.js';

/** Who plays the roles; the reference, where nobody is named. */
export interface LaneParticipants {
  readonly kvm?: (host: LaneHost) => LaneKvm;
  readonly vfio?: (host: LaneHost) => LaneVfio;
}

/** Something that happened, and the number of the call whose doing it is. */
export interface LaneEvent {
  readonly call: number;
  readonly event: HostEvent;
}

/** An operation that a host with lanes cannot do. */
export class NotInLanes extends Error {
  override readonly name = 'NotInLanes';
}

export class LaneHost {
  readonly hardware = new LaneHardware(this);
  readonly eventfds = new LaneEventfds(this);
  readonly manager = new LaneManager(this);
  readonly kvm: LaneKvm;
  readonly vfio: LaneVfio;
  readonly events: LaneEvent[] = [];
  /** The number of the call whose step is done. Whoever drives the host sets it. */
  running = 0;

  /**
   * @param spawn has steps gone through by a worker, as the doing of a call
   * @param world what it goes on from, with no call under way
   */
  constructor(
    readonly program: Pick<HostProgram, 'backEnd' | 'devices'>,
    readonly spawn: (steps: Steps, call: number) => void,
    { kvm, vfio }: LaneParticipants = {},
    readonly world: World = emptyWorld(),
  ) {
    this.kvm = kvm?.(this) ?? new LaneKvm(this);
    this.vfio = vfio?.(this) ?? new LaneVfio(this);
  }

  note(event: HostEvent): void {
    this.events.push({ call: this.running, event });
  }

  log(text: string): void {
    this.note({ type: 'log', level: 'info', text });
  }

  /** An operation in steps. @throws {NotInLanes} */
  *call(operation: HostOperation): Steps {
    const status = yield* this.#do(operation);
    yield* this.#settle();
    yield* act('returns', () => this.note(status === undefined ? { type: 'return' } : { type: 'return', status }));
  }

  /** A line that is asserted and enabled interrupts the host. */
  *fire(irq: number): Steps {
    if (yield* act('is the line asserted?', () => this.hardware.fires(irq))) yield* this.vfio.interrupt(irq);
  }

  #do(operation: HostOperation): Steps<Status | undefined> {
    switch (operation.operation) {
      case 'createEventfd':
        return this.eventfds.create(operation.eventfd);
      case 'closeEventfd':
        return this.eventfds.close(operation.eventfd);
      case 'createVm':
        return this.kvm.createVm(operation.vm);
      case 'destroyVm':
        return this.kvm.destroyVm(operation.vm);
      case 'assignIrqfd':
        return this.kvm.assignIrqfd(operation.vm, operation.eventfd, operation.gsi, operation.resample ?? null);
      case 'deassignIrqfd':
        return this.kvm.deassignIrqfd(operation.vm, operation.eventfd, operation.gsi);
      case 'setRoutes':
        return this.kvm.setRoutes(operation.vm, operation.routes);
      case 'openDevice':
        return this.vfio.open(operation.device);
      case 'closeDevice':
        return this.vfio.close(operation.device);
      case 'setIrqs':
        return this.vfio.setIrqs(operation.device, operation.index, operation.start, operation.eventfds);
      case 'setUnmaskEventfd':
        return this.vfio.setUnmask(operation.device, operation.eventfd);
      case 'raise':
        return this.#raise(operation.device, operation.index, operation.vector);
      case 'setLine':
        return this.#setLine(operation.device, operation.level);
      case 'endOfInterrupt':
        return this.#end(operation);
      default:
        throw new NotInLanes(`${operation.operation} is not done in steps.`);
    }
  }

  *#raise(device: DeviceId, index: 'msi' | 'msix', vector: number): Steps<undefined> {
    const toHost = yield* act('sends a message', () => {
      const irq = this.hardware.numberOf(vectorHolder(device, index, vector));
      if (this.world.requested[irq] !== true) return null;
      const target = this.world.table[irq];
      if (target === undefined) return irq;
      this.hardware.arrive(target, 'bypass');
      return null;
    });
    if (toHost !== null) yield* this.vfio.interrupt(toHost);
    return undefined;
  }

  *#setLine(device: DeviceId, level: 'asserted' | 'deasserted'): Steps<undefined> {
    yield* act('sets the line', () => {
      const line = this.world.lines[this.hardware.numberOf(vectorHolder(device, 'intx', 0))];
      if (line !== undefined) line.level = level;
    });
    return undefined;
  }

  *#end({ vm, pin }: Extract<HostOperation, { operation: 'endOfInterrupt' }>): Steps<undefined> {
    if (yield* act('ends the interrupt', () => this.hardware.end(vm, pin) === true)) {
      yield* this.kvm.endOfInterrupt(vm, pin);
    }
    return undefined;
  }

  *#settle(): Steps {
    for (const irq of Object.keys(this.world.lines)) yield* this.fire(Number(irq));
  }
}
