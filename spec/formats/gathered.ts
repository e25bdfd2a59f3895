/** What several reports come to: two of them compared, and many of them side by side. */

import type { ProfileName } from '../profile.js';
import type { Count } from './count.js';
import type { RuleVerdict } from './results.js';

/** A report that something was made of. */
export interface ReportHead {
  /** The file that it was read from. */
  readonly file: string;
  readonly target: string;
  /** What the target said that it is; null where it said nothing. */
  readonly name: string | null;
  /** What was under test; null for a manager alone. */
  readonly role: string | null;
  readonly profile: ProfileName;
  /** The hash of the rules that it was judged against. */
  readonly rulesHash: string;
  readonly exit: 0 | 1 | 2;
  /** The verdict in a sentence. */
  readonly summary: string;
}

/** Something that is wrong in one report, or in both. */
export interface Difference {
  /** A defect, a wrong schedule, an entry of the baseline that is not true any more, or a fault of the harness. */
  readonly what: 'finding' | 'schedule' | 'baseline' | 'fault';
  /** The rule that it is filed under; null where it belongs to none. */
  readonly rule: string | null;
  /** The name of a finding; null for what has none. */
  readonly name: string | null;
  /** What it is about, in words. */
  readonly title: string;
  /** What there is to add, such as the rules that a finding did not break before. */
  readonly remark: string | null;
}

/** What differs between an earlier report and a later one. */
export interface Comparison {
  readonly format: 'irqbypass-spec/comparison/1';
  readonly old: ReportHead;
  readonly new: ReportHead;
  /** What is wrong in the new report only, or worse than it was. */
  readonly added: readonly Difference[];
  /** What was wrong in the old report only. */
  readonly gone: readonly Difference[];
  readonly still: readonly Difference[];
  /** What keeps the two from being compared like with like, in sentences. */
  readonly remarks: readonly string[];
  /** 0: nothing new. 1: something is. 2: the new report could not judge its target, so nothing is known to be gone. */
  readonly exit: 0 | 1 | 2;
}

/** One implementation, one rule. */
export interface MatrixCell {
  readonly verdict: RuleVerdict;
  readonly exposures: Count;
}

/** Reports that were judged against the same rules. */
export interface MatrixGroup {
  readonly rulesHash: string;
  /** Whether these are the rules of the version that made the matrix. */
  readonly current: boolean;
  readonly reports: readonly ReportHead[];
  readonly rules: readonly {
    readonly rule: string;
    /** A cell a report, in their order; null where it does not speak of the rule. */
    readonly cells: readonly (MatrixCell | null)[];
  }[];
}

/** Implementations by rules. Reports of different rules stand in different groups. */
export interface Matrix {
  readonly format: 'irqbypass-spec/matrix/1';
  readonly groups: readonly MatrixGroup[];
}
