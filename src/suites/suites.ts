/**
 * The suites that a run begins with: derived from the model, for a profile and what the target can be asked, complete
 * on a scope.
 */

import type { Capability } from '../../spec/formats/protocol.js';
import type { SuiteName } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { Program } from '../../spec/vocabulary.js';
import type { Scope } from '../explore/scope.js';
import { Space } from '../explore/space.js';
import { programOf } from '../explore/trace.js';
import { interruptibly } from '../files/interruptible.js';
import type { SuiteRun } from '../subject/subject.js';
import { callbackSetMachines } from './callback-sets.js';
import { distinguishing } from './distinguishing.js';
import { type Machine, machineOf, type NullToken } from './machine.js';
import { type Path, transitionPairs, transitionTour } from './walks.js';

/** What the suites are to cover. */
export interface Coverage {
  readonly scope: Scope;
  /** Every pair of transitions in a row, too. */
  readonly pairs: boolean;
  /** No wrong implementation with up to so many extra states passes; null to leave that out. */
  readonly extraStates: number | null;
}

/** A program and the way through its machine that the model takes on it. */
export interface Planned {
  readonly program: Program;
  readonly machine: Machine;
  readonly path: Path;
}

/** One suite. It is planned when it is first asked what it holds: a run may end before. */
export interface Suite {
  readonly name: SuiteName;
  readonly plan: () => Plan;
}

/** What a suite holds. */
export interface Plan {
  readonly count: number;
  /** Its programs, made one by one. */
  readonly programs: () => Iterable<Planned>;
  /** How many pairs of states nothing that the profile defines tells apart, where the suite is to tell them apart. */
  readonly inseparable?: number;
}

/** The suites for a target. */
export interface Suites {
  /** The machine that is covered; those of the sets of callbacks come beside it. */
  readonly machine: Machine;
  /** The tour comes first. */
  readonly suites: readonly Suite[];
}

/** Make the suites for a profile and a target's capabilities. */
export function makeSuites(
  profile: Profile,
  capabilities: ReadonlySet<Capability>,
  nullToken: NullToken,
  coverage: Coverage,
): Suites {
  const without = {
    nullToken: !capabilities.has('null-token'),
    memoryFailure: !capabilities.has('allocation-failure'),
  };
  const machine = interruptibly(() => machineOf(new Space(profile, { ...coverage.scope, without }), nullToken));
  const suites = [
    suite('transition tour', () => walks(machine, transitionTour(machine))),
    suite('callback sets', () => callbackSets(profile, capabilities, nullToken, without)),
  ];
  if (coverage.pairs) suites.push(suite('transition pairs', () => walks(machine, transitionPairs(machine))));
  const { extraStates } = coverage;
  if (extraStates !== null) suites.push(suite('distinguishing', () => tellingApart(machine, extraStates)));
  return { machine, suites };
}

/** What ran of suites of which every program ran and went on as planned. */
export function runWholly(
  suites: readonly { readonly name: string; readonly plan: () => { readonly count: number } }[],
): ReadonlyMap<string, SuiteRun> {
  return new Map(
    suites.map(({ name, plan }) => [name, { stretches: [{ from: 0, ran: plan().count }], short: new Map() }]),
  );
}

function suite(name: SuiteName, make: () => Plan): Suite {
  let made: Plan | undefined;
  return {
    name,
    plan: () => {
      made ??= interruptibly(make);
      return made;
    },
  };
}

function walks(machine: Machine, paths: readonly Path[]): Plan {
  return {
    count: paths.length,
    programs: function* () {
      for (const path of paths) yield new WayThrough(machine, path);
    },
  };
}

function callbackSets(...scope: Parameters<typeof callbackSetMachines>): Plan {
  const all = callbackSetMachines(...scope).map((machine) => walks(machine, transitionTour(machine)));
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    programs: function* () {
      for (const { programs } of all) yield* programs();
    },
  };
}

function tellingApart(machine: Machine, extraStates: number): Plan {
  const { count, paths, inseparable } = distinguishing(machine, extraStates);
  return {
    count,
    programs: function* () {
      for (const path of paths()) yield new WayThrough(machine, path);
    },
    inseparable: inseparable.length,
  };
}

/** A program that is made when it is first asked for: whoever runs every n-th passes by the others. */
class WayThrough implements Planned {
  #program: Program | undefined;

  constructor(
    readonly machine: Machine,
    readonly path: Path,
  ) {}

  get program(): Program {
    const { space, transitions } = this.machine;
    this.#program ??= programOf(
      this.path.flatMap((number) => transitions[number] ?? []),
      space.objects,
      space.profile,
    );
    return this.#program;
  }
}
