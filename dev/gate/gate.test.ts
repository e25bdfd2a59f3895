/** The gate: what runs when, what counts, and that nothing is left out in silence. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checks } from './checks.js';
import { danglingLinks, isOurs } from './package-contents.js';
import { commandsIn } from './readme-commands.js';
import { byNight, type Check, leftToTheNight, type Ran, type Result, runAll } from './schedule.js';
import { failuresIn, resultsIn, runLine, tallyOf } from './shell.js';

const fine: Ran = { status: 0, output: '', cpu: 0 };
const check = (name: string, more: Partial<Check> = {}): Check => ({ name, line: name, ...more });

/** Run checks whose ends the test decides; `order` is what started and ended, in its order. */
async function play(all: readonly Check[], cores: number, ran: (check: Check) => Ran = () => fine) {
  const order: string[] = [];
  const results = await runAll(all, cores, {
    run: async (one) => {
      await Promise.resolve();
      return ran(one);
    },
    now: () => 0,
    onStart: ({ name }) => order.push(`+${name}`),
    onEnd: ({ check: { name } }) => order.push(`-${name}`),
  });
  return { order: order.join(' '), results };
}

const counts = (results: readonly Result[]) => results.map(({ passed, failed }) => [passed, failed]);

describe('the schedule', () => {
  test('runs as many checks at once as there are cores, the first of the table first', async () => {
    const all = ['a', 'b', 'c'].map((name) => check(name));
    expect((await play(all, 1)).order).toBe('+a -a +b -b +c -c');
    expect((await play(all, 2)).order).toMatch(/^\+a \+b -a/);
  });

  test('starts a check when what it needs has passed, and lets another go first meanwhile', async () => {
    const all = [check('a'), check('b', { after: ['a'] }), check('c')];
    expect((await play(all, 2)).order).toMatch(/^\+a \+c -a/);
  });

  test('gives no core to a check that only waits', async () => {
    const all = [check('fetch', { waits: true }), check('a'), check('b')];
    expect((await play(all, 1)).order).toMatch(/^\+fetch \+a -/);
  });

  test('counts a check whose needs failed as a failure, and says so', async () => {
    const all = [check('a'), check('b', { after: ['a'] }), check('c', { after: ['b'] })];
    const { order, results } = await play(all, 2, () => ({ ...fine, status: 1 }));
    expect(order).toBe('+a -a -b -c');
    expect(counts(results)).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(results[1]?.problems).toEqual(['not run, since it needs "a", which failed']);
  });

  test('refuses a table in which a check needs what does not stand before it', async () => {
    await expect(play([check('a', { after: ['b'] }), check('b')], 1)).rejects.toThrow('"a" needs "b"');
    await expect(play([check('a'), check('a')], 1)).rejects.toThrow('two checks named "a"');
  });
});

describe('what counts', () => {
  test.each<[string, Partial<Check>, Ran, number, number]>([
    ['the exit status that is right', {}, fine, 1, 0],
    ['another one', {}, { ...fine, status: 1 }, 0, 1],
    ['one that is right because it is not 0', { status: 2 }, { ...fine, status: 2 }, 1, 0],
    ['0 where it should not be', { status: 2 }, fine, 0, 1],
    ['what was counted', {}, { ...fine, tally: { passed: 7, failed: 0, skipped: 0 } }, 7, 0],
    ['what failed of it, once', {}, { ...fine, status: 1, tally: { passed: 7, failed: 2, skipped: 0 } }, 7, 2],
    ['a failure that was not counted', {}, { ...fine, status: 1, tally: { passed: 7, failed: 0, skipped: 0 } }, 7, 1],
    ['anything that was skipped', {}, { ...fine, tally: { passed: 7, failed: 0, skipped: 3 } }, 7, 1],
  ])('%s', async (_, more, ran, passed, failed) => {
    expect(counts((await play([check('a', more)], 1, () => ran)).results)).toEqual([[passed, failed]]);
  });

  test('is read from the last words of a line, or from what vitest wrote down', () => {
    const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
    const file = join(folder, 'results.json');
    try {
      expect(tallyOf('well\n3 passed, 1 failed\n', resultsIn(file))).toEqual({ passed: 3, failed: 1, skipped: 0 });
      expect(tallyOf('3 passed, 1 failed\nand more\n', resultsIn(file))).toBeUndefined();
      writeFileSync(file, '{"numPassedTests":5,"numFailedTests":0,"numFailedTestSuites":1,"numPendingTests":2}');
      expect(tallyOf('', resultsIn(file))).toEqual({ passed: 5, failed: 1, skipped: 2 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('what failed can be told once more: from lines that say so, or from what vitest wrote down', () => {
    const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
    const file = join(folder, 'results.json');
    const test = (fullName: string, status: string) => ({ fullName, status, failureMessages: [`Error: ${fullName}`] });
    const results = [
      {
        name: 'a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [test('x', 'failed'), test('y', 'passed')],
      },
      { name: 'b.test.ts', status: 'failed', message: 'It cannot be loaded.', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', message: '', assertionResults: [test('z', 'passed')] },
    ];
    try {
      expect(failuresIn('ok     one\nFAILED two\n** why\n1 passed, 1 failed\n', resultsIn(file))).toEqual([
        'FAILED two',
        '** why',
      ]);
      writeFileSync(file, JSON.stringify({ testResults: results }));
      expect(failuresIn('', resultsIn(file))).toEqual([
        'FAILED a.test.ts: x\nError: x',
        'FAILED b.test.ts\nIt cannot be loaded.',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a line of shell has its status, both its streams, and the time of its children', async () => {
    const ran = await runLine('echo out; echo err >&2; false', { folder: tmpdir() });
    expect(ran).toMatchObject({ status: 1, output: 'out\nerr\n' });
    expect((await runLine('exit 3', { folder: tmpdir() })).status).toBe(3);
    expect((await runLine('echo "1 passed, 0 failed"', { folder: tmpdir() })).tally?.passed).toBe(1);
  });
});

describe('the night', () => {
  const all = [check('a'), check('b', { after: ['a'] }), check('c', { after: ['b'], night: 'c, further' }), check('d')];

  test('is told of in the gate, and runs what goes further by night, after what that needs', () => {
    expect(leftToTheNight(all)).toEqual(['c']);
    expect(byNight(all).map(({ name, line }) => [name, line])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c, further'],
    ]);
  });

  test('leaves nothing to another night', () => {
    expect(leftToTheNight(byNight(checks))).toEqual([]);
  });
});

test('the table of the gate is sound', async () => {
  const { results } = await play(checks, 2);
  expect(results).toHaveLength(checks.length);
});

test('the commands of a page are those of its indented code, and those typed in a sentence', () => {
  const page = [
    'Read `irqbypass-spec rules`, or `npm run bench`.',
    '',
    '    npm ci && npm run conformance      # judge the reference',
    '    npx irqbypass-spec tour',
    '',
    'As in `npx irqbypass-spec tour`, `irqbypass-spec/spec` and `diff a b`.',
  ].join('\n');
  expect(commandsIn(page)).toEqual([
    'irqbypass-spec rules',
    'npm run bench',
    'npm ci && npm run conformance',
    'npx irqbypass-spec tour',
  ]);
});

test('tests, what they use and make, build caches and dev/ are only for us', () => {
  const files = [
    'spec/spec.test.ts',
    'src/a/fixtures/b.mjs',
    'dist/.tsbuildinfo',
    'dist/dev/gate/main.js',
    'dist/pictures/a-matrix-desk-light.png',
    'dev/a.ts',
  ];
  expect(files.filter((file) => !isOurs(file))).toEqual([]);
  expect(['src/targets/target.ts', 'dist/src/developed.js', 'docs/record.md'].filter(isOurs)).toEqual([]);
});

test('a link leads nowhere when nothing is there; what is absolute or an anchor is not asked', () => {
  const page = '[a](spec/a.ts) [b](b.md#c) [c](#c) [d](https://example.org) [e](gone.md)';
  expect(danglingLinks(page, (path) => ['spec/a.ts', 'b.md'].includes(path))).toEqual(['gone.md']);
});
