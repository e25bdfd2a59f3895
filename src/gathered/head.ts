/** Who a report is about. */
import type { ReportHead } from '../../spec/formats/gathered.js';
import type { AnyReport } from '../text/describe.js';

/** A report and the file that it was read from. */
export interface Read {
  readonly file: string;
  readonly report: AnyReport;
}

/** The head of a report. */
export function headOf({ file, report }: Read): ReportHead {
  const { target, hello, role, profile, rulesHash, exit, summary } = report;
  const name = hello === null ? null : `${hello.name} ${hello.version}`;
  return { file, target, name, role: role ?? null, profile, rulesHash, exit, summary };
}

/** What to call a report among others: its target, with what sets it apart. */
export function labelOf({ target, role, profile }: ReportHead): string {
  return `${target}${role === null ? '' : ` as ${role}`} (${profile})`;
}
