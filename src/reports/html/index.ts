/** The report as one page that needs no other file and no network: it opens from whatever a CI keeps. */

import type { Explanation, WrongSchedule } from '../../../spec/formats/results.js';
import { type Content, type Html, html } from '../../page/html.js';
import { renderPage } from '../../page/page.js';
import { arrowHead } from '../../page/sequence.js';
import { type AnyReport, descriptionOf } from '../../text/describe.js';
import { counted, grouped, harmless, harmlessLines, listed } from '../../text/text.js';
import type { ReportFormat } from '../format.js';
import { explanationText, replay, scheduleTitle } from '../pretty-finding.js';
import { titleText, verdictText, whoText } from '../words.js';
import { aboutSection, coverageSection } from './about.js';
import { copyLine, TONES } from './bits.js';
import { findingArticle } from './finding.js';
import { rulesSection } from './rules.js';

export const htmlReport: ReportFormat = {
  summary: 'a page for a browser, all in one file',
  render: (report, { findingFiles = new Map() }) => {
    const sections: readonly (Section | undefined)[] = [
      findings(report, findingFiles),
      schedules(report, findingFiles),
      known(report),
      outdated(report),
      faults(report),
      { id: 'rules', name: 'Rules', content: rulesSection(report) },
      coverage(report),
      undefinedSeen(report),
    ];
    const shown = sections.filter((section) => section !== undefined);
    return renderPage({
      title: `${harmless(report.target)}: ${verdictText(report).toLowerCase()}`,
      top: html`<span class="kind">conformance report</span>`,
      main: html`${arrowHead}${verdict(report)}
<nav class="contents" aria-label="Sections">${shown.map(({ id, name, count }) => html`<a href="#${id}">${name}${count === undefined ? '' : html` <span class="count">${count}</span>`}</a>`)}</nav>
${shown.map(
  ({
    id,
    name,
    count,
    content,
  }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${name}${count === undefined ? '' : html` <span class="count">${count}</span>`}</h2>
${content}</section>`,
)}`,
      foot: foot(report),
    });
  },
};

interface Section {
  readonly id: string;
  readonly name: string;
  readonly count?: number;
  readonly content: Content;
}

/** The answer: who was judged, under what, and what came of it. */
function verdict(report: AnyReport): Html {
  const who = whoText(report);
  const held = report.rules.filter((rule) => rule.verdict === 'pass').length;
  return html`<div class="verdict ${TONES[report.exit]}">
<p class="mark" aria-hidden="true">${['✓', '✗', '?'][report.exit]}</p>
<div>
<h1><code>${harmless(report.target)}</code></h1>
<p class="answer">${verdictText(report)}<span class="under"> ${report.role === undefined ? 'to' : `as ${report.role}, under`} <code>${report.profile}</code></span></p>
<p>${harmless(report.summary)}</p>
${who === undefined ? '' : html`<p class="quiet">${who}</p>`}
</div>
</div>
${aboutSection(report, held)}`;
}

function findings(report: AnyReport, files: ReadonlyMap<string, string>): Section | undefined {
  if (report.findings.length === 0) return undefined;
  return {
    id: 'findings',
    name: 'Findings',
    count: report.findings.length,
    content: report.findings.map((finding, at) => findingArticle(finding, at, report, files)),
  };
}

function schedules(report: AnyReport, files: ReadonlyMap<string, string>): Section | undefined {
  const wrong = report.exhaustive?.wrong ?? [];
  if (wrong.length === 0) return undefined;
  return {
    id: 'schedules',
    name: 'Wrong schedules',
    count: wrong.length,
    content: wrong.map((schedule) => scheduleArticle(schedule, report, files)),
  };
}

function scheduleArticle(
  { name, rule, what, text }: WrongSchedule,
  report: AnyReport,
  files: ReadonlyMap<string, string>,
): Html {
  const file = files.get(name);
  return html`<article class="finding"><p class="eyebrow"><a href="#rule-${rule}">${harmless(rule)}</a> <span class="quiet">${harmless(name)}</span></p>
<h3>${harmless(what)}</h3>
<pre tabindex="0">${harmlessLines(text)
    .map((line) => `  ${line}`)
    .join('\n')}</pre>
${file === undefined ? '' : copyLine('To see it again', replay(file, report))}</article>`;
}

function known(report: AnyReport): Section | undefined {
  const schedules = report.exhaustive?.known ?? [];
  const count = report.known.length + schedules.length;
  if (count === 0) return undefined;
  const details = (title: string, { rule, ...explanation }: Explanation & { readonly rule: string }, content: Html) =>
    html`<details class="known"><summary><strong>${harmless(rule)}</strong> ${title} <span class="quiet">${explanationText(explanation)}</span></summary>
${content}</details>`;
  return {
    id: 'known',
    name: 'Known failures',
    count,
    content: [
      ...report.known.map((finding, at) =>
        details(
          titleText(finding, report),
          finding,
          findingArticle(finding, report.findings.length + at, report, new Map()),
        ),
      ),
      ...schedules.map((schedule) =>
        details(harmless(scheduleTitle(schedule)), schedule, scheduleArticle(schedule, report, new Map())),
      ),
    ],
  };
}

function outdated({ stale }: AnyReport): Section | undefined {
  if (stale.length === 0) return undefined;
  return {
    id: 'baseline',
    name: 'The baseline is out of date',
    count: stale.length,
    content: html`<ul>${stale.map(({ key, form, is, text }) => html`<li><strong>${is === 'gone' ? 'No longer fails' : 'Fails otherwise'}</strong>: ${harmless(key)}. <span class="quiet">${harmless(form)}: ${harmless(text)}</span></li>`)}</ul>`,
  };
}

function faults(report: AnyReport): Section | undefined {
  if (report.faults.length === 0) return undefined;
  const { program } = descriptionOf(report);
  return {
    id: 'faults',
    name: 'Not charged to the implementation',
    count: report.faults.length,
    content: html`<ul>${report.faults.map((fault) => html`<li>${harmless(fault.text)}${fault.program === undefined ? '' : html`<pre tabindex="0">${program(fault.program).map(harmless).join('\n')}</pre>`}</li>`)}</ul>`,
  };
}

function coverage(report: AnyReport): Section | undefined {
  const content = coverageSection(report);
  return content === undefined ? undefined : { id: 'coverage', name: 'Coverage', content };
}

function undefinedSeen({ undefinedSeen: seen }: AnyReport): Section | undefined {
  if (seen.length === 0) return undefined;
  return {
    id: 'undefined',
    name: 'Undefined behaviour',
    content: html`<p class="quiet">It is tried and told, and never charged.</p><ul>${seen.map(({ what, outcome, times }) => html`<li><code>${harmless(what)}</code>: ${outcome}, ${counted(times, 'time')}</li>`)}</ul>`,
  };
}

function foot(report: AnyReport): Content {
  const again = report.again === undefined ? '' : copyLine('The same run again', report.again);
  const parts = [`rules ${report.rulesHash}`, ...(report.seed === null ? [] : [`seed ${report.seed}`])];
  return html`${again}<p class="quiet">Judged against ${listed(parts)} in ${grouped(Math.round(report.seconds * 10) / 10)} s. The same seed and target give the same report.</p>`;
}
