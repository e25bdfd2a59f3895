/** Each mutant is killed by the rule that it was made for, with that rule's message; and what doing nothing passes. */
import { describe, expect, test } from 'vitest';
import { mutants, nullImplementations } from '../../conformance/mutants/index.js';
import type { Report } from '../../spec/formats/results.js';
import { findRule, rules } from '../../spec/rules/index.js';
import { manager } from '../../src/manager/manager.js';
import { openTarget } from '../../src/targets/resolve.js';
import { judgeManager } from './judge-manager.js';
import { untilRule } from './until-rule.js';

/** Judge a mutant by all rules. */
async function judge(name: string): Promise<Report> {
  return judgeManager(await openTarget(`mutant:${name}`), { programs: manager.tiers.smoke.programs });
}

describe('a mutant is killed by the rule meant for it', () => {
  test.each(mutants.map((mutant) => [mutant.name, mutant.rule, mutant] as const))('%s: %s', async (_, rule, mutant) => {
    const { exit, faults, text } = await untilRule(mutant);
    expect({ exit, faults }).toEqual({ exit: 1, faults: [] });
    expect(text, 'what the rule says in the finding').toBeDefined();
    expect(text).not.toContain('undefined');
    expect(`${rule}: ${text}`).toMatchSnapshot();
  });

  test('there is a mutant for every rule that can be tested', () => {
    const meant = new Set(mutants.map(({ rule }) => rule));
    const testable = rules.filter(({ kind }) => kind !== 'untestable' && kind !== 'schedule').map(({ id }) => id);
    expect(testable.filter((id) => !meant.has(id))).toEqual([]);
  });
});

describe('history', () => {
  test('mutant:linux-5.9 has two defects, and they are two findings', async () => {
    const { findings } = await judge('linux-5.9');
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
      const report = await judge(name);
      expect(report.exit).toBe(1);
      const passed = report.rules
        .filter(({ verdict }) => verdict === 'pass')
        .map(({ rule }) => `${rule} ${findRule(rule)?.text}`);
      expect(passed).toMatchSnapshot();
    },
  );
});
