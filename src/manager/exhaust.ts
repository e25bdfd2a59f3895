/**
 * What can be explored of a manager whose C is at hand, beyond running programs on it: its own reachable states, to the
 * end, and every interleaving of a few lanes.
 */

import type { Closed, Interleavings, WrongSchedule } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import { rules } from '../../spec/rules/index.js';
import { type Closure, closeOver, WalkError } from '../closure/index.js';
import { MOST_SCHEDULES } from '../engine/schedules.js';
import type { Scope } from '../explore/scope.js';
import { exploreSchedules, type ScheduleFinding, type Schedules, tellSchedule } from '../scheduler/index.js';
import { spellMoves } from '../scheduler/moves.js';
import { nameFrom } from '../subject/spelling.js';
import type { Ask, BoundsOfSchedules, Exhausted, Tier } from '../subject/subject.js';
import { originOf } from '../targets/linux-source/origin.js';
import { TargetError } from '../targets/target.js';
import { TargetUnavailable } from '../targets/unavailable.js';
import { counted } from '../text/text.js';
import type { ManagerShape } from './shape.js';

/** Lanes, and the operations of each, that a tier explores. */
const LANES: Readonly<Record<Tier, readonly (readonly [lanes: number, operations: number])[]>> = {
  smoke: [[2, 1]],
  pr: [
    [2, 1],
    [3, 1],
  ],
  nightly: [
    [2, 2],
    [3, 1],
  ],
};

/**
 * States of a manager after which a tier gives its walk up. The kernel's have some thousands; one that remembers in which
 * order it was called has millions.
 */
const MOST_STATES: Readonly<Record<Tier, number>> = { smoke: 300_000, pr: 2_000_000, nightly: 8_000_000 };

/** A wider scope, used as it should be: misuse and the like in it are many times as many states. */
const WIDER: Scope = {
  producers: 3,
  consumers: 3,
  tokens: 3,
  without: { misuse: true, nullToken: true, memoryFailure: true, subsets: true },
};

/** What the scheduler says of a schedule, and the rule that it breaks; what else it says, no order explains. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^data race/, 'CONC-5'],
  [/^callbacks of two operations/, 'CONC-1'],
  [/^deadlock|does not return|does not come to an end|without end/, 'CONC-3'],
  [/unregistration has returned/, 'CONC-4'],
  [/^a lock is held/, 'CONC-6'],
];

/** The rules of which schedules tell. */
const OF_SCHEDULES = rules.filter(({ kind }) => kind === 'schedule').map(({ id }) => id);

/** The rule that a schedule breaks, by what the scheduler says of it. */
export function ruleOfSchedule(what: string): string {
  return RULES.find(([said]) => said.test(what))?.[1] ?? 'CONC-2';
}

/**
 * Explore the manager of a kernel tree; undefined for every other target. Interleavings are explored where a rule about them is
 * asked for, and a schedule that breaks another one is not told of.
 *
 * @throws {TargetError} when it breaks off, through no fault of the manager
 */
export async function exhaustManager(
  { target, profile, coverage, rules: asked }: Ask<ManagerShape>,
  tier: Tier,
  onProgress: (text: string) => void,
  { known, most, all }: BoundsOfSchedules,
): Promise<Exhausted<ManagerShape> | undefined> {
  const build = originOf(target)?.build;
  if (build === undefined) return undefined;
  try {
    const { capabilities } = target.hello;
    const without = {
      nullToken: !capabilities.includes('null-token'),
      memoryFailure: !capabilities.includes('allocation-failure'),
    };
    const walked = await closeOver(
      build,
      profile,
      { ...coverage.scope, without },
      { mostStates: MOST_STATES[tier], everywhere: tier === 'nightly', onProgress },
    );
    const wider = tier === 'nightly' ? await closeOver(build, profile, WIDER, { onProgress }) : undefined;
    const interleavings: Interleavings[] = [];
    const wrongSchedules: WrongSchedule[] = [];
    const ofSchedules = new Set(OF_SCHEDULES.filter((id) => asked.some((rule) => rule.id === id)));
    for (const [lanes, operations] of ofSchedules.size === 0 ? [] : LANES[tier]) {
      // What breaks another rule must not use up what is looked for.
      const mostFindings = ofSchedules.size === OF_SCHEDULES.length ? most : MOST_SCHEDULES;
      const options = { lanes, operations, mostFindings, onProgress };
      const schedules = await exploreSchedules(build, profile, coverage.scope, options);
      const findings = schedules.findings.filter(({ what }) => ofSchedules.has(ruleOfSchedule(what)));
      interleavings.push(numbersOf(schedules, schedules.findings.length - findings.length));
      for (const finding of findings.slice(0, most)) {
        const wrong = await toWrongSchedule(schedules, finding, profile, coverage.scope);
        // More lanes come to what fewer came to as well.
        if (wrongSchedules.every(({ name }) => name !== wrong.name)) wrongSchedules.push(wrong);
      }
      // What more lanes come to is of the same kind.
      if (!all && wrongSchedules.some(({ name }) => !known.has(name))) break;
    }
    return {
      shown: {
        closed: closedOf(walked),
        ...(wider === undefined ? {} : { wider: closedOf(wider) }),
        interleavings,
        wrong: wrongSchedules,
      },
      failing: [...walked.wrong, ...(wider?.wrong ?? [])],
      faults: [...walked.faults, ...(wider?.faults ?? [])].map(({ text }) => text),
    };
  } catch (error) {
    // It was judged as a target: what cannot be compiled once more is not known in full, and no more than that.
    if (error instanceof TargetUnavailable) return notWalked(error.message, coverage.scope);
    if (error instanceof WalkError) throw new TargetError(error.message, { cause: error });
    throw error;
  }
}

/** A finding of the scheduler as reports have it. */
export async function toWrongSchedule(
  schedules: Pick<Schedules, 'plan' | 'program' | 'lanes' | 'operations'>,
  finding: ScheduleFinding,
  profile: Profile,
  scope: Pick<Scope, 'producers' | 'consumers' | 'tokens'>,
): Promise<WrongSchedule> {
  const { what, way, moves } = finding;
  const { lanes, operations } = schedules;
  const rule = ruleOfSchedule(what);
  const { text, essence } = await tellSchedule(schedules, finding);
  const name = nameFrom(['irqbypass-spec/schedule/1', profile.name, rule, what, essence]);
  return { name, rule, what, text, scope: nameOf(scope), lanes, operations, schedule: spellMoves({ way, moves }) };
}

function nameOf({ producers, consumers, tokens }: Pick<Scope, 'producers' | 'consumers' | 'tokens'>): string {
  return `${producers}x${consumers}x${tokens}`;
}

function closedOf({ closed, reason, scope, states, steps, stopped }: Closure): Closed {
  return { closed, ...(reason === undefined ? {} : { reason }), scope, states, steps, stopped };
}

function notWalked(reason: string, scope: Ask<ManagerShape>['coverage']['scope']): Exhausted<ManagerShape> {
  const closed = {
    closed: false,
    reason,
    scope: nameOf(scope),
    states: 0,
    steps: 0,
    stopped: 0,
  };
  return { shown: { closed, interleavings: [], wrong: [] }, failing: [], faults: [] };
}

/** @param others how many of its findings are not told of */
function numbersOf(
  { complete, reason, lanes, operations, roots, states, schedules, programs, findings }: Schedules,
  others: number,
): Interleavings {
  const numbers = { lanes, operations, roots, states, schedules, programs };
  if (others > 0) {
    const why = `${counted(others, 'schedule')} broke rules that were not asked for; what follows is not known`;
    return { complete: false, reason: why, ...numbers };
  }
  const why = findings.length > 0 ? 'it ended with what was found' : (reason ?? 'no reason given');
  return complete ? { complete, ...numbers } : { complete, reason: why, ...numbers };
}
