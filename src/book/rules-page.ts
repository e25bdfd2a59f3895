/** A chapter of rules in the book: each rule with its sentence, intent, source, profiles, and the mutants that it kills. */

import type { HostChapterRule } from '../../spec/host/rule.js';
import { profiles } from '../../spec/profiles/index.js';
import type { ChapterRule } from '../../spec/rule.js';
import { holdsIn } from '../../spec/rule.js';
import { type Content, type Html, html } from '../page/html.js';
import { HOW } from '../text/judged.js';
import { counted, listed } from '../text/text.js';
import type { Killed } from './kills.js';
import { linked } from './links.js';

/** Any rule as it stands in its chapter. */
export type AnyRule = ChapterRule | HostChapterRule;

/** The rules of a chapter. */
export function chapterContent(rules: readonly AnyRule[], kills: ReadonlyMap<string, readonly Killed[]>): Html {
  return html`<nav class="contents" aria-label="Rules of this chapter">${rules.map(({ id }) => html`<a href="#${id}">${id}</a>`)}</nav>
${rules.map((rule) => ruleSection(rule, kills.get(rule.id) ?? []))}`;
}

function ruleSection(rule: AnyRule, killed: readonly Killed[]): Html {
  const { id, level, text, intent, source, except = {}, needs } = rule;
  const holds = profiles.filter((profile) => holdsIn(rule, profile)).map(({ name }) => name);
  const row = (name: string, content: Content) => html`<div><dt>${name}</dt><dd>${content}</dd></div>`;
  return html`<section class="one-rule" aria-labelledby="${id}">
<h2 id="${id}"><a href="#${id}">${id}</a> <span class="quiet">${level}</span></h2>
<p class="sentence">${text}</p>
<p>${intent}</p>
<dl class="about">
${row('Source', linked(source))}
${row('Holds', holds.length === profiles.length ? 'in every profile' : html`in ${listed(holds)}${Object.entries(except).map(([name, reason]) => html`<span class="reason">not in ${name}: ${linked(reason ?? '')}</span>`)}`)}
${needs === undefined ? '' : row('Needs', html`the capability <code>${needs}</code>`)}
${row('Judged', rule.kind === 'untestable' ? `never: ${rule.reason}` : `${HOW[rule.kind]}; inconclusive below ${rule.floor} exposures`)}
${killed.length === 0 ? '' : row('Kills', killedContent(killed))}
</dl></section>`;
}

/** The mutants that the rule is meant for are told in full, the others by their names. */
function killedContent(killed: readonly Killed[]): Content {
  const meant = killed.filter((one) => one.meant);
  const others = killed.filter((one) => !one.meant);
  return html`${meant.length === 0 ? '' : html`<ul>${meant.map(({ name, summary }) => html`<li><code>${name}</code>: ${linked(summary)}</li>`)}</ul>`}${
    others.length === 0
      ? ''
      : html`<details><summary>and ${counted(others.length, 'mutant')} that other rules are meant for</summary><p>${others.map(({ name }, at) => html`${at === 0 ? '' : ', '}<code>${name}</code>`)}</p></details>`
  }`;
}
