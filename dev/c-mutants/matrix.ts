/** Examine all mutants of a version, several at once. */

import { mutantsOf, type Share } from '../share.js';
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

/** Examine a share of the mutants of an original. */
export async function examineShare(
  version: Version,
  original: Original,
  folder: string,
  share: Share,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Matrix> {
  let done = 0;
  const mutants = mutantsOf(table[version], share);
  // While one is judged here, another is compiled.
  const examined = await sideBySide(mutants, 2 * share.jobs, async (mutant): Promise<Examined> => {
    const verdict = await examine(mutant, original, version, folder);
    onProgress(++done, mutants.length);
    return { mutant, verdict };
  });
  return { version, examined };
}
