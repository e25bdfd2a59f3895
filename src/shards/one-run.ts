/** Shards of a run: what they have in common, and what one may lack. */
import type { AskedRun, EvidenceOf, ShardOf } from '../../spec/formats/shard.js';
import { Spent } from '../engine/gather.js';
import { type ReadSharded, type ShardedWork, shardsOfOne } from './of-one.js';

/** A shard of any subject. */
export type AnyShard = ShardOf<unknown, { readonly events: readonly unknown[] }, unknown>;

/** A shard and the file that it was read from. */
export type ReadShard<X extends AnyShard = AnyShard> = ReadSharded<X>;

const RUN: ShardedWork<AnyShard> = {
  common: {
    version: 'version of this tool',
    rulesHash: 'hash of the rules',
    target: 'target',
    opened: 'way to open the target',
    hello: 'hello of the target',
    profile: 'profile',
    profileAsked: 'option --profile',
    rules: 'option --rules',
    tier: 'tier',
    seed: 'seed',
    programs: 'number of random programs',
    scope: 'option --scope',
    extraStates: 'option --extra-states',
    undefined: 'option --undefined',
    baseline: 'baseline',
    stored: 'stored programs',
  } satisfies Readonly<Record<keyof AskedRun<unknown, unknown>, string>>,
  writtenBy: 'irqbypass-spec run',
  // Whether the last part is run depends on what was seen before: it asks in several lanes. And a run that is given up ends.
  mayLack: ({ parts, evidence }, part) => part === parts - 1 || isSpent(evidence),
};

/**
 * The shards of one run, in their order.
 *
 * @param read at least one
 * @param own the version and the rules of this tool
 * @throws {BadInput} that names the file, says what was expected and what came
 */
export function ofOneRun<X extends AnyShard>(
  read: readonly ReadShard<X>[],
  own: Pick<AskedRun<unknown, unknown>, 'version' | 'rulesHash'>,
): readonly ReadShard<X>[] {
  return shardsOfOne<X>(read, own, RUN);
}

function isSpent(evidence: readonly EvidenceOf<unknown, unknown, unknown>[]): boolean {
  const spent = new Spent();
  for (const one of evidence) spent.add(one);
  return spent.isTooMuch;
}
