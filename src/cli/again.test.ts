/** The same run again: the line that a report ends with leaves out no option that the run was given. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { sameAgain } from './again.js';
import { addRun } from './commands/run.js';
import { runIn } from './fixtures/command-line.js';

/** A value for every option of `run` that takes one. A new option needs a line here. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--role': ['producer'],
  '--profile': ['linux-4.7'],
  '--rules': ['BAL-1, tokens'],
  '--tier': ['smoke'],
  '--budget': ['7'],
  '--scope': ['2x1x1'],
  '--extra-states': ['1'],
  '--seed': ['5'],
  '--baseline': ["it's known.json"],
  '--report': ['json=a.json'],
  '--findings': ['elsewhere'],
  '--store': ['kept'],
  '--patience': ['500'],
  '--include': ['one', 'two'],
  '--shard': ['1/2'],
  '--jobs': ['2'],
};
/** What changes nothing about what is run. */
const ONLY_WRITTEN = ['--report', '--findings', '--shard', '--jobs', '--plan'];

/** `run`, after it has read some arguments, doing nothing. */
function read(args: readonly string[]): Command {
  const program = new Command();
  addRun(program);
  const [run] = program.commands;
  if (run === undefined) throw new Error('there is no command');
  run.action(() => {});
  program.parse(['run', ...args], { from: 'user' });
  return run;
}

const options = read([]).options;
const words = options.flatMap(({ long }) => {
  const name = long ?? '';
  const isFlag = options.find((option) => option.long === long)?.isBoolean() === true;
  const values = VALUES[name];
  if (!isFlag && values === undefined) throw new Error(`say in VALUES what ${name} may be`);
  return isFlag ? [name] : (values ?? []).flatMap((value) => [name, value]);
});

test('every option that changes what is run is in the line, and read the same when it is typed', () => {
  const first = read(['module:./it.js', ...words]);
  const [tool, command, ...again] = sameAgain(first, {});
  expect([tool, command]).toEqual(['irqbypass-spec', 'run']);
  const second = read(again);
  for (const option of first.options) {
    const isWritten = ONLY_WRITTEN.includes(option.long ?? '');
    expect(again.includes(option.long ?? '')).toBe(!isWritten);
    if (isWritten) continue;
    const name = option.attributeName();
    expect(second.getOptionValue(name), name).toEqual(first.getOptionValue(name));
  }
  expect(second.args).toEqual(first.args);
});

test('what was left to the tool is settled, what was left out stays out', () => {
  const words = sameAgain(read(['reference', '--fail-fast']), { seed: 9, tier: 'pr' });
  expect(words.join(' ')).toBe('irqbypass-spec run reference --tier pr --seed 9 --fail-fast');
});

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the line of a run with a baseline and some rules makes the same run', { timeout: 60_000 }, () => {
  const spec = (...args: readonly string[]) => runIn(folder, args);
  const known = { format: 'irqbypass-spec/baseline/1', target: 'reference', profile: 'core', entries: [] };
  writeFileSync(join(folder, 'known defects.json'), JSON.stringify(known));
  const args = ['--baseline', 'known defects.json', '--rules', 'failure,BAL-1', '--budget', '300', '--tier', 'smoke'];
  const first = spec('run', 'mutant:no-roll-back', ...args);
  const line = /the same run again: irqbypass-spec (.*)/.exec(first.stdout)?.[1] ?? '';
  expect(line).toContain('--rules failure,BAL-1');
  expect(line).toContain("--baseline 'known defects.json'");
  const again = spec(
    ...line.split(/ (?=--)/).flatMap((part, at) => {
      const [name = '', ...value] = part.split(' ');
      return at === 0 ? part.split(' ') : value.length === 0 ? [name] : [name, value.join(' ').replaceAll("'", '')];
    }),
  );
  expect(first.status).toBe(1);
  expect(again.status).toBe(first.status);
  expect(told(again.stdout)).toBe(told(first.stdout));
});

/** A report without how long it took. */
function told(text: string): string {
  return text.replace(/[\d.]+ s\b/, 'S');
}
