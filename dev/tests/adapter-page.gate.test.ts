/** docs/adapter.md, typed from its beginning to its end: each step says what the page says that it says. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/files/root.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What stands between two fences, and what the first of them says of it. */
interface Block {
  readonly info: string;
  readonly text: string;
}

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({ info, text }));
}

/** What a command prints, of both kinds. A reader has no variable that keeps Python from buffering. */
function typed(command: string): string {
  const line = command.replace(/^irqbypass-spec /, `node '${join(packageRoot, 'dist', 'cli', 'main.js')}' `);
  const { PYTHONUNBUFFERED: _, ...env } = process.env;
  return spawnSync('bash', ['-c', `${line} 2>&1`], { cwd: folder, encoding: 'utf8', env: { ...env, NO_COLOR: '1' } })
    .stdout;
}

/** A text in which a line `...` stands for any lines. */
function patternOf(text: string): RegExp {
  const lines = text.trimEnd().split('\n');
  const escaped = lines.map((line) =>
    line === '...' ? '(?:.*\\n)*?' : `${line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\n`,
  );
  return new RegExp(`^${escaped.join('')}$`);
}

test('each step of the page is as it says', () => {
  const blocks = blocksOf(readFileSync(join(packageRoot, 'docs', 'adapter.md'), 'utf8'));
  let commands = 0;
  for (const { info, text } of blocks) {
    const [language, file] = info.split(' ');
    if (language !== 'console') {
      writeFileSync(join(folder, file ?? ''), text);
      continue;
    }
    const [command = '', ...said] = text.split('\n');
    commands++;
    expect(typed(command.replace(/^\$ /, ''))).toMatch(patternOf(said.join('\n')));
  }
  expect([commands, blocks.length]).toEqual([7, 15]);
});
