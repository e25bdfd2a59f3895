/** Random host programs, on one back end after the other. */
import { generateHostProgram } from '../../conformance/generators/host.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import type { BackEnd, HostProgram } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';

/** A source of programs; the same seed gives the same ones. @param backEnds at least one */
export function randomHostPrograms(seed: number, backEnds: readonly BackEnd[], profile: Profile): () => HostProgram {
  const bits = bitsFrom(seed);
  let made = 0;
  return () => generateHostProgram(bits, backEnds[made++ % backEnds.length] ?? 'vtd-posted', profile);
}
