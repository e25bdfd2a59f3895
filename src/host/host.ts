/** A host as a subject: user space's calls to VFIO and KVM. All of it may be under test, or one role of it. */
import { runOnHost } from '../../reference/host/host.js';
import type { JudgedRole } from '../../spec/formats/host-results.js';
import type { BrokenRule } from '../../spec/formats/results.js';
import type { HostEvent, HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import { hostRules } from '../../spec/rules/host.js';
import { HostJudge, type HostJudgement } from '../judge/host-judge.js';
import type { DifferenceOn, Judge, Setting, Subject } from '../subject/subject.js';
import { hostDescription } from '../text/host-format.js';
import { hostCampaign, wholeHostCertificate } from './campaign.js';
import { renameByFirstUse } from './canonical.js';
import { askingOf, randomHostPrograms } from './random.js';
import type { HostShape } from './shape.js';
import { simplerHostPrograms } from './simpler.js';
import { smokeRole } from './smoke.js';
import { hostTiers } from './tiers.js';

/** A host with a role under test; the kit plays the others. */
export function host(role: JudgedRole): Subject<HostShape> {
  return {
    name: 'host',
    rules: hostRules,
    tiers: hostTiers,
    coverage: (tier) => hostTiers[tier].coverage,
    heads: {
      finding: { format: 'irqbypass-spec/host-finding/2', role },
      report: { format: 'irqbypass-spec/host-report/2', role },
      baseline: { format: 'irqbypass-spec/host-baseline/1', role },
      shard: { format: 'irqbypass-spec/host-shard/1', role },
    },
    lastResort: 'DELIV-1',
    describe: hostDescription,
    conformance: (profile) => `as ${role} under ${profile}`,
    prepare: hostCampaign,
    wholeCertificate: wholeHostCertificate,
    random: (seed, { coverage, profile, target, from }) =>
      randomHostPrograms(seed, coverage.backEnds, profile, askingOf(target), from),
    relations: () => [],
    judge: (setting) => judgeOf(setting, role),
    trace: ({ backEnd, devices }, events) => ({ backEnd, devices, events }),
    operations: ({ operations }) => operations.length,
    beginnings: () => [],
    simpler: simplerHostPrograms,
    lesser: () => [],
    canonical: renameByFirstUse,
    // What the reference does wrong, too, is a program that nobody can run rightly.
    isFair: (program, judge) => judge.judge(runOnHost(program, judge.profile)).breaches.length === 0,
    plainer: () => undefined,
    unusual: () => 0,
    broken: (_, { breaches }) => brokenRules(breaches),
    specificity: () => 0,
    difference,
    undefinedBehaviour: () => undefined,
    smoke: (target) => smokeRole(role, target),
  };
}

/** Where the manager on a host is under test, too, its own rules are held against it. */
function judgeOf(setting: Setting<HostShape>, role: JudgedRole): Judge<HostShape> {
  const { profile, rules } = setting;
  const judge = new HostJudge(profile, rules, role !== 'producer' && role !== 'consumer');
  const formOf = (trace: HostTrace, judgement = judge.judge(trace)) => keyOf(judgement);
  return {
    profile,
    judge: (trace) => judge.judge(trace),
    anew: () => judgeOf(setting, role),
    exposures: () => judge.exposures(),
    formsOf: (trace, judgement) => [formOf(trace, judgement) ?? []].flat(),
    shows: (trace, form) => formOf(trace) === form,
    defectOf: formOf,
  };
}

/** What a failing trace is filed under: the first rule broken in the first operation in which one is. */
function keyOf({ breaches }: HostJudgement): string | undefined {
  const call = firstCall(breaches);
  return breaches.find((breach) => breach.call === call)?.rule;
}

function firstCall(breaches: HostJudgement['breaches']): number {
  return Math.min(...breaches.map((breach) => breach.call));
}

/** The rules broken, each once, in the order of the operations. */
function brokenRules(breaches: HostJudgement['breaches']): readonly BrokenRule[] {
  const broken = new Map<string, BrokenRule>();
  for (const { rule, text } of breaches.toSorted((a, b) => a.call - b.call)) {
    if (!broken.has(rule)) broken.set(rule, { rule, text });
  }
  return [...broken.values()];
}

/** The operation in which a rule is broken first, beside what the reference does in it. */
function difference(
  program: HostProgram,
  { events }: HostTrace,
  { breaches }: HostJudgement,
  profile: Profile,
): DifferenceOn<HostShape> | undefined {
  const call = firstCall(breaches);
  if (!Number.isFinite(call)) return undefined;
  const [mine, theirs] = [eventsOf(call, events), eventsOf(call, runOnHost(program, profile).events)];
  const same = theirs.findIndex((event, at) => JSON.stringify(event) !== JSON.stringify(mine[at]));
  const apart = same === -1 ? theirs.length : same;
  const next = theirs[apart];
  // Where the operation itself went as the reference's does, the rule is about what it must not have done.
  const at = startOf(call, events) + (next === undefined && mine.length === theirs.length ? 0 : apart);
  return { at, call, expected: next === undefined ? [] : [next], allowed: theirs.length === 0 ? [] : [theirs] };
}

function startOf(call: number, events: readonly HostEvent[]): number {
  const starts = events.flatMap(({ type }, at) => (type === 'call' ? [at] : []));
  return starts[call] ?? events.length;
}

/** The events of one operation, its call first. */
function eventsOf(call: number, events: readonly HostEvent[]): readonly HostEvent[] {
  return events.slice(startOf(call, events), startOf(call + 1, events));
}
