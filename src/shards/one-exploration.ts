/** Shards of an exploration: what they have in common, and what all of them have shown. */
import type { AskedExploration, ExplorationShard, Explored, Proofs } from '../../spec/formats/exploration.js';
import { piecesOf, together } from '../explore/pieces.js';
import { type ReadSharded, type ShardedWork, shardsOfOne } from './of-one.js';

const EXPLORATION: ShardedWork<ExplorationShard> = {
  common: {
    version: 'version of this tool',
    rulesHash: 'hash of the rules',
    scope: 'scope',
    symmetry: 'option --symmetry',
    without: 'option --without',
    reached: 'states of the profiles',
  } satisfies Readonly<Record<keyof ExplorationShard['run'], string>>,
  writtenBy: 'irqbypass-spec explore',
};

/** What came of one profile, but for what follows from it. */
export type Merged = ExplorationShard['run']['reached'][number] & {
  readonly proofs: Proofs;
  readonly seconds: Explored['seconds'];
};

/**
 * What the shards of one exploration have shown together, for each profile.
 *
 * @param read at least one
 * @param own the version and the rules of this tool
 * @throws {BadInput} that names the file, says what was expected and what came
 */
export function mergedExploration(
  read: readonly ReadSharded<ExplorationShard>[],
  own: Pick<AskedExploration, 'version' | 'rulesHash'>,
): readonly Merged[] {
  const shards = shardsOfOne(read, own, EXPLORATION).map(({ shard }) => shard);
  const parts = shards.flatMap(({ evidence }) => evidence).sort((a, b) => a.part - b.part);
  let from = 0;
  return (shards[0]?.run.reached ?? []).map((reached, index) => {
    const to = from + piecesOf({ size: reached.orbits ?? reached.states });
    const proofs = together(parts.slice(from, to));
    from = to;
    const sum = (what: keyof Explored['seconds']) =>
      shards.reduce((total, { seconds }) => total + (seconds[index]?.[what] ?? 0), 0);
    return { ...reached, proofs, seconds: { reaching: sum('reaching'), proving: sum('proving') } };
  });
}
