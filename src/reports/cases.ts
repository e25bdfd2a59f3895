/**
 * A report as test cases, for the formats that know no more than that: a suite a chapter, a case a rule, and a suite for
 * what belongs to the run as a whole. All texts are harmless here (`src/text/text.ts`); a format adds its own quotes.
 */
import type { RuleResult } from '../../spec/formats/results.js';
import { findAnyRule } from '../../spec/rules/all.js';
import { type AnyFinding, type AnyReport, descriptionOf } from '../text/describe.js';
import { counted, harmless, harmlessLines } from '../text/text.js';
import { replay } from './pretty-finding.js';
import { byChapter } from './pretty-rules.js';

/** What a case came to. */
export type Outcome =
  | { readonly is: 'passed' }
  | {
      /** `expected`: it fails, and the baseline says so. */
      readonly is: 'failed' | 'error' | 'skipped' | 'expected';
      /** The verdict, or what is wrong with the run; a word. */
      readonly kind: string;
      /** Why, in one line. */
      readonly message: string;
      /** The findings in full, line by line; none but for what failed. */
      readonly details: readonly string[];
    };

/** One case: a rule, or something about the run. */
export interface Case {
  readonly name: string;
  readonly outcome: Outcome;
}

/** Cases that belong together. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** The case of a run with which nothing is wrong as a whole. */
const SOUND: Case = { name: 'harness and baseline', outcome: { is: 'passed' } };

/** The suites of a report: the chapters in order, and `run` at the end. */
export function suitesOf(report: AnyReport, files: ReadonlyMap<string, string> = new Map()): readonly Suite[] {
  const whole = wholeRun(report);
  return [
    ...byChapter(report.rules).map(({ chapter, results }) => ({
      name: chapter,
      cases: results.map((result) => ({ name: harmless(result.rule), outcome: outcomeOf(result, report, files) })),
    })),
    { name: 'run', cases: whole.length === 0 ? [SOUND] : whole },
  ];
}

function outcomeOf(result: RuleResult, report: AnyReport, files: ReadonlyMap<string, string>): Outcome {
  const { verdict, broken, exposures, floor } = result;
  const reason = harmless(result.reason ?? 'no reason given');
  const skipped = (message: string) => ({ is: 'skipped', kind: verdict, message, details: [] }) as const;
  switch (verdict) {
    case 'pass':
      return { is: 'passed' };
    case 'fail':
      return {
        is: 'failed',
        kind: verdict,
        message: `broken in ${counted(broken, 'program')}`,
        details: ruleDetails(result, report, files),
      };
    case 'inconclusive':
      // Only a run sets out to expose every rule.
      if (report.command !== 'run') return skipped('not exposed');
      return {
        is: 'error',
        kind: verdict,
        message: `inconclusive: exposed ${counted(exposures, 'time')}, at least ${floor} needed`,
        details: [],
      };
    case 'known':
      return { is: 'expected', kind: verdict, message: 'known failure', details: [] };
    case 'follows':
      return skipped(`follows: ${reason}`);
    case 'not-applicable':
      return skipped(`not applicable: ${reason}`);
    case 'untestable':
      return skipped(`untestable: ${reason}`);
  }
}

/** What is wrong with the run as a whole: it belongs to no rule, and must not get lost. */
function wholeRun({ stale, faults }: AnyReport): readonly Case[] {
  const wrong = (is: 'failed' | 'error', kind: string, text: string): Outcome => ({
    is,
    kind,
    message: harmless(text),
    details: [],
  });
  return [
    ...stale.map(({ key, form, is, text }) => {
      const kind = is === 'changed' ? 'changed' : 'stale';
      return { name: harmless(`${kind}: ${key}, ${form}`), outcome: wrong('failed', kind, text) };
    }),
    ...faults.map(({ text }, at) => ({ name: `fault ${at + 1}`, outcome: wrong('error', 'fault', text) })),
  ];
}

/** Why a rule fails: its sentence and intent, then its findings and its wrong schedules. */
function ruleDetails(result: RuleResult, report: AnyReport, files: ReadonlyMap<string, string>): readonly string[] {
  const rule = findAnyRule(result.rule);
  const findings = report.findings.filter(({ name }) => result.findings.includes(name));
  const schedules = report.exhaustive?.wrong.filter((one) => one.rule === result.rule) ?? [];
  const parts = [
    ...(rule === undefined ? [] : [[`The rule: ${rule.text}`, `Why it matters: ${rule.intent}`]]),
    ...findings.map((finding) => findingDetails(finding, result.rule, report, files)),
    ...schedules.map(({ text }) => harmlessLines(text)),
  ];
  return parts.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

/** A finding in lines: its title, the program, what it did beside what is allowed, and how to see it again. */
export function findingDetails(
  finding: AnyFinding,
  rule: string,
  report: AnyReport,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  const form = finding.forms.find(({ broken }) => broken.some((one) => one.rule === rule)) ?? finding.forms[0];
  if (form === undefined) return [finding.name];
  const file = files.get(finding.name);
  const description = descriptionOf(report);
  const title = description.title(finding);
  const rows = description
    .beside(form)
    .map(({ happened, allowed, marked }) => (marked ? `${happened}    <-- allowed: ${allowed?.trim()}` : happened));
  return [
    `finding ${finding.name}${title === undefined ? '' : `: ${title}`}`,
    ...form.broken.map((one) => `${one.rule}: ${one.text}`),
    '',
    ...description.program(form.program),
    '',
    ...rows,
    ...(file === undefined ? [] : ['', replay(file, report)]),
  ].map(harmless);
}
