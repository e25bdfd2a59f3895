/**
 * Hold a report against itself, without any target: the verdict is the one that its rules and findings give, each of its
 * findings does break what it says, by its own trace, and what it says was covered completely is all that there is.
 */
import { isDeepStrictEqual } from 'node:util';
import type { RuleResult } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { findAnyRule } from '../../spec/rules/all.js';
import type { FindingOn, FormOn, Judge, Shape, Subject, SubjectRule } from '../subject/subject.js';
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
  /** Whether it has a complete certificate, which was made anew from the model. */
  readonly certified: boolean;
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
    ...(report.command === 'run' ? rules.flatMap(ofFloor) : []),
    ...ofCertificate(subject, report, profile),
    ...findings.flatMap((finding) => ofName(subject, finding)),
    ...shown.flatMap(({ finding, form }) => ofForm(judge, finding, form)),
  ];
  return {
    problems,
    judged: shown.length,
    unshown: forms.length - shown.length,
    certified: report.certificate?.complete === true,
  };
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

/** A run may not ask for less than the spec does. */
function ofFloor({ rule, verdict, floor }: RuleResult): readonly string[] {
  const known: SubjectRule | undefined = findAnyRule(rule);
  const due = known?.floor ?? 0;
  return verdict !== 'pass' || floor >= due
    ? []
    : [`${rule} is said to hold when it was exposed ${floor} times; it has to be ${due} times`];
}

function ofCertificate<S extends Shape>(subject: Subject<S>, report: S['report'], profile: Profile): readonly string[] {
  const said = report.certificate;
  if (said?.complete !== true) return [];
  const due = subject.wholeCertificate(report, profile);
  if (due === undefined) return ['its certificate is said to be complete; it is about nothing that a run covers'];
  const other = differenceOf(said, due);
  return other === undefined ? [] : [`its certificate is said to be complete; ${other} in a complete one`];
}

/** Where a value is not as it is due, and how, in words; undefined where it is. */
function differenceOf(came: unknown, due: unknown, at = 'certificate'): string | undefined {
  if (isDeepStrictEqual(came, due)) return undefined;
  if (typeof came !== 'object' || typeof due !== 'object' || came === null || due === null) {
    return `${at} is ${JSON.stringify(came)}, and would be ${JSON.stringify(due)}`;
  }
  const [inCame, inDue] = [came, due].map((value) => new Map(Object.entries(value)));
  return Object.keys({ ...due, ...came })
    .map((name) => differenceOf(inCame?.get(name), inDue?.get(name), `${at}.${name}`))
    .find((difference) => difference !== undefined);
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
