/**
 * What the suites covered on a target. A transition is covered when the target took it as the model does, after a
 * way that was right, too; what comes after a difference, or after the target chose another of two allowed ways, is not.
 */

import type { Certificate, Covered, SuiteName } from '../../spec/formats/results.js';
import type { Situation } from '../../spec/model.js';
import type { Followed } from '../../spec/reading/follow.js';
import type { NullToken } from '../suites/machine.js';
import type { Coverage, Plan, Planned, Suite, Suites } from '../suites/suites.js';
import { stateClasses } from './state-classes.js';

/** The situations in which an operation is refused. */
const REFUSED: readonly Situation[] = ['registered', 'null-token', 'missing-callback', 'duplicate-token', 'no-memory'];

/** Keeps count of what is covered. */
export class Certification {
  readonly #states: Uint8Array;
  readonly #transitions: Uint8Array;
  /** Where the pairs of each transition begin among all pairs. */
  readonly #pairsFrom: Float64Array;
  readonly #pairs: Uint8Array;
  /** The suites that were begun. */
  readonly #suites = new Map<SuiteName, { covered: number; readonly plan: Plan }>();
  #strayed = 0;

  constructor(
    readonly suites: Suites,
    readonly coverage: Coverage,
    readonly nullToken: Certificate['nullToken'],
  ) {
    const { machine } = suites;
    this.#states = new Uint8Array(machine.states.length);
    this.#states[0] = 1;
    this.#transitions = new Uint8Array(machine.transitions.length);
    let pairs = 0;
    this.#pairsFrom = Float64Array.from(machine.to, (state) => {
      const from = pairs;
      pairs += (machine.first[state + 1] ?? 0) - (machine.first[state] ?? 0);
      return from;
    });
    this.#pairs = new Uint8Array(pairs);
  }

  /** Plan a suite, and count on it from now on. */
  begin({ name, plan }: Suite): Plan {
    const planned = plan();
    if (!this.#suites.has(name)) this.#suites.set(name, { covered: 0, plan: planned });
    return planned;
  }

  /** How many programs the suites hold that were begun. */
  get planned(): number {
    return sum([...this.#suites.values()].map(({ plan }) => plan.count));
  }

  /** Note a program of a suite that was judged; `followed` is undefined when it could not be. */
  note(suite: SuiteName, { machine, path }: Planned, followed: Followed | undefined): void {
    if (followed === undefined) return;
    let steps = followed.divergence === undefined ? followed.situations.length : followed.divergence.call;
    if (followed.undefinedFrom !== undefined) steps = 0;
    for (let at = 0; at < Math.min(steps, path.length); at++) {
      const planned = machine.transitions[path[at] ?? -1]?.branch.situation;
      const seen = followed.situations[at];
      if (planned === undefined || seen === undefined || REFUSED.includes(planned) === REFUSED.includes(seen)) continue;
      this.#strayed++;
      steps = at;
    }
    if (steps === path.length) {
      const count = this.#suites.get(suite);
      if (count !== undefined) count.covered++;
    }
    if (machine === this.suites.machine) this.#cover(path.slice(0, steps));
  }

  /** What was covered. */
  certificate(): Certificate {
    const { suites, coverage } = this;
    const programs: Covered = {
      covered: sum([...this.#suites.values()].map(({ covered }) => covered)),
      all: this.planned,
    };
    const transitions = covered(this.#transitions);
    const pairs = coverage.pairs ? covered(this.#pairs) : null;
    const missing = programs.all - programs.covered;
    const left = suites.suites.filter(({ name }) => !this.#suites.has(name));
    const complete =
      left.length === 0 && missing === 0 && transitions.covered === transitions.all && pairs?.covered === pairs?.all;
    const { producers, consumers, tokens } = coverage.scope;
    const distinguishing = this.#suites.get('distinguishing');
    const inseparable = distinguishing?.plan.inseparable ?? 0;
    const claims =
      distinguishing !== undefined && distinguishing.covered === distinguishing.plan.count && inseparable === 0;
    return {
      complete,
      ...(complete ? {} : { reason: this.#reason(missing, left) }),
      scope: `${producers}x${consumers}x${tokens}`,
      nullToken: this.nullToken,
      states: covered(this.#states),
      transitions,
      pairs,
      extraStates: claims ? coverage.extraStates : null,
      extraStatesAsked: coverage.extraStates,
      inseparable,
      programs,
      suites: [...this.#suites].map(([name, { covered, plan }]) => ({ name, programs: { covered, all: plan.count } })),
      graph: stateClasses(suites.machine, this.#states, this.#transitions),
    };
  }

  #cover(path: readonly number[]): void {
    const { machine } = this.suites;
    for (const [at, number] of path.entries()) {
      this.#transitions[number] = 1;
      const state = machine.to[number] ?? 0;
      this.#states[state] = 1;
      const next = path[at + 1];
      if (next !== undefined) this.#pairs[(this.#pairsFrom[number] ?? 0) + next - (machine.first[state] ?? 0)] = 1;
    }
  }

  #reason(missing: number, left: readonly Suite[]): string {
    if (left.length > 0) return `the run ended before it came to: ${left.map(({ name }) => name).join(', ')}`;
    if (this.#strayed > 0) {
      return 'the target accepts a null token in some states and refuses it in others, so what comes after that cannot be planned';
    }
    return `${missing} of its programs did not go on as the model does to their end`;
  }
}

function covered(marks: Uint8Array): Covered {
  return { covered: marks.reduce((total, mark) => total + mark, 0), all: marks.length };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** What a certificate says where nothing was asked of a null token. */
export const NOT_ASKED: NullToken = { producer: 'refused', consumer: 'refused' };
