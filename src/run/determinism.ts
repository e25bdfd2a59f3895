/**
 * Does a target do the same twice? One that does not cannot be judged by its traces: what is found once may not be found
 * again, and what is not found may be there. So this is asked before anything is judged.
 */
import { generateProgram, type ProgramOptions } from '../../conformance/generators/program.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { eventText } from '../reports/words.js';
import type { Target } from '../targets/target.js';

/** How many programs are run twice. They are the same in every run, whatever its seed. */
const PROGRAMS = 128;
const SEED = 1;

/** Two different answers to one program. */
export interface Nondeterminism {
  readonly program: Program;
  /** What the two runs did at the first difference. */
  readonly text: string;
}

/** Run some programs twice and compare. What is logged, and how a crash is described, may differ. */
export async function findNondeterminism(
  target: Target,
  options: Omit<ProgramOptions, 'undefined'>,
): Promise<Nondeterminism | undefined> {
  const bits = bitsFrom(SEED);
  const programs = Array.from({ length: PROGRAMS }, () => generateProgram(bits, options));
  const [first, second] = [await target.run(programs), await target.run(programs)];
  for (const [index, program] of programs.entries()) {
    const [one, other] = [first[index], second[index]];
    if (one === undefined || other === undefined || one.fault !== undefined || other.fault !== undefined) continue;
    const [a, b] = [essence(one.events), essence(other.events)];
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
