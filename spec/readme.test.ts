/** README.md beside the project: it defines every number that is cited, and leads to files that are there. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findAnyRule } from './rules/all.js';
import { undefinedBehaviour } from './undefined.js';

const spec = fileURLToPath(new URL('.', import.meta.url));
const project = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(spec, 'README.md'), 'utf8');

const NUMBER = /\b(?:B[0-9]{1,2}|S[0-9]{2})\b/g;

/** The tables of bugs and of scenarios: the number of each row, and its last column. */
const rows = [...readme.matchAll(/^\| ([BS][0-9]+) \|.*\| ([^|]+) \|$/gm)].map(
  ([, id = '', decided = '']) => [id, decided] as const,
);
const marked = (decided: string) => decided.startsWith('not cited');

/** Every number that the project cites, with one file that does. */
function cited(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const folders = ['spec', 'reference', 'conformance', 'src', 'dev', 'docs'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  for (const file of [...files, 'README.md', 'CONTRIBUTING.md']) {
    if (!['.ts', '.md', '.c', '.h', '.pml', '.snap', '.json'].includes(extname(file))) continue;
    if (file === join('spec', 'README.md') || file === join('spec', 'readme.test.ts')) continue;
    if (!existsSync(join(project, file))) continue;
    for (const [id] of readFileSync(join(project, file), 'utf8').matchAll(NUMBER)) found.set(id, file);
  }
  return found;
}

describe('the numbers of bugs and scenarios', () => {
  const found = cited();

  test('are cited at all, so that there is something to hold the table against', () => {
    expect(found.size).toBeGreaterThan(40);
  });

  test('have a row each, wherever they are cited', () => {
    const undefinedNumbers = [...found].filter(([id]) => !rows.some(([row]) => row === id));
    expect(undefinedNumbers).toEqual([]);
  });

  test('have one row each', () => {
    const ids = rows.map(([id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('are cited, or the row says that they are not', () => {
    for (const [id, decided] of rows) expect(found.has(id), id).toBe(!marked(decided));
  });

  test('are decided by rules that there are, or by a reason that there is', () => {
    for (const [id, decided] of rows) {
      if (marked(decided) || decided === 'none') continue;
      const [, reason] = /^undefined: (.*)$/.exec(decided) ?? [];
      if (reason !== undefined)
        expect(
          undefinedBehaviour.map((one) => one.id),
          id,
        ).toContain(reason);
      else for (const rule of decided.split(', ')) expect(findAnyRule(rule), `${id}: ${rule}`).toBeDefined();
    }
  });
});

describe('the reading order', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link);

  test('leads to files that are there', () => {
    expect(links.length).toBeGreaterThan(30);
    for (const link of links) expect(existsSync(join(spec, link)), link).toBe(true);
  });

  test('takes as many lines and minutes as it says', () => {
    const [, minutes, said] = /The manager takes (\d+) minutes and about ([\d,]+) lines\./.exec(readme) ?? [];
    const [, path = ''] = /^\|---:\|---\|---\|\n((?:\|.*\n)+)/m.exec(readme) ?? [];
    const files = [...path.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => join(spec, link));
    expect(files.every((file) => statSync(file).isFile())).toBe(true);
    const lines = files.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);
    expect(Math.round(lines / 100) * 100).toBe(Number(said?.replace(',', '')));
    const sum = [...path.matchAll(/^\| (\d+) \|/gm)].reduce((total, [, one]) => total + Number(one), 0);
    expect(sum).toBe(Number(minutes));
  });
});
