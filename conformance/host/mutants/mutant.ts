import type { Participants } from '../../../reference/host/host.js';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import type { ProfileName } from '../../../spec/profile.js';

/** A participant that is wrong in one way, and known to be. */
export interface HostMutant {
  readonly name: string;
  readonly role: RoleUnderTest;
  /** What it does wrong, in one sentence. */
  readonly summary: string;
  /** The rule that is meant to find it out: of those that it breaks, the one that says it best. */
  readonly rule: string;
  /** Who had this defect, or its number in the list of known bugs. */
  readonly history?: string;
  /** The profile that it is to be judged under; core when absent. */
  readonly profile?: ProfileName;
  /** Who plays which role: it plays its own. */
  readonly participants: Participants;
}
