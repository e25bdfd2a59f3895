/**
 * Does a target do the same twice? One that does not cannot be judged by its traces: what is found once may not be found
 * again, and what is not found may be there. So this is asked before anything is judged; and at the end of a run some of
 * its programs are asked again, the last first, for there are targets that change as they go on, or seldom differ.
 */
import type { Shape, Subject, SubjectTarget } from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';
import { counted } from '../text/text.js';
import { whereDiffering } from './differing.js';
import { deathOf } from './evidence.js';

/** Two different answers to one program. */
export interface Nondeterminism<P> {
  readonly program: P;
  /** What the two runs did at the first difference. */
  readonly text: string;
}

/** A target that did something else at the end of a run. */
export interface Differed<P> extends Nondeterminism<P> {
  /** Whether it went on doing that: then it has changed, and what fails may be right in a target that was started anew. */
  readonly isLasting: boolean;
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

/** How many programs of a run are kept at most, to be asked again at its end. */
const MOST_KEPT = 128;

/** Some of the programs of a run, spread over all of it, with what came of them. */
export class Spread<S extends Shape> {
  #kept: { readonly program: S['program']; readonly outcome: Outcome<S['trace']> }[] = [];
  #met = 0;
  #every = 1;

  /** Note a program. One that could not be judged, or in which the target died, is not asked again. */
  add(program: S['program'], outcome: Outcome<S['trace']>): void {
    if (outcome.fault !== undefined || deathOf(outcome.events) !== undefined) return;
    if (this.#met++ % this.#every !== 0) return;
    this.#kept.push({ program, outcome });
    if (this.#kept.length <= MOST_KEPT) return;
    this.#kept = this.#kept.filter((_, at) => at % 2 === 0);
    this.#every *= 2;
  }

  /**
   * Ask all of them again, the last first; and those that differ a third time.
   *
   * @returns the first that did something else, and how many did; undefined when all did the same
   */
  async differing(
    subject: Pick<Subject<S>, 'describe'>,
    target: Pick<SubjectTarget<S>, 'run'>,
  ): Promise<Differed<S['program']> | undefined> {
    const again = this.#kept.toReversed();
    const outcomes = await target.run(again.map(({ program }) => program));
    const found = again.flatMap(({ program, outcome }, at) => {
      const second = outcomes[at];
      const differs = second === undefined ? undefined : findNondeterminism(subject, [program], [outcome], [second]);
      return second === undefined || differs === undefined ? [] : [{ ...differs, second }];
    });
    const [first] = found;
    if (first === undefined) return undefined;
    const programs = found.map(({ program }) => program);
    const seconds = found.map(({ second }) => second);
    const isLasting = findNondeterminism(subject, programs, seconds, await target.run(programs)) === undefined;
    const often = `${found.length} of ${counted(outcomes.length, 'program')} of this run did something else when asked again at its end`;
    const why = isLasting ? ', and went on doing it: it depends on what ran before' : '';
    return { program: first.program, text: `${often}${why}; ${first.text}`, isLasting };
  }
}
