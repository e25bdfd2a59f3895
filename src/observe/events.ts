/** The events of a guest's ITS, as conformance/harnesses/linux-observer/vm-arm64.c numbers them. */
import type { MsiRoute } from '../../spec/host/vocabulary.js';

/** The events that are mapped to each vCPU. */
const EVENTS_OF_A_VCPU = 4;

/** An event that is never mapped. */
export const UNMAPPED_EVENT = 15;

/** The LPI of event 0. */
export const FIRST_LPI = 8192;

/** The event of a route: the vector's place among those of its vCPU. */
export function eventOf({ vcpus, vector }: Pick<MsiRoute, 'vcpus' | 'vector'>): number {
  const [vcpu] = vcpus;
  return vcpu === undefined ? UNMAPPED_EVENT : vcpu * EVENTS_OF_A_VCPU + (vector % EVENTS_OF_A_VCPU);
}
