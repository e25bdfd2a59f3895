/**
 * KVM of a host with lanes (virt/kvm/eventfd.c).
 *
 *     routes lock   the table of routes of a VM
 *     irqfds lock   the list of irqfds of a VM, and of each its route and the interrupt that it is paired with
 *
 * An irqfd whose eventfd hung up is taken off the list at once, and shut down by a worker, since whoever told of it holds
 * the lock of the eventfd's queue.
 */
import { routeOf, sameRoute, shortcut } from '../../../spec/host/back-ends.js';
import type { EventfdId, Holder, Route, VmId } from '../../../spec/host/vocabulary.js';
import { indexOf, irqfdHolder } from '../../../spec/host/vocabulary.js';
import { EBUSY, OK, type Status } from '../../../spec/vocabulary.js';
import { EBADF } from '../vfio-msi.js';
import type { LaneHost } from './host.js';
import { act, holding, type Steps, waitFor } from './steps.js';
import type { LaneIrqfd } from './world.js';

export class LaneKvm {
  constructor(protected readonly host: LaneHost) {}

  createVm(vm: VmId): Steps<Status> {
    return act('creates a VM', () => {
      this.host.world.vms[vm] = { routes: [] };
      return OK;
    });
  }

  *destroyVm(vm: VmId): Steps<Status> {
    if (!(yield* act('is there such a VM?', () => this.host.world.vms[vm] !== undefined))) return EBADF;
    const irqfds = yield* holding(
      irqfdsLock(vm),
      this.unlist(vm, () => true),
    );
    for (const irqfd of irqfds) yield* this.shutDown(irqfd);
    yield* this.flush(vm);
    return yield* act('destroys the VM', () => {
      delete this.host.world.vms[vm];
      return OK;
    });
  }

  /** The file is held until the irqfd is whole: who closes the eventfd meanwhile hangs it up behind that. */
  *assignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number, resample: EventfdId | null): Steps<Status> {
    const { eventfds } = this.host;
    if (!(yield* eventfds.getFile(eventfd))) return EBADF;
    const status = yield* this.assignHolding(vm, eventfd, gsi, resample);
    yield* eventfds.putFile(eventfd);
    return status;
  }

  protected *assignHolding(vm: VmId, eventfd: EventfdId, gsi: number, resample: EventfdId | null): Steps<Status> {
    const { eventfds } = this.host;
    const holder = irqfdHolder(vm, eventfd);
    yield* act('takes a reference', () => this.host.note({ type: 'referenceTaken', eventfd, holder }));
    if (resample !== null && !(yield* eventfds.takeReference(resample, holder))) {
      yield* eventfds.dropReference(eventfd, holder);
      return EBADF;
    }
    const irqfd = yield* holding(irqfdsLock(vm), this.list(vm, eventfd, gsi, resample));
    if (irqfd === null) {
      if (resample !== null) yield* eventfds.dropReference(resample, holder);
      yield* eventfds.dropReference(eventfd, holder);
      return EBUSY;
    }
    yield* eventfds.wait(eventfd, irqfd);
    yield* this.register(irqfd);
    return OK;
  }

  /** Returns once nothing of the irqfd is left, also where somebody else shuts it down. */
  *deassignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number): Steps<Status> {
    const found = yield* holding(
      irqfdsLock(vm),
      this.unlist(vm, (irqfd) => irqfd.eventfd === eventfd && irqfd.gsi === gsi),
    );
    for (const irqfd of found) yield* this.shutDown(irqfd);
    yield* this.flush(vm);
    return OK;
  }

  *setRoutes(vm: VmId, routes: readonly Route[]): Steps<Status> {
    return yield* holding(`routes of ${vm}`, this.changeRoutes(vm, routes));
  }

  /** The eventfd of an irqfd hung up, in a call whose doing that is. */
  hungUp(irqfd: number, cause: number): Steps {
    return holding(irqfdsLock(this.of(irqfd).vm), this.deactivate(irqfd, cause));
  }

  /** The eventfd of an irqfd was signalled. */
  inject(number: number): Steps {
    return act('injects', () => {
      const irqfd = this.of(number);
      irqfd.asserts = irqfd.resample !== null;
      this.host.hardware.inject(number, irqfd);
    });
  }

  /** The guest ended a pin: who asserts it lets go of it, and then whoever resamples is told. */
  *endOfInterrupt(vm: VmId, pin: number): Steps {
    const resamplers = yield* act('lets go of the pin', () => {
      const ended = this.host.world.irqfds.filter(
        (irqfd) => irqfd.asserts && irqfd.vm === vm && irqfd.route?.type === 'irqchip' && irqfd.route.pin === pin,
      );
      for (const irqfd of ended) this.deassert(irqfd);
      return [...new Set(ended.flatMap(({ resample }) => (resample === null ? [] : [resample])))];
    });
    for (const resample of resamplers) yield* this.host.eventfds.signal(resample);
  }

  /** addProducer of an irqfd's consumer. */
  addProducer(number: number, irq: number): Steps {
    const adds = act('is paired', () => {
      const irqfd = this.of(number);
      irqfd.irq = irq;
      this.setUp(irqfd, irq);
    });
    return holding(irqfdsLock(this.of(number).vm), adds);
  }

  /** delProducer of an irqfd's consumer: back to the host, whatever the route has become. */
  delProducer(number: number): Steps {
    const deletes = act('is parted', () => {
      const irqfd = this.of(number);
      if (irqfd.irq !== null) this.host.hardware.unmap(irqfd.irq);
      irqfd.irq = null;
    });
    return holding(irqfdsLock(this.of(number).vm), deletes);
  }

  /** Put an irqfd on the list, with the route that its GSI has then. @returns its number; null for a duplicate */
  protected list(vm: VmId, eventfd: EventfdId, gsi: number, resample: EventfdId | null): Steps<number | null> {
    return act('is listed', () => {
      const { irqfds } = this.host.world;
      if (irqfds.some((irqfd) => irqfd.listed && irqfd.eventfd === eventfd)) return null;
      const route = this.routeFor(vm, gsi);
      return (
        irqfds.push({ vm, eventfd, gsi, resample, listed: true, route, irq: null, registered: false, asserts: false }) -
        1
      );
    });
  }

  /** Take irqfds off the list: whoever does that shuts them down, and nobody else. */
  protected unlist(vm: VmId, which: (irqfd: LaneIrqfd) => boolean): Steps<readonly number[]> {
    return act('is unlisted', () => {
      const { irqfds } = this.host.world;
      const found = [...irqfds.keys()].filter((at) => {
        const irqfd = this.of(at);
        return irqfd.listed && irqfd.vm === vm && which(irqfd);
      });
      for (const at of found) this.of(at).listed = false;
      return found;
    });
  }

  protected deactivate(number: number, cause: number): Steps {
    return act('is hung up', () => {
      const irqfd = this.of(number);
      if (!irqfd.listed) return;
      irqfd.listed = false;
      const { shutdowns } = this.host.world;
      shutdowns[irqfd.vm] = (shutdowns[irqfd.vm] ?? 0) + 1;
      this.host.spawn(this.shutDownLater(number), cause);
    });
  }

  protected *shutDownLater(number: number): Steps {
    yield* this.shutDown(number);
    yield* act('is shut down', () => {
      const { shutdowns } = this.host.world;
      const { vm } = this.of(number);
      shutdowns[vm] = (shutdowns[vm] ?? 0) - 1;
    });
  }

  protected flush(vm: VmId): Steps {
    return waitFor('every shutdown', () => (this.host.world.shutdowns[vm] ?? 0) === 0);
  }

  protected *shutDown(number: number): Steps {
    const { eventfds } = this.host;
    const { vm, eventfd, resample } = this.of(number);
    const holder = irqfdHolder(vm, eventfd);
    yield* this.unregister(number);
    yield* eventfds.endWaiting(eventfd, number);
    const asserted = yield* act('lets go of its pin', () => this.deassert(this.of(number)));
    if (asserted && resample !== null) yield* eventfds.signal(resample);
    if (resample !== null) yield* eventfds.dropReference(resample, holder);
    yield* eventfds.dropReference(eventfd, holder);
  }

  protected *register(number: number): Steps {
    const { eventfd, vm } = this.of(number);
    const status = yield* this.host.manager.registerConsumer(number, eventfd);
    yield* act('is registered', () => {
      this.of(number).registered = status === OK;
      if (status !== OK) this.host.log(`${irqfdHolder(vm, eventfd)}: consumer registration fails: ${status}`);
    });
  }

  protected *unregister(number: number): Steps {
    const { eventfd } = this.of(number);
    if (yield* act('is it registered?', () => this.of(number).registered)) {
      yield* this.host.manager.unregisterConsumer(number, eventfd);
    }
    yield* act('is not registered', () => {
      this.of(number).registered = false;
    });
  }

  protected *changeRoutes(vm: VmId, routes: readonly Route[]): Steps<Status> {
    yield* act('changes the table', () => {
      const known = this.host.world.vms[vm];
      if (known !== undefined) known.routes = routes;
    });
    yield* holding(irqfdsLock(vm), this.reroute(vm));
    return OK;
  }

  /** Every irqfd on the list goes where its GSI goes now. */
  protected *reroute(vm: VmId): Steps {
    for (const number of this.host.world.irqfds.keys()) {
      yield* act('is rerouted', () => {
        const irqfd = this.of(number);
        const old = irqfd.route;
        const route = this.routeFor(vm, irqfd.gsi);
        if (irqfd.vm !== vm || !irqfd.listed || sameRoute(old ?? undefined, route ?? undefined)) return;
        this.host.hardware.moveLevel(number, irqfd, route);
        irqfd.route = route;
        if (irqfd.irq !== null) this.setUp(irqfd, irqfd.irq);
      });
    }
  }

  /** Post the interrupt of a pair where its route says; leave it with the host where it cannot be. */
  protected setUp({ vm, route }: LaneIrqfd, irq: number): void {
    const { hardware, world, program } = this.host;
    const vector: Holder | undefined = world.holders[irq];
    const target =
      vector === undefined ? undefined : shortcut(program.backEnd, indexOf(vector), vm, route ?? undefined);
    if (target === undefined) hardware.unmap(irq);
    else hardware.map(irq, target);
  }

  protected deassert(irqfd: LaneIrqfd): boolean {
    if (!irqfd.asserts) return false;
    irqfd.asserts = false;
    this.host.hardware.release(this.host.world.irqfds.indexOf(irqfd), irqfd);
    return true;
  }

  protected routeFor(vm: VmId, gsi: number): Route | null {
    return routeOf(this.host.world.vms[vm]?.routes ?? [], gsi) ?? null;
  }

  protected of(number: number): LaneIrqfd {
    const irqfd = this.host.world.irqfds[number];
    if (irqfd === undefined) throw new Error(`there is no irqfd ${number}`);
    return irqfd;
  }
}

/** The lock of a VM's list of irqfds. */
export const irqfdsLock = (vm: VmId): string => `irqfds of ${vm}`;
