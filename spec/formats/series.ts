/**
 * What judging a series of commits ends in: for each commit what it brings, what it mends, and the smallest programs that
 * tell it from its parent.
 */

import type { ProfileName } from '../profile.js';
import type { Program, Trace } from '../vocabulary.js';
import type { Count } from './count.js';
import type { Finding, WrongSchedule } from './results.js';

/** The report on a series of commits. */
export interface SeriesReport {
  readonly format: 'irqbypass-spec/series/1';
  /** The series, as it was asked for: `git:DIR@BASE..TIP`. */
  readonly series: string;
  readonly tier: 'smoke' | 'pr' | 'nightly';
  /** @asType integer */
  readonly seed: number;
  /** 0: no commit brings a finding. 1: one does. 2: one could not be judged, or there is none. */
  readonly exit: 0 | 1 | 2;
  /** The verdict in a sentence. */
  readonly summary: string;
  /** The commits that touch the manager, the oldest first. */
  readonly commits: readonly SeriesCommit[];
}

/** One commit of a series. */
export interface SeriesCommit {
  /** Its full hash. */
  readonly commit: string;
  /** The first line of its message. */
  readonly subject: string;
  /** The address under which it is judged alone. */
  readonly target: string;
  /** The full hash of the commit that it is held against; null where there is none with a manager. */
  readonly parent: string | null;
  /** What was said of it; null where it could not be judged. */
  readonly judged: JudgedCommit | null;
  /** What could not be done, and why: of the commit, or of its parent. */
  readonly problems: readonly string[];
}

/** What is said of a commit. */
export interface JudgedCommit {
  /** What its code was judged under. */
  readonly profile: ProfileName;
  /** The exit status of its run: 0 conforms, 1 does not, 2 could not be judged. */
  readonly exit: 0 | 1 | 2;
  /** Whether the compiler sees the same as in its parent, as where a comment was changed: then the two do not differ. */
  readonly sameCode: boolean;
  /** The defects that its parent does not have, smallest first. */
  readonly new: readonly Finding[];
  /** The defects of its parent that it does not have. */
  readonly gone: readonly Finding[];
  /** How many defects both have. */
  readonly still: Count;
  /** The wrong schedules of which its parent has none that is wrong in the same way. */
  readonly newSchedules: readonly WrongSchedule[];
  /** The wrong schedules of its parent of which it has none that is wrong in the same way. */
  readonly goneSchedules: readonly WrongSchedule[];
  /** One program of each kind of difference, the smallest first. */
  readonly apart: readonly ApartProgram[];
}

/** A program that a commit and its parent answer differently, as small as it could be made. */
export interface ApartProgram {
  readonly program: Program;
  readonly parent: Trace;
  readonly commit: Trace;
}
