/**
 * Two lanes of system calls on a real host: pairs of calls that hosts got wrong when they came at once, round by round.
 *
 * What the manager was asked for and did is judged by the rules, in an order that explains it. What the calls returned must
 * be what the reference host returns in one order of the calls.
 */
import { type LaneProgram, lanePrograms } from '../../conformance/host/lanes/programs.js';
import { runOnHost } from '../../reference/host/host.js';
import type { Hello } from '../../spec/formats/protocol.js';
import type { Fault, Report } from '../../spec/formats/results.js';
import type { HostOperation } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import type { Status } from '../../spec/vocabulary.js';
import { check } from '../check/check.js';
import { readFtrace } from '../recording/ftrace.js';
import { type Recording, readRecording } from '../recording/read.js';
import { isObserved, type ObservedOperation } from './commands.js';
import type { Guest, Race } from './guest.js';
import { noPairs, type ObserveOptions } from './observe.js';
import { BEGINS } from './trace.js';

/** How often each program is run in one recording. */
const ROUNDS = 10;

/** One program, and how its lanes met. */
export interface Raced {
  readonly name: string;
  readonly rounds: number;
  /** Rounds in which a call began while one of the other lane was under way. */
  readonly met: number;
  readonly text: string;
}

/** What is asked for. */
export interface RaceOptions
  extends Pick<ObserveOptions, 'profile' | 'rules' | 'allRules' | 'seed' | 'programs' | 'now'> {
  readonly address: string;
  readonly hello: Hello;
  /** Told how many programs have run. */
  readonly onProgress?: (done: number) => void;
}

/** Run programs in two lanes, from that of the seed's number on, and judge what was recorded. */
export async function observeLanes(
  guest: Guest,
  options: RaceOptions,
): Promise<{ readonly report: Report; readonly raced: readonly Raced[] }> {
  const { address, hello, profile, rules, allRules, seed, now } = options;
  const started = now();
  const races = racesFor(guest.stage.backEnd);
  const raced: Raced[] = [];
  const recordings: Recording[] = [];
  const faults: Fault[] = [];
  for (let index = 0; index < options.programs; index++) {
    const { program, race } = races[(seed + index) % races.length] ?? none();
    const { statuses, text } = await guest.race(race, ROUNDS);
    recordings.push(readRecording(text, `program ${index + 1}`));
    raced.push({ name: program.name, rounds: ROUNDS, met: meetings(text), text });
    faults.push(...unexplained(race, program, profile, statuses));
    options.onProgress?.(index + 1);
  }
  const clock = () => now() - started;
  const heading = { command: 'observe', target: address, hello, seed } as const;
  const report = check({ traces: [], recordings }, profile, rules, allRules, clock, heading, [
    ...noPairs(recordings),
    ...neverMet(raced),
    ...faults,
  ]);
  return { report: { ...report, seconds: clock() / 1000 }, raced };
}

/** The programs that user space alone can run. */
function racesFor(backEnd: Race['backEnd']): readonly { readonly program: LaneProgram; readonly race: Race }[] {
  return lanePrograms.flatMap((program) => {
    const lanes = program.lanes.map((lane) => lane.filter(isObserved));
    const before = program.before.filter(isObserved);
    const isWhole = before.length === program.before.length && lanes.flat().length === program.lanes.flat().length;
    return isWhole ? [{ program, race: { backEnd, before, lanes } }] : [];
  });
}

function none(): never {
  throw new Error('there are no programs for two lanes');
}

/** How often a call began while another was under way. The commands before and between are one after the other. */
function meetings(text: string): number {
  let underWay = 0;
  let met = 0;
  for (const entry of readFtrace(text).entries) {
    if (!('mark' in entry)) continue;
    if (entry.mark.startsWith(BEGINS)) {
      if (underWay > 0) met++;
      underWay++;
    } else underWay--;
  }
  return met;
}

/** Lanes that never met show nothing that one lane does not. */
function neverMet(raced: readonly Raced[]): readonly Fault[] {
  return raced.some(({ met }) => met > 0) ? [] : [{ text: 'no call of one lane began while one of the other ran' }];
}

/** The rounds whose calls returned what they return in no order of theirs. Nothing of it is charged to the manager. */
function unexplained(
  { backEnd, before, lanes }: Race,
  { name, devices }: LaneProgram,
  profile: Profile,
  statuses: readonly Status[],
): readonly Fault[] {
  const each = lanes.flat().length;
  const possible = new Set(
    orders(lanes.map((lane, at) => lane.map((operation, nth) => ({ operation, place: placeOf(lanes, at, nth) })))).map(
      (order) => {
        const operations: readonly HostOperation[] = [...before, ...order.map(({ operation }) => operation)];
        const { events } = runOnHost({ backEnd, devices, operations }, profile);
        const returned = events.flatMap((event) => (event.type === 'return' ? [event.status ?? 0] : []));
        const inLanes: Status[] = [];
        for (const [at, { place }] of order.entries()) inLanes[place] = returned[before.length + at] ?? 0;
        return inLanes.join();
      },
    ),
  );
  const faults = new Set<string>();
  for (let at = 0; at < statuses.length; at += each) {
    const returned = statuses.slice(at, at + each).join();
    if (possible.has(returned)) continue;
    faults.add(
      `in "${name}" the calls returned ${returned}; on the reference host they return ${[...possible].join(' or ')}, in some order`,
    );
  }
  return [...faults].map((text) => ({ text }));
}

/** The place of a lane's n-th operation among all of them, lane 0's first. */
function placeOf(lanes: Race['lanes'], lane: number, nth: number): number {
  return lanes.slice(0, lane).flat().length + nth;
}

interface Placed {
  readonly operation: ObservedOperation;
  readonly place: number;
}

/** Every order of the operations of two lanes. */
function orders(lanes: readonly (readonly Placed[])[]): readonly (readonly Placed[])[] {
  if (lanes.every((lane) => lane.length === 0)) return [[]];
  return lanes.flatMap((lane, at) => {
    const [first, ...others] = lane;
    return first === undefined ? [] : orders(lanes.with(at, others)).map((order) => [first, ...order]);
  });
}
