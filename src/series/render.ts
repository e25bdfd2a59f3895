/** A series for people: a table of its commits, then what each of them brings; as a mail or as Markdown. */
import type { Finding, WrongSchedule } from '../../spec/formats/results.js';
import type { ApartProgram, JudgedCommit, SeriesCommit, SeriesReport } from '../../spec/formats/series.js';
import { findAnyRule } from '../../spec/rules/all.js';
import { spell } from '../subject/spelling.js';
import { managerDescription, programText, traceText } from '../text/format.js';
import { clip, counted, harmless, wrap } from '../text/text.js';
import { unified } from '../text/unified.js';

/** The way in which a series is written down. */
export type SeriesStyle = 'mail' | 'markdown';

/** The longest line of a mail; a reply to it still stays below 80 columns. */
const WIDTH = 76;
/** The programs shown of what a commit does differently. The JSON has all. */
const MOST_APART = 3;
/** Lines shown of a schedule. */
const MOST_LINES = 40;

/** Write a series down. */
export function renderSeries(report: SeriesReport, style: SeriesStyle): string {
  const page = style === 'mail' ? mail : markdown;
  const { series, tier, seed, commits } = report;
  const about = `${counted(commits.length, 'commit')} of ${harmless(series)} ${commits.length === 1 ? 'touches' : 'touch'} the IRQ bypass manager. Each was compiled, judged by irqbypass-spec, and held against its parent (tier ${tier}, seed ${seed}).`;
  const told = commits.flatMap((commit) => commitLines(commit, report, page));
  const lines = [...page.paragraph(about), '', ...page.table(commits), ...told, '', ...page.paragraph(report.summary)];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

/** How the parts of a page are written. */
interface Page {
  readonly table: (commits: readonly SeriesCommit[]) => readonly string[];
  readonly heading: (commit: SeriesCommit) => string;
  readonly paragraph: (text: string) => readonly string[];
  /** Lines that stay as they are. */
  readonly code: (lines: readonly string[]) => readonly string[];
}

const mail: Page = {
  table: (commits) => {
    const rows = commits.map(rowOf);
    const widths = COLUMNS.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
    const line = (cells: readonly string[]) =>
      clip(
        cells
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd(),
        WIDTH,
      );
    return [line(COLUMNS), ...rows.map(line)];
  },
  heading: ({ commit, subject }) => clip(`${commit.slice(0, 12)} ("${harmless(subject)}")`, WIDTH),
  paragraph: (text) => wrap(text, WIDTH),
  code: (lines) => lines.flatMap((line) => fold(line, WIDTH - 2)).map((line) => `  ${line}`.trimEnd()),
};

const markdown: Page = {
  table: (commits) => {
    const line = (cells: readonly string[]) => `| ${cells.map(cellText).join(' | ')} |`;
    return [line(COLUMNS), `|${COLUMNS.map(() => '---').join('|')}|`, ...commits.map((one) => line(rowOf(one)))];
  },
  heading: ({ commit, subject }) => `### ${commit.slice(0, 12)} ${plain(subject)}`,
  paragraph: (text) => [plain(text), ''],
  code: (lines) => ['```text', ...lines.map((line) => line.replaceAll('```', "'''")), '```'],
};

/** A text from outside in Markdown: nothing in it makes a link, an element or a heading. */
function plain(text: string): string {
  return harmless(text).replace(/[\\`*_{}[\]<>#|!&]/g, '\\$&');
}

function cellText(text: string): string {
  return plain(text);
}

const COLUMNS = ['commit', 'conforms', 'new', 'gone', 'still', 'differs', 'subject'] as const;

function rowOf({ commit, subject, judged, parent }: SeriesCommit): readonly string[] {
  const short = commit.slice(0, 12);
  if (judged === null) return [short, 'not judged', '-', '-', '-', '-', harmless(subject)];
  const conforms = { 0: 'yes', 1: 'no', 2: 'unclear' }[judged.exit];
  const fresh = judged.new.length + judged.newSchedules.length;
  const gone = judged.gone.length + judged.goneSchedules.length;
  const held = parent !== null;
  const differs = !held ? '-' : judged.apart.length > 0 ? 'yes' : 'no';
  return [short, conforms, String(fresh), held ? String(gone) : '-', String(judged.still), differs, harmless(subject)];
}

/** What there is to say of a commit beyond its row; nothing of one that changes nothing. */
function commitLines(commit: SeriesCommit, report: SeriesReport, page: Page): readonly string[] {
  const { judged, problems } = commit;
  const told = [
    ...problems.flatMap((text) => ['', ...page.paragraph(harmless(text))]),
    ...(judged === null ? [] : judgedLines(judged, page)),
  ];
  if (told.length === 0) return [];
  const replay =
    judged !== null && bringsNew(judged)
      ? ['', ...page.paragraph('To see it again, in the repository:'), ...page.code(againLines(commit, judged, report))]
      : [];
  return ['', page.heading(commit), ...told, ...replay];
}

function againLines({ commit }: SeriesCommit, { profile }: JudgedCommit, { tier, seed }: SeriesReport) {
  return [
    `irqbypass-spec run linux-source:git:.@${commit.slice(0, 12)} \\`,
    `  --profile ${profile} --tier ${tier} --seed ${seed}`,
  ];
}

function bringsNew(judged: JudgedCommit): boolean {
  return judged.new.length + judged.newSchedules.length > 0;
}

function judgedLines(judged: JudgedCommit, page: Page): readonly string[] {
  const { gone, goneSchedules, apart } = judged;
  const shown = new Set(judged.new.flatMap(({ forms }) => forms.map(({ program }) => spell(program))));
  const others = apart.filter(({ program }) => !shown.has(spell(program)));
  // A defect shows already how the commit differs.
  const first = bringsNew(judged) ? [] : others.slice(0, MOST_APART);
  const rest = others.length - first.length;
  const more = rest === 0 ? '' : ` (${counted(rest, 'more kind')} of difference: --report json)`;
  return [
    ...judged.new.flatMap((finding) => findingLines(finding, page)),
    ...judged.newSchedules.flatMap((schedule) => scheduleLines(schedule, page)),
    ...[...gone, ...goneSchedules].flatMap(({ rule }) => [
      '',
      ...page.paragraph(`Gone: a defect of the parent that breaks ${rule}.`),
    ]),
    ...(first.length === 0
      ? []
      : ['', ...page.paragraph(`What it does differently from its parent, - before and + after${more}:`)]),
    ...first.flatMap((one, at) => [...(at === 0 ? [] : ['']), ...page.code(apartLines(one))]),
  ];
}

/** A defect: the rule, and its smallest program beside what is allowed. */
function findingLines(finding: Finding, page: Page): readonly string[] {
  const [smallest] = finding.forms;
  const rule = findAnyRule(finding.rule);
  const title = managerDescription.title(finding);
  const also = [...new Set(smallest?.broken.map((one) => one.rule) ?? [])].filter((one) => one !== finding.rule);
  return [
    '',
    ...page.paragraph(`New: ${finding.rule}${title === undefined ? '' : `: ${harmless(title)}`}.`),
    ...(rule === undefined ? [] : page.paragraph(`The rule: ${rule.text}`)),
    ...(also.length === 0 ? [] : page.paragraph(`Also broken by it: ${also.join(', ')}.`)),
    ...(smallest === undefined
      ? []
      : [
          ...page.paragraph('The smallest program; - is what is allowed there, + what happened:'),
          ...page.code([
            ...(smallest.program.objects.length === 0 ? [] : programText({ ...smallest.program, lanes: [] })),
            ...besideLines(smallest),
          ]),
        ]),
  ];
}

function besideLines(form: Finding['forms'][number]): readonly string[] {
  const rows = managerDescription.beside(form);
  const from = rows.findIndex(({ marked }) => marked);
  if (from === -1) return rows.map(({ happened }) => `  ${happened}`);
  const before = rows.slice(0, from).map(({ happened }) => `  ${happened}`);
  const rest = rows.slice(from);
  const allowed = rest.flatMap(({ allowed: text }) => text ?? []);
  const happened = rest.filter(({ allowed: text }) => text !== undefined).map((row) => row.happened);
  const after = rest.filter(({ allowed: text }) => text === undefined).map((row) => `  ${row.happened}`);
  const both = unified(
    allowed,
    happened.filter((text) => text !== ''),
  );
  return [...before, ...both.map(({ mark, text }) => `${mark} ${text}`), ...after].map(harmless);
}

function apartLines({ program, parent, commit }: ApartProgram): readonly string[] {
  const [before, after] = [parent, commit].map(({ events }) => traceText(events).map(({ text }) => text));
  return [
    ...programText({ ...program, lanes: [] }),
    ...unified(before ?? [], after ?? []).map(({ mark, text }) => `${mark} ${text}`),
  ].map(harmless);
}

function scheduleLines({ rule, what, text }: WrongSchedule, page: Page): readonly string[] {
  const lines = text.split('\n').slice(1).map(harmless);
  return [
    '',
    ...page.paragraph(`New: ${rule}, in one schedule: ${harmless(what)}.`),
    ...page.code(lines.slice(0, MOST_LINES)),
  ];
}

/** A line in pieces of a width, the later ones indented as the first is. */
function fold(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const [indent = ''] = /^[-+ ]? */.exec(line) ?? [];
  const hang = ' '.repeat(Math.min(indent.length + 2, width / 2));
  const words = wrap(line.trim(), width - hang.length);
  const pieces = words.flatMap((piece) => piece.match(new RegExp(`.{1,${width - hang.length}}`, 'gu')) ?? []);
  return pieces.map((piece, at) => (at === 0 ? `${indent.startsWith(' ') ? indent : ''}${piece}` : `${hang}${piece}`));
}
