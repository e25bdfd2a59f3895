/** The proof on the small scope, and that it would not prove what is wrong. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { profiles } from '../../spec/profiles/index.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import type { ChapterRule } from '../../spec/rule.js';
import { rules } from '../../spec/rules/index.js';
import { explore, unproved } from './explore.js';
import { parseScope } from './scope.js';
import { reach, Space } from './space.js';

const small = { producers: 2, consumers: 1, tokens: 1 };

describe('the state space', () => {
  // On a side, k of n objects hold k of t tokens: the sum over k of C(n, k) C(t, k) k!; both sides are free of each other.
  test.each([
    ['1x1x1', 4],
    ['2x2x2', 49],
    ['3x3x3', 1156],
    ['4x4x4', 43_681],
  ])('%s has as many states as there are ways to hold tokens: %i', (text, states) => {
    const scope = parseScope(text);
    if (scope === undefined) throw new Error(text);
    // A null token is refused in this profile, so that it adds no state.
    expect(reach(new Space(linux47, scope)).size).toBe(states);
  });

  test.each(['', '2x2', '0x1x1', '2x2x2x2', 'axbxc'])('%j is no scope', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });
});

describe('every rule is proved', () => {
  test.each(profiles.map((profile) => [profile.name, profile] as const))(
    '%s, on two producers and a consumer',
    (_, profile) => {
      const exploration = explore(profile, { ...small, tokens: 2 }, rules);
      expect(unproved(exploration, rules).filter((text) => !text.includes('never exposed'))).toEqual([]);
      expect(exploration.statements.map(({ statement }) => statement).sort()).toEqual([
        'either side may leave first, with the same callbacks',
        'operations on different objects under different tokens commute',
        'renaming objects changes nothing',
        'renaming tokens changes nothing',
        'the pair is the same, by the same callbacks, whichever side registers first',
      ]);
    },
  );
});

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
    const { contradictions } = explore(core, small, wrong);
    expect(contradictions.map(({ rule }) => rule)).toEqual(['FALSE-1']);
    expect(contradictions[0]?.program.lanes[0]).toHaveLength(2);
  });

  test('a rule that fails only after a failure is found out', () => {
    const wrong = swear((call) => (call.past === 'failed' && call.registers ? 'it failed before' : undefined));
    const { contradictions } = explore(core, small, wrong);
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
      ),
    ).toContain('FALSE-1 was never exposed on this scope');
  });
});
