/** What a run is asked to do, and what it tells of how far it is. */
import type { Profile } from '../../spec/profile.js';
import type { BaselineOn, Setting, Shape, Subject, SubjectTarget, Tier } from '../subject/subject.js';

/** What a run is to do. */
export interface RunOptions<S extends Shape> extends Setting<S> {
  /** What the report says that it is of; `run` when absent. Only a run has to meet every rule often enough. */
  readonly command?: 'run' | 'observe';
  readonly target: SubjectTarget<S>;
  readonly seed: number;
  /** How many random programs to run. */
  readonly programs: number;
  readonly tier: Tier | null;
  /** What to cover completely before the random programs; what the smoke tier does when absent. */
  readonly coverage?: S['coverage'];
  /** Programs of findings of earlier runs, to be judged before all others; nothing is said of them when absent. */
  readonly stored?: readonly S['program'][];
  /** Stop at the first program that fails. */
  readonly failFast?: boolean;
  /** Also do what is undefined, and report what came of it. */
  readonly undefined?: boolean;
  readonly baseline?: BaselineOn<S>;
  /**
   * Find every defect, for a baseline: every schedule that goes wrong in a way of its own, and not only the first ones, and
   * what shows only behind another defect.
   */
  readonly everyDefect?: boolean;
  /** The most programs of a part of the plan, where the usual number is not meant. */
  readonly partLength?: number;
  /** Told now and then how far it is. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told what takes long, such as compiling. */
  readonly onNote?: (text: string) => void;
  /** A clock in milliseconds, for the duration in the report. */
  readonly now: () => number;
}

/** How far a run is. */
export interface RunProgress {
  readonly phase: 'programs' | 'shrinking';
  readonly done: number;
  readonly total: number;
  readonly operations: number;
  /** Kinds of failing programs so far. */
  readonly failing: number;
}

/** To be judged by all rules that there are about a subject. */
export function byAllRules<S extends Shape>({ rules }: Subject<S>, profile: Profile): Setting<S> {
  return { profile, rules, allRules: true };
}
