/** Differences between a real kernel and the simulated host that are known, and that they explain no other. */
import { expect, test } from 'vitest';
import type { Holder, VmId } from '../../spec/host/vocabulary.js';
import type { HostDifference } from './compare.js';
import { knownDifferences } from './known-differences.js';

const operation: HostDifference['operation'] = { operation: 'assignIrqfd', vm: 'vm1', eventfd: 'e0', gsi: 24 };
const connecting = (result: number, producer = 'd0.msix.0') =>
  `register vm1.e0 under e0: vm1.e0.addProducer(${producer}) ${result} -> ${result}`;
const elsewhere: readonly (readonly [Holder, VmId])[] = [['d0.msix.3', 'vm0']];
const explained = (
  kernel: string,
  reference: string,
  shortcuts = elsewhere,
  statuses: readonly [number, number] = [0, 0],
) =>
  knownDifferences.some(({ explains }) =>
    explains(
      {
        at: 0,
        operation,
        first: { status: statuses[0], interactions: ['register d1.msix.0 under e1 -> 0', kernel] },
        second: { status: statuses[1], interactions: ['register d1.msix.0 under e1 -> 0', reference] },
        shortcuts: new Map(shortcuts),
      },
      false,
    ),
  );

test('a kernel may refuse an interrupt of a device while another one of it goes to another VM', () => {
  expect(explained(connecting(-22), connecting(0))).toBe(true);
});

test('it may not where none does, nor with another result, nor for another interrupt, nor where the call fails', () => {
  expect(explained(connecting(-22), connecting(0), [])).toBe(false);
  expect(explained(connecting(-22), connecting(0), [['d0.msix.3', 'vm1']])).toBe(false);
  expect(explained(connecting(-22), connecting(0), [['d1.msix.3', 'vm0']])).toBe(false);
  expect(explained(connecting(-16), connecting(0))).toBe(false);
  expect(explained(connecting(-22), connecting(0, 'd0.msix.1'))).toBe(false);
  expect(explained(connecting(-22), connecting(0), elsewhere, [0, -22])).toBe(false);
});

test('what a kernel does with an event that is not mapped has no excuse: the reference host does the same', () => {
  expect(explained(connecting(0), connecting(-2), [])).toBe(false);
});
