/** What every kind of host target is to the rest of the tool: programs in, traces out. */
import type { RoleUnderTest } from '../../spec/formats/host-results.js';
import type { HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';

/** A host on which programs can be run, with one of its roles under test, or all. */
export interface HostTarget {
  /** Its address, as the user gave it. */
  readonly address: string;
  readonly role: RoleUnderTest;
  /** The profile of the manager on it. */
  readonly profile: Profile;
  /** Run programs, each on a host on which nothing was done. @throws {TargetError} when the target cannot go on */
  run(programs: readonly HostProgram[]): Promise<readonly HostTrace[]>;
  /** End it. Nothing of it is left running afterwards. */
  close(): Promise<void>;
}
