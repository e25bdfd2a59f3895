/** What other tools make of the formats: each text is read by a reader that is not ours. */
import { createRequire } from 'node:module';
import { default as draft04 } from 'ajv-draft-04';
import { Parser, type Result } from 'tap-parser';
import { expect, it } from 'vitest';
import type { Report } from '../../spec/formats/results.js';
import { render, reports } from './reports.js';

/** The rules of a report with one of these verdicts. */
function having(report: Report, ...verdicts: readonly string[]): number {
  return report.rules.filter(({ verdict }) => verdicts.includes(verdict)).length;
}

/** A rule that nobody was to expose is no failure, and of the run as a whole come these. */
function failing(report: Report): number {
  return having(report, 'fail', 'inconclusive') + report.stale.length + report.faults.length;
}

it.each(reports)('tap: a reader finds every rule in a report %s', async (_, report) => {
  const points: Result[] = [];
  const parser = new Parser({ strict: true });
  parser.on('assert', (point: Result) => points.push(point));
  parser.end(await render('tap', report));
  expect(parser.failures.filter(({ tapError }) => typeof tapError === 'string')).toEqual([]);
  const whole = Math.max(1, report.stale.length + report.faults.length);
  expect(points.length).toBe(report.rules.length + whole);
  expect(points.filter(({ ok, todo }) => !ok && todo === false).length).toBe(failing(report));
  expect(points.filter(({ todo }) => todo !== false).length).toBe(having(report, 'known'));
  expect(points.filter(({ skip }) => skip !== false).length).toBe(having(report, 'untestable', 'not-applicable'));
  for (const { diag, ok, todo } of points) {
    if (!ok && todo === false) expect(diag).toMatchObject({ verdict: expect.any(String), message: expect.any(String) });
  }
});

it.each(reports)('ktap: a reader finds every rule in a report %s', async (_, report) => {
  const text = await render('ktap', report);
  const cases: Result[] = [];
  // KTAP is TAP with another first line.
  const parser = new Parser();
  parser.on('child', (child) => child.on('assert', (point: Result) => cases.push(point)));
  parser.end(text.replaceAll(/^( *)KTAP version 1$/gm, (_, indent) => (indent === '' ? 'TAP version 14' : '')));
  const whole = Math.max(1, report.stale.length + report.faults.length);
  expect(cases.length).toBe(report.rules.length + whole);
  expect(cases.filter(({ ok }) => !ok).length).toBe(failing(report));
  expect(parser.ok).toBe(failing(report) === 0);
});

// One pattern of the schema is no regular expression in Unicode's mode.
const ajv = new draft04.default({ strict: false, validateFormats: false, unicodeRegExp: false });
const isSarif = ajv.compile(
  createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object,
);

it.each(reports)('sarif: a report %s is valid by the schema of SARIF 2.1.0', async (_, report) => {
  const log: unknown = JSON.parse(await render('sarif', report));
  expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
  expect(log).toMatchObject({ runs: [{ results: { length: report.findings.length + report.known.length } }] });
});

it.each(reports)('github: a report %s is commands and nothing else', async (_, report) => {
  const lines = (await render('github', report)).trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,\r]*::/);
  expect(lines.filter((line) => line.startsWith('::error')).length).toBeGreaterThanOrEqual(report.findings.length);
});
