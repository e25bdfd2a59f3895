/** Runs of a role for tests: small, and with everything that a test may want to say said. */

import type { HostReport, RoleUnderTest } from '../../spec/formats/host-results.js';
import { hostRules } from '../../spec/rules/host.js';
import { profileFor } from '../../src/cli/options.js';
import { type RunOptions, run } from '../../src/engine/run.js';
import { host } from '../../src/host/host.js';
import type { HostPlan, HostShape } from '../../src/host/shape.js';
import { allBackEnds } from '../../src/host/tiers.js';
import type { Subject } from '../../src/subject/subject.js';
import type { HostTarget } from '../../src/targets/target.js';

/** What it is judged as, where that is not the host of its role. */
interface Judged {
  readonly subject?: Subject<HostShape>;
}

/** Judge a target in a role, by all rules, on all back ends, without the small scope, where nothing else is said. */
export function judgeRole(
  role: RoleUnderTest,
  target: HostTarget,
  {
    scope = false,
    backEnds = allBackEnds,
    subject = host(role),
    ...more
  }: Partial<HostPlan> & Pick<RunOptions<HostShape>, 'programs'> & Partial<RunOptions<HostShape>> & Judged,
): Promise<HostReport> {
  return run(subject, {
    target,
    profile: profileFor(target, undefined),
    rules: hostRules,
    allRules: true,
    seed: 1,
    tier: null,
    coverage: { scope, backEnds },
    now: () => 0,
    ...more,
  });
}
