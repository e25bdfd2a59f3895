/** Look for a false alarm: run managers that are right until so many operations were judged. */
import type { Design } from '../../conformance/correct/index.js';
import type { Report } from '../../spec/formats/results.js';
import { core } from '../../spec/profiles/core.js';
import { rules } from '../../spec/rules/index.js';
import { run } from '../../src/engine/run.js';
import { manager } from '../../src/manager/manager.js';
import { InProcessTarget } from '../../src/targets/in-process.js';

/** The random programs of one run. Each run begins with the suites of the smoke tier. */
const PROGRAMS = 25_000;

/** What came of a soak. */
export interface Soaked {
  readonly operations: number;
  /** The report of the first run that did not end with 0; undefined when all did. */
  readonly alarm: Report | undefined;
}

/** Judge a design by all rules, run after run, each with a seed of its own, until at least so many operations were judged. */
export async function soak(design: Design, least: number): Promise<Soaked> {
  const target = new InProcessTarget(
    `design:${design.name}`,
    {
      type: 'hello',
      protocol: 1,
      name: design.name,
      version: '1',
      language: 'typescript',
      profile: core.name,
      capabilities: design.capabilities,
    },
    design.create,
  );
  const options = { target, profile: core, rules, allRules: true, tier: null, now: () => 0 } as const;
  let operations = 0;
  for (let seed = 1; operations < least; seed++) {
    // About fifteen operations a program: the last run is not much longer than it has to be, and long enough to judge.
    const left = Math.ceil((least - operations) / 15);
    const programs = Math.max(manager.tiers.smoke.programs, Math.min(PROGRAMS, left));
    const report = await run(manager, { ...options, seed, programs });
    operations += report.volume.operations;
    if (report.exit !== 0) return { operations, alarm: report };
  }
  return { operations, alarm: undefined };
}
