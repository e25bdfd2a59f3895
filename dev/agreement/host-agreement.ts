/**
 * Whether rules and model agree about hosts: on what the reference does, on that made wrong by one small change, and on what
 * wrong participants do. A test asks for little of each; whoever has the time can ask for all.
 */
import { generateHostProgram } from '../../conformance/generators/host.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import { type HostMutant, hostMutants } from '../../conformance/host/mutants/index.js';
import { setUps } from '../../conformance/host/orders.js';
import { hostMachine, hostWalks } from '../../conformance/host/scope.js';
import { type Participants, runOnHost } from '../../reference/host/host.js';
import { backEnds } from '../../spec/host/back-ends.js';
import type { BackEnd, HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import { findProfile, profiles } from '../../spec/profiles/index.js';
import { hostRules } from '../../spec/rules/host.js';
import { HostJudge, type HostJudgement } from '../../src/judge/host-judge.js';
import { hostMutations } from './mutate-host.js';

/** What the two said of some traces. */
export interface Agreement {
  readonly traces: number;
  readonly refused: number;
  readonly accepted: number;
  /** What the two do not agree about, each with where it came from; the first few. */
  readonly disagreements: readonly string[];
  /** The faults that either found, each with where it came from; the first few. Of a reference, there must be none. */
  readonly faults: readonly string[];
}

/** How many of what is wrong are kept. */
const SHOWN = 5;

/** The back ends. */
export const allBackEnds = Object.keys(backEnds) as readonly BackEnd[];

/** The programs of the small scope of a back end: the first few, or all. */
export function* scopePrograms(backEnd: BackEnd, profile: Profile, most: number): Generator<HostProgram> {
  let number = 0;
  for (const { program } of hostWalks(hostMachine(backEnd, profile))) {
    if (number++ >= most) return;
    yield program;
  }
}

/** The orders of set-up of a back end. */
export function orderPrograms(backEnd: BackEnd, profile: Profile): readonly HostProgram[] {
  return setUps(backEnd, profile).flatMap(({ programs }) => programs);
}

/** Random programs, over all back ends in turn. */
export function* randomPrograms(count: number, profile: Profile, seed: number): Generator<HostProgram> {
  const bits = bitsFrom(seed);
  for (let made = 0; made < count; made++) {
    yield generateHostProgram(bits, allBackEnds[made % allBackEnds.length] ?? 'vtd-posted', profile);
  }
}

/**
 * Ask for all of it: the whole small scope, every order of set-up, and so many random programs on each profile; every small
 * change of the latter; and what every wrong participant does with them.
 *
 * @returns what was judged, by name
 */
export function judgeEverything(random: number, seed: number): ReadonlyMap<string, Agreement> {
  const found = new Map<string, Agreement>();
  for (const backEnd of allBackEnds) {
    found.set(`scope of ${backEnd}`, judgeReference(scopePrograms(backEnd, core, Number.POSITIVE_INFINITY), core));
    found.set(`orders of ${backEnd}`, judgeReference(orderPrograms(backEnd, core), core));
  }
  for (const profile of profiles) {
    found.set(`random on ${profile.name}`, judgeReference(randomPrograms(random, profile, seed), profile));
    found.set(`changed on ${profile.name}`, judgeMutations(randomPrograms(random, profile, seed), profile));
  }
  for (const [name, agreement] of judgeMutants((profile) => randomPrograms(random, profile, seed))) {
    found.set(name, agreement);
  }
  return found;
}

/** Judge what the reference host, or one with other participants, does with some programs. */
export function judgeReference(
  programs: Iterable<HostProgram>,
  profile: Profile,
  participants?: Participants,
): Agreement {
  const count = new Count(profile, true);
  for (const program of programs) count.judge(() => JSON.stringify(program), runOnHost(program, profile, participants));
  return count.agreement();
}

/** Judge every small change of what it does with some programs. */
export function judgeMutations(
  programs: Iterable<HostProgram>,
  profile: Profile,
  participants?: Participants,
): Agreement {
  const count = new Count(profile, true);
  for (const program of programs) {
    const trace = runOnHost(program, profile, participants);
    for (const { change, events } of hostMutations(trace.events)) {
      count.judge(() => `${change} of ${JSON.stringify(program)}`, { ...trace, events });
    }
  }
  return count.agreement();
}

/** Judge what each wrong participant does, in its role, with some programs. */
export function judgeMutants(
  programs: (profile: Profile) => Iterable<HostProgram>,
  mutants: readonly HostMutant[] = hostMutants,
): ReadonlyMap<string, Agreement> {
  const found = new Map<string, Agreement>();
  for (const { name, role, participants, profile: under } of mutants) {
    const profile = findProfile(under ?? 'core') ?? core;
    const count = new Count(profile, role === 'host' || role === 'manager');
    for (const program of programs(profile)) {
      count.judge(() => `${name}: ${JSON.stringify(program)}`, runOnHost(program, profile, participants));
    }
    found.set(name, count.agreement());
  }
  return found;
}

/** Counts what is said of traces. */
class Count {
  readonly #judge: HostJudge;
  readonly #disagreements: string[] = [];
  readonly #faults: string[] = [];
  #refused = 0;
  #accepted = 0;

  constructor(profile: Profile, manager: boolean) {
    this.#judge = new HostJudge(profile, hostRules, manager);
  }

  /** @param name where the trace came from, for those that are shown */
  judge(name: () => string, trace: HostTrace): void {
    const judgement = this.#judge.judge(trace);
    const fault = faultOf(judgement);
    if (fault === undefined) this.#accepted++;
    else this.#refused++;
    if (fault !== undefined && this.#faults.length < SHOWN) this.#faults.push(`${name()}: ${fault}`);
    const { disagreement } = judgement;
    if (disagreement !== undefined && this.#disagreements.length < SHOWN)
      this.#disagreements.push(`${name()}: ${disagreement}`);
  }

  agreement(): Agreement {
    return {
      traces: this.#refused + this.#accepted,
      refused: this.#refused,
      accepted: this.#accepted,
      disagreements: this.#disagreements,
      faults: this.#faults,
    };
  }
}

function faultOf({ breaches, followed }: HostJudgement): string | undefined {
  const [first] = breaches;
  return first === undefined ? followed.divergence?.text : `${first.rule}: ${first.text}`;
}
