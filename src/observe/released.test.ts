/** The simulated host as a release has it: what connecting returns where the guest has not mapped the event. */
import { expect, test } from 'vitest';
import { runOnHost } from '../../reference/host/index.js';
import type { HostProgram } from '../../spec/host/vocabulary.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { interactionsOf } from './interactions.js';
import { participantsOf } from './released.js';

const program: HostProgram = {
  backEnd: 'arm-forwarding',
  devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 1 }],
  operations: [
    { operation: 'createEventfd', eventfd: 'e0' },
    { operation: 'createVm', vm: 'vm0', vcpus: 1 },
    { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 24 },
    { operation: 'openDevice', device: 'd0' },
    { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds: ['e0'] },
  ],
};

test.each([
  ['6.12.117+deb12-cloud-arm64', 66311],
  ['6.16.3+deb13-cloud-arm64', 0],
  ['7.3.4+deb13-cloud-arm64', 0],
])('%s: %i', (release, result) => {
  const trace = runOnHost(program, linux47, participantsOf(release));
  expect(interactionsOf(trace).at(-1)).toEqual([
    `register d0.msix.0 under e0: vm0.e0.addProducer(d0.msix.0) ${result} -> ${result}`,
  ]);
});
