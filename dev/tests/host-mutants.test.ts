/** Each mutant of a participant is killed by the rule that it was made for, with that rule's message. */
import { describe, expect, test } from 'vitest';
import { type HostMutant, hostMutants } from '../../conformance/host/mutants/index.js';
import type { HostReport } from '../../spec/formats/host-results.js';
import { hostRules } from '../../spec/rules/host.js';
import { profileFor } from '../../src/cli/options.js';
import { run } from '../../src/engine/run.js';
import { host } from '../../src/host/host.js';
import { allBackEnds } from '../../src/host/tiers.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';

/** The rules that were broken by any mutant so far. */
const everBroken = new Set<string>();

const brokenIn = (report: HostReport) => report.rules.filter(({ broken }) => broken > 0).map(({ rule }) => rule);
const textsOf = (report: HostReport, rule: string) =>
  report.findings
    .flatMap(({ forms }) => forms.flatMap(({ broken }) => broken))
    .flatMap((one) => (one.rule === rule ? [one.text] : []));

/** Every order of set-up, and more and more random programs, until the rule meant for the mutant has found it. */
async function judge({ name, role, rule }: HostMutant): Promise<HostReport> {
  const target = await openHostTarget(`mutant:${name}`, role, undefined);
  const judgeWith = (programs: number) =>
    run(host(role), {
      target,
      rules: hostRules,
      allRules: true,
      profile: profileFor(target, undefined),
      seed: 1,
      tier: null,
      coverage: { scope: false, backEnds: allBackEnds },
      programs,
      now: () => 0,
    });
  const first = await judgeWith(250);
  return textsOf(first, rule).length > 0 ? first : judgeWith(4_000);
}

describe('a mutant is killed by the rule meant for it', () => {
  test.each(hostMutants.map((mutant) => [mutant.name, mutant.rule, mutant] as const))(
    '%s: %s',
    { timeout: 120_000 },
    async (_, rule, mutant) => {
      const report = await judge(mutant);
      for (const id of brokenIn(report)) everBroken.add(id);
      expect(report.exit).toBe(1);
      expect(report.faults).toEqual([]);
      expect(brokenIn(report)).toContain(rule);
      const [text] = textsOf(report, rule);
      expect(text).not.toContain('undefined');
      expect(`${rule}: ${text}`).toMatchSnapshot();
    },
  );

  test('and every rule that can be tested is broken by some mutant', () => {
    const testable = hostRules.filter(({ kind }) => kind !== 'untestable').map(({ id }) => id);
    expect(testable.filter((id) => !everBroken.has(id))).toEqual([]);
  });
});
