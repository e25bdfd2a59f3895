/** Each mutant of a participant is killed by the rule that it was made for, with that rule's message. */
import { describe, expect, test } from 'vitest';
import { type HostMutant, hostMutants } from '../../conformance/host/mutants/index.js';
import type { HostReport } from '../../spec/formats/host-results.js';
import { hostRules } from '../../spec/rules/host.js';
import { allBackEnds } from '../../src/host/tiers.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { judgeRole } from './judge-role.js';

const table = hostMutants.map((mutant) => [mutant.name, mutant.rule, mutant] as const);
const testable = hostRules.filter(({ kind }) => kind !== 'untestable').map(({ id }) => id);

describe('a mutant is killed by the rule meant for it', () => {
  /** The rules that were broken by any mutant so far. */
  const everBroken = new Set<string>();

  test.each(table)('%s: %s', async (_, rule, mutant) => {
    const report = await judge(mutant);
    for (const id of brokenIn(report)) everBroken.add(id);
    expect(report.exit).toBe(1);
    expect(report.faults).toEqual([]);
    const [text] = textsOf(report, rule);
    expect(text, 'what the rule says in the finding').toBeDefined();
    expect(text).not.toContain('undefined');
    expect(`${rule}: ${text}`).toMatchSnapshot();
  });

  test('and there is one for every rule that can be tested, but for two that others break as well', () => {
    const meant = new Set(hostMutants.map(({ rule }) => rule));
    expect(testable.filter((id) => !meant.has(id))).toEqual(['DELIV-5', 'MOD-3']);
  });

  test('and every rule that can be tested is broken by some mutant', async () => {
    // That a masked vector sends something and is then unmasked is rare: it takes as many programs as a smoke run has.
    const loser = await openHostTarget('mutant:null-consumer', 'consumer', undefined);
    for (const id of brokenIn(await judgeRole('consumer', loser, { programs: 4_000 }))) everBroken.add(id);
    expect(testable.filter((id) => !everBroken.has(id))).toEqual([]);
  });
});

const brokenIn = (report: HostReport) => report.rules.filter(({ broken }) => broken > 0).map(({ rule }) => rule);
const textsOf = (report: HostReport, rule: string) =>
  report.findings
    .flatMap(({ forms }) => forms.flatMap(({ broken }) => broken))
    .flatMap((one) => (one.rule === rule ? [one.text] : []));

/** All rules, on each back end, and on more and more random programs, until the rule meant for the mutant has found it. */
async function judge({ name, role, rule }: HostMutant): Promise<HostReport> {
  const target = await openHostTarget(`mutant:${name}`, role, undefined);
  const steps = [
    ...allBackEnds.map((backEnd) => ({ backEnds: [backEnd], programs: 60 })),
    { backEnds: allBackEnds, programs: 1_000 },
  ];
  for (const step of steps) {
    const report = await judgeRole(role, target, step);
    if (textsOf(report, rule).length > 0) return report;
  }
  return judgeRole(role, target, { programs: 4_000 });
}
