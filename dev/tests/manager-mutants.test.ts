/** Each mutant is killed by the rule that it was made for, with that rule's message; and what doing nothing passes. */
import { describe, expect, test } from 'vitest';
import { mutants, nullImplementations } from '../../conformance/mutants/index.js';
import type { Report } from '../../spec/formats/results.js';
import { findProfile } from '../../spec/profiles/index.js';
import { findRule, rules } from '../../spec/rules/index.js';
import { run } from '../../src/engine/run.js';
import { manager } from '../../src/manager/manager.js';
import { openTarget } from '../../src/targets/resolve.js';

/** Judge a mutant with more and more programs, until the rule meant for it has found it. */
async function judge(name: string, rule: string | undefined, chosen = rules): Promise<Report> {
  const target = await openTarget(`mutant:${name}`);
  const profile = findProfile(target.hello.profile ?? 'core');
  if (profile === undefined) throw new Error(target.hello.profile);
  const judgeWith = (programs: number) =>
    run(manager, {
      target,
      profile,
      rules: chosen,
      allRules: chosen === rules,
      seed: 1,
      programs,
      tier: null,
      now: () => 0,
    });
  const first = await judgeWith(manager.tiers.smoke.programs);
  if (rule === undefined || brokenIn(first).includes(rule)) return first;
  return judgeWith(manager.tiers.pr.programs);
}

const brokenIn = (report: Report) => report.rules.filter(({ broken }) => broken > 0).map(({ rule }) => rule);

describe('a mutant is killed by the rule meant for it', () => {
  test.each(mutants.map((mutant) => [mutant.name, mutant.rule, mutant] as const))('%s: %s', async (name, rule) => {
    const report = await judge(name, rule);
    expect(report.exit).toBe(1);
    expect(report.faults).toEqual([]);
    expect(brokenIn(report)).toContain(rule);
    const result = report.rules.find((one) => one.rule === rule);
    expect(result?.findings.length, 'the finding that the rule is broken in').toBeGreaterThan(0);
  });

  test('and its finding says how', async () => {
    const messages: Record<string, string> = {};
    for (const { name, rule } of mutants) {
      // A rule about two runs speaks up by itself only where no rule about one run has spoken already.
      const alone = rules.filter(({ id, kind }) => id === rule && kind === 'relation');
      const report = await judge(name, rule, alone.length > 0 ? alone : rules);
      const texts = report.findings.flatMap(({ forms }) => forms.flatMap(({ broken }) => broken));
      messages[name] = `${rule}: ${texts.find((one) => one.rule === rule)?.text}`;
    }
    for (const text of Object.values(messages)) expect(text).not.toContain('undefined');
    expect(messages).toMatchSnapshot();
  }, 300_000);

  test('there is a mutant for every rule that can be tested', () => {
    const meant = new Set(mutants.map(({ rule }) => rule));
    const testable = rules.filter(({ kind }) => kind !== 'untestable').map(({ id }) => id);
    expect(testable.filter((id) => !meant.has(id))).toEqual([]);
  });
});

describe('history', () => {
  test('mutant:linux-5.9 has two defects, and they are two findings', async () => {
    const { findings } = await judge('linux-5.9', undefined);
    expect(findings.map(({ rule, key }) => [rule, key])).toEqual([
      ['BAL-2', 'peer-waiting: wrong callbacks'],
      ['BAL-1', 'connect-fails: wrong callbacks'],
    ]);
  });
});

describe('a null implementation', () => {
  test.each(nullImplementations.map(({ name }) => name))(
    '%s does not conform; these are the rules that it passes',
    async (name) => {
      const report = await judge(name, undefined);
      expect(report.exit).toBe(1);
      const passed = report.rules
        .filter(({ verdict }) => verdict === 'pass')
        .map(({ rule }) => `${rule} ${findRule(rule)?.text}`);
      expect(passed).toMatchSnapshot();
    },
  );
});
