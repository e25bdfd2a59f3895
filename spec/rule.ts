/** The parts of a rule. The rules themselves are in `rules/`, one file a chapter. */

import type { Profile, ProfileName } from './profile.js';
import type { Call, History } from './reading/history.js';
import type { Program, Trace } from './vocabulary.js';

/** The chapters of the rules, in the order of reading. */
export type Chapter =
  | 'tokens'
  | 'pairing'
  | 'callbacks'
  | 'failure'
  | 'balance'
  | 'order'
  | 'lifetime'
  | 'isolation'
  | 'concurrency';

/**
 * The answer of a check to one call. `undefined`: the rule does not speak of it. `true`: the call exposed the rule, and
 * the rule holds. A text: the rule is broken, and the text says how.
 */
export type Verdict = undefined | true | string;

/** The parts that every rule has. */
export interface RuleText {
  /** An id is for ever: it is never reused and never renumbered. */
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  /** The requirement, one sentence. */
  readonly text: string;
  /** The reason why it matters. */
  readonly intent: string;
  /**
   * Its origin: the RFC of 2015 (Alex Williamson's mail of 2015-06-18, "Re: [v4 08/16] KVM: kvm-vfio: User API
   * for IRQ forwarding"), a kernel version, or a bug that it would have caught. `README.md` has a row for each bug.
   */
  readonly source: string;
  /** The profiles that it does not hold in, each with the reason. */
  readonly except?: Readonly<Partial<Record<ProfileName, string>>>;
  /** The capability that a target needs for the rule to be exposed. */
  readonly needs?: 'allocation-failure' | 'null-token' | 'missing-mandatory' | 'irq-actions';
}

/** A run has to expose a rule so often, unless the rule says otherwise. With fewer exposures the rule is inconclusive. */
export const FLOOR = 10;

/** The parts of a rule that traces can show. */
export interface Judged extends RuleText {
  /** The exposures below which a run is inconclusive; `FLOOR` where it is not written. */
  readonly floor?: number;
}

/** A rule that each call of a trace is held against. */
export interface CallRule extends Judged {
  readonly kind: 'call';
  readonly check: (call: Call, history: History) => Verdict;
}

/** A rule about the shape of the whole trace. */
export interface TraceRule extends Judged {
  readonly kind: 'trace';
  /** Returns where the trace breaks the rule, if it does. Every trace with a callback exposes it. */
  readonly check: (history: History) => { readonly at: number; readonly text: string } | undefined;
}

/** A rule about two runs: a program and its variant. */
export interface RelationRule extends Judged {
  readonly kind: 'relation';
  /** Makes the other program from the first one and its history; undefined where the rule does not speak of it. */
  readonly variant: (program: Program, history: History) => Variant | undefined;
}

/** A second program, and the comparison of its trace with that of the first. */
export interface Variant {
  readonly program: Program;
  /** Compares the two traces. */
  readonly compare: (first: Trace, second: Trace) => true | string;
}

/** A rule about several lanes, held against schedules of them: every order in which they can go on. */
export interface ScheduleRule extends Judged {
  readonly kind: 'schedule';
  /** What shows it: what lanes did, as a trace tells it; or only the accesses to memory between. */
  readonly shownBy: 'traces' | 'accesses';
}

/** A requirement that no trace can show. */
export interface UntestableRule extends RuleText {
  readonly kind: 'untestable';
  readonly reason: string;
}

/** One requirement. */
export type Rule = CallRule | TraceRule | RelationRule | ScheduleRule | UntestableRule;

/** A rule as it stands in its chapter, with its floor written out where it has one. */
export type InChapter<R extends RuleText, C> = R extends UntestableRule
  ? R & { readonly chapter: C }
  : R & { readonly chapter: C; readonly floor: number };

/** A rule of the manager as it stands in its chapter. */
export type ChapterRule = InChapter<Rule, Chapter>;

/** Put chapters together: every rule in order, each with its chapter and its floor. */
export function inChapters<R extends RuleText & { readonly kind: string }, C extends string>(
  chapters: Readonly<Record<C, readonly R[]>>,
): readonly InChapter<R, C>[] {
  return Object.entries<readonly R[]>(chapters).flatMap(([chapter, list]) =>
    list.map((rule) => {
      const floor = rule.kind === 'untestable' ? {} : { floor: FLOOR };
      return { ...floor, ...rule, chapter } as InChapter<R, C>;
    }),
  );
}

/** True when a rule holds in a profile. */
export function holdsIn(rule: RuleText, profile: Profile): boolean {
  return rule.except?.[profile.name] === undefined;
}
