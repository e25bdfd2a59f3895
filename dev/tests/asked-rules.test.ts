/** Which defect a program shows does not hang on the rules that were asked for. */
import { expect, test } from 'vitest';
import type { Baseline, Report } from '../../spec/formats/results.js';
import { rules } from '../../spec/rules/index.js';
import { toBaseline } from '../../src/engine/baseline.js';
import { verify } from '../../src/engine/verify.js';
import { run } from '../../src/library.js';
import { manager } from '../../src/manager/manager.js';
import { profileNamed } from '../../src/targets/resolve.js';

/** It breaks rules of balance and of failure, and as a consequence TOKEN-7. */
const target = 'mutant:linux-5.9';
const asked = (...chosen: readonly string[]) => rules.filter(({ id }) => chosen.includes(id));
const resultOf = (report: Report, id: string) => report.rules.find(({ rule }) => rule === id);
const namesIn = (report: Report) => report.findings.map(({ name }) => name).sort();

function knownBy(report: Report): Baseline {
  return toBaseline(manager, report, target, profileNamed('linux-5.9'), undefined) as Baseline;
}

const whole = await run({ target, programs: 500 });
const baseline = knownBy(whole);

test('what the mutant breaks of TOKEN-7 follows from its two defects', () => {
  expect(whole).toMatchObject({ exit: 1, findings: [{ rule: 'BAL-2' }, { rule: 'BAL-1' }] });
  expect(resultOf(whole, 'TOKEN-7')).toMatchObject({ verdict: 'follows' });
});

test('a baseline of a whole run explains what TOKEN-7 alone shows of the same defects', async () => {
  const report = await run({ target, programs: 500, rules: asked('TOKEN-7'), baseline });
  expect(report).toMatchObject({ exit: 0, findings: [], stale: [], faults: [] });
  expect(resultOf(report, 'TOKEN-7')).toMatchObject({ verdict: 'follows' });
});

test('without a baseline what TOKEN-7 follows from is told, with the rules that it breaks', async () => {
  const report = await run({ target, programs: 500, rules: asked('TOKEN-7') });
  expect(namesIn(report)).toEqual(namesIn(whole));
  expect(resultOf(report, 'TOKEN-7')).toMatchObject({ verdict: 'follows' });
  expect(resultOf(report, 'BAL-2')).toMatchObject({ verdict: 'fail' });
  expect(verify(manager, report, profileNamed('linux-5.9')).problems).toEqual([]);
});

test.each([[['FAIL-2']], [['CALL-4', 'TOKEN-7']], [['BAL-1', 'BAL-2']]])(
  'the findings of %s are findings of the whole run, by name',
  async (chosen) => {
    const report = await run({ target, programs: 500, rules: asked(...chosen) });
    expect(report.exit).toBe(1);
    expect(namesIn(report).length).toBeGreaterThan(0);
    expect(namesIn(whole)).toEqual(expect.arrayContaining(namesIn(report)));
  },
);

test('a baseline of some rules is true of a whole run, as far as it goes', async () => {
  const some = await run({ target, programs: 500, rules: asked('FAIL-2') });
  const report = await run({
    target,
    programs: 500,
    baseline: knownBy(some),
  });
  expect(some.findings.length).toBeGreaterThan(0);
  expect(report).toMatchObject({ stale: [], faults: [] });
  expect(report.known.map(({ key }) => key)).toEqual(expect.arrayContaining(some.findings.map(({ key }) => key)));
});

test.each(['linux-4.4', 'rfc-2015', 'linux-5.9'] as const)(
  'the reference that is judged under %s is the one of that profile',
  async (profile) => {
    expect(await run({ target: 'reference', profile, programs: 500 })).toMatchObject({ findings: [], profile });
  },
);
