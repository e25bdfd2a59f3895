/** The known differences between a real kernel and the simulated host. Any other difference is a defect of one of them. */
import type { HostDifference } from './compare.js';

/** One known difference. */
export interface KnownDifference {
  readonly text: string;
  /** True when it explains a difference. `before617`: the kernel's manager is older than Linux 6.17. */
  readonly explains: (difference: HostDifference, before617: boolean) => boolean;
}

const EBUSY = -16;

/** The table. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    text: 'until Linux 6.17 two VMs may use one eventfd: the second KVM_IRQFD succeeds, and its consumer is refused (2cdd64cbf990)',
    explains: ({ operation, first, second }, before617) =>
      before617 && operation.operation === 'assignIrqfd' && first.status === 0 && second.status === EBUSY,
  },
];
