/**
 * Does a target do the same twice? One that does not cannot be judged by its traces: what is found once may not be found
 * again, and what is not found may be there. So this is asked before anything is judged.
 */
import type { Shape, Subject } from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';
import { whereDiffering } from './differing.js';

/** Two different answers to one program. */
export interface Nondeterminism<P> {
  readonly program: P;
  /** What the two runs did at the first difference. */
  readonly text: string;
}

/** Compare two runs of the same programs. */
export function findNondeterminism<S extends Shape>(
  { describe }: Pick<Subject<S>, 'describe'>,
  programs: readonly S['program'][],
  first: readonly Outcome<S['trace']>[],
  second: readonly Outcome<S['trace']>[],
): Nondeterminism<S['program']> | undefined {
  for (const [index, program] of programs.entries()) {
    const [one, other] = [first[index], second[index]];
    if (one === undefined || other === undefined || one.fault !== undefined || other.fault !== undefined) continue;
    const found = whereDiffering(one.events, other.events);
    if (found === undefined) continue;
    const told = (event: unknown) => (event === undefined ? 'the end' : describe.event(event));
    return {
      program,
      text: `event ${found.at} was ${told(found.one)} at first, and ${told(found.other)} the second time`,
    };
  }
  return undefined;
}
