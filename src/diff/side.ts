/** A side of a comparison: a profile, enacted on the model, or a target. */
import { enact } from '../../spec/enact.js';
import { findProfile } from '../../spec/profiles/index.js';
import { openTarget } from '../targets/resolve.js';
import { TargetError } from '../targets/target.js';
import type { Side } from './diff.js';

/** A side that is open, and whether it can be made to run out of memory. */
export interface OpenSide {
  readonly side: Side;
  readonly starves: boolean;
  readonly close: () => Promise<void>;
}

/** Open the side of a profile's name or a target's address. */
export async function openSide(name: string, onProgress: (text: string) => void): Promise<OpenSide> {
  const profile = findProfile(name);
  if (profile !== undefined) {
    const side: Side = async (programs) =>
      programs.map((program) => {
        const { events } = enact(program, profile);
        const calls = events.filter(({ type }) => type === 'call').length;
        return calls === program.lanes[0]?.length ? events : undefined;
      });
    const starves = profile.refusals.some(({ refusal }) => refusal === 'no-memory');
    return { side, starves, close: async () => undefined };
  }
  const target = await openTarget(name, { onProgress });
  const side: Side = async (programs) => {
    const outcomes = await target.run(programs);
    return outcomes.map((outcome) => {
      if (outcome.fault !== undefined) throw new TargetError(`${name} could not be compared: ${outcome.fault}`);
      return outcome.events;
    });
  };
  return { side, starves: target.hello.capabilities.includes('allocation-failure'), close: () => target.close() };
}
