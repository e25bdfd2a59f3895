/** What a run on hosts ends in: verdicts, findings, a report. */

import type { BackEnd, HostProgram, HostTrace } from '../host/vocabulary.js';
import type { ProfileName } from '../profile.js';
import type { BrokenRule, Covered, RuleResult, Volume } from './results.js';

/** What is under test; the kit plays the other roles. `host`: all of them at once. */
export type RoleUnderTest = 'host' | 'manager' | 'producer' | 'consumer';

/** The roles that can be under test. */
export const ROLES: readonly RoleUnderTest[] = ['host', 'manager', 'producer', 'consumer'];

/** A rule about a host broken, with the smallest program that breaks it, and its trace. */
export interface HostFinding {
  readonly format: 'irqbypass-spec/host-finding/1';
  /** Its name: twelve hexadecimal digits of the hash of its key. */
  readonly name: string;
  /** What identifies it across runs, seeds and targets: the rule, and the operation in which it shows. */
  readonly key: string;
  readonly rule: string;
  readonly role: RoleUnderTest;
  readonly target: string;
  readonly profile: ProfileName;
  /** The smallest program found that shows it, in canonical form. */
  readonly program: HostProgram;
  readonly trace: HostTrace;
  /** What the reference does with that program. */
  readonly reference: HostTrace;
  /** The rules that it breaks; the most telling one first. */
  readonly broken: readonly BrokenRule[];
  /** The operation in which it shows, counted from 0.
   * @asType integer */
  readonly call: number;
  /** How many programs of the run showed it.
   * @asType integer */
  readonly met: number;
}

/** What was covered exhaustively on one back end. */
export interface HostCoverage {
  readonly backEnd: BackEnd;
  readonly states: Covered;
  readonly transitions: Covered;
  readonly programs: Covered;
}

/** What was covered exhaustively. It is complete only if every program went on as it must to its end. */
export interface HostCertificate {
  readonly complete: boolean;
  /** Why it is not. */
  readonly reason?: string;
  readonly scope: string;
  readonly backEnds: readonly HostCoverage[];
  /** The orders of set-up that were run, of all that are possible. */
  readonly orders: Covered;
}

/** The outcome of a run on hosts. */
export interface HostReport {
  readonly format: 'irqbypass-spec/host-report/1';
  readonly command: 'run' | 'replay' | 'check';
  readonly role: RoleUnderTest;
  readonly target: string;
  readonly profile: ProfileName;
  /** The hash of all rules about a host, their texts included. */
  readonly rulesHash: string;
  /** @asType integer */
  readonly seed: number | null;
  readonly tier: 'smoke' | 'pr' | 'nightly' | null;
  /** How many random programs were asked for. */
  readonly random: number | null;
  readonly volume: Volume;
  readonly certificate: HostCertificate | null;
  /** 0 conforms, 1 does not, 2 could not be judged. */
  readonly exit: 0 | 1 | 2;
  /** The verdict in a sentence. */
  readonly summary: string;
  readonly rules: readonly RuleResult[];
  readonly findings: readonly HostFinding[];
  /** What kept programs from being judged, through no fault of the target. */
  readonly faults: readonly string[];
  /** Seconds; the only part that differs between two runs of the same seed and target. */
  readonly seconds: number;
}
