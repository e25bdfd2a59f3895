/** The proof for any size: that it is about the model, and what it leaves out. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { profiles } from '../../spec/profiles/index.js';
import { byForm, leftOut, notExpressible, strangeNames } from '../../spec/proof/coverage.js';
import { allOf, equal, exists, forAll, not } from '../../spec/proof/expression.js';
import type { Obligation } from '../../spec/proof/obligation.js';
import { obligationsOf } from '../../spec/proof/queries.js';
import { Item, registered, Token } from '../../spec/proof/state.js';
import type { Step } from '../../spec/proof/step.js';
import { stepsOf } from '../../spec/proof/system.js';
import { rules } from '../../spec/rules/index.js';
import { Space } from '../../src/explore/space.js';
import { behaviourExplored } from '../promela/operations.js';
import { beginning, interpreterOn } from './behaviour.js';
import { broken } from './broken.js';
import { keyOf, type State } from './cells.js';
import { compare, pairwise, walks } from './compare.js';
import { mistake, stepNamed, steps } from './named.js';

const obligations = obligationsOf(core);
const { invariants, calls, steps: ofSteps, ways, theorems } = obligations;
const all: readonly Obligation[] = [...invariants, ...calls, ...ofSteps, ...ways, ...theorems];

describe('the steps that are proved', () => {
  // `npm run proof` walks the others, too.
  test.each(walks.slice(0, 1).map((walk) => [walk.what, walk] as const))(
    'reach what explore reaches: %s',
    (_, walk) => {
      const { differences, states, operations } = compare(core, steps, walk);
      expect(differences).toEqual([]);
      expect([states, operations].every((count) => count > 100)).toBe(true);
    },
  );

  test.each(profiles.filter(({ name }) => /^linux/.test(name)).map((profile) => [profile.name, profile] as const))(
    'of %s reach what explore reaches, and do nothing that core may not do',
    (_, profile) => {
      const [walk] = walks;
      if (walk === undefined) throw new Error('nothing to walk');
      expect(compare(profile, stepsOf(profile), walk).differences).toEqual([]);
      const may = behaviourExplored(new Space(core, walk.scope)).operations;
      const does = behaviourExplored(new Space(profile, walk.scope)).operations;
      expect([...does].filter((operation) => !may.has(operation))).toEqual([]);
    },
  );

  test.each([
    [
      'stops the consumer first',
      'only in the steps: operation 15 15 | t0 - | register c0 t0 | peer_waiting | c0.stop p0.stop',
    ],
    ['keeps what leaves', 'only in the model: operation 15 15 | t0 - | unregister p0 | unpaired | | - | - -'],
  ])('made wrong, they differ: %s', (what, line) => {
    const walk = { what, scope: { producers: 1, consumers: 1, tokens: 1 }, choices: [[15, 15]] };
    const { differences } = compare(core, mistake(what).steps(steps), walk);
    expect(differences.filter((one) => one.startsWith(line))).not.toEqual([]);
  });

  test('keep every invariant in every state of two callers on a small scope, computed', () => {
    const reached = reach(steps);
    expect(reached.broken).toEqual([]);
    expect(reached.taken).toEqual(
      new Set(steps.filter(({ name }) => !/lacking|missing-callback/.test(name)).map(({ name }) => name)),
    );
  });

  test('without the lock they do not', () => {
    expect(reach(mistake('takes no lock').steps(steps)).broken).toContain(
      'one operation at a time is inside, so that no two callbacks overlap',
    );
  });

  test('have no name for an object or a token', () => {
    expect(strangeNames(steps)).toEqual([]);
    const strange = { kind: 'named', sort: Token, name: 'favourite' } as const;
    const favours = { ...stepNamed('unlock'), guard: exists([Item], (object) => registered(object, strange)) };
    expect(strangeNames([favours])).toEqual([strange]);
  });
});

/** Walk two callers on a scope of one pair, up to the first state that breaks an invariant. */
function reach(some: readonly Step[]): { readonly broken: readonly string[]; readonly taken: ReadonlySet<string> } {
  const interpreter = interpreterOn({ producers: 2, consumers: 1, tokens: 1 }, core, some, 2);
  const asked = invariants.map(({ name, holds }) => ({ name, fails: interpreter.compute(not(holds)) }));
  const taken = new Set<string>();
  const found = new Map<string, State>();
  const start = beginning(interpreter);
  found.set(keyOf(start), start);
  for (const state of found.values()) {
    const failing = asked.filter(({ fails }) => fails(state) === 1);
    if (failing.length > 0) return { broken: failing.map(({ name }) => name), taken };
    for (const { step, state: after } of interpreter.next(state)) {
      taken.add(step.name);
      if (!found.has(keyOf(after))) found.set(keyOf(after), after);
    }
  }
  return { broken: [], taken };
}

describe('what is proved of the rules', () => {
  test.each(rules.map(({ id }) => id))(
    '%s is proved, holds by form, or is left out for a reason: one of them',
    (id) => {
      const proved = all.some((one) => one.rules.includes(id));
      expect([proved, id in byForm, id in notExpressible].filter((is) => is)).toHaveLength(1);
      if (id in leftOut) expect(proved).toBe(true);
    },
  );

  test('every rule that is named is one', () => {
    const ids = new Set(rules.map(({ id }) => id));
    const namedIds = [...all.flatMap((one) => one.rules), ...Object.keys({ ...byForm, ...notExpressible, ...leftOut })];
    expect([...namedIds, ...broken.map(({ rule }) => rule)].filter((id) => !ids.has(id))).toEqual([]);
  });

  test('obligations and mistakes have names of their own', () => {
    for (const names of [all.map(({ name }) => name), broken.map(({ what }) => what), steps.map(({ name }) => name)]) {
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('expressions', () => {
  test('that make no sense are refused', () => {
    expect(() => forAll([Item], (object) => registered(object))).toThrow('registered has 2 columns, not 1');
    expect(() => forAll([Item, Token], (object, token) => registered(token, object))).toThrow('Item is expected');
    expect(() => forAll([Item, Token], (object, token) => equal(object, token))).toThrow('Item is expected');
    expect(() => forAll([Item], (object) => allOf(object))).toThrow('Bool is expected');
  });

  test('any two objects meet with any two sets of callbacks', () => {
    for (const [one, other] of [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ] as const) {
      expect(new Set(pairwise().map((sets) => `${sets[one]} ${sets[other]}`)).size).toBe(256);
    }
  });
});
