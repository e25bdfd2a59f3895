/** Where a real kernel and the simulated host are known to part, and why. What is not here is a defect of one of them. */
import type { HostDifference } from './compare.js';

/** One known difference. */
export interface Explanation {
  readonly text: string;
  /** Whether it is what a difference shows; `generation` is the manager's. */
  readonly explains: (difference: HostDifference, before617: boolean) => boolean;
}

const EBUSY = -16;

/** The table. */
export const explanations: readonly Explanation[] = [
  {
    text: 'until Linux 6.17 two VMs may use one eventfd: the second KVM_IRQFD succeeds, and its consumer is refused (2cdd64cbf990)',
    explains: ({ operation, first, second }, before617) =>
      before617 && operation.operation === 'assignIrqfd' && first.status === 0 && second.status === EBUSY,
  },
];
