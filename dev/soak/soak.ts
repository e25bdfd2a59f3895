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

/** What came of one run. */
export interface Soaked {
  readonly design: Design;
  /** How many operations of the design were judged so far, this run's included. */
  readonly operations: number;
  /** The report of the run, when it did not end with 0. */
  readonly alarm: Report | undefined;
}

/**
 * Judge designs by all rules until at least `least` operations of each were judged, and tell what came of each run. They
 * take turns, so that a soak that is cut short has come equally far with all. Each run has a seed of its own.
 */
export async function* soak(designs: readonly Design[], least: number): AsyncGenerator<Soaked> {
  const operations = new Map<Design, number>(designs.map((design) => [design, 0]));
  for (let seed = 1; ; seed++) {
    const left = designs.filter((design) => (operations.get(design) ?? 0) < least);
    if (left.length === 0) return;
    for (const design of left) {
      const before = operations.get(design) ?? 0;
      const report = await judged(design, seed, least - before);
      operations.set(design, before + report.volume.operations);
      const alarm = report.exit === 0 ? undefined : report;
      yield { design, operations: before + report.volume.operations, alarm };
      if (alarm !== undefined) return;
    }
  }
}

/** One run. It is not much longer than `left` operations take, and long enough to judge. */
async function judged(design: Design, seed: number, left: number): Promise<Report> {
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
  // There are about fifteen operations in a program.
  const programs = Math.max(manager.tiers.smoke.programs, Math.min(PROGRAMS, Math.ceil(left / 15)));
  return run(manager, { target, profile: core, rules, allRules: true, tier: null, now: () => 0, seed, programs });
}
