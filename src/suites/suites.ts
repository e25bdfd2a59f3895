/**
 * The suites that a run begins with: derived from the model, for a profile and what the target can be asked, complete
 * on a scope.
 */
import type { Profile } from '../../spec/profile.js';
import type { Capability } from '../../spec/protocol.js';
import type { SuiteName } from '../../spec/results.js';
import type { Program } from '../../spec/vocabulary.js';
import type { Scope } from '../explore/scope.js';
import { Space } from '../explore/space.js';
import { programOf } from '../explore/trace.js';
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

/** One suite. */
export interface Suite {
  readonly name: SuiteName;
  readonly count: number;
  /** Its programs, made one by one. */
  readonly programs: () => Iterable<Planned>;
}

/** The suites for a target. */
export interface Suites {
  /** The machine that is covered; those of the sets of callbacks come beside it. */
  readonly machine: Machine;
  /** The tour comes first. */
  readonly suites: readonly Suite[];
  /** How many pairs of states nothing that the profile defines tells apart. */
  readonly inseparable: number;
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
  const machine = machineOf(new Space(profile, { ...coverage.scope, without }), nullToken);
  const suites: Suite[] = [suiteOf('transition tour', machine, transitionTour(machine))];
  const sets = callbackSetMachines(profile, capabilities, nullToken, without).flatMap((one) =>
    transitionTour(one).map((path) => ({ machine: one, path })),
  );
  suites.push({
    name: 'callback sets',
    count: sets.length,
    programs: function* () {
      for (const one of sets) yield planned(one.machine, one.path);
    },
  });
  if (coverage.pairs) suites.push(suiteOf('transition pairs', machine, transitionPairs(machine)));
  let inseparable = 0;
  if (coverage.extraStates !== null) {
    const made = distinguishing(machine, coverage.extraStates);
    inseparable = made.inseparable.length;
    suites.push({
      name: 'distinguishing',
      count: made.count,
      programs: function* () {
        for (const path of made.paths()) yield planned(machine, path);
      },
    });
  }
  return { machine, suites, inseparable };
}

function suiteOf(name: SuiteName, machine: Machine, paths: readonly Path[]): Suite {
  return {
    name,
    count: paths.length,
    programs: function* () {
      for (const path of paths) yield planned(machine, path);
    },
  };
}

function planned(machine: Machine, path: Path): Planned {
  const { space, transitions } = machine;
  const taken = path.flatMap((number) => transitions[number] ?? []);
  return { program: programOf(taken, space.objects, space.profile), machine, path };
}
