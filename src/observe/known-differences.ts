/** The known differences between a real kernel and the simulated host. Any other difference is a defect of one of them. */
import type { HostDifference } from './compare.js';

/** One known difference. */
export interface KnownDifference {
  readonly text: string;
  /** True when it explains a difference. `before617`: the kernel's manager is older than Linux 6.17. */
  readonly explains: (difference: HostDifference, before617: boolean) => boolean;
}

const EBUSY = -16;

/** The reference's consumer has refused a producer as one whose event is not mapped. */
const REFUSED = /addProducer\([^)]*\) -2\b/;

/** A consumer has failed with an errno, which no version does for that reason. */
const FAILED = /addProducer\([^)]*\) -\d/;

/** An interaction, whatever the consumer said and the registration returned. */
function withoutResults(text: string): string {
  return text.replace(/(addProducer\([^)]*\)) -?\d+/g, '$1').replace(/ -> -?\d+$/, '');
}

/** The table. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    text: 'until Linux 6.17 two VMs may use one eventfd: the second KVM_IRQFD succeeds, and its consumer is refused (2cdd64cbf990)',
    explains: ({ operation, first, second }, before617) =>
      before617 && operation.operation === 'assignIrqfd' && first.status === 0 && second.status === EBUSY,
  },
  {
    text: 'what an event gives that the guest has not mapped is a choice of the version: the reference host refuses the producer with -2 (-ENOENT), and Linux on arm64 refuses it otherwise or accepts it and maps nothing',
    explains: ({ first, second }) =>
      first.status === second.status &&
      second.interactions.some((text) => REFUSED.test(text)) &&
      !first.interactions.some((text) => FAILED.test(text)) &&
      first.interactions.map(withoutResults).join('\n') === second.interactions.map(withoutResults).join('\n'),
  },
];
