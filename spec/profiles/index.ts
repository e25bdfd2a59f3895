import type { Profile, ProfileName } from '../profile.js';
import { core } from './core.js';
import { linux44 } from './linux-4.4.js';
import { linux47 } from './linux-4.7.js';
import { linux59 } from './linux-5.9.js';
import { linux617 } from './linux-6.17.js';
import { premerge2015 } from './premerge-2015.js';
import { rfc2015 } from './rfc-2015.js';

/** All profiles: `core` first, then by age. */
export const profiles: readonly Profile[] = [core, rfc2015, premerge2015, linux44, linux47, linux59, linux617];

/** The profile of a name, or undefined for a name that is none. */
export function findProfile(name: string): Profile | undefined {
  return profiles.find((profile) => profile.name === name);
}

/** True for the name of a profile. */
export function isProfileName(name: string): name is ProfileName {
  return findProfile(name) !== undefined;
}
