/** Random host programs, on one back end after the other. */
import { type Asking, generateHostProgram } from '../../conformance/generators/host.js';
import { bitsFrom, seedFrom } from '../../conformance/generators/random.js';
import type { BackEnd, HostProgram } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import type { HostTarget } from '../targets/target.js';

/**
 * A source of programs; the same seed gives the same ones.
 *
 * @param backEnds at least one
 * @param from the number of the first program
 */
export function randomHostPrograms(
  seed: number,
  backEnds: readonly BackEnd[],
  profile: Profile,
  asking: Asking,
  from = 0,
): () => HostProgram {
  const bits = bitsFrom(seedFrom(seed, from));
  let made = from;
  return () => generateHostProgram(bits, backEnds[made++ % backEnds.length] ?? 'vtd-posted', profile, asking);
}

/** What may be asked of a target: what a driver does not do is not asked of it. */
export function askingOf({ hello }: Pick<HostTarget, 'hello'>): Asking {
  return {
    irqActions: hello.capabilities.includes('irq-actions'),
    emulatedIrqchips: hello.capabilities.includes('emulated-irqchip'),
  };
}
