/**
 * The modules of a host, loaded by dependency: VFIO and KVM call the manager's functions, so it stays for as long as one
 * of them is loaded; and each of them stays for as long as something of it is open.
 */
import type { HostModule } from '../../spec/host/vocabulary.js';
import type { Status } from '../../spec/vocabulary.js';

/** A module is in use (delete_module(2) with O_NONBLOCK). */
const EWOULDBLOCK = -11;
const ENOENT = -2;

/** The modules that have something open. */
export interface InUse {
  readonly vfio: boolean;
  readonly kvm: boolean;
}

/** The loaded modules. */
export class Modules {
  protected readonly loaded = new Set<HostModule>(['irqbypass', 'vfio', 'kvm']);

  isLoaded(module: HostModule): boolean {
    return this.loaded.has(module);
  }

  unload(module: HostModule, inUse: InUse): Status {
    if (!this.loaded.has(module)) return ENOENT;
    if (this.isUsed(module, inUse)) return EWOULDBLOCK;
    this.loaded.delete(module);
    return 0;
  }

  protected isUsed(module: HostModule, inUse: InUse): boolean {
    if (module === 'irqbypass') return this.loaded.has('vfio') || this.loaded.has('kvm');
    return inUse[module];
  }
}
