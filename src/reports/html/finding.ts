/** A finding on the page of a report. */
import { findAnyRule } from '../../../spec/rules/all.js';
import { type Content, type Html, html } from '../../page/html.js';
import { sequenceFigure } from '../../page/sequence.js';
import { type AnyFinding, type AnyReport, descriptionOf } from '../../text/describe.js';
import { counted, harmless, harmlessLines } from '../../text/text.js';
import { replay } from '../pretty-finding.js';
import { titleText } from '../words.js';
import { copyLine } from './bits.js';

/** The article of a finding. */
export function findingArticle(
  finding: AnyFinding,
  at: number,
  report: AnyReport,
  files: ReadonlyMap<string, string>,
): Html {
  const rule = findAnyRule(finding.rule);
  const [form, ...others] = finding.forms;
  const file = files.get(finding.name);
  const log = harmlessLines((finding.log ?? '').trimEnd());
  const name = harmless(finding.name);
  return html`<article class="finding" id="finding-${name}" aria-labelledby="title-${name}">
<p class="eyebrow"><a href="#rule-${finding.rule}">${harmless(finding.rule)}</a> <span class="quiet">${name}</span></p>
<h3 id="title-${name}">${titleText(finding, report)}</h3>
${rule === undefined ? '' : html`<blockquote>${rule.text === titleText(finding, report) ? '' : html`<p>${rule.text}</p>`}<p class="quiet">${rule.intent}</p></blockquote>`}
${form === undefined ? '' : formContent(form, at, report)}
${others.length === 0 ? '' : html`<h4>Also seen as</h4><ul>${others.map(({ key, met }) => html`<li>${harmless(key)} <span class="quiet">in ${counted(met, 'program')}</span></li>`)}</ul>`}
${log.join('') === '' ? '' : html`<details><summary>What the target logged</summary><pre tabindex="0">${log.map((line) => `  ${line}`).join('\n')}</pre></details>`}
${rule === undefined ? '' : html`<p class="quiet source">Where it comes from: ${rule.source}</p>`}
${file === undefined ? '' : copyLine('To see it again', replay(file, report))}
</article>`;
}

function formContent(form: AnyFinding['forms'][number], at: number, report: AnyReport): Content {
  const description = descriptionOf(report);
  const program = description.program(form.program).map(harmless);
  const [main, ...also] = form.broken;
  return html`<details class="program"><summary>The smallest program that shows it</summary><pre tabindex="0">${program.join('\n')}</pre></details>
${sequenceFigure({
  lifelines: description.lifelines(form.program),
  events: form.trace.events,
  rows: description.beside(form),
  way: (event) => description.way(event),
  managerEvent: (event) => description.managerEvent(event),
  id: `stepper-${at}`,
})}
${main === undefined ? '' : html`<h4>What the rules say of it</h4><ul class="broken">${[main, ...also].map(({ rule, text }) => html`<li><a href="#rule-${rule}">${harmless(rule)}</a> ${harmless(text)}</li>`)}</ul>`}`;
}
