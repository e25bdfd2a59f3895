/** A series of five commits, made here of a manager of our own, judged as a reviewer has it judged. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { SeriesReport } from '../../spec/formats/series.js';
import { runIn } from '../../src/cli/fixtures/command-line.js';
import { packageRoot } from '../../src/files/root.js';
import { renderSeries } from '../../src/series/render.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-series-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SOURCE = 'virt/lib/irqbypass.c';

function git(...args: readonly string[]): void {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  execFileSync('git', ['-C', folder, ...who, ...args]);
}

function commit(subject: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', subject);
}

/** The manager of the fixtures, in one file. */
function ownManager(): { readonly source: string; readonly header: string } {
  const fixture = (name: string) => readFileSync(join(packageRoot, 'dev', 'tests', 'fixtures', 'trees', name), 'utf8');
  const source = fixture('arrays.c').replace('#include "pairing.h"\n', fixture('pairing.h'));
  return { source, header: fixture('objects.h') };
}

/** Each commit is an edit of the one before. */
const EDITS: readonly (readonly [string, (source: string) => string])[] = [
  ['Say more in a comment', (source) => source.replace('up. */', 'up first. */')],
  ['Give what failed another name', (source) => source.replaceAll('failed', 'error')],
  ['Start the producer first', (source) => swapped(source)],
  ['Start the consumer first again', (source) => swapped(source)],
  ['Forget a bracket', (source) => source.replace('mutex_unlock(&gate);', 'mutex_unlock(&gate;')],
];

/** The two calls of start, in the other order. */
function swapped(source: string): string {
  return source.replace(/(\tif \(([cp])->start\)\n\t\t\2->start\(\2\);\n)(\tif \(([cp])->start\)\n.*\n)/, '$3$1');
}

// It compiles three managers, and explores each.
test('the commit that breaks a rule is named, with its smallest program', () => {
  const { source, header } = ownManager();
  git('init', '--quiet', '--initial-branch=main');
  commit('The base', { [SOURCE]: source, 'include/linux/irqbypass.h': header });
  git('tag', 'base');
  let text = source;
  for (const [subject, edit] of EDITS) {
    const next = edit(text);
    expect(next, subject).not.toBe(text);
    text = next;
    commit(subject, { [SOURCE]: text });
  }

  const { status, stdout } = runIn(folder, ['series', 'git:.@base..main', '--report', 'json']);
  const report = JSON.parse(stdout) as SeriesReport;
  const { commits } = report;
  expect(status).toBe(1);
  expect(commits.map(({ subject, judged }) => [subject, judged?.exit, judged?.sameCode, judged?.apart.length])).toEqual(
    [
      ['Say more in a comment', 0, true, 0],
      ['Give what failed another name', 0, false, 0],
      ['Start the producer first', 1, false, expect.any(Number)],
      ['Start the consumer first again', 0, false, expect.any(Number)],
      ['Forget a bracket', undefined, undefined, undefined],
    ],
  );
  const broken = commits[2]?.judged?.new[0];
  expect(broken?.rule).toBe('CALL-1');
  expect(broken?.forms[0]?.program.lanes[0]).toHaveLength(2);
  expect(commits[4]?.problems[0]).toMatch(/^It could not be judged: The manager does not compile/);

  const mail = renderSeries(report, 'mail').split('\n');
  expect(mail.filter((line) => line.length >= 78)).toEqual([]);
  expect(mail.some((line) => /^[0-9a-f]{12} {2}no +2 .* Start the producer/.test(line))).toBe(true);
});
