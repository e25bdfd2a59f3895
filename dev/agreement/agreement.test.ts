/** Rules and model are two formulations of one spec: on every trace of the small scope they agree. */
import { describe, expect, test } from 'vitest';
import type { Profile } from '../../spec/profile.js';
import { enact } from '../../spec/reading/enact.js';
import { rules } from '../../spec/rules/index.js';
import type { ConsumerCallback, ProducerCallback, ProgramObject, Status } from '../../spec/vocabulary.js';
import { Judge } from '../../src/judge/judge.js';
import { someProfiles } from '../tests/extent.js';
import { mutations } from './mutate.js';
import { everyProgram } from './programs.js';

/** Objects of a world: producers and consumers with all callbacks of the profile, or with the least. */
function world(
  profile: Profile,
  producers: number,
  consumers: number,
  bare: boolean,
  results: readonly Status[],
): ProgramObject[] {
  const wanted = (role: 'producer' | 'consumer') => (bare ? profile.mandatory[role] : profile.callbacks[role]);
  const given = profile.fallible && results.length > 0 ? { results } : {};
  return [
    ...Array.from(
      { length: producers },
      (_, index): ProgramObject => ({
        id: `p${index}`,
        callbacks: wanted('producer') as readonly ProducerCallback[],
      }),
    ),
    ...Array.from(
      { length: consumers },
      (_, index): ProgramObject => ({
        id: `c${index}`,
        callbacks: wanted('consumer') as readonly ConsumerCallback[],
        ...given,
      }),
    ),
  ];
}

describe.each(someProfiles.map((profile) => [profile.name, profile] as const))('%s', (_, profile) => {
  const judge = new Judge(profile, rules, true);

  test.each([
    ['two producers and a consumer', 2, 1, false, []],
    ['a producer and two consumers that fail, and fail again', 1, 2, false, [-5, 0, 1]],
    ['bare objects', 2, 1, true, []],
  ] as const)(
    'every trace of up to four operations is accepted by both: %s',
    (__, producers, consumers, bare, results) => {
      const objects = world(profile, producers, consumers, bare, results);
      let traces = 0;
      for (const program of everyProgram({ objects, tokens: ['t0', 't1'], length: 4 })) {
        const { breaches, followed } = judge.judge(enact(program, profile));
        if (breaches.length > 0 || followed.divergence !== undefined) {
          expect.fail(
            `${JSON.stringify(program.lanes)}: ${JSON.stringify(breaches)} ${JSON.stringify(followed.divergence)}`,
          );
        }
        traces++;
      }
      expect(traces).toBe(9 + 9 ** 2 + 9 ** 3 + 9 ** 4);
    },
  );

  test('every mutated trace of up to three operations is refused by both', () => {
    const objects = world(profile, 2, 1, false, [0, -5]);
    const { refused, accepted } = judgeMutations(judge, profile, objects, ['t0', null], 3);
    expect(accepted.slice(0, 3)).toEqual([]);
    expect(refused).toBeGreaterThan(5_000);
  });
});

/** Judge every mutation of every trace; rules and model must agree on each, and neither may accept one. */
function judgeMutations(
  judge: Judge,
  profile: Profile,
  objects: readonly ProgramObject[],
  tokens: readonly ('t0' | null)[],
  length: number,
): { refused: number; accepted: readonly string[] } {
  const accepted: string[] = [];
  let refused = 0;
  for (const program of everyProgram({ objects, tokens, length })) {
    const trace = enact(program, profile);
    for (const { change, events } of mutations(trace.events)) {
      if (change.endsWith('another interrupt') && !profile.showsIrq) continue;
      if (JSON.stringify(events) === JSON.stringify(trace.events)) continue;
      const judgement = judge.judge({ objects, events });
      if (judgement.disagreement !== undefined) {
        expect.fail(`${JSON.stringify(program.lanes)}, ${change}: ${judgement.disagreement}`);
      }
      if (judgement.breaches.length > 0) refused++;
      else if (judgement.followed.undefinedFrom === undefined)
        accepted.push(`${JSON.stringify(program.lanes)}, ${change}`);
    }
  }
  return { refused, accepted };
}
