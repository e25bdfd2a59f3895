/** The kill matrix as a page for people: the same text for the same sources, on any machine. */
import type { SourceRow } from '../../spec/formats/kill-matrix.js';
import type { ChapterRule } from '../../spec/rule.js';
import { clip, counted, grouped, listed } from '../../src/text/text.js';
import type { Explanation } from './explanations.js';
import { speaksOf, squeezed } from './explanations.js';
import { unfound } from './gate.js';
import { ENOUGH } from './harness.js';
import type { Matrix } from './matrix.js';

/** Write the page. */
export function render(matrix: Matrix, explanations: readonly Explanation[], rules: readonly ChapterRule[]): string {
  return `${[
    '# Kill matrix',
    INTRODUCTION,
    totals(matrix, explanations),
    '## Rules',
    byRule(matrix, rules),
    alone(matrix, rules),
    notEverywhere(rules),
    '## Survivors',
    survivors(matrix, explanations),
    '## Mutants of the reference',
    ofTheReference(matrix),
    '## Named mutants',
    named(matrix),
    '## Void mutants',
    voids(matrix),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `Which rule finds which wrong manager. Made by \`npm run kill-matrix\`; do not edit.

There are two kinds of wrong managers. StrykerJS makes every small change that it knows of in the
[reference](../reference): each is instrumented once, into one program, and switched on alone. The
[named mutants](mutants) are written by hand, each for a rule. All are run under each profile, with a
transition tour, every set of callbacks and all pairs of transitions of a small scope, and with random programs of a
fixed seed.

A mutant is **killed** when a rule is broken. It is **void** when TypeScript refuses to compile it, so that nobody could
have written it, or when no program comes by the changed place; a void mutant never counts as killed. What survives has
a reason, or the build is red. A mutant that is killed is given up once ${grouped(ENOUGH)} programs in a row did something else than
the reference and told of no rule that was not broken yet; one that is not killed is run to the end.`;

function totals(matrix: Matrix, explanations: readonly Explanation[]): string {
  const { sources, named: rows, worlds } = matrix;
  const those = (...fates: readonly SourceRow['fate'][]) => sources.filter(({ fate }) => fates.includes(fate));
  const isExplained = (row: SourceRow) => explanations.some((explanation) => speaksOf(explanation, row.mutant));
  const survived = those('survived');
  const equivalent = survived.filter(isExplained).length;
  const killed = rows.filter(({ killers }) => killers.length > 0).length;
  const unbuilt = those('unbuilt');
  const found = unbuilt.filter(({ killers }) => killers.length > 0).length;
  const explained = unfound(matrix).filter((row) => row.fate === 'unbuilt' && isExplained(row)).length;
  const unplayable = unbuilt.filter((row) => row.unplayable === true).length;
  const hung = those('killed').filter((row) => row.hung).length;
  return `${table(
    ['', 'made', 'void: not built', 'void: not reached', 'killed', 'equivalent', 'unexplained'],
    [
      [
        'mutants of the reference',
        sources.length,
        unbuilt.length,
        those('unreached').length,
        those('killed').length,
        equivalent,
        survived.length - equivalent,
      ],
      ['named mutants', rows.length, 0, 0, killed, 0, rows.length - killed],
    ],
  )}

- Of those killed, ${grouped(hung)} never came to an end.
- Of the ${grouped(unbuilt.length)} that TypeScript refuses, ${grouped(found)} are found all the same when run as JavaScript, ${grouped(explained)} make no difference there (see below), and ${grouped(unplayable)} ${unplayable === 1 ? 'makes' : 'make'} no manager at all.
- Programs, with the variants for rules about two runs: ${listed(worlds.map(({ name, programs }) => `${grouped(programs)} under ${name}`))}.`;
}

/** For each rule how many mutants it kills, and how many of them nothing else kills. */
function byRule(matrix: Matrix, rules: readonly ChapterRule[]): string {
  const killed = matrix.sources.filter(({ fate }) => fate === 'killed');
  const kills = (rows: readonly { readonly killers: readonly string[] }[], id: string) =>
    rows.filter(({ killers }) => killers.includes(id));
  const lone = (rows: readonly { readonly killers: readonly string[] }[], id: string) =>
    kills(rows, id).filter(({ killers }) => killers.length === 1).length;
  return table(
    ['rule', 'of the reference', 'alone', 'named', 'alone', 'meant for it, and killed by it'],
    rules
      .filter(({ kind }) => kind !== 'untestable' && kind !== 'schedule')
      .map(({ id }) => [
        id,
        kills(killed, id).length,
        lone(killed, id),
        kills(matrix.named, id).length,
        lone(matrix.named, id),
        matrix.named
          .filter(({ meantFor, message }) => meantFor === id && message !== undefined)
          .map(({ name }) => name)
          .join(', '),
      ]),
  );
}

function alone({ sources, named: rows }: Matrix, rules: readonly ChapterRule[]): string {
  const all = [...sources.filter(({ fate }) => fate === 'killed'), ...rows].map(({ killers }) => killers);
  const testable = rules.filter(({ kind }) => kind !== 'untestable' && kind !== 'schedule').map(({ id }) => id);
  const nothing = testable.filter((id) => !all.some((killers) => killers.includes(id)));
  const needed = (id: string) => all.some((killers) => killers.length === 1 && killers[0] === id);
  const never = testable.filter((id) => !nothing.includes(id) && !needed(id));
  return `Rules that kill nothing: ${nothing.length === 0 ? 'none' : listed(nothing)}.

Rules that kill nothing alone, so that these mutants would be found without them: ${never.length === 0 ? 'none' : listed(never)}.
Such a rule says more exactly what is wrong, or asks for what no mutant here gets wrong by itself.`;
}

/** The rules that not every run can hold: why they are missing in one. */
function notEverywhere(rules: readonly ChapterRule[]): string {
  const lines = rules.flatMap((rule) => [
    ...(rule.kind === 'untestable'
      ? [`- ${rule.id} cannot be tested, and so kills nothing: ${lower(rule.reason)}`]
      : []),
    ...(rule.needs === undefined
      ? []
      : [`- ${rule.id} needs a target with the capability \`${rule.needs}\`. The reference has it.`]),
    ...[...byReason(rule.except ?? {})].map(
      ([reason, profiles]) => `- ${rule.id} does not hold in ${listed(profiles)}: ${reason}.`,
    ),
  ]);
  return `Rules that do not hold everywhere:\n\n${lines.join('\n')}`;
}

function byReason(except: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map<string, string[]>();
  for (const [profile, reason] of Object.entries(except))
    reasons.set(reason, [...(reasons.get(reason) ?? []), profile]);
  return reasons;
}

function survivors(matrix: Matrix, explanations: readonly Explanation[]): string {
  const rows = unfound(matrix);
  if (rows.length === 0) return 'None.';
  return table(
    ['place', 'change', 'builds', 'why it is the same manager'],
    inOrder(rows).map((row) => {
      const explanation = explanations.find((one) => speaksOf(one, row.mutant));
      return [
        placeOf(row),
        changeOf(row),
        row.fate === 'unbuilt' ? 'no' : 'yes',
        explanation?.why ?? '**unexplained**',
      ];
    }),
  );
}

function ofTheReference({ sources }: Matrix): string {
  return table(
    ['place', 'change', 'killed by'],
    inOrder(sources.filter(({ fate }) => fate === 'killed')).map((row) => [
      placeOf(row),
      changeOf(row),
      `${grouped(row.killers.length)}: ${shortened(row.killers)}${row.hung ? '; it never came to an end' : ''}`,
    ]),
  );
}

function named({ named: rows }: Matrix): string {
  return table(
    ['mutant', 'profile', 'meant for', 'which says', 'killed by'],
    rows.map(({ name, profile, meantFor, message, killers }) => [
      name,
      profile,
      meantFor,
      message === undefined ? '**nothing**' : cell(message),
      `${grouped(killers.length)}: ${shortened(killers)}`,
    ]),
  );
}

function voids({ sources }: Matrix): string {
  const rows = inOrder(sources.filter(({ fate }) => fate === 'unbuilt' || fate === 'unreached'));
  if (rows.length === 0) return 'None.';
  return table(
    ['place', 'change', 'why it is void', 'found all the same'],
    rows.map((row) => [
      placeOf(row),
      changeOf(row),
      cell(clip(row.reason ?? '', 90)),
      row.killers.length > 0 ? 'yes' : 'no',
    ]),
  );
}

function inOrder(rows: readonly SourceRow[]): readonly SourceRow[] {
  return [...rows].sort(({ mutant: a }, { mutant: b }) =>
    a.file === b.file ? Number(a.id) - Number(b.id) : a.file < b.file ? -1 : 1,
  );
}

function placeOf({ mutant: { file, line } }: SourceRow): string {
  return `${file.replace('reference/', '')}:${line}`;
}

function changeOf({ mutant: { original, replacement } }: SourceRow): string {
  return `${code(clip(squeezed(original), 60))} → ${code(clip(squeezed(replacement), 60))}`;
}

/** `TOKEN-1 TOKEN-4 PAIR-2` as `TOKEN-1,4 PAIR-2`. */
function shortened(ids: readonly string[]): string {
  const chapters = new Map<string, string[]>();
  for (const id of ids) {
    const [chapter = '', number = ''] = id.split('-');
    chapters.set(chapter, [...(chapters.get(chapter) ?? []), number]);
  }
  return [...chapters].map(([chapter, numbers]) => `${chapter}-${numbers.join(',')}`).join(' ');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((one) => (typeof one === 'number' ? grouped(one) : one)).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Source text in a cell of a table: in as many backquotes as it takes. */
function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  const inside = text.replaceAll('|', '\\|');
  return text.includes('`') ? `${fence} ${inside} ${fence}` : `${fence}${inside}${fence}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** The totals in a few lines, for a terminal. */
export function summary({ sources, named: rows }: Matrix, seconds: number, by: string): string {
  const count = (...fates: readonly SourceRow['fate'][]) => sources.filter(({ fate }) => fates.includes(fate)).length;
  const killed = rows.filter(({ killers }) => killers.length > 0).length;
  return `${counted(sources.length, 'mutant')} of the reference: ${count('killed')} killed, ${count('survived')} survived, ${count('unbuilt', 'unreached')} void
${counted(rows.length, 'named mutant')}: ${killed} killed
${seconds.toFixed(1)} s in ${by}
`;
}
