/** Examine all mutants of a version, several at once. */
import { availableParallelism } from 'node:os';
import { sideBySide } from '../side-by-side.js';
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
  let done = 0;
  // More than there are processors: while one is judged here, others are compiled.
  const examined = await sideBySide(mutants, 2 * availableParallelism(), async (mutant): Promise<Examined> => {
    const verdict = await examine(mutant, original, version, folder);
    onProgress(++done, mutants.length);
    return { mutant, verdict };
  });
  return { version, examined };
}
