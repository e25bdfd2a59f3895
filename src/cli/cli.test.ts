/** The command line, as people and CI use it: exit statuses, texts, files. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../spec/formats/results.js';
import { core } from '../../spec/profiles/core.js';
import { enact } from '../../spec/reading/enact.js';
import type { Event, Trace } from '../../spec/vocabulary.js';
import { packageRoot } from '../files/root.js';
import { validate } from '../formats/validate.js';
import { SHORT } from './fixtures/command-line.js';
import { emptyFolder } from './fixtures/empty-folder.js';

const { path, spec } = emptyFolder();

const trace: Trace = enact(
  {
    objects: [
      { id: 'p0', callbacks: [] },
      { id: 'c0', callbacks: ['addProducer', 'delProducer'] },
    ],
    lanes: [
      [
        { operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 },
        { operation: 'registerConsumer', object: 'c0', token: 't0' },
        { operation: 'unregisterConsumer', object: 'c0' },
      ],
    ],
  },
  core,
);

function write(name: string, value: unknown): string {
  const file = path(name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

describe('explore', () => {
  test('proves the rules: exit status 0, and no progress in a pipe', () => {
    const { status, stdout, stderr } = spec('explore', '--scope', '2x2x2', '--profile', 'linux-4.7', '--symmetry');
    expect(status).toBe(0);
    expect(stdout).toContain('states       49, in 10 orbits');
    expect(stderr).toBe('');
  });

  test('a scope on which a rule is never met proves nothing of it: exit status 2', () => {
    const { status, stdout } = spec('explore', '--scope', '1x1x1', '--profile', 'linux-4.7');
    expect(status).toBe(2);
    expect(stdout).toContain('NOT PROVED: TOKEN-1 was never exposed on this scope');
  });

  test('a scope that is too large is refused at once: exit status 2', () => {
    const { status, stdout, stderr } = spec('explore', '--scope', '7x7x7');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('The scope 7x7x7 is too large for core: its');
    expect(stderr).toContain('Take a smaller scope, or --symmetry.');
  });

  test('what may be left out is said: exit status 64', () => {
    const { status, stderr } = spec('explore', '--without', 'null-token,everything');
    expect(status).toBe(64);
    expect(stderr).toContain(
      '--without takes a list of null-token, memory, failures, misuse, subsets, proofs; came "everything".',
    );
  });
});

describe('run', () => {
  test('of the reference conforms: exit status 0, a short report, the seed, and no progress in a pipe', () => {
    const { status, stdout, stderr } = spec('run', '--tier', 'smoke', '--seed', '7');
    expect(status).toBe(0);
    expect(stdout).toContain('reference conforms to core');
    expect(stdout).toContain('seed 7');
    expect(stdout.split('\n').length).toBeLessThan(25);
    expect(stderr).toBe('');
  });

  test('without a seed prints the one it took', () => {
    expect(spec('run', '--tier', 'smoke', '--scope', '1x1x1', '--budget', '20').stdout).toMatch(/--seed \d+/);
  });

  test('reports as JSON that the schema accepts, and as JUnit, to files', () => {
    const { status } = spec('run', ...SHORT.split(' '), '--report', 'json=report.json', '--report', 'junit=report.xml');
    expect(status).toBe(0);
    const report = JSON.parse(readFileSync(path('report.json'), 'utf8')) as Report;
    expect(validate('report', report)).toMatchObject({ ok: true });
    expect(readFileSync(path('report.xml'), 'utf8')).toContain('<testsuites');
  });

  test('of /bin/cat: exit status 2, and what a target must answer', () => {
    const { status, stdout, stderr } = spec('run', 'exec:/bin/cat');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/exec:\/bin\/cat gave a wrong answer: .*A target answers \{"type":"hello"/);
  });

  test.each([
    [['--tier', 'huge'], /--tier takes smoke, pr, nightly; came "huge"\./],
    [['--budget', '0'], /--budget takes a whole number of at least 1; came "0"\./],
    [['--seed', 'x'], /--seed takes a whole number of at least 0; came "x"\./],
    [
      ['--rules', 'NOPE-1'],
      /--rules: there is no rule or chapter "NOPE-1" about a manager; 'irqbypass-spec rules' lists them\./,
    ],
    [['--report', 'pdf'], /--report takes pretty, json, .*, each with =FILE or without; came "pdf"\./],
    [['--profile', 'linux-9'], /There is no profile "linux-9"\. There are: core/],
    [['teapot:'], /There is no target "teapot:"\. A target is one of/],
    [['mutant:nobody'], /There is no mutant "nobody"\. There are: linux-5\.9/],
    [['--frobnicate'], /unknown option '--frobnicate'/],
  ])('%j is wrong usage: exit status 64', (args, text) => {
    const { status, stdout, stderr } = spec('run', ...args);
    expect(stderr).toMatch(text);
    expect(status).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).not.toContain('    at ');
  });

  test.each([
    ['no-such-file.json', undefined, /no-such-file\.json/],
    ['broken.json', '{ "format": ', /broken\.json:1:\d+/],
    [
      'other.json',
      { format: 'irqbypass-spec/baseline/2' },
      /expected a baseline; the file says that it holds "irqbypass-spec\/baseline\/2"/,
    ],
  ])('a baseline that cannot be used, %s: exit status 2, where and what', (name, value, text) => {
    if (value !== undefined) write(name, value);
    const { status, stderr } = spec('run', '--baseline', name);
    expect(stderr).toMatch(text);
    expect(status).toBe(2);
    expect(stderr).not.toContain('    at ');
  });
});

describe('check', () => {
  test('of a trace that the spec allows: exit status 0', () => {
    const { status, stdout } = spec('check', write('good.json', trace));
    expect(stdout).toContain('conforms to core');
    expect(status).toBe(0);
  });

  test('of a trace without its last start: exit status 1, and the rule', () => {
    const events = trace.events.filter((event) => event.type !== 'enter' || event.callback !== 'delProducer');
    const bad = {
      ...trace,
      events: events.filter((event) => event.type !== 'leave' || event.callback !== 'delProducer'),
    };
    const { status, stdout } = spec('check', write('bad.json', bad));
    expect(stdout).toContain('PAIR-4');
    expect(status).toBe(1);
  });

  test('of a trace that shows nothing: exit status 2', () => {
    const { status, stdout } = spec('check', write('empty.json', { objects: [], events: [] }));
    expect(stdout).toContain('no rule was exposed');
    expect(status).toBe(2);
  });

  test('of events in more than one lane: in the order in which they took effect', () => {
    const events = trace.events.map((event): Event => ({ ...event, lane: 1 }));
    const { status, stdout } = spec('check', write('lanes.json', { ...trace, events }));
    expect(stdout).toContain('conforms to core');
    expect(status).toBe(0);
  });

  test('of a lane whose last operation does not return: exit status 2, it cannot be judged', () => {
    const events = trace.events.slice(0, -1).map((event): Event => ({ ...event, lane: 1 }));
    const { status, stdout } = spec('check', write('unended.json', { ...trace, events }));
    expect(stdout).toContain('the operation of lane 1 does not return');
    expect(status).toBe(2);
  });

  test('of what is no trace: exit status 2, where, what was expected, what came', () => {
    const { status, stderr } = spec(
      'check',
      write('no.json', { ...trace, events: [{ type: 'enter', callback: 'begin', object: 'p0' }] }),
    );
    expect(stderr).toMatch(/at events\[0\]\.callback, expected .*; came "begin"/);
    expect(stderr).toContain('trace.schema.json');
    expect(status).toBe(2);
  });
});

describe('a recording of a kernel', () => {
  const recording = join(packageRoot, 'src', 'recording', 'fixtures', 'linux-6.1.trace');

  test('is judged as it is, under the profile of its kernel: exit status 0', () => {
    const { status, stdout } = spec('check', recording);
    expect(stdout).toContain('14 operations in 3 tasks');
    expect(stdout).toContain('conforms to linux-4.7');
    expect(status).toBe(0);
  });

  test('is made by a script that a shell takes, for either generation', () => {
    for (const [name, field] of [
      ['token-in-object', 'token=+16($arg1):x64'],
      ['token-as-argument', 'token=$arg2:x64'],
    ] as const) {
      const { status, stdout } = spec('record', '--generation', name);
      expect(status).toBe(0);
      expect(stdout).toContain(`generation=${name}`);
      expect(stdout).toContain(field);
      expect(spawnSync('sh', ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    }
  });

  test('of a host without tracefs or without root is none: exit status 2, with the reason', () => {
    const script = write('record.sh', spec('record').stdout.replaceAll('/sys/kernel', path('no')));
    const { status, stderr } = spawnSync('sh', [script], { cwd: path(), encoding: 'utf8' });
    expect(stderr).toMatch(/^record: (?:it takes root|there is no tracefs with kprobe events)/);
    expect(status).toBe(2);
  });

  test.each([
    [['record', '--seconds', '5'], '--seconds takes --output'],
    [['record', '--generation', 'x'], '--generation takes token-in-object or token-as-argument'],
    [['observe', '--linux', '6.1'], '--linux takes debian:VERSION[@'],
    [['observe', '--linux', 'debian:6.1', '--show', 'some'], '--show takes all, first, none'],
    [['observe'], 'required option'],
    [
      ['baseline', 'observe:debian:6.1', '--role', 'host', '--output', 'b.json'],
      'it cannot be judged with --role host',
    ],
  ])('%j is wrong usage: exit status 64', (args, text) => {
    const { status, stderr } = spec(...args);
    expect(stderr).toContain(text);
    expect(status).toBe(64);
  });
});

describe('the rest', () => {
  test('replay of what is no finding: exit status 2', () => {
    expect(spec('replay', write('no.json', {}))).toMatchObject({ status: 2, stdout: '' });
  });

  test('a finding holds what is needed to read it without the tool', () => {
    spec(...'run mutant:no-roll-back --tier smoke --scope 1x1x1 --budget 100 --seed 1'.split(' '));
    const files = path('.irqbypass-spec', 'findings');
    const [name] = readdirSync(files).filter((one) => one.endsWith('.json'));
    const finding = JSON.parse(readFileSync(join(files, name ?? ''), 'utf8')) as Finding;
    expect(validate('finding', finding)).toMatchObject({ ok: true });
    expect(finding).toMatchObject({ rule: 'FAIL-2', target: 'mutant:no-roll-back', profile: 'core' });
  });

  test('a report is held against itself: exit status 0, and 1 when somebody has changed it', () => {
    spec(...'run mutant:no-roll-back --tier smoke --scope 1x1x1 --budget 100 --seed 1 --report json=r.json'.split(' '));
    expect(spec('verify', 'r.json')).toMatchObject({ status: 0, stderr: '' });
    const report = JSON.parse(readFileSync(path('r.json'), 'utf8')) as Report;
    write('changed.json', { ...report, exit: 0 });
    const { status, stdout } = spec('verify', 'changed.json');
    expect(stdout).toContain('its exit status is 0; its rules and findings give 1');
    expect(status).toBe(1);
    write('other.json', { ...report, rulesHash: 'ffffffffffffffff' });
    expect(spec('verify', 'other.json')).toMatchObject({ status: 2, stdout: '' });
  });

  test('what tells two targets apart fits its schema', () => {
    const { status, stdout } = spec('diff', 'linux-4.7', 'linux-6.17', '--length', '2', '--report', 'json');
    expect(validate('diff', JSON.parse(stdout))).toMatchObject({ ok: true });
    expect(status).toBe(1);
  });

  test('a plan says what a run would do, and nothing is run: exit status 0', () => {
    const { status, stdout } = spec('run', 'mutant:no-roll-back', '--tier', 'smoke', '--seed', '1', '--plan');
    expect(stdout).toMatch(/nothing was run[\s\S]* 2,500 {2}random programs\n[\s\S]*programs in all, in \d+ parts;/);
    expect(status).toBe(0);
    expect(readdirSync(path())).toEqual([]);
    expect(spec('run', '--plan', '--report', 'json')).toMatchObject({ status: 64, stdout: '' });
  });

  test('each rule has a hash of its own, which is not that of another one', () => {
    const { rules } = JSON.parse(spec('rules', '--json').stdout) as { rules: readonly { readonly hash: string }[] };
    expect(new Set(rules.map(({ hash }) => hash)).size).toBe(rules.length);
  });

  test('rules, explain, schemas, help', () => {
    expect(spec('rules').stdout).toMatch(/BAL-1 +Every stop MUST have its start/);
    expect(spec('rules', '--profiles').stdout).toContain('linux-6.17');
    expect(spec('rules', '--undefined').stdout).toContain('Calling an operation from inside a callback.');
    expect(spec('explain', 'bal-1').stdout).toMatch(/Why: {5}On Arm, stop halts the whole guest/);
    expect(spec('explain', 'BAL-99')).toMatchObject({ status: 64 });
    expect(spec('schemas').stdout).toContain('trace.schema.json');
    expect(spec('--help')).toMatchObject({ status: 0 });
    expect(spec('run', '--help').stdout).toContain('linux-source:debian:VERSION');
    expect(spec()).toMatchObject({ status: 64 });
  });

  test('smoke tells whether an adapter is right', () => {
    const stub = join(packageRoot, 'src', 'targets', 'fixtures', 'stub-target.mjs');
    expect(spec('smoke', 'reference')).toMatchObject({ status: 0 });
    expect(spec('smoke', `exec:"${process.execPath}" "${stub}" well`)).toMatchObject({ status: 0 });
    const { status, stdout } = spec('smoke', `exec:"${process.execPath}" "${stub}" lies`);
    expect(stdout).toContain('The adapter must be mended first');
    expect(status).toBe(2);
  });
});
