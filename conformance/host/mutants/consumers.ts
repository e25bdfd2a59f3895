/** Consumers that are wrong in what they do about an irqfd. */
import { Irqfd } from '../../../reference/host/irqfd.js';
import { Kvm, type Vm } from '../../../reference/host/kvm.js';
import type { EventfdId, Route, VmId } from '../../../spec/host/vocabulary.js';
import { tokenOf } from '../../../spec/host/vocabulary.js';
import { EINVAL, OK, type Status } from '../../../spec/vocabulary.js';
import { kvmOf, withIrqfds } from './irqfds.js';
import type { HostMutant } from './mutant.js';

export const consumers: readonly HostMutant[] = [
  {
    name: 'kvm-never-registers',
    role: 'consumer',
    summary: 'Registers no consumer.',
    rule: 'CONS-1',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override register(): void {}
        },
      ),
    },
  },
  {
    name: 'kvm-deassign-forgets',
    role: 'consumer',
    summary: 'Does not unregister the consumer of an irqfd that is deassigned.',
    rule: 'CONS-2',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          #deassigning = false;

          override deassignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number): Status {
            this.#deassigning = true;
            const status = super.deassignIrqfd(vm, eventfd, gsi);
            this.#deassigning = false;
            return status;
          }

          protected override release(vm: Vm, irqfd: Irqfd): void {
            if (this.#deassigning) vm.irqfds.delete(irqfd.description.eventfd);
            else super.release(vm, irqfd);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-ignores-hang-up',
    role: 'consumer',
    summary: 'Does nothing when the eventfd of an irqfd is closed.',
    rule: 'CONS-3',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          protected override hungUp(): void {}
        },
      ),
    },
  },
  {
    name: 'kvm-leaves-irqfds',
    role: 'consumer',
    summary: 'Leaves the consumers registered when their VM goes.',
    rule: 'CONS-4',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          protected override releaseAll(): void {}
        },
      ),
    },
  },
  {
    name: 'kvm-fails-the-call',
    role: 'consumer',
    summary: 'Fails the system call when the registration is refused.',
    rule: 'CONS-5',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          override assignIrqfd(id: VmId, eventfd: EventfdId, gsi: number, resample?: EventfdId): Status {
            const status = super.assignIrqfd(id, eventfd, gsi, resample);
            const irqfd = this.vms.get(id)?.irqfds.get(eventfd);
            return status === OK && irqfd?.isRegistered === false ? EINVAL : status;
          }
        },
      ),
    },
  },
  {
    name: 'kvm-drops-reference-first',
    role: 'consumer',
    summary: 'Drops the reference to the eventfd before it unregisters the consumer.',
    rule: 'CONS-6',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          override deassign(): void {
            this.dropReferences();
            super.deassign();
          }
        },
      ),
    },
  },
  {
    name: 'kvm-leaks-the-reference',
    role: 'consumer',
    summary: 'Keeps its reference to the eventfd of an irqfd that has gone.',
    rule: 'CONS-17',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override dropReferences(): void {}
        },
      ),
    },
  },
  {
    name: 'kvm-compares-data-only',
    role: 'consumer',
    summary: 'Takes a message with the same vector for the same message.',
    rule: 'CONS-12',
    history: 'Linux until 9bcac97dc42d (B14)',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override changed(old: Route | undefined, route: Route | undefined): boolean {
            if (old?.type === 'msi' && route?.type === 'msi' && old.vector === route.vector) return false;
            return super.changed(old, route);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-ignores-change-of-type',
    role: 'consumer',
    summary: 'Does nothing for a pair whose route becomes no message.',
    rule: 'CONS-13',
    history: 'Linux until bcda70c56f3e (B14)',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override changed(old: Route | undefined, route: Route | undefined): boolean {
            return old?.type === route?.type && super.changed(old, route);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-lost-update',
    role: 'consumer',
    summary: 'Loses every second change of route of an irqfd.',
    rule: 'CONS-9',
    history: 'the race with the producer until Linux 6.15, as the update that it lost (B11)',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          #changes = 0;

          protected override routeChanged(old: Route | undefined): void {
            if (++this.#changes % 2 === 1) super.routeChanged(old);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-updates-late',
    role: 'consumer',
    summary: 'Sets up a changed route with the next change of routes.',
    rule: 'CONS-9',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          #late: (() => void) | undefined;

          override setRoute(route: Route | undefined): void {
            this.#late?.();
            this.#late = () => super.setRoute(route);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-touches-all-routes',
    role: 'consumer',
    summary: 'Sets up the hardware anew for routes that have not changed.',
    rule: 'CONS-18',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override changed(): boolean {
            return true;
          }
        },
      ),
    },
  },
  {
    name: 'kvm-deassign-clobbers-type',
    role: 'consumer',
    summary: 'Forgets the route of an irqfd that is deassigned, so that deleting finds no message and does nothing.',
    rule: 'CONS-14',
    history: 'Linux until January 2026 (B13)',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          #clobbered = false;

          override deassign(): void {
            this.#clobbered = true;
            super.deassign();
          }

          protected override delProducer(): void {
            if (!this.#clobbered && this.route?.type === 'msi') super.delProducer();
          }
        },
      ),
    },
  },
  {
    name: 'kvm-registers-for-messages-only',
    role: 'consumer',
    summary: 'Registers a consumer only if the route is a message when the irqfd is assigned.',
    rule: 'CONS-1',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override register(): void {
            if (this.route?.type === 'msi') super.register();
          }
        },
      ),
    },
  },
  {
    name: 'kvm-registers-a-fixed-token',
    role: 'consumer',
    summary: 'Registers every consumer under the token of the first eventfd.',
    rule: 'CONS-1',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override register(): void {
            this.registered = this.environment.manager.registerConsumer(this.consumer, tokenOf('e0')) === OK;
          }
        },
      ),
    },
  },
  {
    name: 'kvm-answers-einval-for-unassigned',
    role: 'consumer',
    summary: 'Refuses to deassign what is not assigned.',
    rule: 'DELIV-15',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          override deassignIrqfd(id: VmId, eventfd: EventfdId, gsi: number): Status {
            if (this.vms.get(id)?.irqfds.has(eventfd) === false) return EINVAL;
            return super.deassignIrqfd(id, eventfd, gsi);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-tries-again-later',
    role: 'consumer',
    summary: 'Registers a consumer that was refused once more when the routes change.',
    rule: 'DELIV-14',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          override setRoute(route: Route | undefined): void {
            super.setRoute(route);
            if (!this.registered) this.register();
          }
        },
      ),
    },
  },
  {
    name: 'kvm-connects-without-a-route',
    role: 'consumer',
    summary: 'Reads the route of an irqfd that has none when a producer is added.',
    rule: 'DELIV-16',
    history: 'as a null pointer on the way to connect (B12)',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override addProducer(irq: number): Status {
            if (this.route === undefined) throw new TypeError('the route of an irqfd that has none was read');
            return super.addProducer(irq);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-maps-for-an-emulated-irqchip',
    role: 'consumer',
    summary: 'Shortcuts interrupts of a VM for which nothing can be.',
    rule: 'CONS-16',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          override createVmWithEmulatedIrqchip(id: VmId): Status {
            return this.createVm(id);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-refuses-all-after-an-emulated-irqchip',
    role: 'consumer',
    summary: 'Shortcuts nothing any more, for any VM, once there was one for which nothing can be.',
    rule: 'DELIV-14',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          #inhibited = false;

          override createVm(id: VmId): Status {
            return this.#inhibited ? super.createVmWithEmulatedIrqchip(id) : super.createVm(id);
          }

          override createVmWithEmulatedIrqchip(id: VmId): Status {
            this.#inhibited = true;
            return super.createVmWithEmulatedIrqchip(id);
          }
        },
      ),
    },
  },
  {
    name: 'kvm-unique-per-vm',
    role: 'consumer',
    summary: 'Lets two VMs have an irqfd for one eventfd, of which only the first is told.',
    rule: 'DELIV-15',
    history: 'Linux until 6.17 (B18)',
    participants: {
      consumer: kvmOf(
        class extends Kvm {
          #vm: VmId | undefined;

          override assignIrqfd(id: VmId, eventfd: EventfdId, gsi: number, resample?: EventfdId): Status {
            this.#vm = id;
            return super.assignIrqfd(id, eventfd, gsi, resample);
          }

          protected override isTaken(eventfd: EventfdId): boolean {
            const vm = this.#vm === undefined ? undefined : this.vms.get(this.#vm);
            return vm?.irqfds.has(eventfd) === true;
          }
        },
      ),
    },
  },
];
