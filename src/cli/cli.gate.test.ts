/** The command line where it takes several runs to see what it does. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../spec/formats/results.js';
import { validate } from '../formats/validate.js';
import { SHORT } from './fixtures/command-line.js';
import { emptyFolder } from './fixtures/empty-folder.js';

const { path, spec } = emptyFolder();

test('run of a mutant: exit status 1, two findings, each in a file that replays', () => {
  const { status, stdout } = spec(
    ...'run mutant:linux-5.9 --tier smoke --scope 1x1x1 --budget 100 --seed 1'.split(' '),
  );
  expect(status).toBe(1);
  expect(stdout).toContain('Finding 1 of 2: BAL-2');
  expect(stdout).toContain('Finding 2 of 2: BAL-1');
  const files = readdirSync(path('.irqbypass-spec', 'findings')).filter((name) => name.endsWith('.json'));
  expect(files).toHaveLength(2);
  for (const name of files) {
    const file = join('.irqbypass-spec', 'findings', name);
    expect(spec('replay', file)).toMatchObject({ status: 1 });
    expect(spec('replay', file, '--target', 'reference:linux-5.9')).toMatchObject({ status: 0 });
  }
});

test('run with the same seed prints the same report, byte for byte but for the time', () => {
  const once = () =>
    JSON.parse(
      spec(...'run mutant:rekey --tier smoke --scope 1x1x1 --budget 100 --seed 3 --report json'.split(' ')).stdout,
    );
  const [first, second] = [once(), once()] as [Report, Report];
  expect({ ...second, seconds: 0 }).toEqual({ ...first, seconds: 0 });
});

test('run with a baseline that it does not need: exit status 1, stale', () => {
  spec('baseline', 'mutant:linux-5.9', '--output', 'known.json', '--tier', 'smoke', '--seed', '1');
  expect(spec('run', 'mutant:linux-5.9', '--baseline', 'known.json', '--tier', 'smoke').status).toBe(0);
  const { status, stdout } = spec('run', 'reference:linux-5.9', '--baseline', 'known.json', '--tier', 'smoke');
  expect(status).toBe(1);
  expect(stdout).toContain('The baseline is out of date');
});

test('a module of somebody else is judged', () => {
  const write = (name: string, text: string) => writeFileSync(path(name), text);
  write(
    'manager.mjs',
    `export function createManager() {
      return { registerProducer: () => 0, unregisterProducer() {}, registerConsumer: () => 0, unregisterConsumer() {} };
    }
    export const number = 7;`,
  );
  expect(spec('run', 'module:./manager.mjs', ...SHORT.split(' '), '--fail-fast').status).toBe(1);
  expect(spec('run', 'module:./manager.mjs#number').stderr).toContain('expected a function named number');
});

test('too few programs to say: exit status 2, and what to raise', () => {
  const { status, stdout } = spec(...'run --role host reference --tier smoke --budget 1 --seed 1'.split(' '));
  expect(status).toBe(2);
  expect(stdout).toContain('met too rarely');
});

test('what tells two hosts apart fits its schema', () => {
  const { status, stdout } = spec(
    ...'diff --role consumer reference mutant:kvm-never-registers --budget 20 --report json'.split(' '),
  );
  expect(validate('host-diff', JSON.parse(stdout))).toMatchObject({ ok: true });
  expect(status).toBe(1);
});
