/** A new project: what `init` makes, and its three commands as they are typed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runIn } from '../../src/cli/fixtures/command-line.js';
import { readBaselineFile } from '../../src/formats/read.js';
import { languageNames, languages } from '../../src/init/languages.js';
import { inGate } from './extent.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The commands that a text tells its reader to type. */
function commandsOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('    ') ? [line.trim()] : []));
}

/** Lines of shell, typed one after the other; @returns the exit status of each */
function typed(lines: readonly string[]): { readonly statuses: readonly number[]; readonly output: string } {
  const script = lines.map((line) => `${line}; echo "status $?"`).join('\n');
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
  const statuses = [...stdout.matchAll(/^status (\d+)$/gm)].map(([, status]) => Number(status));
  return { statuses, output: stdout + stderr };
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

  test.skipIf(!inGate)('its three commands say that the adapter is right and that the stub does not conform', () => {
    const { statuses, output } = typed(commandsOf(made.stdout));
    expect(statuses, output).toEqual([0, 0, 1]);
    expect(output).toContain('The adapter does what spec/protocol.md asks.');
    expect(output).toMatch(/does not conform to core: 2 rules broken, 2 findings/);
    expect(output).toContain('returns -38 (-ENOSYS)');
  });
});

test.skipIf(!inGate)('what CI runs is red for a stub, and leaves a report', () => {
  const script = 'TIER=smoke sh conformance.sh >/dev/null';
  const { statuses, output } = typed(['cd my-python', script]);
  expect(statuses, output).toEqual([0, 1]);
  expect(existsSync(join(folder, 'my-python', 'conformance.xml'))).toBe(true);
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
