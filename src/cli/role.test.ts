/** The command line for hosts: exit statuses, texts, files. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validate } from '../formats/validate.js';
import { runIn } from './fixtures/command-line.js';

const SMALL = ['--tier', 'smoke', '--budget', '100', '--seed', '1'];
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const spec = (...args: readonly string[]) => runIn(folder, args);

test('a wrong producer: exit status 1, its rule, a finding that replays', { timeout: 60_000 }, () => {
  const report = join(folder, 'report.json');
  const args = ['run', '--role', 'producer', 'mutant:vfio-free-irq-first', ...SMALL];
  const { status, stdout } = spec(...args, '--report', `json=${report}`, '--findings', 'found');
  expect(status).toBe(1);
  expect(stdout).toContain('PROD-2');
  expect(stdout).toContain('the same run again: irqbypass-spec run mutant:vfio-free-irq-first --role producer');
  expect(validate('host-report', JSON.parse(readFileSync(report, 'utf8')))).toMatchObject({ ok: true });
  const [finding = ''] = readdirSync(join(folder, 'found')).filter((name) => name.endsWith('.json'));
  expect(spec('replay', join('found', finding)).status).toBe(1);
  expect(spec('replay', join('found', finding), '--target', 'reference').status).toBe(0);
});

test.each([
  [
    'a role that there is not',
    ['run', '--role', 'guest'],
    '--role takes host, manager, producer, consumer; came "guest".',
  ],
  [
    'a mutant of another role',
    ['run', '--role', 'consumer', 'mutant:vfio-free-irq-first'],
    'judge it with --role producer',
  ],
  [
    'a rule about no host',
    ['run', '--role', 'host', '--rules', 'BAL-1'],
    'there is no rule or chapter "BAL-1" about a host',
  ],
  ['a format that there is not', ['run', '--role', 'host', '--report', 'xml'], '--report takes pretty, json, junit'],
  ['what is about a manager alone', ['run', '--role', 'host', '--scope', '2x2x2'], '--scope is about a manager alone'],
])('wrong usage: %s', (_, args, text) => {
  const { status, stderr } = spec(...args);
  expect(status).toBe(64);
  expect(stderr).toContain(text);
});

test('the tour is told, and written', () => {
  const { status, stdout } = spec('tour', '--output', 'tour');
  expect(status).toBe(0);
  expect(stdout).toContain('KVM first');
  expect(stdout).toContain('bypassing the host');
  for (const file of ['tour.md', 'tour-kvm-first.svg', 'tour-vfio-first.svg']) {
    expect(existsSync(join(folder, 'tour', file)), file).toBe(true);
  }
});

test('the rules about hosts are listed and explained', () => {
  expect(spec('rules').stdout).toContain('PROD-2');
  expect(spec('explain', 'deliv-13').stdout).toContain('on every order in which a host can be set up');
});
