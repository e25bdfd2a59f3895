/**
 * Does a target do the same twice? One that does not cannot be judged by its traces: what is found once may not be found
 * again, and what is not found may be there. So this is asked before anything is judged.
 */
import type { Event, Program } from '../../spec/vocabulary.js';
import { eventText } from '../reports/words.js';
import type { Outcome } from '../targets/target.js';

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
    const [a, b] = [essence(one.events), essence(other.events)];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    for (let at = 0; at < Math.max(a.length, b.length); at++) {
      const [mine, theirs] = [a[at], b[at]];
      if (JSON.stringify(mine) === JSON.stringify(theirs)) continue;
      const told = (event: Event | undefined) => (event === undefined ? 'the end' : eventText(event));
      return { program, text: `event ${at} was ${told(mine)} at first, and ${told(theirs)} the second time` };
    }
  }
  return undefined;
}

function essence(events: readonly Event[]): readonly Event[] {
  return events
    .filter(({ type }) => type !== 'log')
    .map((event) => (event.type === 'crash' || event.type === 'hang' ? { ...event, detail: '' } : event));
}
