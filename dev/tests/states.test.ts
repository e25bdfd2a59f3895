/** States are packed, found again, and never too many. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { reach } from '../../src/explore/reach.js';
import { mustFit, stateCount } from '../../src/explore/size.js';
import { Space } from '../../src/explore/space.js';
import { MOST_MEMORY, memoryFor, ScopeTooLarge, States } from '../../src/explore/states.js';
import { someProfiles } from './extent.js';

const scope = { producers: 3, consumers: 2, tokens: 2 };

describe('packed states', () => {
  test('each is there once, with its way, after the tables have grown', () => {
    const states = new States();
    // Far apart, up to 53 bits, so that both halves of the name count.
    const key = (index: number) => index * 4_294_967_297 + (index % 7);
    for (let index = 0; index < 5000; index++)
      expect(states.add(key(index), key(index), index >> 1, index % 100)).toBe(true);
    for (let index = 0; index < 5000; index++) expect(states.add(key(index), 1, 1, 1)).toBe(false);
    expect(states.size).toBe(5000);
    expect([states.find(key(4711)), states.key(4711), states.before(4711), states.way(4711)]).toEqual([
      4711,
      key(4711),
      2355,
      11,
    ]);
    expect(states.find(1)).toBe(-1);
    expect(states.has(key(5000))).toBe(false);
  });

  test('a path leads where it should, by a shortest way', () => {
    const space = new Space(core, scope);
    const reached = reach(space);
    for (const key of reached.keys()) {
      const path = reached.pathTo(key);
      const registered = space.ids.filter((id) => space.tokenOf(key, id) !== undefined).length;
      expect(path).toHaveLength(registered);
      expect(path.reduce((at, { from, to }) => (from === at ? to : Number.NaN), 0)).toBe(key);
    }
  });

  test('more memory than allowed is refused before it is taken', () => {
    const states = new States(memoryFor(1024));
    for (let index = 0; index < 1024; index++) states.add(index, index, 0, 0);
    expect(() => states.add(1024, 1024, 0, 0)).toThrow(ScopeTooLarge);
    expect(() => reach(new Space(core, { ...scope, tokens: 3 }), { most: memoryFor(1024) })).toThrow(ScopeTooLarge);
  });
});

describe('the size of a scope', () => {
  test.each(someProfiles.map((profile) => [profile.name, profile] as const))(
    '%s: as many states as are reached',
    (_, profile) => {
      for (const without of [{}, { nullToken: true }]) {
        expect(stateCount(profile, { ...scope, without })).toBe(reach(new Space(profile, { ...scope, without })).size);
      }
    },
  );

  test('what fits into 2 GB fits', () => {
    expect(memoryFor(stateCount(core, { producers: 5, consumers: 5, tokens: 5 }))).toBeLessThanOrEqual(MOST_MEMORY);
    expect(() => mustFit(core, { producers: 5, consumers: 5, tokens: 5 }, false)).not.toThrow();
  });

  test('what does not is refused, in words', () => {
    const large = { producers: 6, consumers: 6, tokens: 6 };
    expect(() => mustFit(linux47, large, false)).toThrow(
      'The scope 6x6x6 is too large for linux-4.7: its 177,608,929 states would take 12.1 GB, and 2.0 GB are allowed. Take a smaller scope, or --symmetry.',
    );
    expect(() => mustFit(linux47, large, true)).not.toThrow();
    expect(() => mustFit(core, { producers: 9, consumers: 9, tokens: 9 }, true)).toThrow('cannot be packed');
  });
});
