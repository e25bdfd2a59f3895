/** The reports that readers other than ours are given. */
import type { Report } from '../../spec/formats/results.js';
import {
  crashed,
  files,
  misordered,
  OUTLANDISH,
  outlandish,
  reportOf,
  stale,
  unsure,
} from '../../src/reports/fixtures/reports.js';
import { type FormatName, formats } from '../../src/reports/index.js';

/** Reports of every kind, and those in which something outlandish stands everywhere. */
export const reports: readonly (readonly [string, Report])[] = [
  ['of a target that conforms', reportOf()],
  ['with a crash', crashed],
  ['with a wrong order', misordered],
  ['that is unsure', unsure],
  ['with a baseline out of date', stale],
  ...OUTLANDISH.map(([text]) => [`in which ${JSON.stringify(text)} stands everywhere`, outlandish(text)] as const),
];

/** A report in a format, with files for its findings, at a fixed time. */
export async function render(format: FormatName, report: Report): Promise<string> {
  return (await formats[format]()).render(report, { colors: false, findingFiles: files, when: '2026-05-01T12:00:00' });
}
