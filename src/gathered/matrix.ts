/** Many reports side by side: implementations by rules. */
import type { Matrix, MatrixGroup } from '../../spec/formats/gathered.js';
import { hostRules } from '../../spec/rules/host.js';
import { rules } from '../../spec/rules/index.js';
import { hashOfRules } from '../engine/rules-hash.js';
import { host } from '../host/host.js';
import { manager } from '../manager/manager.js';
import { headOf, type Read } from './head.js';

/**
 * Put reports side by side. Those that were judged against other rules, be it by one word, stand apart; the rules of this
 * version come first.
 */
export function matrixOf(reports: readonly Read[]): Matrix {
  const hashes = [...new Set(reports.map(({ report }) => report.rulesHash))];
  const groups = hashes.map((hash) =>
    groupOf(
      hash,
      reports.filter(({ report }) => report.rulesHash === hash),
    ),
  );
  return {
    format: 'irqbypass-spec/matrix/1',
    groups: [...groups.filter(({ current }) => current), ...groups.filter(({ current }) => !current)],
  };
}

function groupOf(rulesHash: string, reports: readonly Read[]): MatrixGroup {
  const ids = [...new Set(reports.flatMap(({ report }) => report.rules.map(({ rule }) => rule)))];
  const order = [...rules, ...hostRules].map(({ id }) => id);
  // Rules of other versions that this one does not know come last.
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return {
    rulesHash,
    current: reports.every(
      ({ report: { role } }) => hashOfRules((role === undefined ? manager : host(role)).rules) === rulesHash,
    ),
    reports: reports.map(headOf),
    rules: [...ids]
      .sort((a, b) => place(a) - place(b))
      .map((rule) => ({
        rule,
        cells: reports.map(({ report }) => {
          const result = report.rules.find((one) => one.rule === rule);
          return result === undefined ? null : { verdict: result.verdict, exposures: result.exposures };
        }),
      })),
  };
}
