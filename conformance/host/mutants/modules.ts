/** Hosts whose modules can go too early. */
import { type InUse, Modules } from '../../../reference/host/modules.js';
import type { HostModule } from '../../../spec/host/vocabulary.js';
import type { HostMutant } from './mutant.js';

export const moduleMutants: readonly HostMutant[] = [
  {
    name: 'manager-unloads-under-users',
    role: 'host',
    summary: 'Unloads the manager while VFIO and KVM can call it.',
    rule: 'MOD-1',
    participants: {
      modules: () =>
        new (class extends Modules {
          protected override isUsed(module: HostModule, inUse: InUse): boolean {
            return module !== 'irqbypass' && super.isUsed(module, inUse);
          }
        })(),
    },
  },
  {
    name: 'vfio-unloads-under-devices',
    role: 'host',
    summary: 'Unloads VFIO while a device is open.',
    rule: 'MOD-2',
    participants: {
      modules: () =>
        new (class extends Modules {
          protected override isUsed(module: HostModule, inUse: InUse): boolean {
            return module !== 'vfio' && super.isUsed(module, inUse);
          }
        })(),
    },
  },
  {
    name: 'kvm-unloads-under-vms',
    role: 'host',
    summary: 'Unloads KVM while a VM is open.',
    rule: 'MOD-2',
    participants: {
      modules: () =>
        new (class extends Modules {
          protected override isUsed(module: HostModule, inUse: InUse): boolean {
            return module !== 'kvm' && super.isUsed(module, inUse);
          }
        })(),
    },
  },
];
