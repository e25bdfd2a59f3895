/**
 * Judge a mutant until the rule that it was made for says what is wrong, and no further: what other rules say of it, and
 * whether they agree with the model, is asked by the kill matrix and by the gate.
 *
 * A run that holds this one rule ends at the first program that breaks it. Made small, that program may come to show
 * another defect of the same mutant, of which the rule says nothing. So more is asked, step by step.
 */
import type { HostMutant } from '../../conformance/host/mutants/index.js';
import type { Mutant } from '../../conformance/mutants/index.js';
import { hostRules } from '../../spec/rules/host.js';
import { rules } from '../../spec/rules/index.js';
import { run } from '../../src/engine/run.js';
import { host } from '../../src/host/host.js';
import { allBackEnds } from '../../src/host/tiers.js';
import { manager } from '../../src/manager/manager.js';
import type { Shape, Subject } from '../../src/subject/subject.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { judgeRole } from './judge-role.js';

/** What came of a mutant. */
export interface Killed {
  readonly exit: number;
  /** What could not be judged. */
  readonly faults: readonly unknown[];
  /** What the rule says in the finding; undefined when it never spoke. */
  readonly text: string | undefined;
}

/** Judge a manager by the rule meant for it. */
export async function untilRule({ name, rule, profile }: Mutant): Promise<Killed> {
  const target = await openTarget(`mutant:${name}`);
  const options = {
    target,
    profile: profileNamed(profile),
    rules: rules.filter(({ id }) => id === rule),
    allRules: false,
    seed: 1,
    tier: null,
    now: () => 0,
  } as const;
  const steps = [{ programs: 2_500, failFast: true }, { programs: 300 }, { programs: 2_500 }, { programs: 25_000 }];
  return stepByStep(steps, async (step) => {
    const { exit, faults, findings } = await run(byOnly(manager, options.rules), { ...options, ...step });
    const said = findings.flatMap(({ forms }) => forms.flatMap(({ broken }) => broken));
    return { exit, faults, text: said.find((one) => one.rule === rule)?.text };
  });
}

/** Judge a participant by the rule meant for it. */
export async function untilHostRule({ name, role, rule }: HostMutant): Promise<Killed> {
  const target = await openHostTarget(`mutant:${name}`, role, undefined);
  const meant = hostRules.filter(({ id }) => id === rule);
  const asked = { rules: meant, allRules: false, subject: byOnly(host(role), meant) };
  const steps = [
    ...allBackEnds.map((backEnd) => ({ backEnds: [backEnd], programs: 60, failFast: true })),
    { backEnds: allBackEnds, programs: 4_000, failFast: true },
    { backEnds: allBackEnds, programs: 250 },
    { backEnds: allBackEnds, programs: 4_000 },
  ];
  return stepByStep(steps, async (step) => {
    const { exit, faults, findings } = await judgeRole(role, target, { ...asked, ...step });
    const said = findings.flatMap(({ forms }) => forms.flatMap(({ broken }) => broken));
    return { exit, faults, text: said.find((one) => one.rule === rule)?.text };
  });
}

/** A subject of which there are no other rules: then what fails is made small for what these say of it. */
function byOnly<S extends Shape>(subject: Subject<S>, only: readonly S['rule'][]): Subject<S> {
  return { ...subject, judge: ({ profile }) => subject.judge({ profile, rules: only, allRules: false }) };
}

async function stepByStep<S>(steps: readonly S[], judge: (step: S) => Promise<Killed>): Promise<Killed> {
  let killed: Killed = { exit: 0, faults: [], text: undefined };
  for (const step of steps) {
    killed = await judge(step);
    if (killed.text !== undefined) break;
  }
  return killed;
}
