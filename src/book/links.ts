/** Where things stand in the book, so that a name in a text can lead there. */
import { findAnyRule } from '../../spec/rules/all.js';
import { type Content, type Html, html } from '../page/html.js';

/** The page of a chapter of rules. */
export function chapterPage(chapter: string): string {
  return `rules-${chapter}.html`;
}

/** The address of a rule in the book; undefined where there is no such rule. */
export function ruleAddress(id: string): string | undefined {
  const rule = findAnyRule(id);
  return rule === undefined ? undefined : `${chapterPage(rule.chapter)}#${rule.id}`;
}

/** A link to a rule. */
export function ruleLink(id: string): Html {
  const address = ruleAddress(id);
  return address === undefined ? html`${id}` : html`<a class="rule" href="${address}">${id}</a>`;
}

/** The rules and known bugs that a text names. */
const NAMES = /\b([A-Z]+-\d+|B\d+)\b/;

/** A text, with each rule and each known bug that it names as a link. */
export function linked(text: string): Html {
  const parts: Content[] = text.split(NAMES).map((part, at) => {
    if (at % 2 === 0) return part;
    if (/^B\d+$/.test(part)) return html`<a href="reading.html#${part}">${part}</a>`;
    return ruleLink(part);
  });
  return html`${parts}`;
}
