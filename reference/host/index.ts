/** A host that conforms, with all that is on it, written to be read. */

export { type Participants, runOnHost, SimulatedHost } from './host.js';
export { bypasses, Kvm } from './kvm.js';
export { Vfio } from './vfio.js';
