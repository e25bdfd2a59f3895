/** Small pieces of the page of a report. */
import type { RuleVerdict } from '../../../spec/formats/results.js';
import { type Html, html } from '../../page/html.js';
import { MARKS } from '../pretty-rules.js';
import { VERDICT_WORDS } from '../words.js';

/** The tone of each exit status. */
export const TONES = ['good', 'bad', 'unsure'] as const;

/** The tone of each verdict on a rule. */
const VERDICT_TONES: Readonly<Record<RuleVerdict, string>> = {
  pass: 'good',
  fail: 'bad',
  known: 'unsure',
  follows: 'unsure',
  inconclusive: 'unsure',
  'not-applicable': 'quiet',
  untestable: 'quiet',
};

/** A verdict on a rule: its mark, and its word beside it. */
export function verdictMark(verdict: RuleVerdict): Html {
  return html`<span class="tag ${VERDICT_TONES[verdict]}"><span aria-hidden="true">${MARKS[verdict]}</span> ${VERDICT_WORDS[verdict]}</span>`;
}

/** A line to copy. */
export function copyLine(name: string, line: string): Html {
  return html`<p class="line"><span class="what">${name}</span><code>${line}</code><button type="button" class="copy" hidden>Copy</button></p>`;
}
