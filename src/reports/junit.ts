/** The report as JUnit XML, for the test tab of a CI: one suite a chapter, one case a rule. */
import { createRequire } from 'node:module';
import type { RuleResult } from '../../spec/formats/results.js';
import { findAnyRule } from '../../spec/rules/all.js';
import { type AnyFinding, type AnyReport, descriptionOf } from '../text/describe.js';
import { counted, harmless, harmlessLines } from '../text/text.js';
import type { ReportFormat } from './format.js';
import { replay } from './pretty-finding.js';
import { byChapter } from './pretty-rules.js';

export const junit: ReportFormat = {
  summary: 'JUnit XML, for a CI',
  render: (report, { findingFiles }) => {
    // Loading it takes longer than a smoke run.
    const { create } = createRequire(import.meta.url)('xmlbuilder2') as typeof import('xmlbuilder2');
    const outcome = (result: RuleResult) => outcomeOf(result, report.command);
    const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '�' }).ele('testsuites', {
      name: inXml(`irqbypass-spec ${report.target}`),
      ...counts([...report.rules.map(outcome), ...wholeRun(report).map((one) => one.outcome)]),
      time: report.seconds.toFixed(3),
    });
    for (const { chapter, results } of byChapter(report.rules)) {
      const suite = root.ele('testsuite', { name: chapter, ...counts(results.map(outcome)) });
      for (const result of results) {
        const test = suite.ele('testcase', { classname: `irqbypass-spec.${chapter}`, name: inXml(nameOf(result)) });
        const found = outcome(result);
        if (found === undefined) continue;
        const element = test.ele(found.element, { message: inXml(found.message) });
        if (found.element === 'failure') element.txt(linesInXml(failureText(result, report, findingFiles)));
      }
    }
    const whole = wholeRun(report);
    if (whole.length > 0) {
      const suite = root.ele('testsuite', { name: 'run', ...counts(whole.map((one) => one.outcome)) });
      for (const one of whole) {
        const test = suite.ele('testcase', { classname: 'irqbypass-spec.run', name: inXml(one.name) });
        test.ele(one.outcome.element, { message: inXml(one.outcome.message) });
      }
    }
    return `${root.end({ prettyPrint: true })}\n`;
  },
};

/**
 * A text as XML can hold it, on one line. The writer takes `&b;` for a reference that somebody means, and leaves it;
 * here none is meant.
 */
function inXml(text: string): string {
  return harmless(text).replaceAll('&', '&amp;');
}

function linesInXml(text: string): string {
  return harmlessLines(text).join('\n').replaceAll('&', '&amp;');
}

interface Outcome {
  readonly element: 'failure' | 'error' | 'skipped';
  readonly message: string;
}

function outcomeOf(
  { verdict, broken, exposures, floor, reason }: RuleResult,
  command: AnyReport['command'],
): Outcome | undefined {
  switch (verdict) {
    case 'pass':
      return undefined;
    case 'fail':
      return { element: 'failure', message: `broken in ${counted(broken, 'program')}` };
    case 'inconclusive':
      // Only a run sets out to expose every rule.
      if (command !== 'run') return { element: 'skipped', message: 'not exposed' };
      return {
        element: 'error',
        message: `inconclusive: exposed ${counted(exposures, 'time')}, at least ${floor} needed`,
      };
    case 'follows':
      return { element: 'skipped', message: `follows: ${reason ?? ''}` };
    case 'known':
      return { element: 'skipped', message: 'known failure' };
    case 'not-applicable':
      return { element: 'skipped', message: `not applicable: ${reason ?? 'no reason given'}` };
    case 'untestable':
      return { element: 'skipped', message: `untestable: ${reason ?? 'no reason given'}` };
  }
}

/** What is wrong with the run as a whole: it belongs to no rule, and must not get lost. */
function wholeRun({ stale, faults }: AnyReport): readonly { readonly name: string; readonly outcome: Outcome }[] {
  return [
    ...stale.map(({ key, form, is, text }) => ({
      name: `${is === 'changed' ? 'changed' : 'stale'}: ${key}, ${form}`,
      outcome: { element: 'failure', message: text } as const,
    })),
    ...faults.map(({ text }, at) => ({
      name: `fault ${at + 1}`,
      outcome: { element: 'error', message: text } as const,
    })),
  ];
}

function counts(outcomes: readonly (Outcome | undefined)[]): Readonly<Record<string, number>> {
  const having = (element: Outcome['element']) => outcomes.filter((outcome) => outcome?.element === element).length;
  return {
    tests: outcomes.length,
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
  };
}

function nameOf({ rule }: RuleResult): string {
  const text = findAnyRule(rule)?.text;
  return text === undefined ? rule : `${rule}: ${text}`;
}

function failureText(result: RuleResult, report: AnyReport, files: ReadonlyMap<string, string> | undefined): string {
  const findings = report.findings.filter(({ name }) => result.findings.includes(name));
  const schedules = report.exhaustive?.wrong.filter(({ rule }) => rule === result.rule) ?? [];
  return [
    ...findings.map((finding) => findingText(finding, result.rule, report, files)),
    ...schedules.map(({ text }) => text.split('\n').map(harmless).join('\n')),
  ].join('\n\n');
}

function findingText(
  finding: AnyFinding,
  rule: string,
  report: AnyReport,
  files: ReadonlyMap<string, string> | undefined,
): string {
  const form = finding.forms.find(({ broken }) => broken.some((one) => one.rule === rule)) ?? finding.forms[0];
  if (form === undefined) return finding.name;
  const file = files?.get(finding.name);
  const description = descriptionOf(report);
  const title = description.title(finding);
  const rows = description
    .beside(form)
    .map(({ happened, allowed, marked }) => (marked ? `${happened}    <-- allowed: ${allowed?.trim()}` : happened));
  return [
    `finding ${finding.name}${title === undefined ? '' : `: ${harmless(title)}`}`,
    ...form.broken.map((one) => `${one.rule}: ${harmless(one.text)}`),
    '',
    ...description.program(form.program),
    '',
    ...rows,
    ...(file === undefined ? [] : ['', replay(file, report.target)]),
  ].join('\n');
}
