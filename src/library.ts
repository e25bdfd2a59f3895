/** A run as a library: whatever is not said is as `irqbypass-spec run` has it. */
import type { Baseline, Report } from '../spec/formats/results.js';
import type { ManagerFactory } from '../spec/manager.js';
import type { ProfileName } from '../spec/profile.js';
import { core } from '../spec/profiles/core.js';
import { findProfile } from '../spec/profiles/index.js';
import type { ChapterRule } from '../spec/rule.js';
import { run as runSubject } from './engine/run.js';
import { manager } from './manager/manager.js';
import { managerTiers } from './manager/tiers.js';
import type { Tier } from './subject/subject.js';
import { InProcessTarget } from './targets/in-process.js';
import { openTarget, profileNamed } from './targets/resolve.js';
import { type Target, TargetError } from './targets/target.js';

/** What is judged: an address such as `exec:./my-adapter`, a target that is open, or what makes a manager in JavaScript. */
export type Judged = string | Target | ManagerFactory;

/** How a manager is judged. */
export interface RunSettings {
  readonly target: Judged;
  /** The profile to judge under; the one that the target claims, or else core, where none is named. */
  readonly profile?: ProfileName;
  /** All rules about a manager where none are named. */
  readonly rules?: readonly ChapterRule[];
  /** `smoke` where nothing is said. */
  readonly tier?: Tier;
  /** How many random programs to run; as many as the tier has where nothing is said. */
  readonly programs?: number;
  /** The seed of the random programs; 1 where nothing is said. */
  readonly seed?: number;
  readonly baseline?: Baseline;
}

/**
 * Judge a manager. The report says what is wrong with it; nothing is thrown for that.
 *
 * @throws {AddressError | TargetError} when the target cannot be opened
 */
export async function run(settings: RunSettings): Promise<Report> {
  const target = await opened(settings);
  try {
    return await runOn(target, settings);
  } finally {
    // Who has opened a target may go on with it.
    if (target !== settings.target) await target.close();
  }
}

function runOn(target: Target, settings: RunSettings): Promise<Report> {
  const { profile, rules, tier = 'smoke', programs, seed = 1, baseline } = settings;
  return runSubject(manager, {
    target,
    profile: profile === undefined ? claimed(target) : profileNamed(profile),
    rules: rules ?? manager.rules,
    allRules: rules === undefined,
    seed,
    tier,
    programs: programs ?? managerTiers[tier].programs,
    coverage: manager.coverage(tier, {}),
    ...(baseline === undefined ? {} : { baseline }),
    now: () => performance.now(),
  });
}

async function opened({ target, profile }: Pick<RunSettings, 'target' | 'profile'>): Promise<Target> {
  if (typeof target === 'string') return openTarget(target, { profile });
  if (typeof target !== 'function') return target;
  const hello = {
    type: 'hello',
    protocol: 1,
    name: target.name || 'a manager',
    version: 'of this process',
    language: 'javascript',
    capabilities: ['null-token', 'missing-mandatory'],
  } as const;
  return new InProcessTarget(hello.name, hello, target);
}

function claimed({ address, hello }: Target) {
  const profile = findProfile(hello.profile ?? core.name);
  if (profile !== undefined) return profile;
  throw new TargetError(`${address} claims the profile ${JSON.stringify(hello.profile)}, which there is not.`);
}
