/**
 * Each mutant of a participant is killed by the rule that it was made for, with that rule's message. By night each is held
 * against all rules, too, and nothing that they say of it contradicts what the model says.
 */
import { describe, expect, test } from 'vitest';
import { hostMutants } from '../../conformance/host/mutants/index.js';
import { hostRules } from '../../spec/rules/host.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { extent } from './extent.js';
import { judgeRole } from './judge-role.js';
import { untilHostRule } from './until-rule.js';

const rows = hostMutants.map((mutant) => [mutant.name, mutant.rule, mutant] as const);
const testable = hostRules.filter(({ kind }) => kind !== 'untestable').map(({ id }) => id);

/** The rules for which no mutant was made, and a mutant of another rule that breaks them as well. */
const brokenByOthers: Readonly<Record<string, string>> = {
  'DELIV-5': 'kvm-updates-late',
  'MOD-3': 'manager-unloads-under-users',
};

describe('a mutant is killed by the rule meant for it', () => {
  test.each(rows)('%s: %s', async (_, rule, mutant) => {
    const { exit, faults, text } = await untilHostRule(mutant);
    expect({ exit, faults }).toEqual({ exit: 1, faults: [] });
    expect(text, 'what the rule says in the finding').toBeDefined();
    expect(text).not.toContain('undefined');
    expect(`${rule}: ${text}`).toMatchSnapshot();
  });

  const meant = new Set(hostMutants.map(({ rule }) => rule));
  const withoutMutant = testable.filter((id) => !meant.has(id));

  test('and there is one for every rule that can be tested, but for two', () => {
    expect(withoutMutant).toEqual(Object.keys(brokenByOthers));
  });

  test.each(Object.entries(brokenByOthers))('and %s is broken by %s as well', async (rule, name) => {
    const mutant = hostMutants.find((one) => one.name === name);
    if (mutant === undefined) throw new Error(`there is no ${name}`);
    expect((await untilHostRule({ ...mutant, rule })).text).toBeDefined();
  });
});

test.each(extent([], [], rows))('all rules agree with the model about %s', async (name, _, { role }) => {
  const report = await judgeRole(role, await openHostTarget(`mutant:${name}`, role, undefined), { programs: 4_000 });
  expect({ exit: report.exit, faults: report.faults }).toEqual({ exit: 1, faults: [] });
});
