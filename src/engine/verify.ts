/**
 * Hold a report against itself, without any target: the verdict is the one that its rules and findings give, and each of its
 * findings does break what it says, by its own trace.
 */
import type { RuleResult } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { FindingOn, FormOn, Judge, Shape, Subject } from '../subject/subject.js';
import { toFinding } from './finding.js';
import { byAllRules } from './options.js';
import { isAboutTwoRuns } from './relations.js';
import { verdictOf } from './report.js';
import { isBesideOthers } from './samples.js';

/** What came of holding a report against itself. */
export interface Verified {
  /** What does not hold, each in a sentence. */
  readonly problems: readonly string[];
  /** Forms of findings whose traces were judged anew. */
  readonly judged: number;
  /** Forms that one trace does not show: they are about two runs, or about the programs beside them. */
  readonly unshown: number;
}

/** Verify the report of a subject, which was judged by the rules of this kit. */
export function verify<S extends Shape>(subject: Subject<S>, report: S['report'], profile: Profile): Verified {
  const { exit, summary, rules } = report;
  const due = verdictOf(report, subject.conformance(profile.name));
  const judge = subject.judge(byAllRules(subject, profile));
  // What a report lists as known is a finding with an explanation.
  const findings = [...report.findings, ...report.known] as readonly FindingOn<S>[];
  const forms = findings.flatMap((finding) => finding.forms.map((form) => ({ finding, form })));
  const shown = forms.filter(({ form }) => !isAboutTwoRuns(form.key) && !isBesideOthers(form.key));
  const problems = [
    ...(due.exit === exit ? [] : [`its exit status is ${exit}; its rules and findings give ${due.exit}`]),
    ...(due.summary === summary ? [] : [`its summary is "${summary}"; its rules and findings give "${due.summary}"`]),
    ...rules.flatMap((rule) => ofRule(rule, findings)),
    ...findings.flatMap((finding) => ofName(subject, finding)),
    ...shown.flatMap(({ finding, form }) => ofForm(judge, finding, form)),
  ];
  return { problems, judged: shown.length, unshown: forms.length - shown.length };
}

function ofRule<S extends Shape>(
  { rule, verdict, exposures, floor, broken, findings: names }: RuleResult,
  findings: readonly FindingOn<S>[],
): readonly string[] {
  const missing = names.filter((name) => !findings.some((finding) => finding.name === name));
  return [
    ...(verdict === 'pass' && exposures < floor
      ? [`${rule} is said to hold; it was exposed ${exposures} times, and has to be ${floor} times`]
      : []),
    ...(verdict === 'pass' && broken > 0 ? [`${rule} is said to hold; ${broken} programs broke it`] : []),
    ...missing.map((name) => `${rule} names the finding ${name}, which is not there`),
  ];
}

function ofName<S extends Shape>(subject: Subject<S>, finding: FindingOn<S>): readonly string[] {
  const { name, key, forms, target, profile, log } = finding;
  const due = toFinding(subject, key, forms, target, profile, log).name;
  return due === name ? [] : [`the finding ${name} has another name by what it shows: ${due}`];
}

function ofForm<S extends Shape>(judge: Judge<S>, { name }: FindingOn<S>, form: FormOn<S>): readonly string[] {
  const judgement = judge.judge(form.trace);
  const broken = new Set(judgement.breaches.map(({ rule }) => rule));
  const missing = form.broken.filter(({ rule }) => !broken.has(rule)).map(({ rule }) => rule);
  const isShown = judge.formsOf(form.trace, judgement).includes(form.key);
  return [
    ...missing.map((rule) => `the finding ${name} is said to break ${rule}; its trace does not`),
    ...(isShown ? [] : [`the finding ${name} is said to show "${form.key}"; its trace does not`]),
  ];
}
