/** Consumers that are wrong where several lines lead to one pin. */
import { Irqfd } from '../../../reference/host/irqfd.js';
import { Kvm } from '../../../reference/host/kvm.js';
import type { VmId } from '../../../spec/host/vocabulary.js';
import { kvmOf, withIrqfds } from './irqfds.js';
import type { HostMutant } from './mutant.js';

export const sharedLines: readonly HostMutant[] = [
  {
    name: 'kvm-tells-one-resampler',
    role: 'consumer',
    summary: 'Of the irqfds on a pin whose interrupt has ended, tells the resampler of the first only.',
    rule: 'DELIV-10',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          override endOfInterrupt(id: VmId, pin: number): void {
            const ended = [...(this.vms.get(id)?.irqfds.values() ?? [])].filter((irqfd) => irqfd.ended(pin));
            const resample = ended[0]?.description.resample;
            if (resample !== undefined) this.environment.signal(resample);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-resamples-one-by-one',
    role: 'consumer',
    summary:
      'Tells the resampler of one irqfd before the next one on the pin is deasserted, so that the pin never falls.',
    rule: 'DELIV-10',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          override endOfInterrupt(id: VmId, pin: number): void {
            for (const irqfd of this.vms.get(id)?.irqfds.values() ?? []) {
              const { resample } = irqfd.description;
              if (irqfd.ended(pin) && resample !== undefined) this.environment.signal(resample);
            }
          }
        },
      ),
    },
  },
  {
    name: 'kvm-deassign-drops-the-pin',
    role: 'consumer',
    summary: 'Deasserts the pin of an irqfd that is deassigned, though another irqfd asserts it.',
    rule: 'DELIV-10',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          override deassign(): void {
            super.deassign();
            if (this.route?.type === 'irqchip') this.environment.setPin(this.vm, this.route.pin, 'deasserted');
          }
        },
      ),
    },
  },
];
