/** What a rule is. The rules themselves are in `rules/`, one file a chapter. */

import type { Profile, ProfileName } from './profile.js';
import type { Call, History } from './reading/history.js';
import type { Program, Trace } from './vocabulary.js';

/** The chapters of the rules, in the order of reading. */
export type Chapter = 'tokens' | 'pairing' | 'callbacks' | 'failure' | 'balance' | 'order' | 'lifetime' | 'isolation';

/**
 * What a check says of one call: `undefined`, the rule does not speak of it; `true`, the rule was exposed and holds;
 * a text, it is broken, and how.
 */
export type Verdict = undefined | true | string;

/** What every rule has. */
export interface RuleText {
  /** For ever: never reused, never renumbered. */
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  /** The requirement, one sentence. */
  readonly text: string;
  /** Why it matters. */
  readonly intent: string;
  /** Where it comes from: the seed, a kernel version, a bug that it would have caught. */
  readonly source: string;
  /** The profiles that it does not hold in, each with the reason. */
  readonly except?: Readonly<Partial<Record<ProfileName, string>>>;
  /** The capability that a target needs for the rule to be exposed. */
  readonly needs?: 'allocation-failure' | 'null-token' | 'missing-mandatory';
}

/** A rule that each call of a trace is held against. */
export interface CallRule extends RuleText {
  readonly kind: 'call';
  /** Below this many exposures a run is inconclusive. */
  readonly floor: number;
  readonly check: (call: Call, history: History) => Verdict;
}

/** A rule about the shape of the whole trace. */
export interface TraceRule extends RuleText {
  readonly kind: 'trace';
  readonly floor: number;
  /** Returns where the trace breaks the rule, if it does. Every trace with a callback exposes it. */
  readonly check: (history: History) => { readonly at: number; readonly text: string } | undefined;
}

/** A rule about two runs: a program and its variant. */
export interface RelationRule extends RuleText {
  readonly kind: 'relation';
  readonly floor: number;
  /** The other program, given what the first one did; undefined where the rule does not speak of it. */
  readonly variant: (program: Program, history: History) => Variant | undefined;
}

/** A second program and what must be the same about the two. */
export interface Variant {
  readonly program: Program;
  /** Compares the two traces. */
  readonly compare: (first: Trace, second: Trace) => true | string;
}

/** A requirement that no trace can show. */
export interface UntestableRule extends RuleText {
  readonly kind: 'untestable';
  readonly reason: string;
}

/** One requirement. */
export type Rule = CallRule | TraceRule | RelationRule | UntestableRule;

/** A rule with the chapter that it stands in. */
export type ChapterRule = Rule & { readonly chapter: Chapter };

/** Whether a rule holds in a profile. */
export function holdsIn(rule: RuleText, profile: Profile): boolean {
  return rule.except?.[profile.name] === undefined;
}
