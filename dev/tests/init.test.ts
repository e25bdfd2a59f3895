/** A new project: what `init` makes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runIn } from '../../src/cli/fixtures/command-line.js';
import { readBaselineFile } from '../../src/formats/read.js';
import { languageNames, languages } from '../../src/init/languages.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The commands that a text tells its reader to type. */
function commandsOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('    ') ? [line.trim()] : []));
}

describe.each(languageNames)('%s', (language) => {
  const project = join(folder, `my-${language}`);
  const made = runIn(folder, ['init', language, `my-${language}`]);

  test('is a project of its own, with a baseline of nothing and no placeholder left', () => {
    expect([made.status, made.stderr]).toEqual([0, '']);
    const files = /has (.*?)\. It needs/.exec(made.stdout)?.[1]?.split(/, | and /) ?? [];
    expect(files).toEqual(
      expect.arrayContaining(['.gitignore', 'conformance.sh', 'known.json', languages[language]?.stub]),
    );
    for (const file of files.filter((one) => /\.\w+$/.test(one))) {
      expect(readFileSync(join(project, file), 'utf8'), file).not.toMatch(/@[A-Z]+@/);
    }
    expect(readBaselineFile(join(project, 'known.json')).entries).toEqual([]);
    expect(commandsOf(made.stdout)).toHaveLength(3);
  });
});

test('a folder that holds something is left alone', () => {
  writeFileSync(join(folder, 'mine'), '');
  const { status, stderr } = runIn(folder, ['init', 'python', '.']);
  expect([status, stderr]).toEqual([
    64,
    expect.stringContaining('is there already. init takes a folder that is new or empty.'),
  ]);
});

test('another language is told where to read', () => {
  const { status, stderr } = runIn(folder, ['init', 'cobol', 'new']);
  expect([status, stderr]).toEqual([64, expect.stringContaining('docs/adapter.md')]);
});
