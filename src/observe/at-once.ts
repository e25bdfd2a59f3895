/** How many irqfds go at once: KVM hands those of a VM that goes to a work queue, and which goes first is luck. */
import type { HostProgram } from '../../spec/host/vocabulary.js';

/** The most irqfds that go with their VM in one call of a program. */
export function mostAtOnce({ operations }: HostProgram): number {
  const assigned = new Set<string>();
  let most = 0;
  for (const one of operations) {
    if (one.operation === 'assignIrqfd') assigned.add(`${one.vm}.${one.eventfd}`);
    if (one.operation === 'deassignIrqfd') assigned.delete(`${one.vm}.${one.eventfd}`);
    const gone = [...assigned].filter(
      (irqfd) =>
        (one.operation === 'destroyVm' && irqfd.startsWith(`${one.vm}.`)) ||
        (one.operation === 'closeEventfd' && irqfd.endsWith(`.${one.eventfd}`)),
    );
    for (const irqfd of gone) assigned.delete(irqfd);
    if (one.operation === 'destroyVm') most = Math.max(most, gone.length);
  }
  return most;
}
