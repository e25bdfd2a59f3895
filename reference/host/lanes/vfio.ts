/**
 * VFIO of a host with lanes (vfio_pci_intrs.c).
 *
 *     gate of a device        its vectors: SET_IRQS and close take it
 *     line lock of a device   whether its line is masked because it came, and what it signals: the handler takes it, too
 *     handler of an interrupt held while it runs; freeing the interrupt waits for it
 */
import type { DeviceId, EventfdId, Holder, IrqIndex } from '../../../spec/host/vocabulary.js';
import { indexOf, vectorHolder } from '../../../spec/host/vocabulary.js';
import { EBUSY, EINVAL, OK, type Status } from '../../../spec/vocabulary.js';
import { EBADF } from '../vfio-msi.js';
import type { LaneHost } from './host.js';
import { act, holding, type Steps } from './steps.js';
import type { LaneDevice, LaneVector } from './world.js';

export class LaneVfio {
  constructor(protected readonly host: LaneHost) {}

  open(id: DeviceId): Steps<Status> {
    return act('opens the device', () => {
      const { devices } = this.host.world;
      if (devices[id] !== undefined) return EBUSY;
      devices[id] = { index: null, vectors: {}, unmask: null };
      return OK;
    });
  }

  close(id: DeviceId): Steps<Status> {
    return holding(gateOf(id), this.closeGated(id));
  }

  setIrqs(id: DeviceId, index: IrqIndex, start: number, eventfds: readonly (EventfdId | null)[]): Steps<Status> {
    return holding(gateOf(id), this.setGated(id, index, start, eventfds));
  }

  setUnmask(id: DeviceId, eventfd: EventfdId | null): Steps<Status> {
    return holding(gateOf(id), this.setUnmaskGated(id, eventfd));
  }

  /** The unmask eventfd of a line was signalled: the guest has ended it. */
  *ended(id: DeviceId): Steps {
    const irq = yield* holding(lineLockOf(id), this.unmaskLine(id));
    if (irq !== null) yield* this.host.fire(irq);
  }

  /** An interrupt that was requested came to the host. */
  *interrupt(irq: number): Steps {
    yield* holding(handlerOf(irq), this.handle(irq));
  }

  protected *handle(irq: number): Steps {
    const { world, hardware, eventfds } = this.host;
    const holder = world.holders[irq];
    if (holder === undefined) return;
    const id = holder.slice(0, holder.indexOf('.')) as DeviceId;
    const takes = act('the interrupt comes', () => {
      const vector = Object.values(world.devices[id]?.vectors ?? {}).find((one) => one.trigger?.irq === irq);
      if (vector?.trigger == null || world.requested[irq] !== true) return null;
      if (indexOf(holder) === 'intx') {
        vector.inFlight = true;
        hardware.mask(irq);
      }
      return vector.trigger.eventfd;
    });
    const eventfd = yield* holding(lineLockOf(id), takes);
    if (eventfd !== null) yield* eventfds.signal(eventfd);
  }

  /** @returns the interrupt that was unmasked */
  protected unmaskLine(id: DeviceId): Steps<number | null> {
    return act('unmasks the line', () => {
      const vector = this.line(id);
      if (vector?.trigger == null || !vector.inFlight) return null;
      vector.inFlight = false;
      this.host.hardware.unmask(vector.trigger.irq);
      return vector.trigger.irq;
    });
  }

  protected *closeGated(id: DeviceId): Steps<Status> {
    if (!(yield* act('is it open?', () => this.of(id) !== undefined))) return EBADF;
    yield* this.disable(id);
    yield* act('closes the device', () => {
      delete this.host.world.devices[id];
    });
    return OK;
  }

  protected *setGated(
    id: DeviceId,
    index: IrqIndex,
    start: number,
    eventfds: readonly (EventfdId | null)[],
  ): Steps<Status> {
    const refused = yield* act('looks at the device', () => {
      const device = this.of(id);
      if (device === undefined) return EBADF;
      if (device.index !== null && device.index !== index) return EINVAL;
      device.index = index;
      return OK;
    });
    if (refused !== OK) return refused;
    for (const [at, eventfd] of eventfds.entries()) {
      const vector = this.vector(id, index, start + at);
      const status = yield* this.setTrigger(id, vector, eventfd);
      if (status !== OK) return status;
    }
    return OK;
  }

  protected *setUnmaskGated(id: DeviceId, eventfd: EventfdId | null): Steps<Status> {
    const { eventfds, world } = this.host;
    const device = this.of(id);
    if (device === undefined) return EBADF;
    if (device.index !== 'intx') return EINVAL;
    const holder = vectorHolder(id, 'intx', 0);
    const old = yield* act('unmasks by it no more', () => {
      const { unmask } = device;
      device.unmask = null;
      const listening = unmask === null ? undefined : world.eventfds[unmask];
      if (listening !== undefined) listening.listeners = listening.listeners.filter((one) => one !== id);
      return unmask;
    });
    if (old !== null) yield* eventfds.dropReference(old, holder);
    if (eventfd === null) return OK;
    if (!(yield* eventfds.takeReference(eventfd, holder))) return EBADF;
    yield* act('unmasks by it', () => {
      device.unmask = eventfd;
      world.eventfds[eventfd]?.listeners.push(id);
    });
    return OK;
  }

  protected *disable(id: DeviceId): Steps {
    const device = this.of(id);
    if (device === undefined) return;
    if (device.unmask !== null) yield* this.setUnmaskGated(id, null);
    for (const vector of Object.values(device.vectors)) yield* this.setTrigger(id, vector, null);
    yield* act('is disabled', () => {
      device.vectors = {};
      device.index = null;
    });
  }

  protected *setTrigger(id: DeviceId, vector: LaneVector, eventfd: EventfdId | null): Steps<Status> {
    const trigger = yield* act('looks at the trigger', () => vector.trigger);
    if (trigger !== null) yield* this.tearDown(id, vector, trigger);
    return eventfd === null ? OK : yield* this.setUp(id, vector, eventfd);
  }

  /** The file is held until the producer is registered: who closes the eventfd meanwhile hangs it up behind that. */
  protected *setUp(id: DeviceId, vector: LaneVector, eventfd: EventfdId): Steps<Status> {
    const { eventfds } = this.host;
    if (!(yield* eventfds.getFile(eventfd))) return EBADF;
    yield* this.setUpHolding(id, vector, eventfd);
    yield* eventfds.putFile(eventfd);
    return OK;
  }

  protected *setUpHolding(id: DeviceId, vector: LaneVector, eventfd: EventfdId): Steps {
    const { hardware } = this.host;
    yield* act('takes a reference', () => this.host.note({ type: 'referenceTaken', eventfd, holder: vector.holder }));
    const requests = act('requests the interrupt', () => {
      const irq = hardware.request(vector.holder);
      vector.trigger = { eventfd, irq };
      return irq;
    });
    const irq = yield* holding(lineLockOf(id), requests);
    yield* this.register(vector, eventfd, irq);
  }

  protected *tearDown(
    id: DeviceId,
    vector: LaneVector,
    { eventfd, irq }: { readonly eventfd: EventfdId; readonly irq: number },
  ): Steps {
    yield* this.unregister(vector, eventfd);
    yield* this.free(irq, vector.holder);
    yield* this.host.eventfds.dropReference(eventfd, vector.holder);
    const forgets = act('forgets the trigger', () => {
      vector.trigger = null;
      vector.inFlight = false;
    });
    yield* holding(lineLockOf(id), forgets);
  }

  protected free(irq: number, holder: Holder): Steps {
    return holding(
      handlerOf(irq),
      act('frees the interrupt', () => this.host.hardware.free(irq, holder)),
    );
  }

  /** A line has no producer where lines are not forwarded. */
  protected *register(vector: LaneVector, eventfd: EventfdId, irq: number): Steps {
    if (indexOf(vector.holder) === 'intx') return;
    const status = yield* this.host.manager.registerProducer(vector.holder, eventfd, irq);
    yield* act('is registered', () => {
      vector.registered = status === OK;
      if (status !== OK) this.host.log(`${vector.holder}: producer registration fails: ${status}`);
    });
  }

  protected *unregister(vector: LaneVector, eventfd: EventfdId): Steps {
    if (yield* act('is it registered?', () => vector.registered)) {
      yield* this.host.manager.unregisterProducer(vector.holder, eventfd);
    }
    yield* act('is not registered', () => {
      vector.registered = false;
    });
  }

  protected line(id: DeviceId): LaneVector | undefined {
    const device = this.of(id);
    return device?.index === 'intx' ? device.vectors[0] : undefined;
  }

  protected vector(id: DeviceId, index: IrqIndex, number: number): LaneVector {
    const vectors = this.of(id)?.vectors ?? {};
    const known = vectors[number] ?? {
      holder: vectorHolder(id, index, number),
      trigger: null,
      registered: false,
      inFlight: false,
    };
    vectors[number] = known;
    return known;
  }

  protected of(id: DeviceId): LaneDevice | undefined {
    return this.host.world.devices[id];
  }
}

const gateOf = (id: DeviceId) => `gate of ${id}`;
export const lineLockOf = (id: DeviceId): string => `line lock of ${id}`;
const handlerOf = (irq: number) => `handler of interrupt ${irq}`;
