/** The same user-space program on two hosts: what they had to do with the manager is compared, and nothing else. */
import { expect, test } from 'vitest';
import type { AssignIrqfd, HostEvent, HostOperation, HostTrace } from '../../spec/host/vocabulary.js';
import type { Event } from '../../spec/vocabulary.js';
import { compareHosts, differenceText } from './compare.js';
import { interactionsOf } from './interactions.js';

const assign: AssignIrqfd = { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 24 };
const setIrqs: HostOperation = { operation: 'setIrqs', device: 'd0', index: 'msix', start: 1, eventfds: ['e0'] };
const destroy: HostOperation = { operation: 'destroyVm', vm: 'vm0' };

const manager = (event: Event): HostEvent => ({ type: 'manager', event });

/** Two irqfds and a vector; `other` stands for what another host may do differently, and yet the same. */
function host(other: boolean, vectorStatus = 0): HostTrace {
  const [c, irq, lane] = other ? (['c5', 90, {}] as const) : (['c0', 30, { lane: 1 }] as const);
  const stop: readonly HostEvent[] = other
    ? []
    : [
        manager({ type: 'enter', callback: 'stop', object: c }),
        manager({ type: 'leave', callback: 'stop', object: c }),
      ];
  const leaving = [
    [
      manager({ type: 'call', ...lane, operation: 'unregisterConsumer', object: c }),
      manager({ type: 'enter', ...lane, callback: 'delProducer', object: c, counterpart: 'p0' }),
      manager({ type: 'leave', ...lane, callback: 'delProducer', object: c }),
      manager({ type: 'return', ...lane }),
    ],
    [manager({ type: 'call', operation: 'unregisterConsumer', object: 'c1' }), manager({ type: 'return' })],
  ];
  const named = { callbacks: [] };
  const events: readonly HostEvent[] = [
    { type: 'call', ...assign },
    { type: 'named', object: c, holder: 'vm0.e0', ...named } as HostEvent,
    manager({ type: 'call', operation: 'registerConsumer', object: c, token: other ? 't0' : 't7' }),
    manager({ type: 'return', status: 0 }),
    { type: 'return', status: 0 },
    { type: 'call', ...assign, eventfd: 'e1' },
    { type: 'named', object: 'c1', holder: 'vm0.e1', ...named } as HostEvent,
    manager({ type: 'call', operation: 'registerConsumer', object: 'c1', token: 't1' }),
    manager({ type: 'return', status: 0 }),
    { type: 'return', status: 0 },
    { type: 'call', ...setIrqs },
    { type: 'named', object: 'p0', holder: 'd0.msix.1', ...named } as HostEvent,
    manager({ type: 'call', operation: 'registerProducer', object: 'p0', token: other ? 't0' : 't7', irq }),
    ...stop,
    manager({ type: 'enter', callback: 'addProducer', object: c, counterpart: 'p0', irq }),
    manager({ type: 'leave', callback: 'addProducer', object: c, result: vectorStatus }),
    manager({ type: 'return', status: vectorStatus }),
    { type: 'return', status: 0 },
    { type: 'call', ...destroy },
    ...(other ? leaving.toReversed() : leaving).flat(),
    { type: 'return', status: 0 },
  ];
  return { backEnd: 'amd-avic', devices: [], events };
}

test('interactions are written with holders and eventfds', () => {
  expect(interactionsOf(host(false))).toEqual([
    ['register vm0.e0 under e0 -> 0'],
    ['register vm0.e1 under e1 -> 0'],
    ['register d0.msix.1 under e0: vm0.e0.addProducer(d0.msix.1) 0 -> 0'],
    ['unregister vm0.e0: vm0.e0.delProducer(d0.msix.1)', 'unregister vm0.e1'],
  ]);
});

test('names, addresses, interrupt numbers, empty callbacks and the order of a work queue make no difference', () => {
  expect(compareHosts(host(false), host(true))).toBeUndefined();
});

test('another result of a callback does, and is told with its operation', () => {
  const difference = compareHosts(host(false), host(true, -5));
  expect(difference).toMatchObject({ at: 2, operation: setIrqs });
  expect(difference === undefined ? [] : differenceText(difference, ['real', 'reference'])).toEqual([
    'real: returns 0',
    '    register d0.msix.1 under e0: vm0.e0.addProducer(d0.msix.1) 0 -> 0',
    'reference: returns 0',
    '    register d0.msix.1 under e0: vm0.e0.addProducer(d0.msix.1) -5 -> -5',
  ]);
});

test('an operation that one of them did not come to does', () => {
  const short = host(true);
  const cut: HostTrace = { ...short, events: short.events.slice(0, -6) };
  expect(compareHosts(host(false), cut)).toMatchObject({ at: 3 });
});
