/** The rules on the page of a report, chapter by chapter. */
import type { RuleResult } from '../../../spec/formats/results.js';
import { findAnyRule } from '../../../spec/rules/all.js';
import { type Html, html } from '../../page/html.js';
import type { AnyReport } from '../../text/describe.js';
import { grouped, harmless } from '../../text/text.js';
import { byChapter } from '../pretty-rules.js';
import { verdictMark } from './bits.js';

/** A table a chapter: each rule with its verdict, its exposures, and the findings that broke it. */
export function rulesSection(report: AnyReport): Html {
  const quiet = report.rules.filter(isQuiet).length;
  const hide =
    quiet === 0 || quiet === report.rules.length
      ? ''
      : html`<label class="toggle" hidden><input type="checkbox" class="only-wrong"> Only those that do not simply hold</label>`;
  return html`${hide}<table class="rules">
<thead><tr><th scope="col">rule</th><th scope="col">what it says</th><th scope="col">verdict</th><th scope="col" class="number">exposures</th></tr></thead>
${byChapter(report.rules).map(
  ({ chapter, results }) => html`<tbody>
<tr class="chapter"><th scope="rowgroup" colspan="4">${chapter}</th></tr>
${results.map((result) => ruleRow(result, report))}
</tbody>`,
)}
</table>`;
}

function isQuiet({ verdict }: RuleResult): boolean {
  return verdict === 'pass' || verdict === 'not-applicable' || verdict === 'untestable';
}

function ruleRow(result: RuleResult, report: AnyReport): Html {
  const { rule, verdict, exposures, floor, reason, findings } = result;
  const text = findAnyRule(rule)?.text ?? '';
  const here = new Set([...report.findings, ...report.known].map(({ name }) => name));
  const links = findings.filter((name) => here.has(name));
  // The links say what the reason says.
  const isShown = verdict === 'follows' && links.length > 0;
  const counts = verdict === 'inconclusive' ? `${grouped(exposures)} of ${grouped(floor)}` : grouped(exposures);
  const none = verdict === 'untestable' || verdict === 'not-applicable';
  return html`<tr id="rule-${rule}" class="${isQuiet(result) ? 'quiet-rule' : ''}"><th scope="row">${harmless(rule)}</th><td class="text">${text}${reason === undefined || isShown ? '' : html`<span class="reason">${harmless(reason)}</span>`}${links.length === 0 ? '' : html`<span class="reason">${verdict === 'follows' ? 'only where this shows: ' : 'broken by '}${links.map((name, at) => html`${at === 0 ? '' : ', '}<a href="#finding-${name}">${name}</a>`)}</span>`}</td><td>${verdictMark(verdict)}</td><td class="number">${none ? '' : counts}</td></tr>`;
}
