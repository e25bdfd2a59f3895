/**
 * A finding is canonical: one defect is one finding, under one name, whatever the seed and however the target is spoken
 * to. Random programs alone are asked here; a run begins with suites, which are the same for every seed anyway.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateProgram } from '../../conformance/generators/program.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import { rules } from '../../spec/rules/index.js';
import { investigate } from '../../src/engine/investigate.js';
import { Samples } from '../../src/engine/samples.js';
import { packageRoot } from '../../src/files/root.js';
import { formsOf, unusual } from '../../src/judge/defect.js';
import { Judge } from '../../src/judge/judge.js';
import { manager } from '../../src/manager/manager.js';
import type { ManagerShape } from '../../src/manager/shape.js';
import { spell } from '../../src/subject/spelling.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import type { Target } from '../../src/targets/target.js';
import { extent } from './extent.js';

const SEEDS = extent(20, 40, 200);
/** Failing programs that are made small for each seed. */
const FAILING = 4;

/** What the random programs of one seed find. */
async function findingsOf(target: Target, seed: number) {
  const profile = profileNamed(target.hello.profile ?? 'core');
  const judge = new Judge(profile, rules, true);
  const bits = bitsFrom(seed);
  const samples = new Samples<ManagerShape>();
  const capabilities = new Set(target.hello.capabilities);
  for (let failing = 0; failing < FAILING; ) {
    const programs = Array.from({ length: 16 }, () => generateProgram(bits, { profile, capabilities }));
    const outcomes = await target.run(programs);
    for (const [index, program] of programs.entries()) {
      const trace = { objects: program.objects, events: outcomes[index]?.events ?? [] };
      const { breaches, followed } = judge.judge(trace);
      if (followed.divergence === undefined) continue;
      failing++;
      const broken = breaches.map(({ rule }) => rule);
      for (const form of formsOf(trace, followed))
        samples.add(form, unusual(followed), { program, trace, rules: broken });
    }
  }
  const { findings } = await investigate(manager, samples, target, judge, [], () => undefined);
  return findings.map(({ finding }) => finding);
}

describe.each(['rekey', 'linux-5.9-no-start'])('mutant:%s', (mutant) => {
  test.each([
    ['in process', `mutant:${mutant}`],
    ['over stdio', `exec:node ${join(packageRoot, 'src/targets/fixtures/serve-mutant.mjs')} ${mutant}`],
  ])('is one finding %s, and one program', async (_, address) => {
    const target = await openTarget(address, {});
    try {
      const names = new Set<string>();
      const programs = new Set<string>();
      for (let seed = 1; seed <= SEEDS; seed++) {
        const findings = await findingsOf(target, seed);
        for (const { name, forms } of findings) {
          names.add(name);
          programs.add(spell(forms[0]?.program ?? { objects: [], lanes: [] }));
        }
      }
      expect([...names]).toHaveLength(1);
      expect([...programs]).toHaveLength(1);
    } finally {
      await target.close();
    }
  });
});
