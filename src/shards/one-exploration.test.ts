/** The shards of an exploration, merged, are the exploration; whatever does not make one is refused by name. */
import { expect, test } from 'vitest';
import type { ExplorationShard } from '../../spec/formats/exploration.js';
import type { Profile } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { rules } from '../../spec/rules/index.js';
import { type ExploreProgress, explore, proveAll, reachAll } from '../explore/explore.js';
import { piecesOf } from '../explore/pieces.js';
import { isPartOf } from './of-one.js';
import { mergedExploration } from './one-exploration.js';

const own = { version: '1.2.3', rulesHash: 'abc' };
const scope = { producers: 2, consumers: 1, tokens: 1 };
const now = () => 0;
const told: ExploreProgress[] = [];

/** A shard of an exploration of some profiles, as it comes out of a file. */
async function shardOf(shard: number, of: number, profiles: readonly Profile[]): Promise<ExplorationShard> {
  const evidence: ExplorationShard['evidence'][number][] = [];
  const reached: ExplorationShard['run']['reached'][number][] = [];
  let from = 0;
  for (const profile of profiles) {
    const all = reachAll(profile, scope, rules, { now, onProgress: (progress) => told.push(progress) });
    const { states, transitions } = all.whole;
    const proved = await proveAll(all, [], (number) => isPartOf(shard, of, from + number));
    evidence.push(...proved.map((one) => ({ ...one, part: from + one.part })));
    reached.push({ profile: profile.name, states, transitions });
    from += piecesOf(all.toProve.reached);
  }
  const made: ExplorationShard = {
    format: 'irqbypass-spec/exploration-shard/1',
    shard,
    of,
    run: { ...own, scope: '2x1x1', symmetry: false, without: null, reached },
    parts: from,
    again: 'irqbypass-spec explore --scope 2x1x1',
    evidence,
    seconds: profiles.map(() => ({ reaching: 0, proving: 0 })),
  };
  return JSON.parse(JSON.stringify(made)) as ExplorationShard;
}

const read = (...shards: readonly ExplorationShard[]) => shards.map((shard, at) => ({ file: `${at}.json`, shard }));

test('the shards of an exploration, merged in any order, are the exploration', async () => {
  const profiles = [core, linux47];
  const shards = await Promise.all([3, 1, 2].map((shard) => shardOf(shard, 3, profiles)));
  const merged = mergedExploration(read(...shards), own);
  const whole = profiles.map((profile) => explore(profile, scope, rules, { now }));
  expect(JSON.stringify(merged.map(({ proofs }) => proofs))).toBe(JSON.stringify(whole.map(({ proofs }) => proofs)));
  expect(merged.map(({ states, transitions }) => [states, transitions])).toEqual(
    whole.map(({ states, transitions }) => [states, transitions]),
  );
  expect(told.at(-1)).toMatchObject({ done: 6, total: 6 });
});

test('whatever does not make one exploration is refused by name', async () => {
  const [one, two] = await Promise.all([shardOf(1, 2, [linux47]), shardOf(2, 2, [linux47])]);
  const refused = (shards: readonly ExplorationShard[], text: string) =>
    expect(() => mergedExploration(read(...shards), own)).toThrow(text);
  refused([two], 'irqbypass-spec explore --scope 2x1x1 --shard 1/2 --report json=FILE');
  refused([one, two, one], '2.json: expected each shard once; shard 1/2 came as 0.json already');
  const asked = (more: Partial<ExplorationShard['run']>) => ({ ...two, run: { ...two.run, ...more } });
  refused([one, asked({ scope: '2x2x1' })], 'expected the scope to be "2x1x1", as 0.json has; came "2x2x1"');
  refused([one, asked({ rulesHash: 'abd' })], 'expected the hash of the rules to be "abc", as 0.json has; came "abd"');
  refused([one, asked({ reached: [] })], '1.json: expected the states of the profiles to be');
  refused([one, { ...two, evidence: [] }], '1.json: expected 1 part; what parts 1 showed is missing');
});
