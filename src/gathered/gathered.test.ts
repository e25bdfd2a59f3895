/** Several reports: two compared, many side by side. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../../spec/formats/results.js';
import { validate } from '../formats/validate.js';
import { crashed, misordered, OUTLANDISH, outlandish, reportOf, stale, unsure } from '../reports/fixtures/reports.js';
import { compareReports } from './compare.js';
import { comparisonMarkdown, comparisonText } from './compare-text.js';
import { matrixOf } from './matrix.js';
import { matrixFormats } from './matrix-text.js';

const compare = (older: Report, newer: Report) =>
  compareReports({ file: 'old.json', report: older }, { file: 'new.json', report: newer });

describe('compare', () => {
  it('nothing is new between a report and itself', () => {
    const comparison = compare(crashed, crashed);
    expect(comparison).toMatchObject({ added: [], gone: [], remarks: [], exit: 0 });
    expect(comparison.still.map(({ name }) => name)).toEqual(['0123456789ab']);
  });

  it('a finding that was not there is new', () => {
    const comparison = compare(reportOf(), crashed);
    expect(comparison.exit).toBe(1);
    expect(comparison.added).toMatchObject([{ what: 'finding', rule: 'LIFE-4', name: '0123456789ab' }]);
  });

  it('a finding that is not there any more is gone, and is no reason to fail', () => {
    expect(compare(crashed, reportOf())).toMatchObject({
      added: [],
      gone: [{ rule: 'LIFE-4', remark: null }],
      exit: 0,
    });
  });

  it('of a finding that is gone it is said when its rule was met too rarely', () => {
    const rules = reportOf().rules.map((one) =>
      one.rule === 'LIFE-4' ? { ...one, verdict: 'inconclusive' as const, exposures: 1 } : one,
    );
    const [gone] = compare(crashed, reportOf({ rules })).gone;
    expect(gone?.remark).toBe('but its rule was met too rarely to say');
  });

  it('a known defect is the same as an unknown one, unless it breaks more rules than it did', () => {
    expect(compare(crashed, stale).still).toMatchObject([{ name: '0123456789ab' }]);
    const worse = crashed.findings.map((finding) => ({
      ...finding,
      forms: finding.forms.map((form) => ({
        ...form,
        broken: [...form.broken, { rule: 'BAL-1', text: 'left stopped' }],
      })),
    }));
    expect(compare(stale, { ...crashed, findings: worse })).toMatchObject({
      added: [{ name: '0123456789ab', remark: 'it did not break BAL-1 before' }],
      exit: 1,
    });
  });

  it('a new run that could not judge says so, and is no success', () => {
    const comparison = compare(crashed, unsure);
    expect(comparison.exit).toBe(2);
    expect(comparison.remarks.join()).toContain('could not judge its target');
  });

  it('what is not compared like with like is said', () => {
    const other = reportOf({ target: 'reference', profile: 'linux-4.7', rulesHash: 'ffffffffffffffff' });
    const [few] = [reportOf({ volume: { ...other.volume, programs: 10 } })];
    expect(compare(other, reportOf()).remarks).toMatchInlineSnapshot(`
      [
        "The targets differ: reference (linux-4.7), then exec:./my manager (core).",
        "The profiles differ: linux-4.7, then core.",
        "The rules differ: ffffffffffffffff, then 0123456789abcdef. What is new may be a new rule.",
      ]
    `);
    expect(compare(reportOf(), few ?? other).remarks).toEqual([
      'The new run was much smaller: 10 programs after 12,345 programs.',
    ]);
  });

  it('is told on a terminal and as Markdown, and has its schema', () => {
    const comparison = compare(misordered, crashed);
    expect(comparisonText(comparison)).toMatchInlineSnapshot(`
      "old  old.json  exec:./my manager (core)
      new  new.json  exec:./my manager (core)

      New
      + LIFE-4 0123456789ab  Unregistering an object whose registration was refused is not without effect

      Gone
      - CALL-1 ba9876543210  Unregistering an object whose registration was refused is not without effect

      Something is new: 1 new, 1 gone, 0 still there.
      "
    `);
    expect(comparisonMarkdown(comparison)).toContain('### Gone');
    expect(validate('comparison', comparison)).toMatchObject({ ok: true });
  });

  it.each(OUTLANDISH)('%j does nothing', (text) => {
    const comparison = compare(reportOf(), outlandish(text));
    for (const told of [comparisonText(comparison), comparisonMarkdown(comparison)]) {
      expect(told).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(told).not.toMatch(/^irqbypass-spec: all conforms/m);
    }
  });
});

describe('matrix', () => {
  const old = reportOf({ target: 'exec:./old', rulesHash: 'ffffffffffffffff', rules: reportOf().rules.slice(1) });
  const matrix = matrixOf([reportOf(), crashed, old].map((report, at) => ({ file: `${at}.json`, report })));

  it('keeps reports of other rules apart', () => {
    expect(matrix.groups.map(({ rulesHash, reports }) => [rulesHash, reports.length])).toEqual([
      ['0123456789abcdef', 2],
      ['ffffffffffffffff', 1],
    ]);
    expect(matrix.groups[1]?.rules.some(({ rule }) => rule === old.rules[0]?.rule)).toBe(true);
    expect(matrix.groups[1]?.rules.some(({ rule }) => rule === 'TOKEN-1')).toBe(false);
  });

  it('has the verdict of each report on each rule, and its schema', () => {
    const row = matrix.groups[0]?.rules.find(({ rule }) => rule === 'LIFE-4');
    expect(row?.cells.map((cell) => cell?.verdict)).toEqual(['pass', 'fail']);
    expect(validate('matrix', matrix)).toMatchObject({ ok: true });
  });

  it('a badge says what came of each target, and none takes the place of another', () => {
    const badges = matrixFormats.badges.write(matrix);
    expect([...badges].map(([name, text]) => [name, JSON.parse(text)])).toEqual([
      ['exec-.-my-manager.json', badge('conforms to core', 'brightgreen')],
      ['exec-.-my-manager-2.json', badge('does not conform', 'red')],
      ['exec-.-old.json', badge('conforms to core', 'brightgreen')],
    ]);
  });

  it.each(OUTLANDISH)('%j does nothing', (text) => {
    const hostile = matrixOf([{ file: text, report: outlandish(text) }]);
    for (const told of [matrixFormats.markdown.write(hostile), matrixFormats.html.write(hostile)]) {
      expect(told).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
    for (const name of matrixFormats.badges.write(hostile).keys()) expect(name).toMatch(/^[\w.-]+\.json$/);
  });
});

function badge(message: string, color: string) {
  return { schemaVersion: 1, label: 'irqbypass-spec', message, color };
}
