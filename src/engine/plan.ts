/**
 * The plan of a run: a row of parts, which is the same for whoever makes it of the same question. A run in one piece works
 * through all of them, one after the other; a shard works through every n-th.
 *
 * Nothing that a part does depends on what another one showed, so each can be run anywhere. How long a part is, is a
 * compromise: what is made anew for each must not count, and a night must fall into many.
 */
import type { Shape, Suite } from '../subject/subject.js';
import { growing } from './growing.js';
import type { RunOptions } from './options.js';

/** The most programs of a part. */
const LENGTH = 2_500;

/** A stretch of a suite's programs, of the random ones, or something that is done once. */
export type Part<S extends Shape> =
  /** The programs of the baseline, whether they still fail as they did. */
  | { readonly kind: 'baseline' }
  /** The programs of findings of earlier runs. */
  | { readonly kind: 'stored' }
  /** Programs of a suite; those of the first are run twice. */
  | {
      readonly kind: 'suite';
      readonly suite: Suite<S>;
      readonly from: number;
      readonly count: number;
      readonly isTwice: boolean;
    }
  /** The implementation itself, explored. */
  | { readonly kind: 'exhaust' }
  | { readonly kind: 'random'; readonly from: number; readonly count: number }
  /** The target in several lanes. */
  | { readonly kind: 'lanes' };

/** The parts of a run, in their order. Of a run that may end early, suites are planned when it comes to them. */
export function* partsOf<S extends Shape>(
  suites: readonly Suite<S>[],
  options: Pick<RunOptions<S>, 'baseline' | 'stored' | 'failFast' | 'tier' | 'programs' | 'partLength'>,
): Generator<Part<S>> {
  const { baseline, stored, failFast = false, tier, programs, partLength = LENGTH } = options;
  if (baseline !== undefined) yield { kind: 'baseline' };
  if (stored !== undefined) yield { kind: 'stored' };
  for (const [index, suite] of suites.entries()) {
    const { count, isWhole = false } = suite.plan();
    const isTwice = index === 0;
    for (const stretch of stretches(count, isWhole ? count : partLength, failFast && isTwice)) {
      yield { kind: 'suite', suite, ...stretch, isTwice };
    }
    if (isTwice && tier !== null && !failFast) yield { kind: 'exhaust' };
  }
  for (const stretch of stretches(programs, partLength, false)) yield { kind: 'random', ...stretch };
  if (tier !== null) yield { kind: 'lanes' };
}

interface Stretch {
  readonly from: number;
  readonly count: number;
}

function* stretches(all: number, most: number, isGrowing: boolean): Generator<Stretch> {
  if (isGrowing) {
    yield* growing(all);
    return;
  }
  for (let from = 0; from < all; from += most) yield { from, count: Math.min(most, all - from) };
}
