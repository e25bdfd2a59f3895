/**
 * The story that the RFC of 2015 tells, played on the simulated host: user space sets up KVM and VFIO in either order, an
 * interrupt takes the host's path and then the bypass, the guest moves its vector, everything is torn down.
 */
import { runOnHost } from '../../reference/host/host.js';
import type { HostOperation, HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import { core } from '../../spec/profiles/core.js';

/** A chapter of the story: some operations, told together. */
export interface Chapter {
  readonly title: string;
  /** What to look at, in a sentence or two. */
  readonly text: string;
  readonly operations: readonly HostOperation[];
}

/** A scenario of the story from the beginning, on a host of its own. */
export interface Scenario {
  readonly title: string;
  readonly chapters: readonly Chapter[];
}

const route = (vcpu: number, vector: number): HostOperation => ({
  operation: 'setRoutes',
  vm: 'vm0',
  routes: [{ type: 'msi', gsi: 5, vcpus: [vcpu], vector, delivery: 'fixed' }],
});
const assign: HostOperation = { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 5 };
const trigger: HostOperation = { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds: ['e0'] };
const raise: HostOperation = { operation: 'raise', device: 'd0', index: 'msix', vector: 0 };

const opening: Chapter = {
  title: 'User space opens what it needs',
  text: 'An eventfd, a VM whose GSI 5 is a message to vCPU 0, and a device. Nothing connects any of them yet.',
  operations: [
    { operation: 'createEventfd', eventfd: 'e0' },
    { operation: 'createVm', vm: 'vm0', vcpus: 2 },
    route(0, 48),
    { operation: 'openDevice', device: 'd0' },
  ],
};

const bypassed: Chapter = {
  title: 'An interrupt, bypassed',
  text: 'The hardware posts it to the vCPU. The host does not hear of it: no handler runs, no eventfd is signalled.',
  operations: [raise],
};

/** The story, once with KVM first and once with VFIO first. */
export const story: readonly Scenario[] = [
  {
    title: 'KVM first',
    chapters: [
      opening,
      {
        title: 'KVM first: the irqfd is assigned',
        text: 'KVM registers a consumer under the eventfd. Nobody waits under that token, so nothing else happens.',
        operations: [assign],
      },
      {
        title: 'Then VFIO: the vector is set to the same eventfd',
        text: 'VFIO requests the interrupt, and registers a producer under the same token. The manager finds the consumer and connects the two. User space has named no bypass, and neither side knows the other.',
        operations: [trigger],
      },
      bypassed,
      {
        title: 'The guest moves its vector',
        text: 'User space sets the routes, as it always has to. KVM updates the entry before the call returns, and the next interrupt goes to the new place.',
        operations: [route(1, 49), raise],
      },
      {
        title: 'A route that cannot be posted',
        text: 'Two vCPUs are more than the hardware can do: the interrupt takes the path through the host, and the bypass again when it can.',
        operations: [
          {
            operation: 'setRoutes',
            vm: 'vm0',
            routes: [{ type: 'msi', gsi: 5, vcpus: [0, 1], vector: 49, delivery: 'fixed' }],
          },
          raise,
          route(1, 49),
          raise,
        ],
      },
      {
        title: 'Teardown',
        text: 'Either side may leave first. The device closes: the producer is unregistered before its interrupt and its eventfd are let go.',
        operations: [
          { operation: 'closeDevice', device: 'd0' },
          { operation: 'destroyVm', vm: 'vm0' },
          { operation: 'closeEventfd', eventfd: 'e0' },
        ],
      },
    ],
  },
  {
    title: 'VFIO first',
    chapters: [
      opening,
      {
        title: 'VFIO first: the vector is set to the eventfd',
        text: 'VFIO registers a producer under the eventfd. Nobody waits under that token.',
        operations: [trigger],
      },
      {
        title: 'An interrupt before there is anybody to take it',
        text: 'It comes to the host, whose handler signals the eventfd. Nobody listens yet, so it stays signalled.',
        operations: [raise],
      },
      {
        title: 'Then KVM: the irqfd is assigned',
        text: 'What was signalled before is injected, on the path through the host: nothing is lost. Then KVM registers a consumer, and the manager connects the two.',
        operations: [assign],
      },
      bypassed,
      {
        title: 'Teardown, the other way round',
        text: 'The irqfd goes first: the entry is undone, and the interrupt goes to the host again, for as long as the device has it.',
        operations: [
          { operation: 'deassignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 5 },
          raise,
          { operation: 'closeDevice', device: 'd0' },
          { operation: 'destroyVm', vm: 'vm0' },
        ],
      },
    ],
  },
];

/** The trace of a scenario, on a host with posted interrupts. */
export function play({ chapters }: Scenario): HostTrace {
  const program: HostProgram = {
    backEnd: 'vtd-posted',
    devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 1 }],
    operations: chapters.flatMap(({ operations }) => operations),
  };
  return runOnHost(program, core);
}
