/**
 * Posted interrupts of Intel VT-d (vmx_pi_update_irte): the IRTE of an interrupt names the descriptor of a vCPU and a
 * vector, and the hardware posts it there. Only a message to one vCPU can be posted; all else is remapped to the host.
 */
import type { ConsumerEnvironment } from '../../../spec/host/roles.js';
import type { GuestTarget, Route } from '../../../spec/host/vocabulary.js';
import { OK, type Status } from '../../../spec/vocabulary.js';
import type { Bypass, Paired } from './bypass.js';

/** Posted interrupts. */
export class PostedInterrupts implements Bypass {
  /** The interrupts whose IRTE is in posted mode. */
  protected readonly posted = new Map<number, GuestTarget>();

  constructor(protected readonly environment: ConsumerEnvironment) {}

  add(irqfd: Paired, irq: number): Status {
    irqfd.irq = irq;
    this.update(irq, this.postable(irqfd));
    return OK;
  }

  del(irqfd: Paired): void {
    if (irqfd.irq !== undefined) this.update(irqfd.irq, undefined);
    irqfd.irq = undefined;
  }

  routeChanged(irqfd: Paired, _old: Route | undefined): boolean {
    if (irqfd.irq !== undefined) this.update(irqfd.irq, this.postable(irqfd));
    return true;
  }

  /** The vCPU and vector of a route that can be posted. Lowest priority among one is that one. */
  protected postable({ vm, route }: Paired): GuestTarget | undefined {
    if (route?.type !== 'msi' || route.delivery === 'nmi') return undefined;
    const [vcpu, ...others] = route.vcpus;
    return vcpu === undefined || others.length > 0 ? undefined : { vm, vcpu, vector: route.vector };
  }

  /** Set an IRTE to posted, or back to remapped. */
  protected update(irq: number, target: GuestTarget | undefined): void {
    if (target !== undefined) {
      this.posted.set(irq, target);
      this.environment.map(irq, target);
    } else if (this.posted.delete(irq)) {
      this.environment.unmap(irq);
    }
  }
}
