/** No bypass: every producer is refused with +1, as powerpc does when its module is told so. */

import type { VmId } from '../../../spec/host/vocabulary.js';
import type { Status } from '../../../spec/vocabulary.js';
import type { Bypass } from './bypass.js';

/** Any value but 0 is a refusal; this one is positive, and not an errno. */
const REFUSED = 1;

export class Refusing implements Bypass {
  add(): Status {
    return REFUSED;
  }

  del(): void {}

  routeChanged(): boolean {
    return true;
  }
}

/** A VM that has none on a host that has one: whatever the host does around a connection is done all the same. */
export class Inhibited extends Refusing {
  readonly stop?: (vm: VmId) => void;
  readonly start?: (vm: VmId) => void;

  constructor(host: Bypass) {
    super();
    if (host.stop !== undefined) this.stop = (vm) => host.stop?.(vm);
    if (host.start !== undefined) this.start = (vm) => host.start?.(vm);
  }
}
