/** Differences between a real kernel and the simulated host that are known, and that they explain no other. */
import { expect, test } from 'vitest';
import type { HostDifference } from './compare.js';
import { knownDifferences } from './known-differences.js';

const operation: HostDifference['operation'] = { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 24 };
const connecting = (result: number, producer = 'd0.msix.0') =>
  `register vm0.e0 under e0: vm0.e0.addProducer(${producer}) ${result} -> ${result}`;
const explained = (kernel: string, reference: string, statuses: readonly [number, number] = [0, 0]) =>
  knownDifferences.some(({ explains }) =>
    explains(
      {
        at: 0,
        operation,
        first: { status: statuses[0], interactions: [kernel] },
        second: { status: statuses[1], interactions: [reference] },
      },
      false,
    ),
  );

test.each([0, 66311])('a kernel may answer %i where an event is not mapped', (result) => {
  expect(explained(connecting(result), connecting(-2))).toBe(true);
});

test('another producer, another result of the call, or a refusal that only the kernel makes is not explained', () => {
  expect(explained(connecting(0, 'd0.msix.1'), connecting(-2))).toBe(false);
  expect(explained(connecting(0), connecting(-2), [0, -22])).toBe(false);
  expect(explained(connecting(-22), connecting(-2))).toBe(false);
  expect(explained(connecting(-22), connecting(0))).toBe(false);
});
