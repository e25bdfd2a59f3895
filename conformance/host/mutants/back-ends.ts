/** Consumers that are wrong in what they tell the hardware. */
import { ArmForwarding } from '../../../reference/host/back-ends/arm.js';
import { Avic } from '../../../reference/host/back-ends/avic.js';
import type { Paired } from '../../../reference/host/back-ends/bypass.js';
import { PostedInterrupts } from '../../../reference/host/back-ends/posted.js';
import { Refusing } from '../../../reference/host/back-ends/refusing.js';
import { bypasses, Kvm } from '../../../reference/host/kvm.js';
import type { ConsumerEnvironment } from '../../../spec/host/roles.js';
import type { GuestTarget, Route, VmId } from '../../../spec/host/vocabulary.js';
import type { Status } from '../../../spec/vocabulary.js';
import { withBackEnds } from './irqfds.js';
import type { HostMutant } from './mutant.js';

export const backEndMutants: readonly HostMutant[] = [
  {
    name: 'pi-keeps-the-peer',
    role: 'consumer',
    summary: 'Keeps the interrupt of a producer that it refused, and sets it up when the route changes.',
    rule: 'CONS-8',
    history: 'x86 keeps irqfd->producer of a failed add (found by reading)',
    participants: {
      consumer: withBackEnds({
        refusing: (environment: ConsumerEnvironment) =>
          new (class extends Refusing {
            readonly #peers = new Map<Paired, number>();

            override add(irqfd?: Paired, irq?: number): Status {
              if (irqfd !== undefined && irq !== undefined) this.#peers.set(irqfd, irq);
              return super.add();
            }

            override routeChanged(irqfd?: Paired): boolean {
              const irq = irqfd === undefined ? undefined : this.#peers.get(irqfd);
              const route = irqfd?.route;
              const vcpu = route?.type === 'msi' ? route.vcpus[0] : undefined;
              if (irq !== undefined && irqfd !== undefined && route?.type === 'msi' && vcpu !== undefined) {
                environment.map(irq, { vm: irqfd.vm, vcpu, vector: route.vector });
              }
              return true;
            }
          })(),
      }),
    },
  },
  {
    name: 'arm-maps-then-fails',
    role: 'consumer',
    summary: 'Leaves the interrupt of a producer mapped that it refuses.',
    rule: 'CONS-8',
    participants: {
      consumer: withBackEnds({
        'arm-forwarding': (environment) =>
          new (class extends ArmForwarding {
            override add(irqfd: Paired, irq: number): Status {
              const status = super.add(irqfd, irq);
              if (status !== 0) this.map(irq, { vm: irqfd.vm, vcpu: 0, vector: 48 });
              return status;
            }
          })(environment),
      }),
    },
  },
  {
    name: 'arm-refuses-in-vain',
    role: 'consumer',
    summary: 'Refuses a line under a manager that heeds no refusal, and is not there when the line can be forwarded.',
    rule: 'CONS-13',
    profile: 'rfc-2015',
    participants: {
      consumer: withBackEnds({
        'arm-forwarding': (environment) => new ArmForwarding({ ...environment, canRefuse: true }),
      }),
    },
  },
  {
    name: 'pi-never-unmaps',
    role: 'consumer',
    summary: 'Leaves the IRTE posted when the producer is deleted.',
    rule: 'CONS-7',
    participants: {
      consumer: withBackEnds({
        'vtd-posted': (environment) =>
          new (class extends PostedInterrupts {
            override del(irqfd: Paired): void {
              irqfd.irq = undefined;
            }
          })(environment),
      }),
    },
  },
  {
    name: 'pi-never-posts',
    role: 'consumer',
    summary: 'Accepts a producer and leaves its interrupt with the host.',
    rule: 'CONS-16',
    participants: {
      consumer: withBackEnds({
        'vtd-posted': (environment) =>
          new (class extends PostedInterrupts {
            override add(irqfd: Paired, irq: number): Status {
              irqfd.irq = irq;
              return 0;
            }
          })(environment),
      }),
    },
  },
  {
    name: 'pi-posts-to-vcpu-0',
    role: 'consumer',
    summary: 'Posts every interrupt to the first vCPU.',
    rule: 'CONS-16',
    participants: {
      consumer: withBackEnds({
        'vtd-posted': (environment) =>
          new (class extends PostedInterrupts {
            protected override update(irq: number, target: GuestTarget | undefined): void {
              super.update(irq, target === undefined ? undefined : { ...target, vcpu: 0 });
            }
          })(environment),
      }),
    },
  },
  {
    name: 'pi-posts-the-unpostable',
    role: 'consumer',
    summary: 'Goes on to post where it was when a route can no longer be posted.',
    rule: 'CONS-10',
    participants: {
      consumer: withBackEnds({
        'vtd-posted': (environment) =>
          new (class extends PostedInterrupts {
            override routeChanged(irqfd: Paired, old: Route | undefined): boolean {
              if (irqfd.route?.type === 'msi' && this.postable(irqfd) === undefined) return true;
              return super.routeChanged(irqfd, old);
            }
          })(environment),
      }),
    },
  },
  {
    name: 'pi-never-posts-again',
    role: 'consumer',
    summary: 'Stays with the host once a route could not be posted.',
    rule: 'CONS-11',
    participants: {
      consumer: withBackEnds({
        'vtd-posted': (environment) =>
          new (class extends PostedInterrupts {
            override routeChanged(irqfd: Paired, old: Route | undefined): boolean {
              if (irqfd.irq !== undefined && !this.posted.has(irqfd.irq) && old?.type === 'msi') return true;
              return super.routeChanged(irqfd, old);
            }
          })(environment),
      }),
    },
  },
  {
    name: 'pi-posts-nmi',
    role: 'consumer',
    summary: 'Posts an NMI as the vector of its message.',
    rule: 'CONS-16',
    participants: {
      consumer: withBackEnds({
        'vtd-posted': (environment) =>
          new (class extends PostedInterrupts {
            protected override postable(irqfd: Paired): GuestTarget | undefined {
              const { vm, route } = irqfd;
              const [vcpu] = route?.type === 'msi' && route.delivery === 'nmi' ? route.vcpus : [];
              if (route?.type === 'msi' && vcpu !== undefined) return { vm, vcpu, vector: route.vector };
              return super.postable(irqfd);
            }
          })(environment),
      }),
    },
  },
  {
    name: 'avic-stale-list',
    role: 'consumer',
    summary: 'Updates an interrupt at the vCPU on whose list it was, not at the one that it has moved to.',
    rule: 'CONS-12',
    history: 'the lists of AVIC, which B12 and B13 corrupted',
    participants: {
      consumer: withBackEnds({
        'amd-avic': (environment) =>
          new (class extends Avic {
            protected override update(irq: number, target: GuestTarget | undefined): void {
              const old = this.posted.get(irq);
              super.update(irq, target === undefined || old === undefined ? target : { ...target, vcpu: old.vcpu });
            }
          })(environment),
      }),
    },
  },
  {
    name: 'arm-drops-pending',
    role: 'consumer',
    summary: 'Drops what is pending in the entry of a vLPI that it unmaps.',
    rule: 'DELIV-7',
    history: 'Linux: lost by QEMU live update (B15)',
    participants: {
      consumer: withBackEnds({
        'arm-forwarding': (environment) =>
          new (class extends ArmForwarding {
            protected override unmap(irq: number): void {
              if (this.forwarded.delete(irq)) this.environment.unmap(irq);
            }
          })(environment),
      }),
    },
  },
  {
    name: 'arm-never-resumes',
    role: 'consumer',
    summary: 'Does not let the guest run again after a producer was deleted.',
    rule: 'CONS-15',
    participants: {
      consumer: withBackEnds({
        'arm-forwarding': (environment) =>
          new (class extends ArmForwarding {
            #deleted = false;

            override del(irqfd: Paired): void {
              super.del(irqfd);
              this.#deleted = true;
            }

            override start(vm: VmId): void {
              if (!this.#deleted) super.start(vm);
              this.#deleted = false;
            }
          })(environment),
      }),
    },
  },
  {
    name: 'arm-resumes-twice',
    role: 'consumer',
    summary: 'Lets the guest run once more than it was halted.',
    rule: 'CONS-15',
    history: 'a counter since Linux 6.12, where it was a flag',
    participants: {
      consumer: withBackEnds({
        'arm-forwarding': (environment) =>
          new (class extends ArmForwarding {
            override start(vm: VmId): void {
              super.start(vm);
              super.start(vm);
            }
          })(environment),
      }),
    },
  },
  {
    name: 'arm-keeps-old-route',
    role: 'consumer',
    summary: 'Leaves the vLPI of a pair mapped when its route changes.',
    rule: 'CONS-10',
    history: 'Linux until 6.16 (B14)',
    participants: {
      consumer: withBackEnds({
        'arm-forwarding': (environment) =>
          new (class extends ArmForwarding {
            override routeChanged(irqfd: Paired): boolean {
              return irqfd.irq === undefined || !this.environment.isLine(irqfd.irq);
            }
          })(environment),
      }),
    },
  },
  {
    name: 'pi-posts-for-old-producers-only',
    role: 'consumer',
    summary: 'Posts the interrupt of a producer that waited for the consumer, and of no other.',
    rule: 'DELIV-13',
    participants: {
      consumer: (environment) => {
        let assigning = false;
        return new (class extends Kvm {
          override assignIrqfd(...given: Parameters<Kvm['assignIrqfd']>): Status {
            assigning = true;
            const status = super.assignIrqfd(...given);
            assigning = false;
            return status;
          }
        })(environment, (given) =>
          environment.backEnd !== 'vtd-posted'
            ? bypasses[environment.backEnd](given)
            : new (class extends PostedInterrupts {
                override add(irqfd: Paired, irq: number): Status {
                  if (assigning) return super.add(irqfd, irq);
                  irqfd.irq = irq;
                  return 0;
                }
              })(given),
        );
      },
    },
  },
];
