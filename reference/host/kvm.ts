/** KVM: virtual machines, each with a table of routes and with irqfds (virt/kvm/eventfd.c, irqchip.c). */
import type { ConsumerDriver, ConsumerEnvironment } from '../../spec/host/roles.js';
import type { BackEnd, EventfdId, Route, VmId } from '../../spec/host/vocabulary.js';
import { EBUSY, OK, type Status } from '../../spec/vocabulary.js';
import { ArmForwarding } from './back-ends/arm.js';
import { Avic } from './back-ends/avic.js';
import type { Bypass, BypassFactory } from './back-ends/bypass.js';
import { PostedInterrupts } from './back-ends/posted.js';
import { Inhibited, Refusing } from './back-ends/refusing.js';
import { Irqfd, type IrqfdDescription } from './irqfd.js';
import { EBADF } from './vfio-msi.js';

/** The back ends by name. */
export const bypasses: Readonly<Record<BackEnd, BypassFactory>> = {
  'vtd-posted': (environment) => new PostedInterrupts(environment),
  'amd-avic': (environment) => new Avic(environment),
  'arm-forwarding': (environment) => new ArmForwarding(environment),
  refusing: () => new Refusing(),
};

/** A virtual machine. */
export interface Vm {
  readonly id: VmId;
  routes: readonly Route[];
  readonly irqfds: Map<EventfdId, Irqfd>;
  /** What its pairs are shortcut by. */
  readonly bypass: Bypass;
}

/** The driver of all virtual machines. */
export class Kvm implements ConsumerDriver {
  protected readonly vms = new Map<VmId, Vm>();
  protected readonly bypass: Bypass;

  constructor(
    protected readonly environment: ConsumerEnvironment,
    makeBypass: BypassFactory = bypasses[environment.backEnd],
  ) {
    this.bypass = makeBypass(environment);
  }

  createVm(id: VmId): Status {
    this.vms.set(id, { id, routes: [], irqfds: new Map(), bypass: this.bypass });
    return OK;
  }

  createVmWithEmulatedIrqchip(id: VmId): Status {
    this.vms.set(id, { id, routes: [], irqfds: new Map(), bypass: new Inhibited(this.bypass) });
    return OK;
  }

  destroyVm(id: VmId): Status {
    const vm = this.vms.get(id);
    if (vm === undefined) return EBADF;
    this.releaseAll(vm);
    this.vms.delete(id);
    return OK;
  }

  assignIrqfd(id: VmId, eventfd: EventfdId, gsi: number, resample?: EventfdId): Status {
    const vm = this.vms.get(id);
    if (vm === undefined) return EBADF;
    const description: IrqfdDescription = { vm: id, eventfd, gsi, resample };
    const irqfd = this.makeIrqfd(vm, description);
    if (!this.takeReferences(irqfd)) return EBADF;
    // Host-wide since Linux 6.17: of two irqfds with one eventfd, only the first would be told.
    if (this.isTaken(eventfd)) {
      this.dropReferences(irqfd);
      return EBUSY;
    }
    vm.irqfds.set(eventfd, irqfd);
    irqfd.assign();
    return OK;
  }

  /** An irqfd that is not assigned is deassigned already: the call succeeds. */
  deassignIrqfd(id: VmId, eventfd: EventfdId, gsi: number): Status {
    const vm = this.vms.get(id);
    if (vm === undefined) return EBADF;
    const irqfd = vm.irqfds.get(eventfd);
    if (irqfd !== undefined && irqfd.description.gsi === gsi) this.release(vm, irqfd);
    return OK;
  }

  setRoutes(id: VmId, routes: readonly Route[]): Status {
    const vm = this.vms.get(id);
    if (vm === undefined) return EBADF;
    vm.routes = routes;
    for (const irqfd of vm.irqfds.values()) this.reroute(vm, irqfd);
    return OK;
  }

  endOfInterrupt(id: VmId, pin: number): void {
    // All that assert the pin let go of it before anybody resamples: what is asserted again then is a new interrupt.
    const ended = [...(this.vms.get(id)?.irqfds.values() ?? [])].filter((irqfd) => irqfd.ended(pin));
    const resamplers = new Set(ended.map(({ description }) => description.resample));
    for (const resample of resamplers) if (resample !== undefined) this.environment.signal(resample);
  }

  /** vmx_vcpu_pi_load and pi_enable_wakeup_handler, avic_vcpu_load and avic_vcpu_put, vgic_v4_load and vgic_v4_put. */
  scheduled(vm: VmId, vcpu: number, cpu: number | null): void {
    this.environment.announce(vm, vcpu, cpu);
  }

  protected reroute(vm: Vm, irqfd: Irqfd): void {
    irqfd.setRoute(this.routeFor(vm, irqfd.description.gsi));
  }

  protected makeIrqfd(vm: Vm, description: IrqfdDescription): Irqfd {
    const irqfd: Irqfd = new Irqfd(this.environment, vm.bypass, description, this.routeFor(vm, description.gsi), () =>
      this.hungUp(vm, irqfd),
    );
    return irqfd;
  }

  protected routeFor(vm: Vm, gsi: number): Route | undefined {
    return vm.routes.find((route) => route.gsi === gsi);
  }

  protected isTaken(eventfd: EventfdId): boolean {
    return [...this.vms.values()].some(({ irqfds }) => irqfds.has(eventfd));
  }

  /** User space has closed the eventfd: nobody will signal it but VFIO, which has yet to hear of it. */
  protected hungUp(vm: Vm, irqfd: Irqfd): void {
    this.release(vm, irqfd);
  }

  protected releaseAll(vm: Vm): void {
    for (const irqfd of [...vm.irqfds.values()]) this.release(vm, irqfd);
  }

  protected release(vm: Vm, irqfd: Irqfd): void {
    vm.irqfds.delete(irqfd.description.eventfd);
    irqfd.deassign();
  }

  protected takeReferences({ holder, description: { eventfd, resample } }: Irqfd): boolean {
    const { environment } = this;
    if (!environment.takeReference(eventfd, holder)) return false;
    if (resample === undefined || environment.takeReference(resample, holder)) return true;
    environment.dropReference(eventfd, holder);
    return false;
  }

  protected dropReferences({ holder, description: { eventfd, resample } }: Irqfd): void {
    if (resample !== undefined) this.environment.dropReference(resample, holder);
    this.environment.dropReference(eventfd, holder);
  }
}
