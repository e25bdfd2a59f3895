/** The rules, chapter by chapter. */

import type { RuleResult, RuleVerdict } from '../../spec/formats/results.js';
import type { HostChapter } from '../../spec/host/rule.js';
import type { Chapter } from '../../spec/rule.js';
import { findAnyRule } from '../../spec/rules/all.js';
import type { AnyReport } from '../text/describe.js';
import { clip, grouped, harmless, listed } from '../text/text.js';
import type { Canvas } from './pretty.js';

/** The results of one chapter. */
export interface ChapterResults {
  readonly chapter: Chapter | HostChapter | 'unknown';
  readonly results: readonly RuleResult[];
}

/** The results of a report by chapter, in the order in which they come. */
export function byChapter(results: readonly RuleResult[]): readonly ChapterResults[] {
  const chapters = new Map<ChapterResults['chapter'], RuleResult[]>();
  for (const result of results) {
    // A report of another version may speak of a rule that this one does not have.
    const chapter = findAnyRule(result.rule)?.chapter ?? 'unknown';
    const list = chapters.get(chapter);
    if (list === undefined) chapters.set(chapter, [result]);
    else list.push(result);
  }
  return [...chapters].map(([chapter, list]) => ({ chapter, results: list }));
}

/** The mark of each verdict. */
export const MARKS: Readonly<Record<RuleVerdict, string>> = {
  pass: '✓',
  fail: '✗',
  known: '~',
  follows: '›',
  inconclusive: '?',
  'not-applicable': '-',
  untestable: '·',
};

/** What the rules are shown of. */
type Shown = Pick<AnyReport, 'rules' | 'command' | 'volume' | 'exit'>;

/**
 * Whether every rule was to be exposed. Only a run sets out to do that, and one that ended at the first failure did not
 * come to it: a trace or a finding exposes a few rules, and the others are simply not in question.
 */
function isWhole({ command, volume, exit }: Shown): boolean {
  return command === 'run' && (exit !== 1 || volume.notRun === 0);
}

/** Whether there is nothing to say of a rule. */
function isQuiet({ verdict }: RuleResult, whole: boolean): boolean {
  if (verdict === 'inconclusive') return !whole;
  return verdict === 'pass' || verdict === 'not-applicable' || verdict === 'untestable';
}

const NAME = 11;

/** A line a chapter where all is well, a line a rule where it is not. */
export function ruleLines(report: Shown, canvas: Canvas, all: boolean): readonly string[] {
  const { color, width } = canvas;
  const counts = report.rules.map((result) => exposureText(result).length);
  const right = Math.max('exposures'.length, ...counts);
  if (report.rules.length === 0) return [];
  const whole = all || isWhole(report);
  const lines = byChapter(report.rules).flatMap(({ chapter, results }) => {
    if (!all && results.every((result) => isQuiet(result, whole))) {
      return [quietChapter(chapter, results, right, canvas)];
    }
    const shown = whole ? results : results.filter(({ verdict }) => verdict !== 'inconclusive');
    const hidden = unsure(results.filter((result) => !shown.includes(result)));
    const heading = [color.bold(hidden.length === 0 ? chapter : chapter.padEnd(NAME)), ...hidden.map(color.dim)];
    return [`  ${heading.join('  ')}`, ...shown.map((result) => ruleLine(result, right, canvas))];
  });
  return [`${color.dim('exposures'.padStart(width))}`, ...lines];
}

/** How many rules nothing can be said of; nothing where there are none. */
function unsure(results: readonly RuleResult[]): readonly string[] {
  if (results.length === 0) return [];
  const met = results.some(({ exposures }) => exposures > 0);
  return [`${results.length} ${met ? 'met too rarely' : 'not exposed'}`];
}

function quietChapter(
  chapter: string,
  results: readonly RuleResult[],
  right: number,
  { color, width }: Canvas,
): string {
  const having = (verdict: RuleVerdict) => results.filter((result) => result.verdict === verdict);
  const passed = having('pass');
  const parts = whyNone(results) ?? [
    ...(passed.length === 0 ? [] : [`${passed.length} ${passed.length === 1 ? 'rule holds' : 'rules hold'}`]),
    ...unsure(having('inconclusive')),
    ...(having('untestable').length === 0 ? [] : [`${names(having('untestable'))} untestable`]),
    ...(having('not-applicable').length === 0 ? [] : [`${names(having('not-applicable'))} not applicable`]),
  ];
  const room = width - NAME - right - 6;
  const text = clip(parts.join(', '), room).padEnd(room);
  const mark = passed.length === 0 ? color.dim(MARKS['not-applicable']) : color.green(MARKS.pass);
  const exposures = results.reduce((sum, result) => sum + result.exposures, 0);
  return `${mark} ${color.bold(chapter.padEnd(NAME))}  ${text}  ${grouped(exposures).padStart(right)}`;
}

/** Why no rule of a chapter applies, where it is the same for all. */
function whyNone(results: readonly RuleResult[]): readonly string[] | undefined {
  const [first] = results;
  if (first?.verdict !== 'not-applicable' || first.reason === undefined) return undefined;
  const isSame = results.every(({ verdict, reason }) => verdict === first.verdict && reason === first.reason);
  return isSame ? [`not applicable: ${harmless(first.reason)}`] : undefined;
}

function names(results: readonly RuleResult[]): string {
  return listed(results.map(({ rule }) => rule));
}

function ruleLine(result: RuleResult, right: number, { color, width }: Canvas): string {
  const { rule, verdict, reason } = result;
  const paint = {
    pass: color.green,
    fail: color.red,
    known: color.yellow,
    follows: color.yellow,
    inconclusive: color.yellow,
    'not-applicable': color.dim,
    untestable: color.dim,
  }[verdict];
  const room = width - NAME - right - 8;
  const told = reason === undefined ? (findAnyRule(rule)?.text ?? '') : `${words[verdict]}${harmless(reason)}`;
  const text = clip(told, room).padEnd(room);
  const quiet = verdict === 'not-applicable' || verdict === 'untestable';
  const id = rule.padEnd(NAME);
  const line = `  ${paint(MARKS[verdict])} ${verdict === 'fail' ? color.bold(paint(id)) : id}  `;
  return quiet ? `${line}${color.dim(text.trimEnd())}` : `${line}${text}  ${exposureText(result).padStart(right)}`;
}

/** What stands before a reason. */
const words: Readonly<Record<RuleVerdict, string>> = {
  pass: '',
  fail: '',
  known: 'known: ',
  follows: 'follows: ',
  inconclusive: 'inconclusive: ',
  'not-applicable': 'not applicable: ',
  untestable: 'untestable: ',
};

/** `1,234`; `3 of 10` where that is too few; nothing for what cannot be exposed. */
function exposureText({ verdict, exposures, floor }: RuleResult): string {
  if (verdict === 'inconclusive') return `${grouped(exposures)} of ${grouped(floor)}`;
  return verdict === 'untestable' || verdict === 'not-applicable' ? '' : grouped(exposures);
}
