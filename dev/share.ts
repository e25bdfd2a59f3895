/** Which mutants of a table are judged, and how many at once. */
import { isPartOf } from '../src/shards/of-one.js';

/** Every n-th mutant, beginning with this one, counted from 1: 1 of 1 is all of them. */
export interface Share {
  readonly shard: number;
  readonly of: number;
  /** How many mutants are judged at once. What comes of them is the same for any number. */
  readonly jobs: number;
}

/** The mutants of a table that belong to a share. */
export function mutantsOf<M>(mutants: readonly M[], { shard, of }: Share): readonly M[] {
  return mutants.filter((_, number) => isPartOf(shard, of, number));
}
