/** Rules and model of hosts are two formulations of one spec: they agree on right traces, on wrong ones, and on mutants. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { profiles } from '../../spec/profiles/index.js';
import {
  allBackEnds,
  judgeMutants,
  judgeMutations,
  judgeReference,
  orderPrograms,
  randomPrograms,
  scopePrograms,
} from './host-agreement.js';

describe('what the reference host does is accepted by both', () => {
  test.each(allBackEnds)('over the small scope, and in every order of set-up, on %s', (backEnd) => {
    const programs = [...scopePrograms(backEnd, core, 12), ...orderPrograms(backEnd, core, 10)];
    const { traces, faults, disagreements } = judgeReference(programs, core);
    expect(faults).toEqual([]);
    expect(disagreements).toEqual([]);
    expect(traces).toBeGreaterThan(50);
  });

  test.each(profiles.map((profile) => [profile.name, profile] as const))('with random programs on %s', (_, profile) => {
    const { faults, disagreements } = judgeReference(randomPrograms(40, profile, 5), profile);
    expect(faults).toEqual([]);
    expect(disagreements).toEqual([]);
  });
});

test('what it does, changed in one place, is refused by both or accepted by both', () => {
  const { disagreements, refused, accepted } = judgeMutations(randomPrograms(8, core, 2), core);
  expect(disagreements.slice(0, 3)).toEqual([]);
  expect(refused).toBeGreaterThan(2_000);
  // What nobody can see, or may be so or otherwise: a log, two events of different vectors, an interrupt never freed.
  expect(accepted / (refused + accepted)).toBeLessThan(0.25);
});

test('what wrong participants do is refused by both or accepted by both', () => {
  const found = judgeMutants((profile) => randomPrograms(12, profile, 4));
  expect([...found.values()].flatMap(({ disagreements }) => disagreements).slice(0, 3)).toEqual([]);
  const refused = [...found].filter(([, agreement]) => agreement.refused > 0);
  expect(refused.length).toBeGreaterThan(found.size / 2);
});
