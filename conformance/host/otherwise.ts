/**
 * Consumers that are right, and choose otherwise than the reference where they are free: no rule may charge them. What
 * each does was seen in some version of Linux.
 */
import { ArmForwarding, NOT_MAPPED_BY_THE_GUEST } from '../../reference/host/back-ends/arm.js';
import { Inhibited, Refusing } from '../../reference/host/back-ends/refusing.js';
import type { Participants } from '../../reference/host/host.js';
import { Irqfd } from '../../reference/host/irqfd.js';
import { Kvm, type Vm } from '../../reference/host/kvm.js';
import type { EventfdId, VmId } from '../../spec/host/vocabulary.js';
import { FIRST_WILD_GSI } from '../../spec/host/vocabulary.js';
import { EINVAL, OK, type Status } from '../../spec/vocabulary.js';
import { kvmOf, withBackEnds, withIrqfds } from './mutants/irqfds.js';

/** A participant that is right, and not as the reference. */
export interface Otherwise {
  readonly name: string;
  readonly summary: string;
  readonly participants: Participants;
}

/** Irqfds that stay away from the manager. */
class Apart extends Irqfd {
  protected override register(): void {}
}

/** Whether nothing can be shortcut for a VM, on a host that can for others. */
const isInhibited = ({ bypass }: Vm) => bypass instanceof Inhibited;

export const otherwise: readonly Otherwise[] = [
  {
    name: 'pairs-and-maps-nothing',
    summary: 'Where nothing can be shortcut, accepts every producer (x86 without posted interrupts).',
    participants: {
      consumer: withBackEnds({
        refusing: () =>
          new (class extends Refusing {
            override add(): Status {
              return OK;
            }
          })(),
      }),
    },
  },
  {
    name: 'pairs-by-turns',
    summary: 'Where nothing can be shortcut, accepts every second producer (powerpc, switched off and on).',
    participants: {
      consumer: withBackEnds({
        refusing: () =>
          new (class extends Refusing {
            #asked = 0;

            override add(): Status {
              return this.#asked++ % 2 === 0 ? OK : super.add();
            }
          })(),
      }),
    },
  },
  {
    name: 'registers-nothing',
    summary: 'Where nothing can be shortcut, registers no consumer (no kvm_arch_has_irq_bypass).',
    participants: {
      consumer: (environment) =>
        environment.backEnd === 'refusing' ? withIrqfds(Apart)(environment) : new Kvm(environment),
    },
  },
  {
    name: 'pairs-and-maps-nothing-for-an-emulated-irqchip',
    summary: 'For a VM for which nothing can be shortcut, accepts every producer (x86 with APICv or AVIC inhibited).',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override addProducer(): Status {
            return OK;
          }

          protected override delProducer(): void {}
        },
        isInhibited,
      ),
    },
  },
  {
    name: 'registers-nothing-for-an-emulated-irqchip',
    summary: 'For a VM for which nothing can be shortcut, registers no consumer.',
    participants: { consumer: withIrqfds(Apart, isInhibited) },
  },
  {
    name: 'arm-pairs-what-is-not-mapped',
    summary: 'Accepts a producer whose interrupt the guest has not mapped (Arm in Linux 7.3).',
    participants: { consumer: withBackEnds({ 'arm-forwarding': (environment) => new ArmForwarding(environment, OK) }) },
  },
  {
    name: 'arm-refuses-with-a-code-of-its-own',
    summary: "Refuses what the guest has not mapped with the ITS's own positive code.",
    participants: {
      consumer: withBackEnds({
        'arm-forwarding': (environment) => new ArmForwarding(environment, NOT_MAPPED_BY_THE_GUEST),
      }),
    },
  },
  {
    name: 'refuses-wild-gsis',
    summary: 'Refuses a GSI that no route can name (Linux since 4.14).',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          override assignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number, resample?: EventfdId): Status {
            return gsi >= FIRST_WILD_GSI ? EINVAL : super.assignIrqfd(vm, eventfd, gsi, resample);
          }

          override deassignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number): Status {
            return gsi >= FIRST_WILD_GSI ? EINVAL : super.deassignIrqfd(vm, eventfd, gsi);
          }
        },
      ),
    },
  },
];
