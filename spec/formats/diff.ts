/** The smallest programs on which two targets, or the models of two profiles, part: what `diff --report json` writes. */

import type { HostProgram, HostTrace } from '../host/vocabulary.js';
import type { Situation } from '../model.js';
import type { Event, Program } from '../vocabulary.js';
import type { Count } from './count.js';
import type { RoleUnderTest } from './host-results.js';
import type { BrokenRule } from './results.js';

/** What a difference is about: what the operation found, or what the caller did that is undefined. */
export type DiffTopic = Situation | 'null-token' | 'overwriteToken' | 'wipeObject' | 'reentry';

/** A smallest program that two managers answer differently. */
export interface Parting {
  readonly about: DiffTopic;
  /** Differences of the same kind differ in the same way. */
  readonly kind: string;
  readonly program: Program;
  /** What each side did; null where it cannot be asked. */
  readonly left: readonly Event[] | null;
  readonly right: readonly Event[] | null;
  /** The operation that they answer differently, counted from 0: the program's last.
   * @asType integer */
  readonly call: number;
  /** Whether they answer an earlier operation differently, too. */
  readonly follows: boolean;
  /** The rules of core that each side breaks in that operation, the most telling first. */
  readonly broken: { readonly left: readonly string[]; readonly right: readonly string[] };
}

/** What tells two managers apart. */
export interface Diff {
  readonly format: 'irqbypass-spec/diff/1';
  /** The addresses of the targets, or the names of the profiles. */
  readonly left: string;
  readonly right: string;
  /** The most operations of a program. */
  readonly length: Count;
  readonly differences: readonly Parting[];
}

/** What one of two hosts did with a program, and the rules that it breaks. */
export interface HostAnswer {
  readonly trace: HostTrace;
  readonly broken: readonly BrokenRule[];
}

/** A smallest program that two hosts answer differently. */
export interface HostParting {
  readonly program: HostProgram;
  readonly left: HostAnswer;
  readonly right: HostAnswer;
}

/** What tells two hosts apart, of which two targets play one role. */
export interface HostDiff {
  readonly format: 'irqbypass-spec/host-diff/1';
  readonly left: string;
  readonly right: string;
  readonly role: RoleUnderTest;
  /** @asType integer */
  readonly seed: number;
  readonly differences: readonly HostParting[];
}
