/** Random host programs, on one back end after the other. */
import { type Asking, generateHostProgram } from '../../conformance/generators/host.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import type { BackEnd, HostProgram } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import type { HostTarget } from '../targets/target.js';

/** A source of programs; the same seed gives the same ones. @param backEnds at least one */
export function randomHostPrograms(
  seed: number,
  backEnds: readonly BackEnd[],
  profile: Profile,
  asking: Asking,
): () => HostProgram {
  const bits = bitsFrom(seed);
  let made = 0;
  return () => generateHostProgram(bits, backEnds[made++ % backEnds.length] ?? 'vtd-posted', profile, asking);
}

/** What may be asked of a target: what a driver of producers does not do is not asked of it. */
export function askingOf({ hello }: Pick<HostTarget, 'hello'>): Asking {
  return { irqActions: hello.capabilities.includes('irq-actions') };
}
