/** What was run, how it can be run again, and how far it went. */
import type { Covered } from '../../../spec/formats/results.js';
import { type Html, html } from '../../page/html.js';
import { stateGraph } from '../../page/state-graph.js';
import type { AnyReport } from '../../text/describe.js';
import { grouped } from '../../text/text.js';
import { coveredTexts, facts } from '../words.js';

/** A few figures, large, and the facts of the run. */
export function aboutSection(report: AnyReport, held: number): Html {
  const { volume, findings, rules } = report;
  const figures: readonly (readonly [string, string])[] = [
    [`${held} of ${rules.length}`, 'rules hold'],
    [grouped(findings.length), findings.length === 1 ? 'finding' : 'findings'],
    [grouped(volume.programs), 'programs'],
    [grouped(volume.operations), 'operations'],
    [`${report.seconds.toFixed(1)} s`, `for ${grouped(volume.events)} events`],
  ];
  // The volume stands above already.
  const others = facts(report).filter(([name]) => name !== 'volume');
  return html`<ul class="figures">${figures.map(([figure, name]) => html`<li><strong>${figure}</strong> ${name}</li>`)}</ul>
<dl class="facts">${others.map(([name, value]) => html`<div class="${value.length > 40 ? 'long' : ''}"><dt>${name.replace(/:$/, '')}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** What was covered completely, and the picture of it; undefined where nothing was to be. */
export function coverageSection(report: AnyReport): Html | undefined {
  const texts = coveredTexts(report);
  const { certificate } = report;
  if (certificate === null && texts.length === 0) return undefined;
  const graph = certificate !== null && 'graph' in certificate ? certificate.graph : undefined;
  const suites = certificate !== null && 'suites' in certificate ? certificate.suites : [];
  return html`<ul class="covered">${texts.map(coveredItem)}</ul>
${suites.length === 0 ? '' : html`<table class="counts"><thead><tr><th scope="col">suite</th><th scope="col">programs to their end</th></tr></thead><tbody>${suites.map(({ name, programs }) => html`<tr><th scope="row">${name}</th><td>${meter(programs)}</td></tr>`)}</tbody></table>`}
${graph === undefined ? '' : stateGraph(graph)}`;
}

/** A sentence on what was covered; its first words are the verdict, where it has one. */
function coveredItem(text: string): Html {
  const [, verdict, rest] = /^((?:not )?(?:complete|closed))\b(.*)$/.exec(text) ?? [];
  if (verdict === undefined) return html`<li>${text}</li>`;
  return html`<li class="begins"><strong class="tag ${verdict.startsWith('not') ? 'unsure' : 'good'}">${verdict}</strong>${rest}</li>`;
}

function meter({ covered, all }: Covered): Html {
  return html`<meter min="0" max="${Math.max(1, all)}" value="${covered}" aria-hidden="true"></meter> ${grouped(covered)} of ${grouped(all)}`;
}
