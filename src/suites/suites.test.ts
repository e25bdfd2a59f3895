/** That the suites are complete is counted anew here, by means that share nothing with how they are made. */
import { describe, expect, test } from 'vitest';
import { profiles } from '../../spec/profiles/index.js';
import { enact } from '../../spec/reading/enact.js';
import { follow } from '../../spec/reading/follow.js';
import type { Program } from '../../spec/vocabulary.js';
import { reach } from '../explore/reach.js';
import type { Scope } from '../explore/scope.js';
import { Space } from '../explore/space.js';
import { programOf } from '../explore/trace.js';
import { cover } from './cover.js';
import { distinguishing } from './distinguishing.js';
import { identify } from './identify.js';
import { leavesNullTokenOpen, type Machine, machineOf, type NullToken, transitionsOf, wayTo } from './machine.js';
import { countPairs, LONGEST, type Path, transitionPairs, transitionTour } from './walks.js';

const ACCEPTED: NullToken = { producer: 'accepted', consumer: 'accepted' };
const REFUSED: NullToken = { producer: 'refused', consumer: 'refused' };
const SMALL: Scope = { producers: 1, consumers: 1, tokens: 1 };
const core = profiles.find(({ name }) => name === 'core') as (typeof profiles)[number];

const machine = (scope: Scope, nullToken: NullToken = REFUSED) => machineOf(new Space(core, scope), nullToken);
const program = ({ space, transitions }: Machine, path: Path): Program =>
  programOf(
    path.flatMap((number) => transitions[number] ?? []),
    space.objects,
    space.profile,
  );

describe('the machine of a profile', () => {
  test.each(profiles.filter((profile) => !leavesNullTokenOpen(profile)))(
    '$name has the states that exploring reaches',
    (profile) => {
      const space = new Space(profile, SMALL);
      expect([...machineOf(space, REFUSED).states].sort()).toEqual([...reach(space).keys()].sort());
    },
  );

  test('has fewer states where null tokens are refused', () => {
    const scope: Scope = { producers: 2, consumers: 2, tokens: 2 };
    expect(machine(scope).states.length).toBe(49);
    expect(machine(scope, ACCEPTED).states.length).toBe(169);
  });
});

describe('walks', () => {
  const made = machine({ producers: 2, consumers: 1, tokens: 2 });

  test('go along every transition, each from the state in which the one before ended', () => {
    const paths = transitionTour(made);
    for (const path of paths) {
      let state = 0;
      for (const number of path) {
        expect(transitionsOf(made, state)).toContain(number);
        state = made.to[number] ?? -1;
      }
      expect(path.length).toBeLessThanOrEqual(LONGEST);
    }
    expect(new Set(paths.flat()).size).toBe(made.transitions.length);
  });

  test('go along every pair of transitions', () => {
    const pairs = new Set<string>();
    for (const path of transitionPairs(made)) {
      for (const [at, number] of path.entries()) if (at > 0) pairs.add(`${path[at - 1]} ${number}`);
    }
    expect(pairs.size).toBe(countPairs(made));
  });

  test('say so when an edge cannot be reached within their length', () => {
    expect(() => cover([[1], [2], [3], [3]], 2)).toThrow('more than 2 edges away');
  });

  test('are what the model does with their programs: every fallible callback fails where it is to', () => {
    for (const path of transitionTour(made)) {
      // A null token is accepted by the model where nothing is chosen; here it is refused.
      const trace = enact(
        program(made, path),
        core,
        (found) => found.find(({ situation }) => situation === 'null-token') ?? found.at(-1),
      );
      const seen = follow(trace, core).situations;
      const planned = path.map((number) => {
        const transition = made.transitions[number];
        return transition?.failing === -1 ? transition.branch.situation : 'connect-fails';
      });
      const refused = (situation: string) =>
        ['null-token', 'no-memory', 'duplicate-token', 'registered'].includes(situation);
      expect(seen.map((one) => (refused(one) ? 'refused' : one))).toEqual(
        planned.map((one) => (refused(one) ? 'refused' : one)),
      );
    }
  });
});

describe('identifiers', () => {
  test.each(profiles.filter(({ name }) => name !== 'rfc-2015'))('tell all states of $name apart', (profile) => {
    const { inseparable, of } = identify(
      machineOf(new Space(profile, { producers: 2, consumers: 2, tokens: 2 }), REFUSED),
    );
    expect(inseparable).toEqual([]);
    expect(of.every((own) => own.length > 0)).toBe(true);
  });

  test('say which states of rfc-2015 nothing tells apart: it leaves unregistering the unregistered undefined', () => {
    const rfc = profiles.find(({ name }) => name === 'rfc-2015') as (typeof profiles)[number];
    expect(identify(machineOf(new Space(rfc, SMALL), REFUSED)).inseparable).not.toEqual([]);
  });
});

/**
 * An implementation with extra states: after a way to a state and then some inputs in a row, without any other
 * between, the last of them goes wrong. Each input but the last leads to one more state.
 */
function passes(made: Machine, paths: Iterable<Path>, from: number, wrong: Path): boolean {
  for (const path of paths) {
    let state = 0;
    let deep = 0;
    for (const number of path) {
      if (deep > 0 && number === wrong[deep]) deep++;
      else deep = state === from && number === wrong[0] ? 1 : 0;
      if (deep === wrong.length) return false;
      state = made.to[number] ?? 0;
    }
  }
  return true;
}

describe('the distinguishing suite', () => {
  const made = machine(SMALL);
  const suite = (k: number) => [...distinguishing(made, k).paths()];

  function* sequences(state: number, length: number): Iterable<Path> {
    if (length === 0) yield [];
    else {
      for (const number of transitionsOf(made, state))
        for (const rest of sequences(made.to[number] ?? 0, length - 1)) yield [number, ...rest];
    }
  }

  test.each([1, 2])('for %i extra states finds every implementation with so many; for one fewer it does not', (k) => {
    const [enough, fewer] = [suite(k), suite(k - 1)];
    let missed = 0;
    let asked = 0;
    for (const from of made.states.keys()) {
      let nth = 0;
      for (const wrong of sequences(from, k + 1)) {
        // With two extra states there are thousands; every so many of them is asked.
        if (nth++ % (k === 1 ? 1 : 29) !== 0) continue;
        asked++;
        expect(passes(made, enough, from, wrong)).toBe(false);
        if (passes(made, fewer, from, wrong)) missed++;
      }
    }
    expect(asked).toBeGreaterThan(50);
    expect(missed).toBeGreaterThan(0);
  });

  test('has as many programs as it says', () => {
    expect(suite(1)).toHaveLength(distinguishing(made, 1).count);
  });

  test('reaches every state', () => {
    const ends = new Set(
      made.states.map((_, state) =>
        wayTo(made, state).length === 0 ? 0 : (made.to[wayTo(made, state).at(-1) ?? -1] ?? -1),
      ),
    );
    expect(ends.size).toBe(made.states.length);
  });
});

test('events of a walk that fails carry other results, a positive one too', () => {
  const made = machine(SMALL);
  const failures = transitionTour(made).flatMap((path) =>
    program(made, path).objects.flatMap(({ results }) => results ?? []),
  );
  expect([...new Set(failures)].sort((a, b) => a - b)).toEqual([-5, 0, 1]);
});
