/** Differences for people: by rule and by choice, each program with what the two sides did, side by side. */
import type { DiffTopic, Parting } from '../../spec/formats/diff.js';
import { findRule } from '../../spec/rules/index.js';
import { objectText, operationText, traceText } from '../text/format.js';
import { SITUATION } from '../text/title.js';
import { byCall } from './compare.js';

/** What a difference can be about, in words. */
const ABOUT: Readonly<Record<DiffTopic, string>> = {
  ...SITUATION,
  'null-token': 'the null token',
  overwriteToken: 'a caller that writes a token into an object',
  wipeObject: 'a caller that wipes an object',
  reentry: 'a callback that calls the manager',
};

const UNDEFINED: readonly DiffTopic[] = ['overwriteToken', 'wipeObject', 'reentry'];

/** The two sides' names. */
export interface Names {
  readonly left: string;
  readonly right: string;
}

type Style = 'pretty' | 'markdown';

/** All differences as text: what breaks a rule of core, then what is a choice, then what is left undefined. */
export function renderDifferences(differences: readonly Parting[], names: Names, style: Style): string {
  const lines: string[] = [];
  for (const [heading, group] of grouped(differences, names)) {
    lines.push(style === 'markdown' ? `## ${heading}` : heading, '');
    for (const [difference, more] of shown(group)) {
      const one = [...renderOne(difference, names), ...(more === 0 ? [] : [`  (and ${more} more that end so)`])];
      lines.push(...(style === 'markdown' ? ['```', ...one, '```', ''] : [...one, '']));
    }
  }
  const { length } = differences;
  lines.push(
    length === 0
      ? `No difference between ${names.left} and ${names.right} on this scope.`
      : `${length} smallest ${length === 1 ? 'program tells' : 'programs tell'} ${names.left} and ${names.right} apart.`,
  );
  return `${lines.join('\n')}\n`;
}

/** One of each kind, the smallest, and how many more there are. The JSON has all. */
function shown(group: readonly Parting[]): readonly (readonly [Parting, number])[] {
  const kinds = new Map<string, { readonly first: Parting; more: number }>();
  for (const one of group.toSorted((a, b) => sizeOf(a) - sizeOf(b))) {
    const known = kinds.get(one.kind);
    if (known === undefined) kinds.set(one.kind, { first: one, more: 0 });
    else known.more++;
  }
  return [...kinds.values()].map(({ first, more }) => [first, more] as const);
}

/** What makes a program longer to read: its operations, then all the rest. */
function sizeOf({ program }: Parting): number {
  return (program.lanes[0]?.length ?? 0) * 100_000 + JSON.stringify(program).length;
}

function grouped(differences: readonly Parting[], names: Names): readonly (readonly [string, Parting[]])[] {
  const groups = new Map<string, { rank: number; list: Parting[] }>();
  for (const one of differences) {
    const { rank, heading } = headingOf(one, names);
    const group = groups.get(heading) ?? { rank, list: [] };
    groups.set(heading, group);
    group.list.push(one);
  }
  return [...groups]
    .sort(([, a], [, b]) => a.rank - b.rank || smallest(a.list) - smallest(b.list))
    .map(([heading, { list }]) => [`${heading}: ${list.length}`, list] as const);
}

function smallest(group: readonly Parting[]): number {
  return Math.min(...group.map(sizeOf));
}

function headingOf({ about, broken }: Parting, names: Names): { readonly rank: number; readonly heading: string } {
  if (UNDEFINED.includes(about)) return { rank: 2, heading: `Left undefined by the spec, ${ABOUT[about]}` };
  const [rule = ''] = [...broken.left, ...broken.right];
  if (rule === '') return { rank: 1, heading: `A choice, ${ABOUT[about]}` };
  const [left, right] = [broken.left.includes(rule), broken.right.includes(rule)];
  const by = left && right ? 'both, each in its way' : left ? names.left : names.right;
  return { rank: 0, heading: `${rule}, ${ABOUT[about]}, broken by ${by} (${findRule(rule)?.text ?? ''})` };
}

function renderOne(difference: Parting, names: Names): readonly string[] {
  const { program, left, right, call, follows } = difference;
  const [mine, theirs] = [columns(left), columns(right)];
  const width = Math.max(names.left.length, ...mine.flat().map((text) => text.length)) + 2;
  const rows = [`  ${names.left.padEnd(width)}  ${names.right}`];
  for (let at = 0; at < Math.max(mine.length, theirs.length); at++) {
    const [a, b] = [mine[at] ?? [], theirs[at] ?? []];
    let marked = false;
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const first: boolean = !marked && a[index] !== b[index];
      marked ||= first;
      const mark = !first ? ' ' : at === call ? '>' : '~';
      rows.push(`${mark} ${(a[index] ?? '').padEnd(width)}  ${b[index] ?? ''}`.trimEnd());
    }
  }
  const operations = (program.lanes[0] ?? []).map((operation) => operationText(operation));
  return [
    ...program.objects.map((object) => `  ${objectText(object)}`),
    `  ${operations.join('; ')}`,
    ...(follows ? ['  (they differ before, at ~; this shows what follows from it)'] : []),
    ...rows,
  ];
}

/** The lines of each operation, so that the two sides stay level. */
function columns(events: Parting['left']): readonly (readonly string[])[] {
  if (events === null) return [['cannot be asked']];
  return byCall(events).map((own) => traceText(own).map(({ text }) => text));
}
