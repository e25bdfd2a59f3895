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
  {
    name: 'unloading-warns',
    role: 'host',
    summary: 'Warns when a module is to be unloaded that is in use.',
    rule: 'HOST-1',
    participants: {
      modules: (note) =>
        new (class extends Modules {
          protected override isUsed(module: HostModule, inUse: InUse): boolean {
            const isUsed = super.isUsed(module, inUse);
            if (isUsed) note({ type: 'log', level: 'warning', text: 'WARNING at kernel/module.c, in try_stop_module' });
            return isUsed;
          }
        })(),
    },
  },
];
