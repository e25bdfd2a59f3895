/** Shards of a kill matrix, and what they have in common. */
import type { AskedMatrix, KillMatrixShard } from '../../spec/formats/kill-matrix.js';
import { type ReadSharded, type ShardedWork, shardsOfOne } from './of-one.js';

const MATRIX: ShardedWork<KillMatrixShard> = {
  common: {
    version: 'version of this tool',
    rulesHash: 'hash of the rules',
    mutantsHash: 'hash of the mutants',
    worlds: 'programs',
  } satisfies Readonly<Record<keyof AskedMatrix, string>>,
  writtenBy: 'npm run kill-matrix --',
};

/**
 * The shards of one kill matrix, in their order.
 *
 * @throws {BadInput} that names the file, says what was expected and what came
 */
export function ofOneMatrix(
  read: readonly ReadSharded<KillMatrixShard>[],
  own: Pick<AskedMatrix, 'version' | 'rulesHash'>,
): readonly ReadSharded<KillMatrixShard>[] {
  return shardsOfOne(read, own, MATRIX);
}
