/** The known differences between a real kernel and the simulated host. Any other difference is a defect of one of them. */
import type { HostDifference } from './compare.js';

/** One known difference. */
export interface KnownDifference {
  readonly text: string;
  /** True when it explains a difference. `before617`: the kernel's manager is older than Linux 6.17. */
  readonly explains: (difference: HostDifference, before617: boolean) => boolean;
}

const EBUSY = -16;

/** A consumer of a VM refuses an interrupt of a device. */
const REFUSED = /\b(vm\d+)\.\S+\.addProducer\((d\d+)\.[^)]*\) -22 -> -22$/;

/** The device of which the first host refuses an interrupt that the second takes, and for which VM, if that comes first. */
function refusedFirst({ first, second }: HostDifference): { readonly vm: string; readonly device: string } | undefined {
  const at = first.interactions.findIndex((text, index) => text !== second.interactions[index]);
  const [text = '', other = ''] = [first.interactions[at], second.interactions[at]];
  const [, vm, device] = REFUSED.exec(text) ?? [];
  const isTaken = other === text.replace(/ -22 -> -22$/, ' 0 -> 0');
  return vm === undefined || device === undefined || !isTaken ? undefined : { vm, device };
}

/** The table. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    text: 'until Linux 6.17 two VMs may use one eventfd: the second KVM_IRQFD succeeds, and its consumer is refused (2cdd64cbf990)',
    explains: ({ operation, first, second }, before617) =>
      before617 && operation.operation === 'assignIrqfd' && first.status === 0 && second.status === EBUSY,
  },
  {
    text: 'an ITS maps the interrupts of a device for one VM at a time: while one goes to a VM, Linux refuses another one for another VM with -22 (-EINVAL)',
    explains: (difference) => {
      const refused = refusedFirst(difference);
      if (refused === undefined || difference.first.status !== difference.second.status) return false;
      const { vm, device } = refused;
      return [...difference.shortcuts].some(([holder, other]) => holder.startsWith(`${device}.`) && other !== vm);
    },
  },
];
