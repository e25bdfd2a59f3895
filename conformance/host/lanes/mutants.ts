/** Hosts that are wrong only when two calls come at once: one after the other, they do what the reference does. */
import type { LaneParticipants } from '../../../reference/host/lanes/host.js';
import { irqfdsLock, LaneKvm } from '../../../reference/host/lanes/kvm.js';
import { MANAGER_LOCK } from '../../../reference/host/lanes/manager.js';
import { act, holding, type Steps } from '../../../reference/host/lanes/steps.js';
import { LaneVfio } from '../../../reference/host/lanes/vfio.js';
import type { LaneIrqfd } from '../../../reference/host/lanes/world.js';
import { EBADF } from '../../../reference/host/vfio-msi.js';
import type { DeviceId, EventfdId, Route, VmId } from '../../../spec/host/vocabulary.js';
import { OK, type Status } from '../../../spec/vocabulary.js';

/** A host that is wrong in one way. */
export interface LaneMutant {
  readonly name: string;
  /** What it does wrong, in one sentence. */
  readonly summary: string;
  /** The rule that says it best, of those that it breaks in the order of calls that explains most. */
  readonly rule: string;
  /** The program of `programs.ts` that shows it. */
  readonly program: string;
  /** Where it was, or was prevented. */
  readonly history?: string;
  readonly participants: LaneParticipants;
}

const kvm = (make: new (...args: ConstructorParameters<typeof LaneKvm>) => LaneKvm): LaneParticipants => ({
  kvm: (host) => new make(host),
});
const vfio = (make: new (...args: ConstructorParameters<typeof LaneVfio>) => LaneVfio): LaneParticipants => ({
  vfio: (host) => new make(host),
});

export const laneMutants: readonly LaneMutant[] = [
  {
    name: 'kvm-lets-go-of-the-file',
    summary: 'KVM_IRQFD lets go of the file before its irqfd is whole, so that a close does not wait for it.',
    rule: 'CONS-3',
    program: 'KVM_IRQFD against close of the eventfd',
    history: 'virt/kvm/eventfd.c says beside its fdput() that this would race with the hang-up.',
    participants: kvm(
      class extends LaneKvm {
        override *assignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number, resample: EventfdId | null): Steps<Status> {
          if (!(yield* this.host.eventfds.getFile(eventfd))) return EBADF;
          yield* this.host.eventfds.putFile(eventfd);
          return yield* this.assignHolding(vm, eventfd, gsi, resample);
        }
      },
    ),
  },
  {
    name: 'kvm-adds-without-the-lock',
    summary:
      'Looks at the route of an irqfd and posts its interrupt there in two steps, without the lock of the irqfds.',
    rule: 'CONS-9',
    program: 'SET_IRQS against a change of route',
    history: 'f1fb088d9cec (2025): the producer was changed under one lock and read under another.',
    participants: kvm(
      class extends LaneKvm {
        override *addProducer(number: number, irq: number): Steps {
          const irqfd = {
            ...this.of(number),
            ...(yield* act('looks at the route', () => ({ route: this.of(number).route }))),
          };
          yield* act('is paired', () => {
            this.of(number).irq = irq;
            this.setUp(irqfd, irq);
          });
        }
      },
    ),
  },
  {
    name: 'kvm-reroutes-without-the-lock',
    summary:
      'A change of route looks at what an irqfd is paired with, and posts it there without the lock of the irqfds.',
    rule: 'DELIV-3',
    program: 'deassign against a change of route',
    history: 'f1fb088d9cec (2025), from its other side.',
    participants: kvm(
      class extends LaneKvm {
        override *setRoutes(vm: VmId, routes: readonly Route[]): Steps<Status> {
          yield* act('changes the table', () => {
            const known = this.host.world.vms[vm];
            if (known !== undefined) known.routes = routes;
          });
          for (const number of this.host.world.irqfds.keys()) {
            const irq = yield* act('looks at the pair', () => (this.of(number).listed ? this.of(number).irq : null));
            yield* act('is rerouted', () => {
              const irqfd = this.of(number);
              irqfd.route = this.routeFor(vm, irqfd.gsi);
              if (irq !== null) this.setUp(irqfd, irq);
            });
          }
          return OK;
        }
      },
    ),
  },
  {
    name: 'kvm-locks-backwards',
    summary:
      'A change of route takes the lock of the irqfds and then that of the manager, which connecting takes first.',
    rule: 'DELIV-16',
    program: 'SET_IRQS against a change of route',
    participants: kvm(
      class extends LaneKvm {
        override setRoutes(vm: VmId, routes: readonly Route[]): Steps<Status> {
          return holding(irqfdsLock(vm), holding(MANAGER_LOCK, this.changeAll(vm, routes)));
        }

        *changeAll(vm: VmId, routes: readonly Route[]): Steps<Status> {
          yield* act('changes the table', () => {
            const known = this.host.world.vms[vm];
            if (known !== undefined) known.routes = routes;
          });
          yield* this.reroute(vm);
          return OK;
        }
      },
    ),
  },
  {
    name: 'kvm-deassign-does-not-wait',
    summary: 'Deassigning an irqfd that hung up returns while it is still being shut down.',
    rule: 'DELIV-3',
    program: 'deassign, an interrupt against close of the eventfd',
    participants: kvm(
      class extends LaneKvm {
        protected override flush(): Steps {
          return act('waits for nobody', () => undefined);
        }
      },
    ),
  },
  {
    name: 'kvm-unlists-late',
    summary: 'Deassigning takes the irqfd off the list once it is shut down, so that a hang-up shuts it down, too.',
    rule: 'CONS-17',
    program: 'deassign against close of the eventfd',
    participants: kvm(
      class extends LaneKvm {
        override *deassignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number): Steps<Status> {
          const isIt = (irqfd: LaneIrqfd) => irqfd.eventfd === eventfd && irqfd.gsi === gsi;
          const looks = act('looks for it', () =>
            [...this.host.world.irqfds.entries()].flatMap(([at, irqfd]) =>
              irqfd.listed && irqfd.vm === vm && isIt(irqfd) ? [at] : [],
            ),
          );
          for (const irqfd of yield* holding(irqfdsLock(vm), looks)) yield* this.shutDown(irqfd);
          yield* holding(irqfdsLock(vm), this.unlist(vm, isIt));
          yield* this.flush(vm);
          return OK;
        }
      },
    ),
  },
  {
    name: 'vfio-unmasks-without-the-lock',
    summary: 'Looks whether a line is in flight and unmasks it in two steps, without the lock of the line.',
    rule: 'DELIV-16',
    program: 'SET_IRQS to nothing against an unmask',
    history: 'The handler, SET_IRQS and the unmask eventfd of INTx were put in order in Linux 6.9.',
    participants: vfio(
      class extends LaneVfio {
        override *ended(id: DeviceId): Steps {
          const isInFlight = yield* act('is it in flight?', () => {
            const vector = this.line(id);
            return vector?.trigger != null && vector.inFlight;
          });
          if (!isInFlight) return;
          const irq = yield* act('unmasks the line', () => {
            const vector = this.line(id);
            if (vector?.trigger == null) throw new Error('the trigger is gone, and is used');
            vector.inFlight = false;
            this.host.hardware.unmask(vector.trigger.irq);
            return vector.trigger.irq;
          });
          yield* this.host.fire(irq);
        }
      },
    ),
  },
  {
    name: 'vfio-closes-without-the-gate',
    summary: 'Closing a device does not keep SET_IRQS out.',
    rule: 'PROD-9',
    program: 'close of the device against SET_IRQS',
    participants: vfio(
      class extends LaneVfio {
        override close(id: DeviceId): Steps<Status> {
          return this.closeGated(id);
        }
      },
    ),
  },
];
