/** Consumers that are wrong in what they send to the guest. */
import { Irqfd } from '../../../reference/host/irqfd.js';
import type { Route } from '../../../spec/host/vocabulary.js';
import { withIrqfds } from './irqfds.js';
import type { HostMutant } from './mutant.js';

export const injections: readonly HostMutant[] = [
  {
    name: 'kvm-ignores-what-was-signalled',
    role: 'consumer',
    summary: 'Does not look whether the eventfd was signalled before its irqfd was assigned.',
    rule: 'DELIV-6',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          #assigning = false;

          override assign(): void {
            this.#assigning = true;
            super.assign();
          }

          protected override register(): void {
            this.#assigning = false;
            super.register();
          }

          protected override inject(): void {
            if (!this.#assigning) super.inject();
          }
        },
      ),
    },
  },
  {
    name: 'kvm-injects-old-route',
    role: 'consumer',
    summary: 'Goes on to inject along the route that an irqfd had when it was assigned.',
    rule: 'DELIV-3',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          readonly #first = this.route;

          protected override inject(): void {
            this.injectAlong(this.#first);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-injects-to-one-vcpu',
    role: 'consumer',
    summary: 'Sends a message that is for several vCPUs to the first of them.',
    rule: 'DELIV-1',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override injectAlong(route: Route | undefined): void {
            super.injectAlong(route?.type === 'msi' ? { ...route, vcpus: route.vcpus.slice(0, 1) } : route);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-drops-pending-level',
    role: 'consumer',
    summary: 'Does not look whether the eventfd of a level was signalled before its irqfd was assigned.',
    rule: 'DELIV-11',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          #assigned = false;

          protected override register(): void {
            this.#assigned = true;
            super.register();
          }

          protected override inject(): void {
            if (this.#assigned || this.description.resample === undefined) super.inject();
          }
        },
      ),
    },
  },
  {
    name: 'kvm-injects-a-level-twice',
    role: 'consumer',
    summary: 'Asserts the pin of a level, and sends an interrupt for it besides.',
    rule: 'DELIV-12',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override injectAlong(route: Route | undefined): void {
            super.injectAlong(route);
            if (this.description.resample === undefined || route?.type !== 'irqchip') return;
            this.environment.inject({ vm: this.vm, vcpu: 0, vector: `pin ${route.pin}` });
          }
        },
      ),
    },
  },
  {
    name: 'kvm-ends-bypass-when-it-injects',
    role: 'consumer',
    summary: 'Ends the bypass of a pair when its eventfd is signalled by somebody else.',
    rule: 'DELIV-4',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override inject(): void {
            super.inject();
            const { irq } = this;
            this.bypass.del(this);
            this.irq = irq;
          }
        },
      ),
    },
  },
];
