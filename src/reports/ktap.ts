/**
 * The report as KTAP, as KUnit prints it: a suite a chapter, a case a rule. `tools/testing/kunit/kunit.py parse` of a
 * kernel tree reads it. KTAP knows no quotes: a `#` begins a directive, wherever it stands.
 */
import { harmless } from '../text/text.js';
import { type Case, type Suite, suitesOf } from './cases.js';
import type { ReportFormat } from './format.js';

const VERSION = 'KTAP version 1';

export const ktap: ReportFormat = {
  summary: "KTAP, as the kernel's own tests print it",
  render: (report, { findingFiles }) => {
    const suites = suitesOf(report, findingFiles);
    return `${[
      VERSION,
      `1..${suites.length}`,
      ...suites.flatMap((suite, at) => suiteLines(suite, at + 1)),
      `# ${plain(harmless(report.summary))}`,
    ].join('\n')}\n`;
  },
};

function suiteLines({ name, cases }: Suite, number: number): readonly string[] {
  const isOk = !cases.some(({ outcome: { is } }) => is === 'failed' || is === 'error');
  const isSkipped = cases.every(({ outcome: { is } }) => is === 'skipped');
  const inside = [VERSION, `# Subtest: ${plain(name)}`, `1..${cases.length}`, ...cases.flatMap(caseLines)];
  return [
    ...inside.map((line) => `    ${line}`),
    `${isOk ? 'ok' : 'not ok'} ${number} ${plain(name)}${isSkipped ? ' # SKIP' : ''}`,
  ];
}

/** What is known of a case stands before its result, as KUnit has it. */
function caseLines({ name, outcome }: Case, at: number): readonly string[] {
  const line = (ok: boolean, directive = '') => `${ok ? 'ok' : 'not ok'} ${at + 1} ${plain(name)}${directive}`;
  switch (outcome.is) {
    case 'passed':
      return [line(true)];
    case 'skipped':
      return [line(true, ` # SKIP ${plain(outcome.message)}`)];
    case 'expected':
      return [line(true, ` # XFAIL ${plain(outcome.message)}`)];
    case 'failed':
    case 'error':
      return [...[outcome.message, ...outcome.details].map((text) => `# ${plain(text)}`.trimEnd()), line(false)];
  }
}

function plain(text: string): string {
  return text.replaceAll('#', 'No. ').replace(/\s+$/, '');
}
