/** The profiles that the reference is mutated under: a mutant may show under one of them and not under another. */
import type { Profile } from '../../spec/profile.js';
import { profiles } from '../../spec/profiles/index.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';
import type { OperationName } from '../../spec/vocabulary.js';
import type { Programs } from './harness.js';
import { fewProgramsFor, programsFor } from './programs.js';

/** A profile, and what is run under it. */
export interface World {
  /** What the report calls it. */
  readonly name: string;
  readonly profile: Profile;
  readonly programs: Programs;
  /** Whether the reference is mutated there; the named mutants run wherever they belong. */
  readonly mutates: boolean;
}

/**
 * Every profile. `linux-5.9` makes the choices of `linux-4.7`, so that the reference does the same under both.
 *
 * The last two are none of a version: all versions warn on both registrations or on neither, and the reference must not
 * take the one for the other.
 */
export function makeWorlds(): readonly World[] {
  return [
    ...profiles.map((profile) => ({
      name: profile.name,
      profile,
      programs: programsFor(profile),
      mutates: profile.name !== 'linux-5.9',
    })),
    warningOf('producers', 'registerProducer'),
    warningOf('consumers', 'registerConsumer'),
  ];
}

function warningOf(side: string, operation: OperationName): World {
  const profile = { ...linux617, warnsWhenRegistered: [operation] };
  return { name: `linux-6.17, warning of ${side} only`, profile, programs: fewProgramsFor(profile), mutates: true };
}
