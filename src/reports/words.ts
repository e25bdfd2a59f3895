/** Phrases about a report that several formats share. */

import pc from 'picocolors';
import type { RuleVerdict } from '../../spec/formats/results.js';
import { findAnyRule } from '../../spec/rules/all.js';
import { type AnyFinding, type AnyReport, descriptionOf } from '../text/describe.js';
import { grouped, harmless, volumeText } from '../text/text.js';
import { certificateLines, exhaustiveLines } from './certificate.js';
import type { Canvas } from './pretty.js';

/** What each exit status says of the target. */
export const VERDICTS = ['It conforms', 'It does not conform', 'It could not be judged'] as const;

/** The verdict of a run, in a few words. */
export function verdictText(report: Pick<AnyReport, 'exit' | 'findings' | 'rules'>): string {
  const { exit, findings, rules } = report;
  const outdated = exit === 1 && findings.length === 0 && !rules.some(({ verdict }) => verdict === 'fail');
  return outdated ? 'The baseline is out of date' : VERDICTS[exit];
}

/** What each verdict on a rule is called. */
export const VERDICT_WORDS: Readonly<Record<RuleVerdict, string>> = {
  pass: 'holds',
  fail: 'broken',
  known: 'known failure',
  follows: 'follows from a finding',
  inconclusive: 'met too rarely',
  'not-applicable': 'not applicable',
  untestable: 'untestable',
};

/** A finding in one line: its rule, and what goes wrong. */
export function headline(finding: AnyFinding, report: AnyReport): string {
  return `${harmless(finding.rule)}: ${titleText(finding, report)}`;
}

/** What a finding is about: the title of its defect, or else the rule that it breaks. */
export function titleText(finding: AnyFinding, report: AnyReport): string {
  return harmless(descriptionOf(report).title(finding) ?? findAnyRule(finding.rule)?.text ?? finding.key);
}

/** Who was judged: the target's address, and what it says of itself. */
export function whoText({ hello, role }: AnyReport): string | undefined {
  if (role !== undefined && role !== 'observed') return `as ${role}, on a simulated host`;
  return hello === null ? undefined : harmless(`${hello.name} ${hello.version}, in ${hello.language}`);
}

/** A terminal without colours and without an end of its lines, for the sections that formats share with it. */
export const WIDE: Canvas = { color: pc.createColors(false), width: 100_000 };

/** What was covered and explored, a sentence each. */
export function coveredTexts({ certificate, exhaustive }: AnyReport): readonly string[] {
  return [...certificateLines(certificate, WIDE), ...exhaustiveLines(exhaustive, WIDE)];
}

/** How a run is made again, and under what it was judged: names and values. */
export function facts(report: AnyReport): readonly (readonly [string, string])[] {
  const { profile, seed, tier, rulesHash, hello, stored } = report;
  return [
    ['profile', profile],
    ...(seed === null ? [] : [['seed', String(seed)] as const]),
    ...(tier === null ? [] : [['tier', tier] as const]),
    ['rules', rulesHash],
    ['volume', volumeText(report)],
    ...(stored === null
      ? []
      : [['stored', `${grouped(stored.failing)} of ${grouped(stored.programs)} stored programs still fail`] as const]),
    ...Object.entries(hello?.facts ?? {}).map(([name, value]) => [harmless(name), harmless(value)] as const),
  ];
}
