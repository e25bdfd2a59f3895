/**
 * What the suites covered on a target. A transition is covered when the target took it as the model does, after a
 * way that was right, too; what comes after a difference, or after the target chose another of two allowed ways, is not.
 */

import type { Certificate, Covered, SuiteName } from '../../spec/formats/results.js';
import type { Left } from '../../spec/formats/shard.js';
import type { Situation } from '../../spec/model.js';
import type { Followed } from '../../spec/reading/follow.js';
import type { SuiteRun } from '../subject/subject.js';
import type { Machine, NullToken } from '../suites/machine.js';
import type { Coverage, Plan, Planned, Suite, Suites } from '../suites/suites.js';
import { grouped } from '../text/text.js';
import { stateClasses } from './state-classes.js';

/** The situations in which an operation is refused. */
const REFUSED: readonly Situation[] = ['registered', 'null-token', 'missing-callback', 'duplicate-token', 'no-memory'];

/** Where a program left the way that was planned for it; undefined when it did not. */
export function leftAt(
  { machine, path }: Pick<Planned, 'machine' | 'path'>,
  followed: Followed | undefined,
): Left | undefined {
  if (followed === undefined) return { steps: 0 };
  let steps = followed.divergence === undefined ? followed.situations.length : followed.divergence.call;
  if (followed.undefinedFrom !== undefined) steps = 0;
  steps = Math.min(steps, path.length);
  for (let at = 0; at < steps; at++) {
    const planned = machine.transitions[path[at] ?? -1]?.branch.situation;
    const seen = followed.situations[at];
    if (planned === undefined || seen === undefined || REFUSED.includes(planned) === REFUSED.includes(seen)) continue;
    return { steps: at, strayed: true };
  }
  return steps === path.length ? undefined : { steps };
}

/** What there was to cover. */
export interface Asked {
  readonly suites: Suites;
  readonly coverage: Coverage;
  readonly nullToken: Certificate['nullToken'];
}

/** What was covered, by what ran of the suites that were begun. */
export function certificateOf(asked: Asked, begun: ReadonlyMap<string, SuiteRun>): Certificate {
  const count = new Count(asked.suites.machine);
  for (const suite of asked.suites.suites) {
    const ran = begun.get(suite.name);
    if (ran !== undefined) count.add(suite, ran);
  }
  return count.certificate(asked);
}

/** Keeps count of what is covered. */
class Count {
  readonly #states: Uint8Array;
  readonly #transitions: Uint8Array;
  /** Where the pairs of each transition begin among all pairs. */
  readonly #pairsFrom: Float64Array;
  readonly #pairs: Uint8Array;
  readonly #suites = new Map<SuiteName, { readonly covered: number; readonly plan: Plan }>();
  #strayed = false;
  #ran = 0;

  constructor(readonly machine: Machine) {
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

  /** Count what ran of a suite. */
  add(suite: Suite, { stretches, short }: SuiteRun): void {
    const plan = suite.plan();
    const programs = plan.programs()[Symbol.iterator]();
    let number = 0;
    let covered = 0;
    for (const { from, ran } of stretches) {
      for (; number < from; number++) programs.next();
      for (; number < from + ran; number++) {
        const { value, done } = programs.next();
        if (done === true) break;
        this.#ran++;
        const left = short.get(number);
        if (left === undefined) covered++;
        if (left?.strayed === true) this.#strayed = true;
        if (value.machine === this.machine)
          this.#cover(left === undefined ? value.path : value.path.slice(0, left.steps));
      }
    }
    this.#suites.set(suite.name, { covered, plan });
  }

  certificate({ suites, coverage, nullToken }: Asked): Certificate {
    const begun = [...this.#suites.values()];
    const programs: Covered = {
      covered: sum(begun.map(({ covered }) => covered)),
      all: sum(begun.map(({ plan }) => plan.count)),
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
      ...(complete ? {} : { reason: this.#reason(programs, left) }),
      scope: `${producers}x${consumers}x${tokens}`,
      nullToken,
      states: covered(this.#states),
      transitions,
      pairs,
      extraStates: claims ? coverage.extraStates : null,
      extraStatesAsked: coverage.extraStates,
      inseparable,
      programs,
      suites: [...this.#suites].map(([name, { covered, plan }]) => ({ name, programs: { covered, all: plan.count } })),
      graph: stateClasses(this.machine, this.#states, this.#transitions),
    };
  }

  #cover(path: readonly number[]): void {
    const { machine } = this;
    for (const [at, number] of path.entries()) {
      this.#transitions[number] = 1;
      const state = machine.to[number] ?? 0;
      this.#states[state] = 1;
      const next = path[at + 1];
      if (next !== undefined) this.#pairs[(this.#pairsFrom[number] ?? 0) + next - (machine.first[state] ?? 0)] = 1;
    }
  }

  #reason(programs: Covered, left: readonly Suite[]): string {
    if (left.length > 0) return `the run ended before it came to: ${left.map(({ name }) => name).join(', ')}`;
    if (this.#strayed) {
      return 'the target accepts a null token in some states and refuses it in others, so what comes after that cannot be planned';
    }
    const notRun = programs.all - this.#ran;
    const short = this.#ran - programs.covered;
    const reasons = [
      ...(notRun === 0 ? [] : [`${grouped(notRun)} of its programs were not run`]),
      ...(short === 0 ? [] : [`${grouped(short)} of its programs did not go on as the model does to their end`]),
    ];
    return reasons.join(', and ');
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
