/** What a run on hosts ends in: the findings, the report and the baseline of a host, or of a participant on it. */
import type { BackEnd, HostEvent, HostProgram, HostTrace } from '../host/vocabulary.js';
import type { BaselineOf, Covered, FindingOf, Form, ReportOf } from './results.js';

/** What is under test; the kit plays the other roles. `host`: all of them at once. */
export type RoleUnderTest = 'host' | 'manager' | 'producer' | 'consumer';

/** What findings, reports and baselines are about: a role under test, or a real kernel as it was `observed`. */
export type JudgedRole = RoleUnderTest | 'observed';

/** The roles that can be under test. */
export const ROLES: readonly RoleUnderTest[] = ['host', 'manager', 'producer', 'consumer'];

/** One way in which a defect of a host shows. */
export type HostForm = Form<HostProgram, HostTrace, HostEvent>;

/** A rule about a host broken, with the smallest program that breaks it, and its trace. */
export interface HostFinding extends FindingOf<HostProgram, HostTrace, HostEvent> {
  readonly format: 'irqbypass-spec/host-finding/2';
  readonly role: JudgedRole;
}

/** The known failures of a host, or of a participant. */
export interface HostBaseline extends BaselineOf<HostProgram, HostEvent> {
  readonly format: 'irqbypass-spec/host-baseline/1';
  readonly role: JudgedRole;
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

/** The report on a host, or on a participant. */
export interface HostReport extends ReportOf<HostProgram, HostFinding, HostCertificate> {
  readonly format: 'irqbypass-spec/host-report/2';
  readonly role: JudgedRole;
}
