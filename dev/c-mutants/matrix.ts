/** Examine all mutants of a version, several at once. */
import { availableParallelism } from 'node:os';
import { examine, type Verdict } from './examine.js';
import type { Original } from './original.js';
import { type CMutant, table, type Version } from './table/index.js';

/** A mutant and what became of it. */
export interface Examined {
  readonly mutant: CMutant;
  readonly verdict: Verdict;
}

/** Every mutant of a version, in the order of the table. */
export interface Matrix {
  readonly version: Version;
  readonly examined: readonly Examined[];
}

/** Examine mutants of an original, by default all that the table has. */
export async function examineAll(
  version: Version,
  original: Original,
  folder: string,
  onProgress: (done: number, total: number) => void = () => undefined,
  mutants: readonly CMutant[] = table[version],
): Promise<Matrix> {
  const verdicts: Verdict[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let at = next++; at < mutants.length; at = next++) {
      const mutant = mutants[at];
      if (mutant === undefined) return;
      verdicts[at] = await examine(mutant, original, version, folder);
      onProgress(++done, mutants.length);
    }
  };
  // One more than there are processors: while one is judged here, others are compiled.
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
  const examined = mutants.flatMap((mutant, at): readonly Examined[] => {
    const verdict = verdicts[at];
    return verdict === undefined ? [] : [{ mutant, verdict }];
  });
  return { version, examined };
}
