/**
 * Arm: vLPIs of GICv4 for messages (kvm_vgic_v4_set_forwarding), IRQ forwarding for lines.
 *
 * A message is forwarded if the guest's ITS has an entry for it. If not, connecting fails, which is nothing bad: the
 * interrupt goes through the host. Under a manager that heeds no refusal the two are a pair, and it does so all the same; so
 * they are where this consumer refuses none of them. A change of route unmaps it, and it goes through the host from then
 * on. A vLPI that is pending lies in the hardware's table, and has to be taken out of it when the entry goes.
 *
 * The guest is halted meanwhile. Halts count, for the pairs of one guest may be joined and parted within one another.
 */
import type { ConsumerEnvironment } from '../../../spec/host/roles.js';
import type { GuestTarget, Route, VmId } from '../../../spec/host/vocabulary.js';
import { OK, type Status } from '../../../spec/vocabulary.js';
import type { Bypass, Paired } from './bypass.js';

/** The guest has not mapped the event (-ENOENT). */
const ENOENT = -2;

/** The ITS's own code for the same, which reached the manager as it is up to Linux 6.12: positive, and no errno. */
export const NOT_MAPPED_BY_THE_GUEST = 0x10307;

/** GICv4 and IRQ forwarding. */
export class ArmForwarding implements Bypass {
  protected readonly forwarded = new Set<number>();

  /** @param unmapped what connecting returns where the guest has not mapped the event; OK where the two are a pair */
  constructor(
    protected readonly environment: ConsumerEnvironment,
    protected readonly unmapped: Status = ENOENT,
  ) {}

  add(irqfd: Paired, irq: number): Status {
    const target = this.forwardable(irqfd, irq);
    if (target === undefined && this.unmapped !== OK && this.environment.canRefuse) return this.unmapped;
    irqfd.irq = irq;
    if (target !== undefined) this.map(irq, target);
    return OK;
  }

  del(irqfd: Paired): void {
    if (irqfd.irq !== undefined) this.unmap(irqfd.irq);
    irqfd.irq = undefined;
  }

  /** Of a line, the producer has to hear: it is a level again where it is not forwarded. */
  routeChanged(irqfd: Paired, _old: Route | undefined): boolean {
    if (irqfd.irq === undefined) return true;
    if (this.environment.isLine(irqfd.irq)) return false;
    this.unmap(irqfd.irq);
    return true;
  }

  forwards(irq: number): boolean {
    return this.forwarded.has(irq);
  }

  stop(vm: VmId): void {
    this.environment.halt(vm);
  }

  start(vm: VmId): void {
    this.environment.resume(vm);
  }

  protected forwardable({ vm, route }: Paired, irq: number): GuestTarget | undefined {
    if (route === undefined) return undefined;
    if (this.environment.isLine(irq)) {
      return route.type === 'irqchip' ? { vm, vcpu: 0, vector: `pin ${route.pin}` } : undefined;
    }
    if (route.type !== 'msi' || route.delivery !== 'fixed') return undefined;
    const [vcpu, ...others] = route.vcpus;
    return vcpu === undefined || others.length > 0 ? undefined : { vm, vcpu, vector: route.vector };
  }

  protected map(irq: number, target: GuestTarget): void {
    this.forwarded.add(irq);
    this.environment.map(irq, target);
  }

  protected unmap(irq: number): void {
    if (!this.forwarded.delete(irq)) return;
    const pending = this.environment.unmap(irq);
    if (pending !== undefined) this.environment.inject(pending);
  }
}
