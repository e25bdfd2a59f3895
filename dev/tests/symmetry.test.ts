/** One state of each orbit is enough: the orbits are exactly what renaming makes of them, and the verdicts are the same. */
import { describe, expect, test } from 'vitest';
import type { Profile } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import type { ChapterRule } from '../../spec/rule.js';
import { rules } from '../../spec/rules/index.js';
import type { ObjectId, Token } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import { explore, unproved } from '../../src/explore/explore.js';
import { reach } from '../../src/explore/reach.js';
import { parseScope } from '../../src/explore/scope.js';
import { type Key, Space } from '../../src/explore/space.js';
import { orbitName, orbitSize } from '../../src/explore/symmetry.js';
import { extent, provedProfiles } from './extent.js';

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

/** Every state that comes of one by giving its objects and tokens other names, by trying all. */
function renamings(space: Space, key: Key): ReadonlySet<Key> {
  const side = (role: string) => space.ids.filter((id) => roleOf(id) === role);
  const [producers, consumers] = [side('producer'), side('consumer')];
  const tokens = space.tokens.filter((token) => token !== null);
  const found = new Set<Key>();
  for (const ps of permutations(producers)) {
    for (const cs of permutations(consumers)) {
      for (const ts of permutations(tokens)) {
        const id = new Map<ObjectId, ObjectId>(
          [...producers, ...consumers].map((one, index) => [one, [...ps, ...cs][index] ?? one]),
        );
        const token = new Map<Token, Token>([
          [null, null],
          ...tokens.map((one, index): [Token, Token] => [one, ts[index] ?? one]),
        ]);
        let to: Key = 0;
        for (const [one, other] of id) {
          const held = space.tokenOf(key, one);
          to = space.with(to, other, held === undefined ? undefined : token.get(held));
        }
        found.add(to);
      }
    }
  }
  return found;
}

const scopes = ['1x1x1', '2x2x2', '3x2x2', '2x3x1', '1x2x3'];

describe('orbits', () => {
  test.each(scopes)('%s: the name and the size of an orbit are those that renaming gives', (text) => {
    const space = new Space(core, parseScope(text) ?? { producers: 0, consumers: 0, tokens: 0 });
    const byName = new Map<number, Key[]>();
    for (const key of reach(space).keys())
      byName.set(orbitName(space, key), [...(byName.get(orbitName(space, key)) ?? []), key]);
    for (const keys of byName.values()) {
      const [first = 0] = keys;
      expect(new Set(keys)).toEqual(renamings(space, first));
      expect(orbitSize(space, first)).toBe(keys.length);
    }
  });

  test.each(provedProfiles.map((profile) => [profile.name, profile] as const))(
    '%s: the orbits together are all states and all transitions',
    (_, profile) => {
      for (const text of [...scopes, '3x3x3']) {
        const scope = parseScope(text) ?? { producers: 0, consumers: 0, tokens: 0 };
        const all = explore(profile, scope, [], { withoutProofs: true });
        const some = explore(profile, scope, [], { withoutProofs: true, symmetry: true });
        expect([some.states, some.transitions]).toEqual([all.states, all.transitions]);
        expect(some.orbits).toBeLessThanOrEqual(all.states);
        const space = new Space(profile, scope);
        expect(some.orbits).toBe(new Set(Array.from(reach(space).keys(), (key) => orbitName(space, key))).size);
      }
    },
  );
});

describe('with symmetry', () => {
  const scope = { producers: 2, consumers: 1, tokens: extent(1, 1, 2) };
  const verdicts = (profile: Profile, symmetry: boolean, all = rules) => {
    const exploration = explore(profile, scope, all, { symmetry });
    return {
      ...unproved(exploration, all),
      exposed: Object.entries(exploration.proofs?.exposures ?? {})
        .filter(([, count]) => count > 0)
        .map(([id]) => id),
    };
  };

  test.each(provedProfiles.map((profile) => [profile.name, profile] as const))(
    '%s: the same is proved',
    (_, profile) => {
      expect(verdicts(profile, true)).toEqual(verdicts(profile, false));
    },
  );

  test('the same is broken, by programs as short', () => {
    const [model] = rules.filter((rule) => rule.kind === 'call');
    if (model === undefined) throw new Error('no rule');
    const wrong = (id: string, check: Extract<ChapterRule, { kind: 'call' }>['check']): ChapterRule => ({
      ...model,
      kind: 'call',
      id,
      check,
    });
    const all = [
      ...rules,
      wrong('FALSE-1', (call) => (call.registers && call.holder !== undefined ? 'there is a holder' : undefined)),
      wrong('FALSE-2', (call) =>
        call.past === 'failed' && call.peer !== undefined ? 'it failed, and somebody waits' : undefined,
      ),
      wrong('FALSE-3', (call) =>
        call.othersRejected > 0 && call.bystanders > 0 ? 'somebody was turned away' : undefined,
      ),
    ];
    const lengths = (symmetry: boolean) =>
      (explore(core, scope, all, { symmetry }).proofs?.contradictions ?? [])
        .map(({ rule, program }) => [rule, program.lanes[0]?.length])
        .sort();
    expect(lengths(true).map(([rule]) => rule)).toEqual(expect.arrayContaining(['FALSE-1', 'FALSE-2', 'FALSE-3']));
    expect(lengths(true)).toEqual(lengths(false));
  });
});
