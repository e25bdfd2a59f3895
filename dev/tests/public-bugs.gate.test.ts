/** Participants as they stand in public bug reports: each wrong one is found by its rule, and no right one is charged. */
import { describe, expect, test } from 'vitest';
import { withBackEnds, withIrqfds } from '../../conformance/host/mutants/irqfds.js';
import { withVectors } from '../../conformance/host/mutants/vectors.js';
import { otherwise } from '../../conformance/host/otherwise.js';
import { ArmForwarding } from '../../reference/host/back-ends/arm.js';
import type { Paired } from '../../reference/host/back-ends/bypass.js';
import { PostedInterrupts } from '../../reference/host/back-ends/posted.js';
import { type Participants, runOnHost } from '../../reference/host/host.js';
import { Irqfd } from '../../reference/host/irqfd.js';
import { Kvm, type Vm } from '../../reference/host/kvm.js';
import { type OpenDevice, Vfio } from '../../reference/host/vfio.js';
import { IntxVector } from '../../reference/host/vfio-intx.js';
import { type Trigger, Vector } from '../../reference/host/vfio-msi.js';
import type { ConsumerEnvironment } from '../../spec/host/roles.js';
import type { EventfdId, IrqIndex, Route, VmId } from '../../spec/host/vocabulary.js';
import { FIRST_WILD_GSI } from '../../spec/host/vocabulary.js';
import { core } from '../../spec/profiles/core.js';
import { hostRules } from '../../spec/rules/host.js';
import { OK, type Status } from '../../spec/vocabulary.js';
import { HostJudge } from '../../src/judge/host-judge.js';
import { orderPrograms, randomPrograms } from '../agreement/host-agreement.js';

/** A participant as somebody reported it. */
interface Reported {
  readonly what: string;
  readonly rule: string;
  readonly participants: Participants;
}

const wrong: readonly Reported[] = [
  {
    what: 'a GSI out of bounds is taken, and crashes when it is connected',
    rule: 'DELIV-16',
    participants: {
      consumer: withIrqfds(
        class extends Irqfd {
          protected override addProducer(irq: number): Status {
            if (this.description.gsi >= FIRST_WILD_GSI) throw new RangeError('there is no such GSI');
            return super.addProducer(irq);
          }
        },
      ),
    },
  },
  {
    what: 'the table of routes is read beyond its end when it has become shorter',
    rule: 'DELIV-16',
    participants: {
      consumer: (environment) =>
        new (class extends Kvm {
          protected override reroute(vm: Vm, irqfd: Irqfd): void {
            const isBeyond = vm.routes.every(({ gsi }) => gsi < irqfd.description.gsi);
            if (isBeyond && irqfd.irq !== undefined) throw new RangeError('beyond the table of routes');
            super.reroute(vm, irqfd);
          }
        })(environment),
    },
  },
  {
    what: 'an entry is set up once, and no later route is followed',
    rule: 'CONS-9',
    participants: {
      consumer: withBackEnds({
        'vtd-posted': (environment) =>
          new (class extends PostedInterrupts {
            override routeChanged(): boolean {
              return true;
            }
          })(environment),
      }),
    },
  },
  {
    what: 'a change of route to nobody returns early',
    rule: 'CONS-10',
    participants: {
      consumer: withBackEnds({
        'vtd-posted': (environment) =>
          new (class extends PostedInterrupts {
            override routeChanged(irqfd: Paired, old: Route | undefined): boolean {
              return this.postable(irqfd) === undefined || super.routeChanged(irqfd, old);
            }
          })(environment),
      }),
    },
  },
  {
    what: 'devices are counted only where they can be posted, and vCPUs of a VM without any are not looked after',
    rule: 'DELIV-1',
    participants: {
      consumer: (environment) => {
        let assigned = 0;
        const bypass = (one: ConsumerEnvironment) =>
          new (class extends PostedInterrupts {
            override add(irqfd: Paired, irq: number): Status {
              if (this.postable(irqfd) !== undefined) assigned++;
              return super.add(irqfd, irq);
            }

            override del(irqfd: Paired): void {
              assigned--;
              super.del(irqfd);
            }
          })(one);
        return new (class extends Kvm {
          override scheduled(vm: VmId, vcpu: number, cpu: number | null): void {
            if (assigned > 0) super.scheduled(vm, vcpu, cpu);
          }
        })(environment, environment.backEnd === 'vtd-posted' ? bypass : undefined);
      },
    },
  },
  {
    what: 'an entry stays when the producer leaves',
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
    what: 'what to unmap is looked up by the route of now, and no change of route is followed',
    rule: 'CONS-10',
    participants: {
      consumer: withBackEnds({
        'arm-forwarding': (environment) =>
          new (class extends ArmForwarding {
            override routeChanged(irqfd: Paired, old: Route | undefined): boolean {
              return irqfd.irq === undefined || !environment.isLine(irqfd.irq) || super.routeChanged(irqfd, old);
            }

            override del(irqfd: Paired): void {
              if (irqfd.irq !== undefined && this.forwardable(irqfd, irqfd.irq) !== undefined) super.del(irqfd);
              irqfd.irq = undefined;
            }
          })(environment),
      }),
    },
  },
  {
    what: 'the resampler of a pin goes with the first of its irqfds that goes',
    rule: 'DELIV-10',
    participants: {
      consumer: (environment) =>
        new (class extends Kvm {
          readonly #gone = new Set<string>();

          protected override release(vm: Vm, irqfd: Irqfd): void {
            super.release(vm, irqfd);
            this.#gone.add(`${vm.id} ${irqfd.description.gsi}`);
          }

          override endOfInterrupt(id: Vm['id'], pin: number): void {
            const routes = this.vms.get(id)?.routes ?? [];
            const isGone = routes.some(
              (route) => route.type === 'irqchip' && route.pin === pin && this.#gone.has(`${id} ${route.gsi}`),
            );
            if (!isGone) super.endOfInterrupt(id, pin);
          }
        })(environment),
    },
  },
  {
    what: 'an interrupt is freed only when the same vector is set anew',
    rule: 'PROD-13',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          #left: Trigger | undefined;

          protected override freeIrq(trigger: Trigger): void {
            this.#left = trigger;
          }

          protected override requestIrq(): number {
            if (this.#left !== undefined) super.freeIrq(this.#left);
            this.#left = undefined;
            return super.requestIrq();
          }
        },
      }),
    },
  },
  {
    what: 'a vector whose registration is refused is forgotten, with its interrupt',
    rule: 'PROD-13',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          protected override register(trigger: Trigger): void {
            super.register(trigger);
            if (!this.registered) this.trigger = undefined;
          }
        },
      }),
    },
  },
  {
    what: 'an eventfd that a queue has already is registered once more',
    rule: 'PROD-11',
    participants: {
      producer: withVectors({
        msi: class extends Vector {
          override setTrigger(eventfd: EventfdId | null): Status {
            const { trigger, registered } = this;
            if (trigger === undefined || !registered || trigger.eventfd !== eventfd) return super.setTrigger(eventfd);
            this.register(trigger);
            this.registered = true;
            return OK;
          }
        },
      }),
    },
  },
  {
    what: 'a range is unwound below its first vector',
    rule: 'DELIV-16',
    participants: {
      producer: (environment) =>
        new (class extends Vfio {
          protected override setRange(
            device: OpenDevice,
            index: IrqIndex,
            start: number,
            eventfds: readonly (EventfdId | null)[],
          ): Status {
            const status = super.setRange(device, index, start, eventfds);
            if (status !== OK && start === 0) throw new RangeError('the loop goes on below zero');
            return status;
          }
        })(environment),
    },
  },
  {
    what: 'a line that comes again while it is unmasked is dropped',
    rule: 'DELIV-10',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          #unmasking = false;

          protected override ended(): void {
            this.#unmasking = true;
            super.ended();
            this.#unmasking = false;
          }

          override interrupt(): void {
            if (!this.#unmasking) super.interrupt();
          }
        },
      }),
    },
  },
  {
    what: 'a line is unmasked after its eventfd was taken away',
    rule: 'DELIV-16',
    participants: {
      producer: withVectors({
        intx: class extends IntxVector {
          #wasInFlight = false;

          protected override tearDown(trigger: Trigger): void {
            this.#wasInFlight = this.inFlight;
            super.tearDown(trigger);
          }

          protected override ended(): void {
            if (this.trigger === undefined && this.#wasInFlight) throw new TypeError('there is nothing to signal');
            super.ended();
          }
        },
      }),
    },
  },
];

/** As many random programs as it may take: half of what a smoke run has. */
const MOST = 2_000;

describe('a participant that is wrong is found by its rule', () => {
  test.each(wrong)('$what: $rule', ({ rule, participants }) => {
    const judge = new HostJudge(core, hostRules, false);
    let found = false;
    for (const program of randomPrograms(MOST, core, 1)) {
      const { breaches, disagreement } = judge.judge(runOnHost(program, core, participants));
      expect(disagreement).toBeUndefined();
      found = breaches.some((breach) => breach.rule === rule);
      if (found) break;
    }
    expect(found).toBe(true);
  });
});

describe('a participant that is right, and not as the reference, is not charged', () => {
  test.each(otherwise)('$name: $summary', ({ participants }) => {
    const judge = new HostJudge(core, hostRules, true);
    const programs = [
      ...randomPrograms(400, core, 2),
      ...orderPrograms('refusing', core).filter((_, at) => at % 20 === 0),
      ...orderPrograms('arm-forwarding', core).filter((_, at) => at % 20 === 0),
    ];
    for (const program of programs) {
      const { breaches, followed, disagreement } = judge.judge(runOnHost(program, core, participants));
      expect({ breaches, followed, disagreement }).toEqual({ breaches: [], followed: {}, disagreement: undefined });
    }
  });
});
