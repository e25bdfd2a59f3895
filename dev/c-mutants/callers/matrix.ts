/** The mutants of a version with several callers, examined several at once. */
import { findManager } from '../../../src/targets/linux-source/index.js';
import { profileNamed } from '../../../src/targets/resolve.js';
import { mutantsOf, type Share } from '../../share.js';
import { sideBySide } from '../../side-by-side.js';
import { amongCallers, type Version } from '../table/index.js';
import { type ExaminedAmongCallers, examineAmongCallers } from './examine.js';

/** Every mutant of a version that is examined with several callers, in the order of the table. */
export interface CallersMatrix {
  readonly version: Version;
  readonly examined: readonly ExaminedAmongCallers[];
}

/**
 * @throws {TargetUnavailable} when the version cannot be had or compiled
 * @throws {WalkError} when a method breaks off, through no fault of a mutant
 */
export async function callersMatrixOf(
  version: Version,
  share: Share,
  onProgress: (text: string) => void = () => undefined,
): Promise<CallersMatrix> {
  const { build, detected } = await findManager(`debian:${version}`, { onProgress });
  const profile = profileNamed(detected.profile);
  const mutants = mutantsOf(amongCallers[version], share);
  let done = 0;
  const examined = await sideBySide(mutants, share.jobs, async (mutant) => {
    const one = await examineAmongCallers(version, mutant, build, profile);
    onProgress(`Linux ${version}, several callers: ${++done} of ${mutants.length} mutants`);
    return one;
  });
  return { version, examined };
}
