/** The programs on which two targets part, for people: each with what both did from where they part, side by side. */
import type { Shape, Subject } from '../subject/subject.js';
import type { Row } from '../text/beside.js';
import { listed } from '../text/text.js';
import type { Answer, PartingProgram } from './by-programs.js';
import type { Names } from './render.js';

/** The lines of both that are shown before they part. */
const BEFORE = 3;

/** All programs as text. */
export function renderPrograms<S extends Shape>(
  { describe }: Subject<S>,
  programs: readonly PartingProgram<S>[],
  names: Names,
  style: 'pretty' | 'markdown',
): string {
  const lines = programs.flatMap(({ program, left, right }) => {
    const heading = headingOf(left, right, names);
    const body = [
      ...describe.program(program).map((line) => `  ${line}`),
      '',
      ...columns(describe.beside(left), describe.beside(right), names),
    ];
    return style === 'markdown' ? [`## ${heading}`, '', '```', ...body, '```', ''] : [heading, '', ...body, ''];
  });
  const { length } = programs;
  const verdict =
    length === 0
      ? `No difference between ${names.left} and ${names.right} in what was run.`
      : `${length} smallest ${length === 1 ? 'program tells' : 'programs tell'} ${names.left} and ${names.right} apart.`;
  return `${[...lines, verdict].join('\n')}\n`;
}

function headingOf<S extends Shape>(left: Answer<S>, right: Answer<S>, names: Names): string {
  const parts = [[left, names.left] as const, [right, names.right] as const].flatMap(([{ broken }, name]) =>
    broken.length === 0 ? [] : [`${listed(broken.map(({ rule }) => rule))} broken by ${name}`],
  );
  return parts.length === 0 ? 'A choice, or what no rule speaks of' : parts.join('; ');
}

/** What both did, from a little before they part to the end. */
function columns(left: readonly Row[], right: readonly Row[], names: Names): readonly string[] {
  const texts = [left, right].map((rows) =>
    rows.map(({ number, happened }) => `${String(number ?? '').padStart(3)}  ${happened}`),
  );
  const [mine = [], theirs = []] = texts;
  const parted = mine.findIndex((text, at) => text !== theirs[at]);
  const at = parted === -1 ? mine.length : parted;
  const from = Math.max(0, at - BEFORE);
  const width = Math.max(names.left.length, ...mine.slice(from).map(({ length }) => length)) + 2;
  const rows = [`    ${names.left.padEnd(width)}${names.right}`];
  for (let row = from; row < Math.max(mine.length, theirs.length); row++) {
    rows.push(`  ${row === at ? '>' : ' '} ${(mine[row] ?? '').padEnd(width)}${theirs[row] ?? ''}`.trimEnd());
  }
  return rows;
}
