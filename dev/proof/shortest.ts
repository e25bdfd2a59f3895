/**
 * The shortest run that breaks a promise, from the beginning, on a small scope.
 *
 * z3 refutes a broken system by a step from some state in which all invariants hold; no run needs to come to that state.
 * Often it is a helper that fails first. So here is shown that the mistake is one: a run of it that breaks the rule itself.
 */
import type { Profile } from '../../spec/profile.js';
import { not } from '../../spec/proof/expression.js';
import type { Obligations } from '../../spec/proof/queries.js';
import type { Step } from '../../spec/proof/step.js';
import type { Scope } from '../../src/explore/scope.js';
import { beginning, interpreterOn } from './behaviour.js';
import { keyOf, type State } from './cells.js';
import type { Interpreter, Taken } from './interpreter.js';

/** A run, and what its last step breaks. */
export interface Run {
  /** What happened, a line a step. */
  readonly steps: readonly string[];
  readonly breaks: string;
}

/** Two producers, so that one may take what is another's; two tokens. */
const SCOPE: Scope = { producers: 2, consumers: 1, tokens: 2, without: { memoryFailure: true } };

/** A run that breaks an obligation of a rule about states or callbacks; undefined where none does. */
export function shortestRun(
  steps: readonly Step[],
  profile: Profile,
  obligations: Obligations,
  rule: string,
): Run | undefined {
  const interpreter = interpreterOn(SCOPE, profile, steps);
  const promises = obligations.invariants
    .filter(({ rules }) => rules.includes(rule))
    .map(({ name, holds }) => ({ name, fails: interpreter.compute(not(holds)) }));
  const calls = obligations.calls.filter(({ rules }) => rules.includes(rule));
  const brokenCall = memoized(interpreter, calls);
  const start = beginning(interpreter);
  const from = new Map<string, { readonly before: string; readonly taken: Taken } | undefined>([
    [keyOf(start), undefined],
  ]);
  const queue: State[] = [start];
  for (const state of queue) {
    const before = keyOf(state);
    for (const taken of interpreter.next(state)) {
      const run = (breaks: string): Run => ({ steps: [...wayTo(from, before), told(taken)], breaks });
      const call = brokenCall(taken, state);
      if (call !== undefined) return run(call);
      const key = keyOf(taken.state);
      if (from.has(key)) continue;
      from.set(key, { before, taken });
      const promise = promises.find(({ fails }) => fails(taken.state) === 1);
      if (promise !== undefined) return run(promise.name);
      queue.push(taken.state);
    }
  }
  return undefined;
}

/** Which obligation a step's callback breaks. */
function memoized(interpreter: Interpreter, calls: Obligations['calls']) {
  const known = new Map<Step, readonly (readonly [name: string, fails: ReturnType<typeof not>])[]>();
  return (taken: Taken, before: State): string | undefined => {
    const { step } = taken;
    if (step.call === undefined) return undefined;
    let asked = known.get(step);
    if (asked === undefined) {
      const { call } = step;
      asked = calls.flatMap((obligation) => {
        const holds = obligation.holds(call, step);
        return holds === undefined ? [] : [[obligation.name, not(holds)] as const];
      });
      known.set(step, asked);
    }
    return asked.find(([, fails]) => interpreter.valueIn(taken, before, fails) === 'true')?.[0];
  };
}

function wayTo(
  from: ReadonlyMap<string, { readonly before: string; readonly taken: Taken } | undefined>,
  key: string,
): readonly string[] {
  const steps: string[] = [];
  for (let last = from.get(key); last !== undefined; last = from.get(last.before)) steps.unshift(told(last.taken));
  return steps;
}

function told({ step, values }: Taken): string {
  const given = Object.entries(values)
    .filter(([name]) => name !== 'caller' && name !== 'irq' && name !== 'starved')
    .map(([name, value]) => `${name} ${value}`);
  return given.length === 0 ? step.words : `${step.words} (${given.join(', ')})`;
}
