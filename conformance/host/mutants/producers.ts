/** Producers of messages that are wrong. */
import { type OpenDevice, Vfio } from '../../../reference/host/vfio.js';
import { type Trigger, Vector } from '../../../reference/host/vfio-msi.js';
import type { DeviceId, EventfdId, IrqIndex } from '../../../spec/host/vocabulary.js';
import { tokenOf } from '../../../spec/host/vocabulary.js';
import { EINVAL, OK, type Status } from '../../../spec/vocabulary.js';
import type { HostMutant } from './mutant.js';
import { withVectors } from './vectors.js';

export const producers: readonly HostMutant[] = [
  {
    name: 'vfio-free-irq-first',
    role: 'producer',
    summary: 'Frees the interrupt of a vector before it unregisters the producer.',
    rule: 'PROD-2',
    history: 'vfio-pci until Linux 5.4.6 (B10)',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override tearDown(trigger: Trigger): void {
            this.freeIrq(trigger);
            this.unregister();
            this.dropReference(trigger);
            this.trigger = undefined;
          }
        },
      }),
    },
  },
  {
    name: 'vdpa-skips-irq-0',
    role: 'producer',
    summary: 'Takes interrupt 0 for none, and does not unregister its producer.',
    rule: 'PROD-4',
    history: 'vhost-vdpa until 2021 (B7)',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override unregister(): void {
            if (this.trigger?.irq !== 0) super.unregister();
          }
        },
      }),
    },
  },
  {
    name: 'vdpa-wipes-the-producer',
    role: 'producer',
    summary: 'Takes interrupt 0 for none, and makes its producer anew instead of unregistering it.',
    rule: 'PROD-4',
    history: 'vhost-vdpa until 2021: registered memory was zeroed (B7)',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          #fresh = this.makeProducer();

          protected override register(trigger: Trigger): void {
            const { environment } = this;
            const status = environment.manager.registerProducer(this.#fresh, tokenOf(trigger.eventfd), trigger.irq);
            this.registered = status === OK;
          }

          protected override unregister(): void {
            if (this.registered && this.trigger?.irq !== 0) this.environment.manager.unregisterProducer(this.#fresh);
            else this.#fresh = this.makeProducer();
            this.registered = false;
          }
        },
      }),
    },
  },
  {
    name: 'vdpa-reset-first',
    role: 'producer',
    summary: 'Lets go of the interrupts by a reset or a close before it unregisters the producers.',
    rule: 'PROD-9',
    history: 'vhost-vdpa until November 2021 (B9)',
    participants: {
      producer: (environment) => {
        let releasing = false;
        const vectors = withVectors({
          msi: class extends Vector {
            protected override tearDown(trigger: Trigger): void {
              if (releasing) this.freeIrq(trigger);
              this.unregister();
              if (!releasing) this.freeIrq(trigger);
              this.dropReference(trigger);
              this.trigger = undefined;
            }
          },
        })(environment);
        const release = (what: 'resetDevice' | 'closeDevice') => (device: DeviceId) => {
          releasing = true;
          const status = vectors[what](device);
          releasing = false;
          return status;
        };
        return new Proxy(vectors, {
          get: (target, name) => {
            if (name === 'resetDevice' || name === 'closeDevice') return release(name);
            const value: unknown = Reflect.get(target, name);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
      },
    },
  },
  {
    name: 'vdpa-stale-token',
    role: 'producer',
    summary: 'Drops the reference to the eventfd while the producer is registered under it.',
    rule: 'PROD-3',
    history: 'vhost-vdpa until 2024 (B8)',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override tearDown(trigger: Trigger): void {
            this.dropReference(trigger);
            this.unregister();
            this.freeIrq(trigger);
            this.trigger = undefined;
          }
        },
      }),
    },
  },
  {
    name: 'vfio-registers-before-request',
    role: 'producer',
    summary: 'Registers the producer before its interrupt is requested.',
    rule: 'PROD-1',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override setUp(eventfd: EventfdId): Status {
            if (!this.takeReference(eventfd)) return -9;
            const irq = this.requestIrq();
            this.environment.freeIrq(irq);
            this.trigger = { eventfd, irq };
            this.register(this.trigger);
            this.requestIrq();
            return OK;
          }
        },
      }),
    },
  },
  {
    name: 'vfio-fails-the-call',
    role: 'producer',
    summary: 'Fails the system call when the registration is refused.',
    rule: 'PROD-5',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override setUp(eventfd: EventfdId): Status {
            const status = super.setUp(eventfd);
            return status === OK && !this.registered ? EINVAL : status;
          }
        },
      }),
    },
  },
  {
    name: 'vfio-keeps-the-registration',
    role: 'producer',
    summary: 'Keeps the producer registered under the old eventfd when the vector is set to another.',
    rule: 'PROD-6',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          override setTrigger(eventfd: EventfdId | null): Status {
            const { trigger } = this;
            if (eventfd === null || trigger === undefined || !this.takeReference(eventfd))
              return super.setTrigger(eventfd);
            this.dropReference(trigger);
            this.trigger = { eventfd, irq: trigger.irq };
            return OK;
          }
        },
      }),
    },
  },
  {
    name: 'vfio-registers-anew-first',
    role: 'producer',
    summary: 'Registers the producer under the new eventfd before it unregisters it under the old one.',
    rule: 'PROD-6',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          override setTrigger(eventfd: EventfdId | null): Status {
            const { trigger } = this;
            if (eventfd === null || trigger === undefined || !this.takeReference(eventfd))
              return super.setTrigger(eventfd);
            this.environment.manager.registerProducer(this.producer, tokenOf(eventfd), trigger.irq);
            this.unregister();
            this.dropReference(trigger);
            this.trigger = { eventfd, irq: trigger.irq };
            return OK;
          }
        },
      }),
    },
  },
  {
    name: 'vfio-never-registers',
    role: 'producer',
    summary: 'Registers no producer.',
    rule: 'PROD-7',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override register(): void {}
        },
      }),
    },
  },
  {
    name: 'vfio-registers-vector-number',
    role: 'producer',
    summary: 'Registers with the number of the vector instead of that of the interrupt.',
    rule: 'PROD-8',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override register({ eventfd, irq }: Trigger): void {
            super.register({ eventfd, irq: Math.min(irq, this.number) });
          }
        },
      }),
    },
  },
  {
    name: 'vfio-registers-twice',
    role: 'producer',
    summary: 'Registers the producer once more after it was registered.',
    rule: 'PROD-11',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override register(trigger: Trigger): void {
            super.register(trigger);
            if (this.registered) {
              this.environment.manager.registerProducer(this.producer, tokenOf(trigger.eventfd), trigger.irq);
            }
          }
        },
      }),
    },
  },
  {
    name: 'vfio-leaks-the-reference',
    role: 'producer',
    summary: 'Never drops the reference to the eventfd of a vector.',
    rule: 'PROD-12',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override dropReference(): void {}
        },
      }),
    },
  },
  {
    name: 'vfio-never-frees-the-interrupt',
    role: 'producer',
    summary: 'Never frees the interrupt of a vector.',
    rule: 'PROD-13',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override freeIrq(): void {}
        },
      }),
    },
  },
  {
    name: 'vfio-requests-again-without-freeing',
    role: 'producer',
    summary: 'Requests the interrupt of a vector anew when it is set to another eventfd, without freeing it.',
    rule: 'PROD-13',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          #moves = false;

          override setTrigger(eventfd: EventfdId | null): Status {
            this.#moves = eventfd !== null;
            return super.setTrigger(eventfd);
          }

          protected override freeIrq(trigger: Trigger): void {
            if (!this.#moves) super.freeIrq(trigger);
          }
        },
      }),
    },
  },
  {
    name: 'vfio-drops-the-first',
    role: 'producer',
    summary: 'Loses the first interrupt of a vector after its eventfd was set.',
    rule: 'DELIV-1',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          #heard = false;

          protected override setUp(eventfd: EventfdId): Status {
            this.#heard = false;
            return super.setUp(eventfd);
          }

          override interrupt(): void {
            if (this.#heard) super.interrupt();
            this.#heard = true;
          }
        },
      }),
    },
  },
  {
    name: 'vfio-signals-twice',
    role: 'producer',
    summary: 'Signals the eventfd twice for an interrupt that comes to the host.',
    rule: 'DELIV-2',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          override interrupt(): void {
            super.interrupt();
            super.interrupt();
          }
        },
      }),
    },
  },
  {
    name: 'vfio-forgets-the-range',
    role: 'producer',
    summary: 'Leaves the vectors of a range that were set before one of them failed.',
    rule: 'PROD-4',
    participants: {
      producer: (environment) =>
        new (class extends Vfio {
          protected override setRange(
            device: OpenDevice,
            index: IrqIndex,
            start: number,
            eventfds: readonly (EventfdId | null)[],
          ): Status {
            for (const [at, eventfd] of eventfds.entries()) {
              const status = this.vector(device, index, start + at).setTrigger(eventfd);
              if (status !== OK) return status;
            }
            return OK;
          }
        })(environment),
    },
  },
];
