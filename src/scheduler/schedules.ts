/**
 * Every interleaving of what a few lanes do, from every state that the manager can come to.
 *
 *     state without an operation under way ──> lanes call, and go on in every order ──> state without one
 *
 * Lanes go on from one access to shared memory to the next. Looked for are data races, callbacks that overlap,
 * deadlock, locks that are left held, objects used after their unregistration returned, warnings, crashes, and
 * outcomes that no order of the operations explains. What operations do one after the other is the closure's matter.
 */
import type { Profile } from '../../spec/profile.js';
import type { ManagerOperation } from '../../spec/vocabulary.js';
import { type Plan, planOf, spellPlan } from '../closure/plan.js';
import { WalkError } from '../closure/walker.js';
import type { Scope } from '../explore/scope.js';
import { runTool } from '../files/tool.js';
import type { BuildInput } from '../targets/linux-source/build.js';
import { buildScheduler } from './build.js';
import type { Told, ToldFinding, ToldMove, ToldReplay, ToldWay } from './told.js';

/** How much is explored. */
export interface ScheduleOptions {
  readonly lanes: number;
  /** Operations of each lane between two states in which none is under way. */
  readonly operations: number;
  /** Let lanes use one object at the same time, which no caller may do. */
  readonly sameObject?: boolean;
  readonly mostStates?: number;
  /** Findings after which it is enough. */
  readonly mostFindings?: number;
  readonly onProgress?: (text: string) => void;
}

/** Something wrong, with a schedule that shows it. */
export interface ScheduleFinding {
  /** Such as `data race`. */
  readonly what: string;
  /** The operations before, one after the other; then the moves of the lanes. Together they replay it. */
  readonly way: ToldWay;
  readonly moves: readonly ToldMove[];
  /** What each move does, and what the lanes were about to do at the end. */
  readonly told: ToldFinding;
}

/** What exploring showed. */
export interface Schedules {
  /** Whether every interleaving was explored. */
  readonly complete: boolean;
  readonly reason?: string;
  readonly lanes: number;
  readonly operations: number;
  /** States without an operation under way, from each of which lanes ran. */
  readonly roots: number;
  /** States in which there is a choice of who goes on. */
  readonly states: number;
  /** Orders of going on: more than can be written exactly. */
  readonly schedules: number;
  /** Different programs of the lanes, summed over the roots. */
  readonly programs: number;
  readonly findings: readonly ScheduleFinding[];
  /** What the numbers in the findings stand for. */
  readonly plan: Plan;
  /** The program that explored, for the lines of its source. */
  readonly program: string;
}

const MOST_STATES = 40_000_000;
const MOST_FINDINGS = 3;

/** The way in which callers use the manager that all of this is about. */
const CORRECT_USE: Scope['without'] = { misuse: true, nullToken: true, memoryFailure: true, subsets: true };

/** Callbacks fail in one way: that any other way is the same is the closure's matter. */
const FAILURE = -5;

/**
 * Explore the interleavings of lanes on a manager of a kernel tree.
 *
 * @throws {TargetUnavailable} when the manager cannot be compiled on this machine
 * @throws {WalkError} when exploring breaks off, through no fault of the manager
 */
export async function exploreSchedules(
  build: BuildInput,
  profile: Profile,
  scope: Scope,
  options: ScheduleOptions,
): Promise<Schedules> {
  const { program, plan } = await prepareSchedules(build, profile, scope, options.onProgress);
  const told = await ask<Told>(program, plan, options, [0]);
  const { findings, ...numbers } = told;
  return {
    ...numbers,
    lanes: options.lanes,
    operations: options.operations,
    findings: findings.map((finding) => ({
      what: finding.what,
      way: finding.way,
      moves: finding.moves,
      told: finding,
    })),
    plan,
    program,
  };
}

/**
 * Compile what explores, and make the plan that its numbers refer to.
 *
 * @throws {TargetUnavailable} when the manager cannot be compiled on this machine
 */
export async function prepareSchedules(
  build: BuildInput,
  profile: Profile,
  scope: Scope,
  onProgress?: (text: string) => void,
): Promise<Pick<Schedules, 'program' | 'plan'>> {
  return { program: await buildScheduler(build, onProgress), plan: lanePlan(profile, scope) };
}

/**
 * Run a schedule again so many times: what is wrong then, and how often everything that happened was the same.
 *
 * @throws {WalkError} when it cannot go on as it says, as where the code has become another
 */
export async function replaySchedule(
  schedules: Pick<Schedules, 'program' | 'plan'>,
  { way, moves }: Pick<ScheduleFinding, 'way' | 'moves'>,
  options: ScheduleOptions,
  times: number,
): Promise<ToldReplay> {
  const numbers = [times, way.length, ...way.flat(), moves.length, ...moves.flat()];
  return ask<ToldReplay>(schedules.program, schedules.plan, options, numbers);
}

/** What a certificate says of the schedules. */
export function schedulesText({
  complete,
  reason,
  lanes,
  operations,
  roots,
  states,
  schedules,
  findings,
}: Schedules): string {
  const what = `${lanes} lanes with ${operations} operation${operations === 1 ? '' : 's'} each, from ${roots} states`;
  if (!complete) {
    const why = findings.length > 0 ? 'ended by a finding' : (reason ?? 'no reason given');
    return `interleavings of ${what}: not complete, ${why}`;
  }
  return `interleavings of ${what}: complete, ${states} states and ${schedules.toPrecision(3)} schedules`;
}

function lanePlan(profile: Profile, scope: Scope): Plan {
  const plan = planOf(profile, { ...scope, without: { ...CORRECT_USE } }, { mostStates: 1_000_000, everywhere: false });
  return { ...plan, results: plan.results.length === 0 ? [] : [FAILURE] };
}

async function ask<T>(
  program: string,
  plan: Plan,
  { lanes, operations, sameObject = false, mostStates = MOST_STATES, mostFindings = MOST_FINDINGS }: ScheduleOptions,
  numbers: readonly number[],
): Promise<T> {
  const bounds = [lanes, operations, sameObject ? 1 : 0, mostStates, mostFindings];
  const input = `${spellPlan(plan)}${[...bounds, ...numbers].join(' ')}\n`;
  const result = await runTool(program, [], { input });
  if (result.exitCode !== 0) {
    const how = result.signal === undefined ? `exit status ${result.exitCode}` : `signal ${result.signal}`;
    throw new WalkError(`Exploring the interleavings broke off (${how}): ${result.stderr || 'no reason given'}`);
  }
  return JSON.parse(result.stdout) as T;
}

/** The operation of a number. */
export function operationOf(plan: Plan, number: number): ManagerOperation {
  const operation = plan.operations[number];
  if (operation === undefined)
    throw new Error(`the scheduler tells of an operation ${number}, which is not in its plan`);
  return operation;
}
