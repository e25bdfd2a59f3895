/** Shards and helpers of runs that take longer: roles on a host, the C of a kernel, and the command line. */
import { copyFileSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RoleUnderTest } from '../../spec/formats/host-results.js';
import { emptyFolder } from '../../src/cli/fixtures/empty-folder.js';
import { host } from '../../src/host/host.js';
import { profileNamed } from '../../src/targets/resolve.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { extent } from './extent.js';
import { expectSame } from './fixtures/in-shards.js';

describe('the shards of a run on a host, merged, are the run', () => {
  const addresses: readonly (readonly [RoleUnderTest, string])[] = [
    ['host', 'reference'],
    ['producer', 'mutant:vfio-free-irq-first'],
    ['consumer', 'mutant:kvm-lost-update'],
  ];
  test.each(addresses)('as %s, on %s', { timeout: 120_000 }, async (role, address) => {
    const subject = host(role);
    const options = async () => ({
      target: await openHostTarget(address, role, undefined),
      profile: profileNamed('core'),
      rules: subject.rules,
      allRules: true,
      seed: 4,
      programs: extent(60, 60, 120),
      tier: 'smoke' as const,
      coverage: { scope: false, backEnds: ['vtd-posted'] as const },
      partLength: 20,
      now: () => 0,
    });
    await expectSame(subject, options, 3);
  });
});

describe('on the command line', () => {
  const { path, spec } = emptyFolder();

  /** Run a shard of a run that is as short as can be. */
  const shard = (number: string, file: string, seed = '1') =>
    spec(
      ...'run reference --tier smoke --budget 9 --scope 1x1x1 --rules tokens'.split(' '),
      ...['--seed', seed, '--shard', number, '--report', `json=${file}`],
    );

  /** A report without how long it took. */
  const reportIn = (file: string) => readFileSync(path(file), 'utf8').replace(/^ {2}"seconds": .*$/m, '');

  const few: readonly string[] = ['--budget', '100', '--scope', '1x1x1'];
  const runs: readonly (readonly string[])[] = [
    ['linux-source:debian:6.12', '--tier', 'smoke', '--seed', '1', ...extent(few, few, [])],
    ['mutant:linux-5.9', '--tier', 'smoke', '--seed', '2', ...extent(few, few, [])],
  ];
  test.each(runs)(
    '%s %s %s %s: three shards merged, and two processes, give the same',
    { timeout: 300_000 },
    (...run) => {
      const whole = spec('run', ...run, '--jobs', '1', '--report', 'json=whole.json');
      const together = spec('run', ...run, '--jobs', '2', '--report', 'json=together.json');
      expect(together.status).toBe(whole.status);
      expect(reportIn('together.json')).toBe(reportIn('whole.json'));
      for (const shard of ['1', '2', '3']) {
        const { status } = spec('run', ...run, '--shard', `${shard}/3`, '--report', `json=${shard}.json`);
        expect(status).toBe(0);
      }
      const merged = spec('merge', '3.json', '1.json', '2.json', '--report', 'json=merged.json');
      expect(merged.status).toBe(whole.status);
      expect(reportIn('merged.json')).toBe(reportIn('whole.json'));
    },
  );

  test('three shards of an exploration merged, and two processes, give the same', { timeout: 120_000 }, () => {
    const asked = ['explore', '--scope', extent('2x1x1', '2x1x1', '2x1x2'), '--profile', 'linux-6.17'];
    const resultIn = (file: string) => readFileSync(path(file), 'utf8').replace(/^ *"seconds": .*$/gm, '');
    const textOf = (text: string) => text.replace(/^ *time .*$/gm, '');
    const whole = spec(...asked, '--jobs', '1', '--report', 'json=whole.json');
    const together = spec(...asked, '--jobs', '2', '--report', 'json=together.json');
    for (const shard of ['1', '2', '3']) spec(...asked, '--shard', `${shard}/3`, '--report', `json=${shard}.json`);
    const merged = spec('merge', '3.json', '1.json', '2.json', '--report', 'json=merged.json');
    expect(spec('merge', '3.json', '1.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('2/3 is missing'),
    });
    expect(spec(...asked, '--shard', '1/3')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('--report json=FILE'),
    });
    shard('2/3', 'other.json');
    expect(spec('merge', '1.json', 'other.json').stderr).toContain(
      'other.json: expected a shard of an exploration, as 1.json is; came a run without --role',
    );
    for (const [said, file] of [
      [together, 'together.json'],
      [merged, 'merged.json'],
    ] as const) {
      expect(said.status).toBe(whole.status);
      expect(textOf(said.stdout)).toBe(textOf(whole.stdout));
      expect(resultIn(file)).toBe(resultIn('whole.json'));
    }
  });

  test.each([
    ['linux-source:debian:6.12', 'reference:linux-6.17', '--length', '2'],
    ['reference', 'mutant:vfio-free-irq-first', '--role', 'producer', '--budget', extent('50', '50', '200')],
  ])('two processes find what tells %s from %s, as one does', { timeout: 120_000 }, (...compared) => {
    const one = spec('diff', ...compared, '--report', 'json', '--jobs', '1');
    const two = spec('diff', ...compared, '--report', 'json', '--jobs', '2');
    expect({ status: two.status, stdout: two.stdout }).toEqual({ status: 1, stdout: one.stdout });
  });

  test('what does not make one run is refused by name', { timeout: 120_000 }, () => {
    shard('1/2', 'a.json');
    shard('2/2', 'b.json');
    shard('2/2', 'other.json', '9');
    copyFileSync(path('a.json'), path('a-again.json'));
    const refused = (...files: readonly string[]) => spec('merge', ...files);
    expect(refused('a.json')).toMatchObject({ status: 2, stderr: expect.stringContaining('2/2 is missing') });
    expect(refused('a.json', 'a-again.json').stderr).toContain('shard 1/2 came as a.json already');
    expect(refused('a.json', 'other.json').stderr).toContain('expected the seed to be 1, as a.json has; came 9');
    expect(refused('a.json', 'b.json').stdout).toContain('reference');
  });
});
