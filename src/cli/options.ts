/** Reading the values of options; each says what it expected. */

import { ROLES, type RoleUnderTest } from '../../spec/formats/host-results.js';
import type { Profile } from '../../spec/profile.js';
import { parseScope, type Scope, type Without } from '../explore/scope.js';
import type { SubjectRule, Tier } from '../subject/subject.js';
import { TIER_NAMES } from '../subject/subject.js';
import { profileNamed } from '../targets/resolve.js';
import type { Target } from '../targets/target.js';
import { TargetError } from '../targets/target.js';
import { UsageError } from './exit.js';

/** The longest time that Node can wait for, in milliseconds. It takes a longer one for no time at all. */
export const LONGEST_PATIENCE = 2 ** 31 - 1;

/** A whole number from `least` up, and not above `most`. */
export function wholeNumber(
  name: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,16}$/.test(text) && value >= least && value <= most) return value;
    const limit = most === Number.MAX_SAFE_INTEGER || value <= most ? '' : ` and at most ${most}`;
    throw new UsageError(
      `${name} takes a whole number of at least ${least}${limit}; came ${JSON.stringify(text.slice(0, 80))}.`,
    );
  };
}

/** A folder. One without a name, as of a variable that is not set, would be the one that the user stands in. */
export function folder(name: string): (text: string) => string {
  return (text) => {
    if (text !== '') return text;
    throw new UsageError(`${name} takes a folder; its name is empty. The current folder is called '.'.`);
  };
}

/** A scope, such as 2x2x2. */
export function scopeFor(text: string): Scope {
  const scope = parseScope(text);
  if (scope !== undefined) return scope;
  throw new UsageError(`--scope takes producers x consumers x tokens, such as 2x2x2; came ${JSON.stringify(text)}.`);
}

/** What `explore --without` may leave out, and what that is called inside. */
const LEFT_OUT = new Map<string, keyof Without | 'proofs'>([
  ['null-token', 'nullToken'],
  ['memory', 'memoryFailure'],
  ['failures', 'failures'],
  ['misuse', 'misuse'],
  ['subsets', 'subsets'],
  ['proofs', 'proofs'],
]);

/** The parts of a list such as `null-token,memory`; none without a list. */
export function leftOut(list: string | undefined): { readonly without: Without; readonly proofs: boolean } {
  const parts = (list?.split(',') ?? []).map((name) => {
    const part = LEFT_OUT.get(name.trim());
    if (part !== undefined) return part;
    const known = [...LEFT_OUT.keys()].join(', ');
    throw new UsageError(`--without takes a list of ${known}; came ${JSON.stringify(name.trim())}.`);
  });
  const without = Object.fromEntries(parts.filter((part) => part !== 'proofs').map((part) => [part, true]));
  return { without, proofs: parts.includes('proofs') };
}

/** What is under test. */
export function role(text: string): RoleUnderTest {
  const found = ROLES.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UsageError(`--role takes ${ROLES.join(', ')}; came ${JSON.stringify(text)}.`);
}

/** A tier. */
export function tier(text: string): Tier {
  const found = TIER_NAMES.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UsageError(`--tier takes ${TIER_NAMES.join(', ')}; came ${JSON.stringify(text)}.`);
}

/** Which shard of how many. */
export interface ShardNumber {
  readonly shard: number;
  readonly of: number;
}

/** The most shards of a run. */
const MOST_SHARDS = 10_000;

/** A shard, such as 2/8. */
export function shardFor(text: string): ShardNumber {
  const [, shard, of] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (shard !== undefined && of !== undefined && shard >= 1 && shard <= of && of <= MOST_SHARDS) return { shard, of };
  throw new UsageError(
    `--shard takes i/n, such as 1/8 to 8/8, with n up to ${MOST_SHARDS}; came ${JSON.stringify(text)}.`,
  );
}

/** A random seed: 31 bits, so that it is easily typed. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

/** Of a subject's rules those of a list such as `PAIR-1,tokens`: ids and chapters. Without a list, all. */
export function selectRules<R extends SubjectRule>(
  { name: subject, rules }: { readonly name: string; readonly rules: readonly R[] },
  list: string | undefined,
): { readonly rules: readonly R[]; readonly allRules: boolean } {
  if (list === undefined) return { rules, allRules: true };
  const names = list.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!rules.some((rule) => matches(rule, name))) {
      throw new UsageError(
        `--rules: there is no rule or chapter ${JSON.stringify(name)} about a ${subject}; 'irqbypass-spec rules' lists them.`,
      );
    }
  }
  return { rules: rules.filter((rule) => names.some((name) => matches(rule, name))), allRules: false };
}

function matches(rule: SubjectRule, name: string): boolean {
  return rule.id === name.toUpperCase() || rule.chapter === name.toLowerCase();
}

/** The profile to judge a target under: the one asked for, else the one it claims, else core. */
export function profileFor(target: Pick<Target, 'address' | 'hello'>, asked: string | undefined): Profile {
  if (asked !== undefined) return profileNamed(asked);
  const claimed = target.hello.profile ?? 'core';
  try {
    return profileNamed(claimed);
  } catch (error) {
    throw new TargetError(
      `${target.address} claims the profile ${JSON.stringify(claimed)}. ${(error as Error).message}`,
    );
  }
}
