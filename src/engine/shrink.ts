/**
 * Make a failing program as small as it can be.
 *
 * It begins with the shortest beginning that still fails: what follows the operation that goes wrong is not needed.
 * From there each round goes on from the first simpler program that still fails. Programs only ever become simpler in
 * a fixed order, so it ends, and it ends the same for every run. From where it ends there may be programs nearby that
 * are no simpler and yet less in the order of programs: going down in it gives one program, whatever was found first.
 */
import type { Shape, Subject } from '../subject/subject.js';
import { FirstFailing, type StillFails } from './first-failing.js';

/** How many programs are tried, in the one and in the other, before what was reached is taken as it is. */
const MOST_ASKED = { simpler: 40_000, lesser: 20_000 } as const;

/**
 * Shrink a program that fails.
 *
 * @param trace how it fails, where that was kept: it may tell where to cut
 * @param isCostly whether each program that fails costs much, such as the process of a target: then they are asked one by one
 * @returns the smallest program reached that still fails, in canonical form
 */
export async function shrink<S extends Shape>(
  subject: Pick<Subject<S>, 'beginnings' | 'simpler' | 'frugal'>,
  program: S['program'],
  stillFails: StillFails<S['program']>,
  trace?: S['trace'],
  isCostly = subject.frugal !== undefined,
): Promise<S['program']> {
  const { frugal } = subject;
  const first = new FirstFailing(stillFails, frugal?.most ?? MOST_ASKED.simpler, isCostly ? 1 : undefined);
  const beginning = (await first.of(subject.beginnings(program, trace))) ?? program;
  const below = (best: S['program']) => subject.simpler(best);
  return frugal === undefined ? descend(beginning, below, first) : sweep(beginning, below, first);
}

/** Go down from a small program to the least one that still fails. */
export async function leastProgram<S extends Shape>(
  subject: Pick<Subject<S>, 'canonical' | 'lesser'>,
  program: S['program'],
  stillFails: StillFails<S['program']>,
  isCostly = false,
): Promise<S['program']> {
  const first = new FirstFailing(stillFails, MOST_ASKED.lesser, isCostly ? 1 : undefined);
  return descend(subject.canonical(program), (best) => subject.lesser(best), first);
}

async function descend<P>(program: P, below: (best: P) => Iterable<P>, first: FirstFailing<P>): Promise<P> {
  for (let best = program; ; ) {
    const lesser = await first.of(below(best));
    if (lesser === undefined) return best;
    best = lesser;
  }
}

/**
 * The same with fewer questions: it goes on behind the cut that it made, and comes back to those before when it is through.
 * What could not be cut a moment ago seldom can be now.
 */
async function sweep<P>(program: P, below: (best: P) => Iterable<P>, first: FirstFailing<P>): Promise<P> {
  let from = 0;
  for (let best = program; ; ) {
    const candidates = [...below(best)];
    const lesser = await first.of([...candidates.slice(from), ...candidates.slice(0, from)]);
    if (lesser === undefined) return best;
    from = candidates.indexOf(lesser);
    best = lesser;
  }
}
