/** What `npm run proof` prints: rules, mistakes and comparisons, a line each. Pure: from answers to text. */

import { byForm, leftOut, notExpressible } from '../../spec/proof/coverage.js';
import type { Obligations } from '../../spec/proof/queries.js';
import { rules } from '../../spec/rules/index.js';
import { counted, grouped } from '../../src/text/text.js';
import type { Compared } from './compare.js';
import { isAmiss, isRefuted, type Refuted } from './prove.js';
import type { Answered } from './z3.js';

/** How many differences are shown of each comparison. */
const MOST_LINES = 20;

const WIDTH = { rule: 9, verdict: 10, number: 5 } as const;

/** What is proved, rule by rule. */
export function rulesText(answers: readonly Answered[], obligations: Obligations): readonly string[] {
  const all = [
    ...obligations.invariants,
    ...obligations.calls,
    ...obligations.steps,
    ...obligations.ways,
    ...obligations.theorems,
  ];
  const line = (name: string, isOf: (rules: readonly string[]) => boolean, more = '') => {
    const mine = answers.filter(({ question: { obligation } }) => obligation !== undefined && isOf(obligation.rules));
    const count = all.filter((one) => isOf(one.rules)).length;
    const time = mine.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const verdict = mine.some(isAmiss) ? 'NOT PROVED' : 'proved';
    const numbers = `${String(count).padStart(3)} obligations, ${grouped(mine.length).padStart(5)} questions, ${(time / 1000).toFixed(2)} s`;
    return `${name.padEnd(WIDTH.rule)} ${verdict.padEnd(WIDTH.verdict)} ${numbers}${more}`;
  };
  return [
    ...rules.map(({ id }) => {
      const form = byForm[id];
      if (form !== undefined) return `${id.padEnd(WIDTH.rule)} ${'by form'.padEnd(WIDTH.verdict)} ${form}`;
      const reason = notExpressible[id];
      if (reason !== undefined) return `${id.padEnd(WIDTH.rule)} ${'left out'.padEnd(WIDTH.verdict)} ${reason}`;
      return line(id, (ids) => ids.includes(id), leftOut[id] === undefined ? '' : `; not ${leftOut[id]}`);
    }),
    line('helpers', (ids) => ids.length === 0),
  ];
}

/** What is amiss, in words: which obligation, and by which step it fails. */
export function amissText(answers: readonly Answered[]): readonly string[] {
  return answers.filter(isAmiss).map(({ question: { about, obligation, expected }, answer }) => {
    const where = typeof about === 'string' ? `in ${about}` : `when ${about.words} ("${about.name}")`;
    if (obligation === undefined)
      return `EMPTY: nothing can be proved ${where}: no state in which the invariants hold leads there (${answer})`;
    const whose = obligation.rules.length === 0 ? 'a helper' : obligation.rules.join(', ');
    if (answer === 'unknown') return `UNKNOWN ${where}: ${obligation.name} (${whose}): z3 gave up`;
    const fault = expected === 'sat' ? 'has no counterexample any more' : 'fails';
    return `FAILS ${where}: "${obligation.name}" (${whose}) ${fault}`;
  });
}

/** What refuted each mistake. */
export function refutedText(refuted: readonly Refuted[]): readonly string[] {
  return refuted.map((one) => {
    const { broken, by, run } = one;
    const title = `${broken.rule.padEnd(WIDTH.rule)} ${(isRefuted(one) ? 'refuted' : 'SURVIVES').padEnd(WIDTH.verdict)} ${broken.what}`;
    if (by === undefined) return title;
    const { about, obligation } = by.question;
    const where = typeof about === 'string' ? '' : `, by "${about.name}"`;
    const also = run === undefined ? '' : `; ${counted(run.steps.length, 'step')} from the beginning: "${run.breaks}"`;
    return `${title}\n${' '.repeat(WIDTH.rule + WIDTH.verdict + 2)}"${obligation?.name}"${where}${also}`;
  });
}

/** What was compared with the model. */
export function comparedText({ walk, states, operations, differences }: Compared): readonly string[] {
  const { producers, consumers, tokens } = walk.scope;
  const size = `${producers}x${consumers}x${tokens}: ${grouped(states)} states, ${grouped(operations)} operations`;
  if (differences.length === 0) return [`the same  ${walk.what} (${size})`];
  const left = differences.length > MOST_LINES ? [`    and ${grouped(differences.length - MOST_LINES)} more`] : [];
  return [
    `DIFFERS   ${walk.what} (${size})`,
    ...differences.slice(0, MOST_LINES).map((line) => `    ${line}`),
    ...left,
  ];
}
