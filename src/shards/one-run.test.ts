/** Which shards make one run, and how all others are refused. */
import { expect, test } from 'vitest';
import { isPartOf } from './of-one.js';
import { type AnyShard, ofOneRun } from './one-run.js';

const own = { version: '1.2.3', rulesHash: 'abc' };
const evidence = (part: number, more: object = {}) => ({
  part,
  programs: 1,
  operations: 1,
  events: 1,
  died: 0,
  deaths: 0,
  unharmed: 1,
  failing: 0,
  exposures: {},
  broken: {},
  samples: [],
  faults: [],
  undefinedSeen: [],
  short: [],
  ...more,
});

/** A shard of a run of seven parts, of which the last asks in several lanes. */
function shardOf(shard: number, of: number, more: Partial<AnyShard['run']> = {}): AnyShard {
  return {
    format: 'irqbypass-spec/shard/1',
    shard,
    of,
    run: {
      ...own,
      target: 'reference',
      opened: {},
      hello: { type: 'hello', protocol: 1, name: 'n', version: '1', language: 'c', capabilities: [] },
      profile: 'core',
      profileAsked: null,
      rules: null,
      tier: 'pr',
      seed: 1,
      programs: 100,
      scope: null,
      extraStates: null,
      undefined: false,
      baseline: null,
      stored: null,
      ...more,
    },
    parts: 7,
    again: 'irqbypass-spec run reference --seed 1',
    opened: '',
    evidence: [0, 1, 2, 3, 4, 5].filter((part) => isPartOf(shard, of, part)).map((part) => evidence(part)),
    seconds: 1,
  };
}

const read = (...shards: readonly AnyShard[]) => shards.map((shard, at) => ({ file: `${at}.json`, shard }));

test('all shards of a run, in any order, make it', () => {
  const shards = read(shardOf(3, 3), shardOf(1, 3), shardOf(2, 3));
  expect(ofOneRun(shards, own).map(({ shard }) => shard.shard)).toEqual([1, 2, 3]);
});

test.each([
  ['one that is missing', [shardOf(1, 3), shardOf(3, 3)], '0.json: expected 3 shards; 2/3 is missing.'],
  ['what is to be run for it', [shardOf(1, 2)], 'irqbypass-spec run reference --seed 1 --shard 2/2 --report json=FILE'],
  [
    'one that is there twice',
    [shardOf(1, 2), shardOf(2, 2), shardOf(1, 2)],
    '2.json: expected each shard once; shard 1/2 came as 0.json already',
  ],
  [
    'another version',
    [shardOf(1, 1, { version: '1.2.4' })],
    'expected the version of this tool to be "1.2.3", as this tool has; came "1.2.4"',
  ],
  ['other rules', [shardOf(1, 2), shardOf(2, 2, { rulesHash: 'abd' })], 'expected the hash of the rules to be "abc"'],
  [
    'another target',
    [shardOf(1, 2), shardOf(2, 2, { target: 'exec:./it' })],
    '1.json: expected the target to be "reference", as 0.json has; came "exec:./it"',
  ],
  [
    'another seed',
    [shardOf(1, 2), shardOf(2, 2, { seed: 2 })],
    '1.json: expected the seed to be 1, as 0.json has; came 2',
  ],
  [
    'another option',
    [shardOf(1, 2), shardOf(2, 2, { extraStates: 1 })],
    'expected the option --extra-states to be null, as 0.json has; came 1',
  ],
  [
    'another number of shards',
    [shardOf(1, 2), shardOf(2, 3)],
    '1.json: expected one of 2 shards of 7 parts, as 0.json is; came one of 3 shards of 7 parts',
  ],
  [
    'one that lacks a part',
    [{ ...shardOf(1, 1), evidence: [evidence(0), evidence(2)] }],
    'expected what part 1 showed; came part 2',
  ],
  [
    'one that ended early',
    [{ ...shardOf(1, 1), evidence: [evidence(0)] }],
    'what parts 1, 2, 3, 4 and 5 showed is missing',
  ],
] as const)('%s is refused by name', (_, shards, text) => {
  expect(() => ofOneRun(read(...shards), own)).toThrow(text);
});

test('a shard whose target gave up may have less: what comes after that is in no report', () => {
  const gaveUp = { ...shardOf(1, 1), evidence: [evidence(0), evidence(1, { ended: 'given-up' })] };
  expect(ofOneRun(read(gaveUp), own)).toHaveLength(1);
});
