/** Repositories as people have them: which commits touch the manager, and what is read of each. Nothing is compiled. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTree } from '../targets/linux-source/tree.js';
import { commitsOf } from './commits.js';

const SOURCE = 'virt/lib/irqbypass.c';
const HEADER = 'include/linux/irqbypass.h';
const STRUCTS = 'struct irq_bypass_producer {\n\tint irq;\n};\n';

let folder = '';
let repository = '';

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', ['-C', repository, ...who, ...args], { encoding: 'utf8' }).trim();
}

function commit(subject: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', subject);
  return git('rev-parse', 'HEAD');
}

const made: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-commits-'));
  // An @ in the path is no place to split at.
  repository = join(folder, 'a@b', 'linux');
  mkdirSync(repository, { recursive: true });
  git('init', '--quiet');
  made.push(
    commit('A kernel without a manager', { Makefile: 'VERSION = 6\nPATCHLEVEL = 17\n' }),
    commit('Add the manager', { [SOURCE]: '#include <linux/irqbypass.h>\n#include "more.h"\n', [HEADER]: STRUCTS }),
    commit('Something else', { 'virt/lib/more.h': '#define MORE 1\n', 'README.md': 'text\n' }),
    commit('Change the header', { [HEADER]: `${STRUCTS}/* A comment. */\n` }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the commits that touch one of the two files are judged, and no other', async () => {
  const { commits } = await commitsOf(`git:${repository}@${made[0]}..main`);
  expect(commits).toEqual([
    { commit: made[1], subject: 'Add the manager', parent: undefined },
    { commit: made[3], subject: 'Change the header', parent: made[2] },
  ]);
});

test('a commit is read with the headers that it has and the kit has not; the work tree stays as it is', async () => {
  writeFileSync(join(repository, SOURCE), 'what is not committed\n');
  rmSync(join(repository, HEADER));
  const tree = await findTree(`git:${repository}@${made[2]}`);
  expect(tree).toMatchObject({ version: `6.17-g${made[2]?.slice(0, 12)}`, header: STRUCTS });
  expect(tree.source).toContain('#include "more.h"');
  expect(readdirSync(tree.sourceFolder)).toEqual(['more.h']);
  expect(git('status', '--short')).toBe(`D ${HEADER}\n M ${SOURCE}`);
});

test.each([
  ['../linux', 'git:DIR@BASE..TIP, as in'],
  ['git:HERE@main', 'git:DIR@BASE..TIP, as in'],
  ['git:HERE@a...main', 'git:DIR@BASE..TIP, as in'],
  ['git:HERE@nowhere..main', 'has no commit nowhere'],
  ['git:HERE/none@a..b', 'There is no folder'],
])('%s is refused, and it is said what is expected', async (series, told) => {
  await expect(commitsOf(series.replace('HERE', repository))).rejects.toThrow(told);
});

test('a commit without a manager is no target', async () => {
  await expect(findTree(`git:${repository}@${made[0]}`)).rejects.toThrow(
    /has no IRQ bypass manager: virt\/lib\/irqbypass.c is missing/,
  );
});
