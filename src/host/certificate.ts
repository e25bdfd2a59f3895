/** What was covered completely on a target: a transition counts when the program that takes it went on as it must. */
import type { HostMachine } from '../../conformance/host/scope.js';
import type { HostCertificate } from '../../spec/formats/host-results.js';
import type { Covered } from '../../spec/formats/results.js';
import type { SuiteRun } from '../subject/subject.js';

/** A machine, and the ways through it that a suite takes. */
export interface Walked {
  readonly machine: HostMachine;
  readonly paths: readonly (readonly number[])[];
}

/**
 * What was covered.
 *
 * @param walks what ran of each machine's walks
 * @param orders what ran of the orders of set-up
 */
export function hostCertificate(
  scope: string,
  walks: readonly (readonly [Walked, SuiteRun])[],
  orders: readonly SuiteRun[],
): HostCertificate {
  const backEnds = walks.map(([walked, run]) => ofMachine(walked, run));
  const strayed = backEnds.reduce((sum, { programs }) => sum + programs.all - programs.covered, 0);
  const all = orders.reduce((sum, { stretches }) => sum + stretches.reduce((ran, one) => ran + one.ran, 0), 0);
  const right = { covered: all - orders.reduce((sum, { short }) => sum + short.size, 0), all };
  const whole = ({ covered: some, all: most }: Covered) => some === most && most > 0;
  const complete =
    backEnds.length > 0 &&
    whole(right) &&
    backEnds.every(({ states, transitions, programs }) => [states, transitions, programs].every(whole));
  return {
    complete,
    ...(complete ? {} : { reason: reasonFor(strayed, right) }),
    scope,
    backEnds,
    orders: right,
  };
}

function ofMachine({ machine, paths }: Walked, { stretches, short }: SuiteRun): HostCertificate['backEnds'][number] {
  const transitions = new Uint8Array(machine.transitions.length);
  const states = new Uint8Array(machine.states.length);
  states[0] = 1;
  let right = 0;
  for (const { from, ran } of stretches) {
    for (let index = from; index < from + ran; index++) {
      if (short.has(index)) continue;
      right++;
      for (const number of paths[index] ?? []) {
        transitions[number] = 1;
        states[machine.transitions[number]?.to ?? 0] = 1;
      }
    }
  }
  return {
    backEnd: machine.setting.backEnd,
    states: covered(states),
    transitions: covered(transitions),
    programs: { covered: right, all: paths.length },
  };
}

function reasonFor(strayed: number, { covered: right, all }: Covered): string {
  if (strayed > 0) return `${strayed} of its programs did not go on as they must`;
  return all === 0 ? 'not all of it was run' : `${all - right} of its orders of set-up did not go on as they must`;
}

function covered(marks: Uint8Array): Covered {
  return { covered: marks.reduce((total, mark) => total + mark, 0), all: marks.length };
}
