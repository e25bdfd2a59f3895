import type { ManagerEnvironment, ManagerFactory } from '../../spec/manager.js';
import type { Profile, ProfileName } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import type { CorrectManager } from './base.js';

/** A manager that is wrong in one way, and known to be. */
export interface Mutant {
  readonly name: string;
  /** What it does wrong, in one sentence. */
  readonly summary: string;
  /** The rule that is meant to find it out: of those that it breaks, the one that says it best. */
  readonly rule: string;
  /** The kernel versions that had this defect, or its number in the list of known bugs. */
  readonly history?: string;
  /** The profile that it is to be judged under. */
  readonly profile: ProfileName;
  readonly create: ManagerFactory;
}

/** What is written down of a mutant; the profile is `core` unless it matters. */
export interface Description extends Omit<Mutant, 'profile' | 'create'> {
  readonly profile?: Profile;
}

/** A mutant from what is said of it and the manager, which differs from the correct one in one step. */
export function mutant(
  description: Description,
  Wrong: new (profile: Profile, environment: ManagerEnvironment) => CorrectManager,
): Mutant {
  const profile = description.profile ?? core;
  return { ...description, profile: profile.name, create: (environment) => new Wrong(profile, environment) };
}
