/** Examine a mutant with several callers: make it, and hold each method against it. */
import type { Profile } from '../../../spec/profile.js';
import type { BuildInput } from '../../../src/targets/linux-source/build.js';
import { TargetUnavailable } from '../../../src/targets/unavailable.js';
import { applyEdit } from '../editor/edits.js';
import { NoSuchPlace } from '../editor/places.js';
import { SyntaxProblem } from '../editor/syntax.js';
import { MARK } from '../marked.js';
import type { CMutant, Version } from '../table/index.js';
import { type Method, methods, type Shown } from './methods.js';

/** A mutant and what each method shows of it, in the order of the methods. */
export interface ExaminedAmongCallers {
  readonly mutant: CMutant;
  /** Why it says nothing: it was not made, or its changed place was never run. */
  readonly empty?: string;
  readonly shown: readonly Shown[];
}

/** @throws {WalkError} when a method breaks off, through no fault of the mutant */
export async function examineAmongCallers(
  version: Version,
  mutant: CMutant,
  build: BuildInput,
  profile: Profile,
  held: readonly Method[] = methods,
): Promise<ExaminedAmongCallers> {
  try {
    const edited = applyEdit(build.source, mutant.edit, MARK);
    let reached = false;
    const shown: Shown[] = [];
    for (const { run } of held) {
      const one = await run?.({
        version,
        mutant,
        build,
        profile,
        edited,
        onReached: () => {
          reached = true;
        },
      });
      shown.push(one ?? { is: 'not run', why: 'it is not part of this matrix yet' });
    }
    return reached ? { mutant, shown } : { mutant, shown, empty: 'Its changed place was never run.' };
  } catch (error) {
    if (error instanceof NoSuchPlace || error instanceof SyntaxProblem) {
      return { mutant, shown: [], empty: error.message };
    }
    if (error instanceof TargetUnavailable) return { mutant, shown: [], empty: 'It does not compile.' };
    throw error;
  }
}
