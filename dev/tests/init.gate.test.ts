/** A new project in each language: the three commands that `init` prints, as they are typed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runIn } from '../../src/cli/fixtures/command-line.js';
import { languageNames } from '../../src/init/languages.js';

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

test.each(languageNames)('%s: the adapter is right, and the stub does not conform', (language) => {
  const made = runIn(folder, ['init', language, `my-${language}`]);
  expect([made.status, made.stderr]).toEqual([0, '']);
  const { statuses, output } = typed(commandsOf(made.stdout));
  expect(statuses, output).toEqual([0, 0, 1]);
  expect(output).toContain('The adapter does what spec/protocol.md asks.');
  expect(output).toMatch(/does not conform to core: 2 rules broken, 2 findings/);
  expect(output).toContain('returns -38 (-ENOSYS)');
});

test('what CI runs is red for a stub, and leaves a report', () => {
  runIn(folder, ['init', 'python', 'in-ci']);
  const { statuses, output } = typed(['cd in-ci', 'TIER=smoke sh conformance.sh >/dev/null']);
  expect(statuses, output).toEqual([0, 1]);
  expect(existsSync(join(folder, 'in-ci', 'conformance.xml'))).toBe(true);
});
