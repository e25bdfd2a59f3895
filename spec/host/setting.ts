/** What is given about a host before anything is done. */
import type { Profile } from '../profile.js';
import type { BackEnd, HostDevice } from './vocabulary.js';

/** A back end, devices, and the profile of the manager. */
export interface HostSetting {
  readonly backEnd: BackEnd;
  readonly devices: readonly HostDevice[];
  readonly profile: Profile;
}
