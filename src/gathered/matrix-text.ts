/** A matrix in each of its formats. Each is a function here and a line in the table. */
import type { Matrix, MatrixCell, MatrixGroup, ReportHead } from '../../spec/formats/gathered.js';
import { findAnyRule } from '../../spec/rules/all.js';
import { layOut } from '../formats/layout.js';
import { type Html, html } from '../page/html.js';
import { renderPage } from '../page/page.js';
import { verdictMark } from '../reports/html/bits.js';
import { code, table } from '../reports/markdown-text.js';
import { MARKS } from '../reports/pretty-rules.js';
import { VERDICT_WORDS } from '../reports/words.js';
import { grouped, harmless } from '../text/text.js';
import { labelOf } from './head.js';

/** What is written for each format: one text, or several files in a folder. */
export const matrixFormats = {
  markdown: { summary: 'a table, for a page', write: markdown },
  html: { summary: 'a page for a browser, all in one file', write: page },
  json: { summary: 'for other tools', write: layOut },
  badges: { summary: 'a folder with an endpoint of shields.io for each report', write: badges },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly summary: string;
      readonly write: ((matrix: Matrix) => string) | ((matrix: Matrix) => ReadonlyMap<string, string>);
    }
  >
>;

/** The name of a format. */
export type MatrixFormat = keyof typeof matrixFormats;

function heading({ rulesHash, current }: MatrixGroup): string {
  return current ? `Rules ${rulesHash}` : `Other rules, of another version: ${rulesHash}`;
}

/** The verdict on an implementation, in a word or two. */
const ANSWERS = ['conforms', 'does not conform', 'not judged'] as const;

function markdown({ groups }: Matrix): string {
  const parts = groups.flatMap((group) => [
    `## ${heading(group)}`,
    table(
      ['', ...group.reports.map((report) => code(labelOf(report)))],
      [
        ['', ...group.reports.map(({ exit }) => `**${ANSWERS[exit]}**`)],
        ...group.rules.map(({ rule, cells }) => [
          code(rule),
          ...cells.map((cell) => (cell === null ? '' : MARKS[cell.verdict])),
        ]),
      ],
    ),
  ]);
  const used = new Set(
    groups.flatMap(({ rules }) => rules.flatMap(({ cells }) => cells.flatMap((cell) => cell?.verdict ?? []))),
  );
  const legend = [...used].map((verdict) => `${MARKS[verdict]} ${VERDICT_WORDS[verdict]}`).join(', ');
  return `${[...parts, legend].join('\n\n')}\n`;
}

function page({ groups }: Matrix): string {
  return renderPage({
    title: 'Conformance matrix',
    top: html`<span class="kind">conformance matrix</span>`,
    main: html`<div class="lead"><h1>Implementations by rules</h1></div>
${groups.map(
  (group) => html`<section><h2>${heading(group)}</h2>
<div class="scroll" tabindex="0" role="group" aria-label="${heading(group)}"><table class="matrix">
<thead><tr><th scope="col">rule</th>${group.reports.map((report) => html`<th scope="col">${column(report)}</th>`)}</tr></thead>
${chapters(group).map(([chapter, rows]) => html`<tbody><tr class="chapter"><th scope="rowgroup" colspan="${group.reports.length + 1}">${chapter}</th></tr>${rows.map(ruleRow)}</tbody>`)}
</table></div></section>`,
)}`,
    foot: html`<p class="quiet">Beside each verdict stands how often the rule was met.</p>`,
  });
}

type RuleRow = MatrixGroup['rules'][number];

/** The rules of a group by chapter. */
function chapters({ rules }: MatrixGroup): readonly (readonly [string, readonly RuleRow[]])[] {
  const found = new Map<string, RuleRow[]>();
  for (const row of rules) {
    const chapter = findAnyRule(row.rule)?.chapter ?? 'of another version';
    found.set(chapter, [...(found.get(chapter) ?? []), row]);
  }
  return [...found];
}

function ruleRow({ rule, cells }: RuleRow): Html {
  return html`<tr><th scope="row"><abbr title="${findAnyRule(rule)?.text ?? ''}">${harmless(rule)}</abbr></th>${cells.map((cell) => (cell === null ? html`<td></td>` : cellOf(cell)))}</tr>`;
}

function cellOf({ verdict, exposures }: MatrixCell): Html {
  return html`<td><span class="cell">${verdictMark(verdict)}<span class="quiet">${exposures === 0 ? '' : grouped(exposures)}</span></span></td>`;
}

function column(report: ReportHead): Html {
  return html`<code>${harmless(report.target)}</code><span class="reason">${harmless(report.role === null ? report.profile : `as ${report.role}, ${report.profile}`)}</span><span class="tag ${['good', 'bad', 'unsure'][report.exit]}">${ANSWERS[report.exit]}</span>`;
}

/** The colours of shields.io. */
const COLOURS = ['brightgreen', 'red', 'yellow'] as const;

/** One endpoint a report, named by its target; https://shields.io/badges/endpoint-badge says what is in it. */
function badges({ groups }: Matrix): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const report of groups.flatMap(({ reports }) => reports)) {
    const { target, role, profile, exit } = report;
    const stem = harmless(role === null ? target : `${target}-${role}`)
      .replace(/[^A-Za-z0-9.]+/g, '-')
      .replace(/^[-.]+|-+$/g, '');
    let name = `${stem || 'target'}.json`;
    for (let number = 2; files.has(name); number++) name = `${stem || 'target'}-${number}.json`;
    const message = exit === 0 ? `conforms to ${profile}` : ANSWERS[exit];
    files.set(name, layOut({ schemaVersion: 1, label: 'irqbypass-spec', message, color: COLOURS[exit] }));
  }
  return files;
}
