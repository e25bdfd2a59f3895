/** The report as TAP 14, for the many tools that read it: a test point a rule, and its findings as YAML below it. */
import { findAnyRule } from '../../spec/rules/all.js';
import { harmless } from '../text/text.js';
import { type Case, type Outcome, suitesOf } from './cases.js';
import type { ReportFormat } from './format.js';

export const tap: ReportFormat = {
  summary: 'TAP 14, the Test Anything Protocol',
  render: (report, { findingFiles }) => {
    const cases = suitesOf(report, findingFiles).flatMap((suite) => suite.cases);
    return `${[
      'TAP version 14',
      `1..${cases.length}`,
      ...cases.flatMap((one, at) => point(one, at + 1)),
      `# ${harmless(report.summary)}`,
    ].join('\n')}\n`;
  },
};

function point({ name, outcome }: Case, number: number): readonly string[] {
  const isOk = outcome.is === 'passed' || outcome.is === 'skipped';
  const text = findAnyRule(name)?.text;
  const described = text === undefined ? name : `${name} ${text}`;
  const line = `${isOk ? 'ok' : 'not ok'} ${number} - ${quoted(described)}${directive(outcome)}`;
  if (outcome.is !== 'failed' && outcome.is !== 'error') return [line];
  return [line, '  ---', ...diagnostics(outcome).map((text) => `  ${text}`), '  ...'];
}

/** TODO is what TAP calls a failure that is expected. */
function directive(outcome: Outcome): string {
  if (outcome.is === 'expected') return ` # TODO ${quoted(outcome.message)}`;
  return outcome.is === 'skipped' ? ` # SKIP ${quoted(outcome.message)}` : '';
}

/** YAML. JSON's strings are YAML's, and the lines of a block that is indented mean nothing to it. */
function diagnostics({ kind, message, details }: Exclude<Outcome, { is: 'passed' }>): readonly string[] {
  return [
    `verdict: ${JSON.stringify(kind)}`,
    `message: ${JSON.stringify(message)}`,
    ...(details.length === 0 ? [] : ['details: |2', ...details.map((line) => `    ${line}`)]),
  ];
}

/** A text that no reader takes for a directive. */
function quoted(text: string): string {
  return text.replace(/[\\#]/g, '\\$&');
}
