/**
 * Does a target do the same twice? One that does not cannot be judged by its traces: what is found once may not be found
 * again, and what is not found may be there. So this is asked before anything is judged.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Shape, Subject } from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';

/** Two different answers to one program. */
export interface Nondeterminism<P> {
  readonly program: P;
  /** What the two runs did at the first difference. */
  readonly text: string;
}

/** Compare two runs of the same programs. What is logged, and how a crash is described, may differ. */
export function findNondeterminism<S extends Shape>(
  subject: Pick<Subject<S>, 'describe'>,
  programs: readonly S['program'][],
  first: readonly Outcome<S['trace']>[],
  second: readonly Outcome<S['trace']>[],
): Nondeterminism<S['program']> | undefined {
  for (const [index, program] of programs.entries()) {
    const [one, other] = [first[index], second[index]];
    if (one === undefined || other === undefined || one.fault !== undefined || other.fault !== undefined) continue;
    const mine = one.events.filter(isComparable);
    const theirs = other.events.filter(isComparable);
    let at = 0;
    while (at < mine.length && isSame(mine[at], theirs[at])) at++;
    if (at === mine.length && at === theirs.length) continue;
    const told = (event: unknown) => (event === undefined ? 'the end' : subject.describe.event(event));
    return { program, text: `event ${at} was ${told(mine[at])} at first, and ${told(theirs[at])} the second time` };
  }
  return undefined;
}

function typeOf(event: unknown): unknown {
  return (event as { readonly type?: unknown } | undefined)?.type;
}

function isComparable(event: unknown): boolean {
  return typeOf(event) !== 'log';
}

/** Whether two events are the same. How a crash or a hang is described may differ. */
function isSame(one: unknown, other: unknown): boolean {
  const type = typeOf(one);
  if (type === 'crash' || type === 'hang') return type === typeOf(other);
  return isDeepStrictEqual(one, other);
}
