/** A program of user space whose message goes to the guest by the bypass, where the back end has one, and that then goes on. */
import type { BackEnd, HostOperation, HostProgram } from '../../spec/host/vocabulary.js';

/** One vector of one device, its eventfd, and an irqfd of one VM with so many vCPUs; the message goes to the first. */
export function paired(backEnd: BackEnd, vcpus: number, operations: readonly HostOperation[]): HostProgram {
  return {
    backEnd,
    devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 1 }],
    operations: [
      { operation: 'createEventfd', eventfd: 'e0' },
      { operation: 'createVm', vm: 'vm0', vcpus },
      {
        operation: 'setRoutes',
        vm: 'vm0',
        routes: [{ type: 'msi', gsi: 0, vcpus: [0], vector: 48, delivery: 'fixed' }],
      },
      { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 0 },
      { operation: 'openDevice', device: 'd0' },
      { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds: ['e0'] },
      ...operations,
    ],
  };
}
