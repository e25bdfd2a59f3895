/** Runs of a manager for tests: small, and with everything that a test may want to say said. */
import type { Report } from '../../spec/formats/results.js';
import { profileFor } from '../../src/cli/options.js';
import { type RunOptions, run } from '../../src/engine/run.js';
import { manager } from '../../src/manager/manager.js';
import type { ManagerShape } from '../../src/manager/shape.js';
import type { Target } from '../../src/targets/target.js';

/** Judge a manager by all rules, under the profile that it claims, outside any tier, where nothing else is said. */
export function judgeManager(
  target: Target,
  more: Pick<RunOptions<ManagerShape>, 'programs'> & Partial<RunOptions<ManagerShape>>,
): Promise<Report> {
  return run(manager, {
    target,
    profile: profileFor(target, undefined),
    rules: manager.rules,
    allRules: true,
    seed: 1,
    tier: null,
    now: () => 0,
    ...more,
  });
}
