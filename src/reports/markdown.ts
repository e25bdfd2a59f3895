/**
 * The report as Markdown, for a review or the summary of a job. Whatever a target said stands in code, fenced by more
 * back quotes than it has itself: there it can be no link, no mention and no picture.
 */
import type { RuleResult } from '../../spec/formats/results.js';
import { findAnyRule } from '../../spec/rules/all.js';
import { type AnyFinding, type AnyReport, descriptionOf } from '../text/describe.js';
import { counted, grouped, harmlessLines, listed } from '../text/text.js';
import type { ReportFormat } from './format.js';
import { block, code, table } from './markdown-text.js';
import { columns, program, replay, scheduleTitle } from './pretty-finding.js';
import { byChapter, MARKS } from './pretty-rules.js';
import { coveredTexts, facts, titleText, VERDICT_WORDS, verdictText, WIDE, whoText } from './words.js';

/** The lines of a log that are shown: a kernel's report ends with how it came. */
const LOG_LINES = 40;
/** How wide the columns of a trace may be before a reader has to scroll. */
const TRACE = { ...WIDE, width: 120 };

export const markdown: ReportFormat = {
  summary: 'Markdown, for a review or the summary of a job',
  render: (report, { findingFiles = new Map() }) =>
    `${[
      `## ${['✓', '✗', '?'][report.exit]} ${code(report.target)}: ${verdictText(report).toLowerCase()}`,
      code(report.summary),
      about(report),
      ...report.findings.map((finding, at) => findingText(finding, at, report, findingFiles)),
      ...schedules(report, findingFiles),
      ...known(report),
      ...stale(report),
      ...faults(report),
      rules(report),
    ].join('\n\n')}\n`,
};

function about(report: AnyReport): string {
  const who = whoText(report);
  return table(
    ['', ''],
    [
      ...(who === undefined ? [] : [['target', code(who)]]),
      ...facts(report).map(([name, value]) => [code(name), code(value)]),
      ...coveredTexts(report).map((text, at) => [at === 0 ? 'covered' : '', code(text)]),
    ],
  );
}

function findingText(finding: AnyFinding, at: number, report: AnyReport, files: ReadonlyMap<string, string>): string {
  const rule = findAnyRule(finding.rule);
  const [form, ...others] = finding.forms;
  const description = descriptionOf(report);
  const file = files.get(finding.name);
  const log = harmlessLines((finding.log ?? '').trimEnd()).slice(-LOG_LINES);
  const [main, ...also] = form?.broken ?? [];
  return [
    `### Finding ${at + 1} of ${report.findings.length}: ${code(finding.rule)}`,
    `**${code(titleText(finding, report))}** (${code(finding.name)})`,
    ...(rule === undefined ? [] : [`> ${rule.text}\n>\n> ${rule.intent}`]),
    ...(form === undefined
      ? []
      : [
          'The smallest program that shows it:',
          block(program(description.program(form.program), TRACE).map((line) => line.slice(4))),
          'What it did, beside what is allowed:',
          block(columns(description.beside(form), TRACE).map((line) => line.slice(4))),
        ]),
    ...(main === undefined
      ? []
      : [[main, ...also].map(({ rule, text }) => `- ${code(rule)}: ${code(text)}`).join('\n')]),
    ...(others.length === 0
      ? []
      : [`Also seen as: ${others.map(({ key, met }) => `${code(key)} in ${counted(met, 'program')}`).join('; ')}.`]),
    ...(log.join('') === '' ? [] : ['What the target logged:', block(log.map((line) => `  ${line}`))]),
    ...(file === undefined ? [] : ['To see it again:', block([replay(file, report)])]),
  ].join('\n\n');
}

function schedules(report: AnyReport, files: ReadonlyMap<string, string>): readonly string[] {
  return (report.exhaustive?.wrong ?? []).map(({ name, rule, what, text }, at) => {
    const file = files.get(name);
    return [
      `### Wrong schedule ${at + 1}: ${code(rule)}`,
      `${code(what)} (${code(name)})`,
      block(harmlessLines(text)),
      ...(file === undefined ? [] : ['To see it again:', block([replay(file, report)])]),
    ].join('\n\n');
  });
}

function known(report: AnyReport): readonly string[] {
  const known = [
    ...report.known.map((finding) => ({ ...finding, title: titleText(finding, report) })),
    ...(report.exhaustive?.known ?? []).map((schedule) => ({
      ...schedule,
      title: scheduleTitle(schedule),
    })),
  ];
  if (known.length === 0) return [];
  const rows = known.map(({ rule, title, reason, fixedIn }) => [
    code(rule),
    code(title),
    code(reason),
    fixedIn === null ? 'not yet' : code(fixedIn),
  ]);
  return [`### Known failures`, table(['rule', 'defect', 'reason', 'mended in'], rows)];
}

function stale({ stale }: AnyReport): readonly string[] {
  if (stale.length === 0) return [];
  const lines = stale.map(({ key, form, is, text }) => `- ${is}: ${code(key)}, ${code(form)}: ${code(text)}`);
  return ['### The baseline is out of date', lines.join('\n')];
}

function faults({ faults }: AnyReport): readonly string[] {
  if (faults.length === 0) return [];
  return [
    '### Faults of the harness, not charged to the implementation',
    faults.map(({ text }) => `- ${code(text)}`).join('\n'),
  ];
}

function rules(report: AnyReport): string {
  const rows = byChapter(report.rules).flatMap(({ chapter, results }) => {
    const held = results.filter(({ verdict }) => verdict === 'pass');
    const others = results.filter(({ verdict }) => verdict !== 'pass');
    const exposures = held.reduce((sum, result) => sum + result.exposures, 0);
    const names = listed(held.map(({ rule }) => code(rule)));
    return [
      ...(held.length === 0 ? [] : [[MARKS.pass, `${chapter}: ${names}`, 'holds', grouped(exposures)]]),
      ...others.map((result) => [
        MARKS[result.verdict],
        `${chapter}: ${code(result.rule)}`,
        ruleText(result),
        grouped(result.exposures),
      ]),
    ];
  });
  const body = table(['', 'rules', '', 'exposures'], rows);
  return `<details><summary>Rules</summary>\n\n${body}\n\n</details>`;
}

function ruleText({ verdict, broken, floor, reason }: RuleResult): string {
  const word = VERDICT_WORDS[verdict];
  if (verdict === 'fail') return `${word} in ${counted(broken, 'program')}`;
  if (verdict === 'inconclusive') return `${word}: at least ${grouped(floor)} needed`;
  return reason === undefined ? word : `${word}: ${code(reason)}`;
}
