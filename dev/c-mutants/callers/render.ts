/** The matrix with several callers as a chapter of the page. The same verdicts give the same chapter. */
import type { Version } from '../table/index.js';
import { lined, row } from '../table-text.js';
import type { ExaminedAmongCallers } from './examine.js';
import { isHarmless, shownBy } from './gates.js';
import type { CallersMatrix } from './matrix.js';
import { methods } from './methods.js';

export const CALLERS_HEADING = '## Several callers';

const INTRODUCTION = `${CALLERS_HEADING}

Mutants of the locking, each held against several methods. A cell names the rules that are broken; "–" says that the method
has run and seen nothing. What is meant to be broken is broken among others, since one mistake has many consequences.
`;

/** The chapter of some matrices. */
export function renderCallers(matrices: readonly CallersMatrix[]): string {
  return [INTRODUCTION, summary(matrices), ...matrices.map(ofVersion)].join('\n');
}

function summary(matrices: readonly CallersMatrix[]): string {
  const all = matrices.flatMap(({ examined }) => examined);
  const [harmless, mutants] = [all.filter(isHarmless), all.filter((one) => !isHarmless(one))];
  const lines = methods.map(({ name, does }) => {
    const ran = all.some((one) => (shownBy(one, name) ?? { is: 'not run' }).is !== 'not run');
    return row(name, does, ...(ran ? [count(mutants, name), count(harmless, name)] : ['not run', 'not run']));
  });
  return lined(['method', 'what it does', 'mutants killed', 'harmless changes taken for mutants'], lines);
}

function count(examined: readonly ExaminedAmongCallers[], method: string): string {
  const killed = examined.filter((one) => shownBy(one, method)?.is === 'killed');
  return `${killed.length} of ${examined.length}`;
}

function ofVersion({ version, examined }: CallersMatrix): string {
  const titles = ['mutant', 'mistake', 'meant for', ...methods.map(({ name }) => name)];
  const mutants = examined.filter((one) => !isHarmless(one)).map(callersRow);
  const harmless = examined.filter(isHarmless).map(callersRow);
  return [
    callersHeading(version, false),
    '',
    lined(titles, mutants),
    callersHeading(version, true),
    '',
    lined(['change', 'kind', 'why it is harmless', ...methods.map(({ name }) => name)], harmless),
  ].join('\n');
}

/** The heading of a version's mutants of the locking, or of its harmless changes. */
export function callersHeading(version: Version, harmless: boolean): string {
  return `### Linux ${version}, ${harmless ? 'harmless changes of the locking' : 'several callers'}`;
}

/** What the page says of a mutant with several callers, a line of its table. */
export function callersRow(one: ExaminedAmongCallers): string {
  return row(...cells(one, meantFor(one)));
}

function meantFor({ mutant: { amongCallers } }: ExaminedAmongCallers): string {
  if (amongCallers === undefined) return '';
  return 'breaks' in amongCallers ? amongCallers.breaks : amongCallers.harmless;
}

function cells(one: ExaminedAmongCallers, meant: string): readonly string[] {
  const shown = methods.map(({ name }) => {
    const cell = shownBy(one, name);
    if (one.empty !== undefined || cell === undefined) return one.empty ?? 'not run';
    if (cell.is === 'killed') return cell.by.join(', ');
    return cell.is === 'passed' ? '–' : 'not run';
  });
  return [one.mutant.what, one.mutant.mistake, meant, ...shown];
}

/** What became of a mutant, as one line for a terminal. */
export function callersOutcome(one: ExaminedAmongCallers): string {
  if (one.empty !== undefined) return `void (${one.empty}): ${one.mutant.what}`;
  const by = methods.flatMap(({ name }) => {
    const cell = shownBy(one, name);
    return cell?.is === 'killed' ? [`${name} ${cell.by.join(', ')}`] : [];
  });
  return `${by.length === 0 ? 'harmless' : `killed by ${by.join('; ')}`}: ${one.mutant.what}`;
}
