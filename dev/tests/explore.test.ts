/** The proof on the small scope, and that it would not prove what is wrong. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';
import type { ChapterRule } from '../../spec/rule.js';
import { rules } from '../../spec/rules/index.js';
import { type ExploreProgress, explore, unproved } from '../../src/explore/explore.js';
import { Proof } from '../../src/explore/proof.js';
import { reach } from '../../src/explore/reach.js';
import { describe as describeExploration } from '../../src/explore/render.js';
import { parseScope, type Without } from '../../src/explore/scope.js';
import { Space, type Transition } from '../../src/explore/space.js';
import { Judge } from '../../src/judge/judge.js';
import { RememberingJudge } from '../../src/judge/remembering.js';
import { extent } from './extent.js';

const small = { producers: 2, consumers: 1, tokens: 1 };

describe('the state space', () => {
  // On a side, k of n objects hold k of t tokens: the sum over k of C(n, k) C(t, k) k!; both sides are free of each other.
  const sizes: readonly (readonly [string, number])[] = [
    ['1x1x1', 4],
    ['2x2x2', 49],
    ['3x3x3', 1156],
  ];
  const largest: typeof sizes = extent([], [['4x4x4', 43_681]]);
  test.each([...sizes, ...largest])('%s has as many states as there are ways to hold tokens: %i', (text, states) => {
    const scope = parseScope(text);
    if (scope === undefined) throw new Error(text);
    // A null token is refused in this profile, so that it adds no state.
    expect(reach(new Space(linux47, scope)).size).toBe(states);
  });

  test.each(['', '2x2', '0x1x1', '2x2x2x2', 'axbxc'])('%j is no scope', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });
});

test('every rule is proved, on two producers and a consumer', () => {
  const exploration = explore(linux617, { ...small, tokens: 2 }, rules);
  expect(unproved(exploration, rules).broken).toEqual([]);
  expect(exploration.proofs?.statements.map(({ statement }) => statement).sort()).toEqual([
    'either side may leave first, with the same callbacks',
    'operations on different objects under different tokens commute',
    'renaming objects changes nothing',
    'renaming tokens changes nothing',
    'the pair is the same, by the same callbacks, whichever side registers first',
  ]);
});

test.each(extent([linux47], [core, linux617]).map((profile) => [profile.name, profile] as const))(
  '%s: what is judged by what was remembered is what is judged afresh',
  (_, profile) => {
    const space = new Space(profile, { ...small, tokens: 2 });
    const reached = reach(space);
    const proved = (judge: Judge | RememberingJudge) => {
      const proof = new Proof(space, reached, judge);
      for (const key of reached.keys()) proof.judgeFrom(key);
      return { exposures: [...judge.exposures()].sort(), contradictions: [...proof.contradictions.keys()] };
    };
    expect(proved(new RememberingJudge(profile, rules, true))).toEqual(proved(new Judge(profile, rules, true)));
  },
);

describe('nothing wrong is proved', () => {
  const swear = (check: Extract<ChapterRule, { kind: 'call' }>['check']): readonly ChapterRule[] => [
    ...rules,
    {
      kind: 'call',
      id: 'FALSE-1',
      chapter: 'tokens',
      level: 'MUST',
      text: 'A false rule MUST be found out.',
      intent: 'A proof that proves everything proves nothing.',
      source: 'This test.',
      floor: 1,
      check,
    },
  ];

  test('a rule that does not hold is found out, by a shortest program', () => {
    const wrong = swear((call) => (call.registers && call.holder !== undefined ? 'there is a holder' : undefined));
    const contradictions = explore(core, small, wrong).proofs?.contradictions ?? [];
    expect(contradictions.map(({ rule }) => rule)).toEqual(['FALSE-1']);
    expect(contradictions[0]?.program.lanes[0]).toHaveLength(2);
  });

  test('a rule that the first operation breaks is found out by that alone', () => {
    const wrong = swear((call) => (call.registers && call.past === 'new' ? 'it registers' : undefined));
    const contradictions = explore(core, small, wrong).proofs?.contradictions ?? [];
    expect(contradictions.map(({ rule }) => rule)).toEqual(['FALSE-1']);
    expect(contradictions[0]?.program.lanes[0]).toHaveLength(1);
  });

  test('a rule that fails only after a failure is found out', () => {
    const wrong = swear((call) => (call.past === 'failed' && call.registers ? 'it failed before' : undefined));
    const contradictions = explore(core, small, wrong).proofs?.contradictions ?? [];
    expect(contradictions[0]?.program.lanes[0]).toHaveLength(3);
    expect(contradictions[0]?.program.objects.some(({ results }) => results !== undefined)).toBe(true);
  });

  test('a rule that is never exposed is not proved', () => {
    const exploration = explore(
      core,
      small,
      swear(() => undefined),
    );
    expect(
      unproved(
        exploration,
        swear(() => undefined),
      ).unexposed,
    ).toContain('FALSE-1 was never exposed on this scope');
  });
});

describe('what is left out of a scope', () => {
  const transitions = (without: Without) => {
    const found: Transition[] = [];
    reach(new Space(core, { ...small, tokens: 2, without }), { visit: (transition) => found.push(transition) });
    return found;
  };
  const registered = ({ from, operation }: Transition) =>
    new Space(core, { ...small, tokens: 2 }).tokenOf(from, operation.object) !== undefined;
  const isMisuse = (transition: Transition) => 'token' in transition.operation === registered(transition);

  test('callbacks that fail', () => {
    expect(transitions({}).some(({ failing }) => failing !== -1)).toBe(true);
    expect(transitions({ failures: true }).every(({ failing }) => failing === -1)).toBe(true);
  });

  test('misuse, and nothing but it', () => {
    expect(transitions({}).some(isMisuse)).toBe(true);
    const proper = (all: readonly Transition[]) => all.filter((transition) => !isMisuse(transition));
    expect(transitions({ misuse: true })).toEqual(proper(transitions({})));
  });

  test('the null token and registering without memory', () => {
    const asks = ({ operation }: Transition) =>
      'token' in operation && (operation.token === null || 'memory' in operation);
    expect(transitions({}).some(asks)).toBe(true);
    expect(transitions({ nullToken: true, memoryFailure: true }).some(asks)).toBe(false);
  });

  test('other sets of callbacks, and with them the rule that speaks of nothing else', () => {
    const scope = { ...small, tokens: 2, without: { subsets: true } };
    const exploration = explore(core, scope, rules);
    expect(exploration.proofs?.subsets).toBe(0);
    expect(exploration.proofs?.exposures['CALL-7']).toBe(0);
    // Optional callbacks are skipped only where they are missing.
    expect(unproved(exploration, rules)).toEqual({ broken: [], unexposed: ['CALL-4 was never exposed on this scope'] });
  });

  test('proofs: then nothing is said to be proved', () => {
    const exploration = explore(core, small, rules, { withoutProofs: true, now: () => 0 });
    expect(exploration.proofs).toBeUndefined();
    expect(describeExploration(exploration, unproved(exploration, rules))).toMatchInlineSnapshot(`
      "core, 2 producers, 1 consumer, 1 token and the null token
        states       21
        transitions  585
        proved       nothing, as asked
        time         0.0 s
      "
    `);
  });
});

test('what is printed, with symmetry', () => {
  const scope = { producers: 1, consumers: 1, tokens: 1 };
  const exploration = explore(linux47, scope, rules, { symmetry: true, now: () => 0 });
  expect(describeExploration(exploration, unproved(exploration, rules))).toMatchInlineSnapshot(`
    "linux-4.7, 1 producer, 1 consumer, 1 token and the null token
      states       4, in 4 orbits
      transitions  44
      judged       488 pairs of transitions, 464 transitions with other sets of callbacks
      rules        40 exposed, 40 proved
      proved       operations on different objects under different tokens commute (20 cases)
      proved       the pair is the same, by the same callbacks, whichever side registers first (1 case)
      proved       either side may leave first, with the same callbacks (1 case)
      no case      renaming tokens changes nothing (0 cases)
      no case      renaming objects changes nothing (0 cases)
      time         0.0 s to reach every state, 0.0 s to prove
      NOT PROVED: TOKEN-1 was never exposed on this scope
      NOT PROVED: no case of "renaming tokens changes nothing" on this scope
      NOT PROVED: no case of "renaming objects changes nothing" on this scope
    "
  `);
});

test('progress is told of, up to the end', () => {
  const told: ExploreProgress[] = [];
  explore(core, small, rules, { onProgress: (progress) => told.push(progress) });
  expect(told[0]?.phase).toBe('reaching');
  const last = (phase: string) => told.findLast((progress) => progress.phase === phase);
  expect(last('proving')).toMatchObject({ done: 21, total: 21, unit: 'pairs' });
  expect(last('comparing runs of')).toMatchObject({ done: 21, total: 21, unit: 'states', units: 21 });
});
