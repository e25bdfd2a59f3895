/**
 * Guest-mode interrupt remapping of AMD (avic_pi_update_irte). What can be posted is as with Intel; but each vCPU keeps a
 * list of the interrupts that are posted to it (ir_list), to update them all when it moves to another CPU of the host,
 * so that an interrupt that goes elsewhere has to leave the list of the vCPU that it went to before.
 */
import type { GuestTarget } from '../../../spec/host/vocabulary.js';
import { PostedInterrupts } from './posted.js';

/** AVIC. */
export class Avic extends PostedInterrupts {
  /** The interrupts of each vCPU, by VM and number. */
  protected readonly lists = new Map<string, Set<number>>();

  protected override update(irq: number, target: GuestTarget | undefined): void {
    const old = this.posted.get(irq);
    if (old !== undefined) this.unlink(irq, old);
    super.update(irq, target);
    if (target !== undefined) this.list(target).add(irq);
  }

  protected unlink(irq: number, target: GuestTarget): void {
    this.list(target).delete(irq);
  }

  protected list({ vm, vcpu }: GuestTarget): Set<number> {
    const key = `${vm} ${vcpu}`;
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const list = new Set<number>();
    this.lists.set(key, list);
    return list;
  }
}
