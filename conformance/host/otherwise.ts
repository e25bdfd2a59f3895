/**
 * Consumers that are right, and choose otherwise than the reference where they are free: no rule may charge them. What
 * each does was seen in some version of Linux.
 */
import { ArmForwarding, NOT_MAPPED_BY_THE_GUEST } from '../../reference/host/back-ends/arm.js';
import { Inhibited, Refusing } from '../../reference/host/back-ends/refusing.js';
import type { Participants } from '../../reference/host/host.js';
import { Irqfd, type IrqfdDescription } from '../../reference/host/irqfd.js';
import { Kvm, type Vm } from '../../reference/host/kvm.js';
import type { ConsumerFactory } from '../../spec/host/roles.js';
import type { EventfdId, VmId } from '../../spec/host/vocabulary.js';
import { FIRST_WILD_GSI } from '../../spec/host/vocabulary.js';
import { EINVAL, OK, type Status } from '../../spec/vocabulary.js';
import { type IrqfdClass, kvmOf, withBackEnds, withIrqfds } from './mutants/irqfds.js';

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

/** KVM whose irqfds are others in VMs for which nothing can be shortcut. */
function inhibitedAs(Other: IrqfdClass): ConsumerFactory {
  return kvmOf(
    class extends Kvm {
      protected override makeIrqfd(vm: Vm, description: IrqfdDescription): Irqfd {
        if (!(vm.bypass instanceof Inhibited)) return super.makeIrqfd(vm, description);
        const route = this.routeFor(vm, description.gsi);
        const irqfd: Irqfd = new Other(this.environment, vm.bypass, description, route, () => this.hungUp(vm, irqfd));
        return irqfd;
      }
    },
  );
}

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
      consumer: inhibitedAs(
        class extends Irqfd {
          protected override addProducer(): Status {
            return OK;
          }

          protected override delProducer(): void {}
        },
      ),
    },
  },
  {
    name: 'registers-nothing-for-an-emulated-irqchip',
    summary: 'For a VM for which nothing can be shortcut, registers no consumer.',
    participants: { consumer: inhibitedAs(Apart) },
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
