/** z3 does not prove what is wrong. That it proves the promises, and refutes every mistake, is what `npm run proof` says. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { equal, exists, not } from '../../spec/proof/expression.js';
import type { Obligation } from '../../spec/proof/obligation.js';
import {
  askPossible,
  askSteps,
  type Obligations,
  obligationsOf,
  premisesOf,
  premisesOfWhoActs,
} from '../../spec/proof/queries.js';
import { Item } from '../../spec/proof/state.js';
import { broken } from './broken.js';
import { mistake, stepNamed, steps } from './named.js';
import { isAmiss } from './prove.js';
import { amissText } from './report.js';
import { shortestRun } from './shortest.js';
import { ask, Z3Failed } from './z3.js';

const obligations = obligationsOf(core);
const { invariants, calls, steps: ofSteps } = obligations;
const isPromise = ({ rules: ids }: Obligation) => ids.length > 0;

describe('z3', () => {
  test('every promise fails for some mistake: by a counterexample, or in a run', async () => {
    const changed = broken.map((one) => one.steps(steps));
    const differing = changed.flatMap((some) => some.filter((step) => !steps.includes(step)));
    const script = { premises: premisesOf(obligations), chapters: askSteps(differing, obligations, isPromise) };
    const answers = await ask(
      script,
      ({ obligation }, answered) =>
        !answered.some(({ question, answer }) => answer === 'sat' && question.obligation === obligation),
    );
    const failing = new Set(
      answers.filter(({ answer }) => answer === 'sat').map(({ question }) => question.obligation),
    );
    const left = [...invariants, ...calls, ...ofSteps].filter((one) => isPromise(one) && !failing.has(one));
    const unbroken = left.filter(({ name, rules: ids }) => {
      const only: Obligations = {
        ...obligations,
        invariants: invariants.filter((one) => one.name === name),
        calls: calls.filter((one) => one.name === name),
      };
      return !broken.some(
        ({ rule }, index) => ids.includes(rule) && shortestRun(changed[index] ?? [], core, only, rule) !== undefined,
      );
    });
    expect(unbroken.map(({ name }) => name)).toEqual([]);
    expect(left.length).toBeLessThan(15);
  });

  test.each([
    [
      'nobody is entered or taken out before the end of an operation',
      'enter connected',
      'a registration that succeeds enters the object under its token, and changes nothing else',
    ],
    ['who is connected had no reason to be refused', 'enter connected', 'a token has at most one holder on a side'],
    [
      'a callback is made once it lies behind',
      'enter connected',
      'connecting makes every callback of its sequence that is there, and no other',
    ],
    [
      'one operation at a time is inside, so that no two callbacks overlap',
      'enter alone',
      'who is connected had no reason to be refused',
    ],
    [
      'the status is 0 until an add has failed, and then what it gave',
      'give up',
      'a registration returns what the callback that failed gave',
    ],
  ])('without "%s", "%s" does not keep "%s"', async (without, of, invariant) => {
    const weaker = { ...obligations, invariants: invariants.filter(({ name }) => name !== without) };
    expect(weaker.invariants).toHaveLength(invariants.length - 1);
    const chapters = askSteps([stepNamed(of)], weaker, ({ name }) => name === invariant);
    const answers = await ask({ premises: premisesOf(weaker), chapters });
    expect(answers.map(({ answer }) => answer)).toEqual(['sat']);
  });

  test('what is assumed of who acts follows from the invariants', async () => {
    const premises = premisesOf(obligations);
    const known = new Set(premises.split('\n'));
    const others = premisesOfWhoActs(obligations)
      .split('\n')
      .filter((line) => !known.has(line));
    expect(others.length).toBeGreaterThan(invariants.length / 2);
    const questions = others.map((line) => ({
      about: 'any state' as const,
      obligation: undefined,
      expected: 'unsat' as const,
      text: line.replace(/^\(assert (.*)\)$/, '(assert (not $1))'),
    }));
    const answers = await ask({ premises, chapters: [{ says: '', questions }] });
    expect(answers.filter(isAmiss)).toEqual([]);
  });

  test('invariants that cannot hold prove nothing', async () => {
    const never = exists([Item], (object) => not(equal(object, object)));
    const impossible = { kind: 'invariant', name: 'never', rules: [], holds: never } as const;
    const premises = premisesOf({ ...obligations, invariants: [...invariants, impossible] });
    const answers = await ask({ premises, chapters: askPossible([stepNamed('unlock')]) });
    expect(amissText(answers)).toEqual([
      'EMPTY: nothing can be proved when an operation lets the lock go and returns ("unlock"): no state in which the invariants hold leads there (unsat)',
    ]);
  });

  test('a promise that fails is told with its step, in words', async () => {
    const [leave] = mistake('remembers a partner that left')
      .steps(steps)
      .filter((step) => !steps.includes(step));
    const isAsked = ({ name }: Obligation) => name.startsWith('partners are');
    const chapters = askSteps(leave === undefined ? [] : [leave], obligations, isAsked);
    const answers = await ask({ premises: premisesOf(obligations), chapters });
    expect(amissText(answers)).toEqual([
      'FAILS when an object that was disconnected is taken out, and its pair forgotten ("leave"): "partners are a producer and a consumer, registered under one token" (PAIR-4, FAIL-4, LIFE-5) fails',
    ]);
  });

  test('what is no SMT-LIB, or goes without an answer, is an error', async () => {
    const asking = (text: string) => {
      const question = { about: 'any state', obligation: undefined, expected: 'sat', text } as const;
      return ask({ premises: '', chapters: [{ says: '', questions: [question, question] }] });
    };
    await expect(asking('(assert nonsense)')).rejects.toThrow(Z3Failed);
    await expect(asking('(exit)')).rejects.toThrow('z3 ended without an answer');
  });
});
