/** What the Promela model is to be, by its profile and scope. */
import type { Profile } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';
import type { Scope } from '../../src/explore/scope.js';

/** A profile that the Promela model knows. */
export interface Version {
  readonly profile: Profile;
  readonly define: readonly string[];
}

/** The profiles that the Promela model knows. */
export const versions: readonly Version[] = [
  { profile: core, define: [] },
  { profile: linux47, define: ['LINUX_4_7'] },
  { profile: linux617, define: ['LINUX_6_17'] },
];

/** What is defined for a scope. */
export function defineScope({ producers, consumers, tokens, without }: Scope): readonly string[] {
  return [
    `N_PRODUCERS=${producers}`,
    `N_CONSUMERS=${consumers}`,
    `N_TOKENS=${tokens}`,
    ...(without?.nullToken === true ? ['NO_NULL_TOKEN'] : []),
    ...(without?.memoryFailure === true ? ['NO_MEMORY_FAILURE'] : []),
  ];
}
