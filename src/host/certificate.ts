/** What was covered completely on a target: a transition counts when the program that takes it went on as it must. */
import type { HostMachine } from '../../conformance/host/scope.js';
import type { HostCertificate } from '../../spec/formats/host-results.js';
import type { Covered } from '../../spec/formats/results.js';

interface Count {
  readonly transitions: Uint8Array;
  readonly states: Uint8Array;
  readonly programs: { covered: number; readonly all: number };
}

/** Keeps count of what is covered. */
export class HostCertification {
  readonly #counts = new Map<HostMachine, Count>();
  readonly #orders = { covered: 0, all: 0 };

  /** A machine is going to be walked by so many programs. */
  plan(machine: HostMachine, programs: number): void {
    const states = new Uint8Array(machine.states.length);
    states[0] = 1;
    this.#counts.set(machine, {
      transitions: new Uint8Array(machine.transitions.length),
      states,
      programs: { covered: 0, all: programs },
    });
  }

  /** A program was judged. */
  note(machine: HostMachine, path: readonly number[], right: boolean): void {
    const count = this.#counts.get(machine);
    if (count === undefined || !right) return;
    count.programs.covered++;
    for (const number of path) {
      count.transitions[number] = 1;
      count.states[machine.transitions[number]?.to ?? 0] = 1;
    }
  }

  /** An order of set-up was judged. */
  noteOrder(right: boolean): void {
    this.#orders.all++;
    if (right) this.#orders.covered++;
  }

  certificate(scope: string): HostCertificate {
    const backEnds = [...this.#counts].map(([{ setting }, { states, transitions, programs }]) => ({
      backEnd: setting.backEnd,
      states: covered(states),
      transitions: covered(transitions),
      programs: { ...programs },
    }));
    const strayed = backEnds.reduce((sum, { programs }) => sum + programs.all - programs.covered, 0);
    const orders = { ...this.#orders };
    const whole = ({ covered: some, all }: Covered) => some === all && all > 0;
    const complete =
      backEnds.length > 0 &&
      whole(orders) &&
      backEnds.every(({ states, transitions, programs }) => [states, transitions, programs].every(whole));
    return {
      complete,
      ...(complete ? {} : { reason: reasonFor(strayed, orders) }),
      scope,
      backEnds,
      orders,
    };
  }
}

function reasonFor(strayed: number, { covered: right, all }: Covered): string {
  if (strayed > 0) return `${strayed} of its programs did not go on as they must`;
  return all === 0 ? 'not all of it was run' : `${all - right} of its orders of set-up did not go on as they must`;
}

function covered(marks: Uint8Array): Covered {
  return { covered: marks.reduce((total, mark) => total + mark, 0), all: marks.length };
}
