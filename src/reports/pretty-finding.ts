/** A finding in full: the rule, the smallest program, what it did beside what is allowed, and how to see it again. */
import type { Explanation, WrongSchedule } from '../../spec/formats/results.js';
import { findAnyRule } from '../../spec/rules/all.js';
import type { Row } from '../text/beside.js';
import { type AnyFinding, type AnyReport, descriptionOf } from '../text/describe.js';
import { clip, counted, harmless, harmlessLines, shellWord, wrap } from '../text/text.js';
import type { Canvas } from './pretty.js';

/** The lines shown of a long program, log or trace, and those of a trace from before its first difference. */
const MOST = 40;
const BEFORE = 30;
/** Of a long log, the first lines and the last: a kernel's report begins with what happened and ends with how it came. */
const LOG_LINES = { first: 4, last: 16 } as const;
const ARROW = ' <-- ';

/** One finding. */
export function findingLines(
  finding: AnyFinding,
  at: number,
  report: AnyReport,
  canvas: Canvas,
  files: ReadonlyMap<string, string> | undefined,
): readonly string[] {
  const { color } = canvas;
  const rule = findAnyRule(finding.rule);
  const [smallest, ...others] = finding.forms;
  const description = descriptionOf(report);
  const title = description.title(finding);
  const heading = `Finding ${at + 1} of ${report.findings.length}`;
  const paragraph = (text: string) => indented(text, 2, canvas);
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `  ${color.bold(heading)}`, ...lines];
  const broken = smallest?.broken ?? [];
  const main = broken.find((one) => one.rule === finding.rule) ?? broken[0];
  const also = broken.filter((one) => one !== main);
  const file = files?.get(finding.name);

  return [
    `${color.bold(color.red(`${heading}: ${finding.rule}`))}  ${color.dim(finding.name)}`,
    ...(title === undefined ? [] : paragraph(`The defect: ${harmless(title)}.`)),
    ...(rule === undefined ? [] : paragraph(`The rule: ${rule.text}`)),
    ...(rule === undefined ? [] : paragraph(`Why it matters: ${rule.intent}`).map((line) => color.dim(line))),
    ...section(
      'The smallest program that shows it',
      program(smallest === undefined ? [] : description.program(smallest.program), canvas),
    ),
    ...section(
      'What it did, beside what is allowed',
      smallest === undefined ? [] : columns(description.beside(smallest), canvas),
    ),
    ...section('Behind what other defects do', behindOthers(smallest, canvas)),
    ...section('What the rule says of it', main === undefined ? [] : indented(harmless(main.text), 4, canvas)),
    ...section('How often', often(smallest, canvas)),
    ...section(
      'Also broken',
      also.flatMap((one) => indented(`${one.rule}: ${harmless(one.text)}`, 4, canvas, one.rule.length + 2)),
    ),
    ...section(
      'Also seen as',
      others.map((form) => otherForm(form, canvas)),
    ),
    ...section('What the target logged', log(finding, canvas)),
    ...section('To see it again', file === undefined ? [] : [`    ${replay(file, report)}`]),
    ...section('Where to look', rule === undefined ? [] : lookAt(rule).flatMap((text) => indented(text, 4, canvas))),
  ];
}

function behindOthers(form: AnyFinding['forms'][number] | undefined, canvas: Canvas): readonly string[] {
  if (form?.behind === undefined) return [];
  const told = `The program shows first: ${form.behind.map(harmless).join('; ')}. What is due is shown in place of that.`;
  return indented(told, 4, canvas);
}

/** The known findings, each with the reason why it is known. */
export function knownLines(report: AnyReport, canvas: Canvas): readonly string[] {
  const { color, width } = canvas;
  const known = [
    ...report.known,
    ...(report.exhaustive?.known ?? []).map((schedule) => ({ ...schedule, key: scheduleTitle(schedule) })),
  ];
  if (known.length === 0) return [];
  return [
    color.bold(`Known failures, in the baseline: ${known.length}`),
    ...known.flatMap(({ rule, name, key, ...explanation }) => [
      `${color.yellow('~')} ${rule.padEnd(10)}  ${color.dim(name)}  ${clip(harmless(key), width - 28)}`,
      ...indented(explanationText(explanation), 4, canvas),
    ]),
  ];
}

/** Why something is known, and where it was mended. */
export function explanationText({ reason, fixedIn }: Explanation): string {
  return `${harmless(reason)} ${fixedIn === null ? 'Not mended yet.' : `Mended in ${harmless(fixedIn)}.`}`;
}

/** What a known schedule is called among known failures; not harmless yet. */
export function scheduleTitle({ what }: Pick<WrongSchedule, 'what'>): string {
  return `in one schedule: ${what}`;
}

/** How often a program of several lanes went wrong; nothing for any other. */
function often(form: AnyFinding['forms'][number] | undefined, canvas: Canvas): readonly string[] {
  if (form?.often === undefined) return [];
  const { failed, tries } = form.often;
  const luck = failed === tries ? '' : ': what real threads do takes luck';
  return indented(`It went wrong ${failed} times of ${tries}${luck}.`, 4, canvas);
}

function lookAt(rule: { readonly id: string; readonly source: string }): readonly string[] {
  return [rule.source, `The rule in full: irqbypass-spec explain ${rule.id}`];
}

/** The command that runs a finding's programs again: on the same target, opened in the same way, under the same profile. */
export function replay(
  file: string,
  { target, profile, opened = '' }: Pick<AnyReport, 'target' | 'profile' | 'opened'>,
): string {
  const how = [`--target ${shellWord(target)}`, `--profile ${profile}`, opened].filter((words) => words !== '');
  return `irqbypass-spec replay ${shellWord(file)} ${how.join(' ')}`;
}

/** A program, as many of its lines as are shown. */
export function program(texts: readonly string[], { width }: Pick<Canvas, 'width'>): readonly string[] {
  const lines = texts.map((line) => `    ${clip(line, width - 4)}`);
  return elide(lines, 0);
}

function otherForm(form: AnyFinding['forms'][number], { width }: Canvas): string {
  const met = `  met in ${counted(form.met, 'program')}`;
  return `    ${clip(`${form.broken[0]?.rule ?? ''}  ${harmless(form.key)}`, width - met.length - 4)}${met}`;
}

function log(finding: AnyFinding, { color, width }: Canvas): readonly string[] {
  const text = (finding.log ?? '').trimEnd();
  if (text === '') return [];
  const lines = harmlessLines(text);
  const { first, last } = LOG_LINES;
  const between = lines.length - first - last;
  const shown =
    between > 0 ? [...lines.slice(0, first), `(${counted(between, 'line')} between)`, ...lines.slice(-last)] : lines;
  return shown.map((line) => color.dim(`    ${clip(line, width - 4)}`));
}

/**
 * What happened beside what is allowed, in two columns. The left one is as wide as it must be, up to a little more than half
 * of the line.
 */
export function columns(rows: readonly Row[], { color, width }: Canvas): readonly string[] {
  const numbers = String(rows.filter((row) => row.number !== undefined).length).length;
  const room = width - 4 - numbers - 2;
  const compared = rows.some((row) => row.allowed !== undefined);
  const widest = Math.max(...rows.map((row) => row.happened.length), 'what happened'.length);
  const left = Math.min(widest, compared ? Math.floor((room - ARROW.length) * 0.6) : room);
  const right = room - left - ARROW.length;

  const line = (row: Row) => {
    const number = String(row.number ?? '').padStart(numbers);
    const happened = clip(row.happened, left);
    const allowed = row.allowed === undefined ? '' : clip(row.allowed, right);
    if (row.marked) {
      return `    ${number}  ${color.red(happened.padEnd(left))}${color.bold(color.red(ARROW))}${color.green(allowed)}`.trimEnd();
    }
    return `    ${color.dim(number)}  ${happened.padEnd(left)}${' '.repeat(ARROW.length)}${allowed}`.trimEnd();
  };
  const heading = `    ${' '.repeat(numbers)}  ${'what happened'.padEnd(left + ARROW.length)}what is allowed`;
  const shown = elide(
    rows.map(line),
    rows.findIndex((row) => row.marked),
  );
  return compared ? [color.dim(heading), ...shown] : shown;
}

/** Leave out what is far before or behind the line that matters. */
function elide(lines: readonly string[], focus: number): readonly string[] {
  if (lines.length <= MOST) return lines;
  const from = Math.max(0, Math.min(focus - BEFORE, lines.length - MOST));
  const to = from + MOST;
  return [
    ...(from === 0 ? [] : [`    ... ${counted(from, 'line')} before`]),
    ...lines.slice(from, to),
    ...(to >= lines.length ? [] : [`    ... ${counted(lines.length - to, 'line')} more`]),
  ];
}

/** A text in lines, indented; the second and later ones by `hang` more. */
function indented(text: string, by: number, { width }: Canvas, hang = 0): readonly string[] {
  return wrap(text, width - by - hang).map((line, at) => `${' '.repeat(at === 0 ? by : by + hang)}${line}`);
}
