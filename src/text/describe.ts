/** A report of any subject, and the words in which it is told. */
import type { HostCertificate, JudgedRole } from '../../spec/formats/host-results.js';
import type { Certificate, FindingOf, ReportOf } from '../../spec/formats/results.js';
import type { Description } from './description.js';
import { managerDescription } from './format.js';
import { hostDescription } from './host-format.js';

interface AnyTrace {
  readonly events: readonly unknown[];
}

/** A finding of any subject. */
export type AnyFinding = FindingOf<unknown, AnyTrace, unknown>;

/** A report of any subject; one with a role is about a host, or a participant on it. */
export type AnyReport = ReportOf<unknown, AnyFinding, Certificate | HostCertificate> & {
  readonly role?: JudgedRole;
};

/** The words for the programs and traces of a report. */
export function descriptionOf({ role }: Pick<AnyReport, 'role'>): Description<unknown, AnyTrace> {
  return role === undefined ? managerDescription : hostDescription;
}
