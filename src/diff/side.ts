/** A side of a comparison: a profile, enacted on the model, or a target. */

import type { Capability } from '../../spec/formats/protocol.js';
import type { Profile } from '../../spec/profile.js';
import { findProfile } from '../../spec/profiles/index.js';
import { enact } from '../../spec/reading/enact.js';
import { openTarget } from '../targets/resolve.js';
import { TargetError } from '../targets/target.js';
import type { Side } from './diff.js';

/** A side that is open. */
export interface OpenSide extends Side {
  readonly close: () => Promise<void>;
}

/**
 * Open the side of a profile's name or a target's address.
 *
 * @throws {TargetError | AddressError} when the target cannot be opened
 */
export async function openSide(name: string, onProgress: (text: string) => void): Promise<OpenSide> {
  const profile = findProfile(name);
  if (profile !== undefined) return sideOfProfile(profile);
  const target = await openTarget(name, { onProgress });
  return {
    abilities: new Set(target.hello.capabilities),
    async run(programs) {
      const outcomes = await target.run(programs);
      return outcomes.map((outcome) => {
        if (outcome.fault !== undefined) throw new TargetError(`${name} could not be compared: ${outcome.fault}`);
        return outcome.events;
      });
    },
    close: () => target.close(),
  };
}

function sideOfProfile(profile: Profile): OpenSide {
  const starves = profile.refusals.some(({ refusal }) => refusal === 'no-memory');
  const abilities: readonly Capability[] = ['null-token', 'missing-mandatory'];
  return {
    abilities: new Set(starves ? [...abilities, 'allocation-failure'] : abilities),
    run: async (programs) =>
      programs.map((program) => {
        const { events } = enact(program, profile);
        const calls = events.filter(({ type }) => type === 'call').length;
        return calls === program.lanes[0]?.length ? events : undefined;
      }),
    close: async () => undefined,
  };
}
