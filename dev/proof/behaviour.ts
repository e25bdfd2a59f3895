/**
 * What the steps reach on a small scope, in the same text as `explore` tells what the model reaches
 * (dev/promela/operations.ts): the states between operations, and each operation from lock to unlock.
 */

import type { Profile } from '../../spec/profile.js';
import { type Expression, exists } from '../../spec/proof/expression.js';
import {
  answer,
  fails,
  has,
  isProducer,
  nullToken,
  registered,
  self,
  status,
  Token,
  was,
} from '../../spec/proof/state.js';
import { caller, type Step } from '../../spec/proof/step.js';
import type { ObjectId } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import { objectIds, type Scope, tokenNames } from '../../src/explore/scope.js';
import { type Behaviour, callbacksOf } from '../promela/operations.js';
import { keyOf, type State, type Universe } from './cells.js';
import { Interpreter, type Taken } from './interpreter.js';

/** All callbacks, as a number of bits. */
const ALL = 15;

/** Stands for any status but the manager's own that a callback may give. */
const OTHER_STATUS = 'other';

/** Whether the object of an operation was registered when it began. */
const IS_REGISTERED = exists([Token], (under) => was(caller, self(caller), under));
const FAILS = fails(caller);
const STATUS = status(caller);
const ANSWER = answer(caller);

/** A few objects, tokens and callers. */
export function universeOf(scope: Scope, callers = 1): Universe {
  const ids = objectIds(scope);
  return {
    Item: ids,
    Token: [nullToken.name, ...tokenNames(scope)],
    Caller: Array.from({ length: callers }, (_, index) => `caller${index}`),
    Irq: ['none', ...ids.filter((id) => roleOf(id) === 'producer').map((_, index) => String(32 + index))],
    Status: ['ok', 'ENOMEM', 'EBUSY', 'EINVAL', OTHER_STATUS],
  };
}

/** The steps on a scope. Who asks for what is as in `explore`: a producer's interrupt follows from its number. */
export function interpreterOn(scope: Scope, profile: Profile, steps: readonly Step[], callers = 1): Interpreter {
  const universe = universeOf(scope, callers);
  const starves =
    scope.without?.memoryFailure !== true && profile.refusals.some(({ refusal }) => refusal === 'no-memory');
  return new Interpreter(universe, steps, ({ from }, { object, token, irq, starved }) => {
    if (from !== 'outside' || object === undefined || irq === undefined) return true;
    const own = roleOf(object as ObjectId) === 'producer' ? String(32 + Number(object.slice(1))) : 'none';
    const isAsked = token !== nullToken.name || scope.without?.nullToken !== true;
    return isAsked && irq === own && (starves || starved === 'false');
  });
}

/** Nothing is registered, and each object has a set of callbacks; all of them where no sets are given. */
export function beginning(interpreter: Interpreter, sets?: readonly number[]): State {
  const ids = (interpreter.universe.Item ?? []) as readonly ObjectId[];
  return interpreter.state([
    ...ids.flatMap((id) => (roleOf(id) === 'producer' ? [[isProducer, [id], 'true'] as const] : [])),
    ...ids.flatMap((id, index) =>
      callbacksOf(id, sets?.[index] ?? ALL).map((name) => [has, [id, name], 'true'] as const),
    ),
  ]);
}

/** What the steps reach from a choice of callbacks for each object, or with all callbacks where none is given. */
export function behaviourOf(interpreter: Interpreter, sets?: readonly number[]): Behaviour {
  const states = new Set<string>();
  const operations = new Set<string>();
  const telling = new Telling(interpreter);
  const prefix = sets === undefined ? '' : `${sets.join(' ')} | `;
  const reached = new Map<string, State>();
  const reach = (state: State) => {
    const key = keyOf(state);
    if (!reached.has(key)) reached.set(key, state);
  };
  reach(beginning(interpreter, sets));
  // A map goes on with what is added to it meanwhile.
  for (const state of reached.values()) {
    const before = telling.registrations(state);
    states.add(`${prefix}${before}`);
    for (const { text, after } of telling.operations(state)) {
      operations.add(`${prefix}${before} | ${text} | ${telling.registrations(after)}`);
      reach(after);
    }
  }
  return { states, operations };
}

/** An operation that was begun, and how far it has come. */
interface Run {
  readonly begun: Taken;
  readonly situation: string;
  /** Those that were made, one after the other. */
  readonly callbacks: string;
  readonly state: State;
}

/** Tells operations as text. */
class Telling {
  readonly #interpreter: Interpreter;
  readonly #ids: readonly string[];
  readonly #isRegistered: readonly (readonly [token: string, (state: State) => number])[][];

  constructor(interpreter: Interpreter) {
    this.#interpreter = interpreter;
    this.#ids = interpreter.universe.Item ?? [];
    this.#isRegistered = this.#ids.map((id) =>
      (interpreter.universe.Token ?? []).map((name) => [name, interpreter.look(registered, [id, name])] as const),
    );
  }

  /** Under which token each object is registered; several where a broken manager registers it under several. */
  registrations(state: State): string {
    return this.#isRegistered
      .map((tokens) => {
        const held = tokens.filter(([, isRegistered]) => isRegistered(state) === 1);
        return held.length === 0 ? '-' : held.map(([name]) => name).join('+');
      })
      .join(' ');
  }

  /** Every operation from a state, told up to the state after it. */
  *operations(state: State): Generator<{ readonly text: string; readonly after: State }> {
    const runs: Run[] = [];
    for (const begun of this.#interpreter.next(state)) {
      runs.push({ begun, situation: '', callbacks: '', state: begun.state });
    }
    for (let run = runs.pop(); run !== undefined; run = runs.pop()) {
      for (const taken of this.#interpreter.next(run.state)) {
        if (taken.values.caller !== run.begun.values.caller) continue;
        if (taken.step.to === 'outside') {
          yield { text: this.#text(run, taken), after: taken.state };
          continue;
        }
        runs.push({
          begun: run.begun,
          situation: this.#situation(run, taken),
          callbacks: run.callbacks + this.#callback(run, taken),
          state: taken.state,
        });
      }
    }
  }

  #text({ begun, situation, callbacks, state }: Run, end: Taken): string {
    const { object, token: under, starved } = begun.values;
    const registers = under !== undefined;
    const value = (expression: Expression) => this.#interpreter.valueIn(end, state, expression);
    const asked = registers
      ? `register ${object} ${under}${starved === 'true' ? ' without memory' : ''}`
      : `unregister ${object}`;
    return [asked, situation, callbacks.trimEnd(), registers ? this.#status(value) : '-']
      .join(' | ')
      .replace('|  |', '| |');
  }

  /** What a callback gave and the operation returns as it is, is `failed`, whatever it is. */
  #status(value: (expression: Expression) => string): string {
    const returned = value(STATUS);
    if (value(FAILS) === 'false') return returned;
    return returned === value(ANSWER) ? 'failed' : `${returned} instead of what failed`;
  }

  #situation(run: Run, taken: Taken): string {
    const { step } = taken;
    if (step.finds === undefined) return run.situation;
    // Whatever else is wrong with it: see `spec/model.ts`.
    const again =
      step.name.startsWith('refuse') && this.#interpreter.valueIn(taken, run.state, IS_REGISTERED) === 'true';
    return (again ? 'registered' : step.finds).replace('-', '_');
  }

  #callback(run: Run, taken: Taken): string {
    const { call } = taken.step;
    if (call === undefined) return '';
    const value = (expression: Expression) => this.#interpreter.valueIn(taken, run.state, expression);
    const shown = call.irq === undefined ? '' : ` ${value(call.irq)}`;
    const passed = call.counterpart === undefined ? '' : `(${value(call.counterpart)}${shown})`;
    return `${value(call.object)}.${value(call.callback)}${passed}${call.fails === true ? '!' : ''} `;
  }
}
