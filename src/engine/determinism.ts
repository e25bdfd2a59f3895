/**
 * Does a target do the same twice? One that does not cannot be judged by its traces: what is found once may not be found
 * again, and what is not found may be there. So this is asked before anything is judged.
 */
import type { Event, Program } from '../../spec/vocabulary.js';
import type { Outcome } from '../targets/target.js';
import { eventText } from '../text/format.js';

/** Two different answers to one program. */
export interface Nondeterminism {
  readonly program: Program;
  /** What the two runs did at the first difference. */
  readonly text: string;
}

/** Compare two runs of the same programs. What is logged, and how a crash is described, may differ. */
export function findNondeterminism(
  programs: readonly Program[],
  first: readonly Outcome[],
  second: readonly Outcome[],
): Nondeterminism | undefined {
  for (const [index, program] of programs.entries()) {
    const [one, other] = [first[index], second[index]];
    if (one === undefined || other === undefined || one.fault !== undefined || other.fault !== undefined) continue;
    const mine = one.events.filter(({ type }) => type !== 'log');
    const theirs = other.events.filter(({ type }) => type !== 'log');
    let at = 0;
    while (at < mine.length && isSame(mine[at], theirs[at])) at++;
    if (at === mine.length && at === theirs.length) continue;
    const told = (event: Event | undefined) => (event === undefined ? 'the end' : eventText(event));
    return { program, text: `event ${at} was ${told(mine[at])} at first, and ${told(theirs[at])} the second time` };
  }
  return undefined;
}

/** Whether two events are the same: their members are plain values. How a crash or a hang is described may differ. */
function isSame(one: Event | undefined, other: Event | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (one.type === 'crash' || one.type === 'hang') return one.type === other.type;
  return hasMembersOf(one, other) && hasMembersOf(other, one);
}

function hasMembersOf(one: Event, other: Event): boolean {
  for (const name in one) if (one[name as keyof Event] !== other[name as keyof Event]) return false;
  return true;
}
