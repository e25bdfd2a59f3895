/** The matrix as a page to be read. The same mutants and verdicts give the same page. */
import { findRule } from '../../spec/rules/index.js';
import { sort } from './gates.js';
import type { Examined, Matrix } from './matrix.js';
import type { Excuse, Version } from './table/index.js';
import { lined, row } from './table-text.js';

const EXCUSES: Readonly<Record<Excuse, string>> = {
  equivalent: 'no caller can tell it from the original',
  'several callers': 'only calls at the same time can tell it',
  outside: 'not seen by those who call the manager',
  choice: 'left to the implementation',
  'known failure': 'shows only where a known failure of the version does',
};

const HEADER = `# Mutants of the real irqbypass.c

Made by \`npm run kill-matrix:c\`; do not edit. Each mutant is one edit of \`virt/lib/irqbypass.c\` as Debian ships it, made when the
page is, compiled with the stand-ins of \`linux-source\`, and judged by the kit against the baseline of its version.

- **killed**: a run of the kit is red for it: a finding that the baseline does not list, or a known failure that is gone.
- **survives**: it is not, and the table says why that is right.
- **void**: it says nothing: it does not compile, is the same code, could not be judged, or its changed place was never run.
`;

/** The page of some matrices. */
export function render(matrices: readonly Matrix[]): string {
  return [HEADER, summary(matrices), ...matrices.map(chapter)].join('\n');
}

function summary(matrices: readonly Matrix[]): string {
  const lines = matrices.map((matrix) => {
    const { killed, explained, unexplained, empty } = sort(matrix);
    const counts = [matrix.examined.length, killed.length, explained.length, unexplained.length, empty.length];
    return row(`Linux ${matrix.version}`, ...counts.map(String));
  });
  return lined(['', 'mutants', 'killed', 'survive, explained', 'survive, unexplained', 'void'], lines);
}

/** The heading of a version's chapter. */
export function headingOf(version: Version): string {
  return `## Linux ${version}`;
}

function chapter(matrix: Matrix): string {
  const { killed, explained, unexplained, empty } = sort(matrix);
  const parts = [headingOf(matrix.version), '', killers(matrix)];
  if (unexplained.length > 0) {
    parts.push('### Survivors without an explanation', '', ...unexplained.map(({ mutant }) => `- ${mutant.what}`), '');
  }
  if (explained.length > 0) parts.push('### Survivors', '', lined(['mutant', 'why', 'reason'], explained.map(rowOf)));
  if (empty.length > 0) parts.push('### Void', '', lined(['mutant', 'why'], empty.map(rowOf)));
  parts.push('### Killed', '', lined(['mutant', 'mistake', 'by', 'what is seen first'], killed.map(rowOf)));
  return parts.join('\n');
}

/** What the page says of a mutant, a line of the table for its outcome. */
export function rowOf({ mutant, verdict }: Examined): string {
  const { what, mistake, survives } = mutant;
  switch (verdict.is) {
    case 'killed':
      return row(what, mistake, verdict.rule, verdict.text);
    case 'survived':
      return row(what, survives === undefined ? '' : EXCUSES[survives.because], survives?.reason ?? '');
    case 'void':
      return row(what, verdict.text);
  }
}

/** How many mutants each rule tells most about. */
function killers(matrix: Matrix): string {
  const counts = new Map<string, number>();
  for (const { verdict } of matrix.examined) {
    if (verdict.is === 'killed') counts.set(verdict.rule, (counts.get(verdict.rule) ?? 0) + 1);
  }
  const lines = [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([rule, count]) => row(rule, String(count), findRule(rule)?.text ?? ''));
  return lined(['the rule that tells most', 'mutants', 'what it says'], lines);
}

/** The outcome of a mutant as one line for a terminal. */
export function outcomeText({ mutant, verdict }: Examined): string {
  switch (verdict.is) {
    case 'killed':
      return `killed by ${verdict.rule}: ${mutant.what}`;
    case 'survived':
      return `survives${mutant.survives === undefined ? '' : ` (${EXCUSES[mutant.survives.because]})`}: ${mutant.what}`;
    case 'void':
      return `void (${verdict.text}): ${mutant.what}`;
  }
}
