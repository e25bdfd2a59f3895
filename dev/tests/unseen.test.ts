/** What no trace shows (docs/hosts.md): participants that differ from the reference in nothing that anybody sees. */
import { describe, expect, test } from 'vitest';
import { withBackEnds, withIrqfds } from '../../conformance/host/mutants/irqfds.js';
import { ArmForwarding } from '../../reference/host/back-ends/arm.js';
import type { Paired } from '../../reference/host/back-ends/bypass.js';
import { type Participants, runOnHost } from '../../reference/host/host.js';
import { Irqfd } from '../../reference/host/irqfd.js';
import { core } from '../../spec/profiles/core.js';
import type { Status } from '../../spec/vocabulary.js';
import { orderPrograms, randomPrograms } from '../agreement/host-agreement.js';
import { extent } from './extent.js';

/** How often devices were counted, so that it is known that the count was wrong. */
let counted = 0;

const unseen: Readonly<Record<string, Participants>> = {
  'what to unmap is looked up by the route of now, and every change of route is followed': {
    consumer: withBackEnds({
      'arm-forwarding': (environment) =>
        new (class extends ArmForwarding {
          override del(irqfd: Paired): void {
            const isMapped = irqfd.irq === undefined || this.forwardable(irqfd, irqfd.irq) !== undefined;
            if (isMapped || environment.isLine(irqfd.irq ?? 0)) super.del(irqfd);
            irqfd.irq = undefined;
          }
        })(environment),
    }),
  },
  'the count of assigned devices goes up with a pair that is refused': {
    consumer: withIrqfds(
      class extends Irqfd {
        protected override addProducer(irq: number): Status {
          counted++;
          return super.addProducer(irq);
        }

        protected override delProducer(): void {
          super.delProducer();
          counted--;
        }
      },
    ),
  },
};

describe.each(Object.entries(unseen))('%s', (_, participants) => {
  test('and every trace is that of the reference, event by event', () => {
    const programs = [
      ...randomPrograms(extent(200, 2_000), core, 3),
      ...[...orderPrograms('arm-forwarding', core)].filter((_, at) => at % extent(40, 4) === 0),
    ];
    for (const program of programs) expect(runOnHost(program, core, participants)).toEqual(runOnHost(program, core));
  });
});

test('the count was wrong, though', () => {
  expect(counted).toBeGreaterThan(0);
});
