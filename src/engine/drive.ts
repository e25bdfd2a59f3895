/** Run programs as they are made, several batches at once, and take what comes of each, in order. */
import { setImmediate } from 'node:timers/promises';
import type { Outcome } from '../targets/target.js';

/** Programs handed over at once, and batches under way. */
export const BATCH = 128;
const WINDOW = 4;
/** The same of a target that runs them here: what they made is soon forgotten, and never moved. */
const BATCH_HERE = 16;
const WINDOW_HERE = 1;
/** After so many batches, timers and signals have their turn, where a target never waits for anything. */
const TURN_EVERY = 4;

/** What runs programs `P`, which then have traces `T`. */
interface Runs<P, T extends { readonly events: readonly unknown[] }> {
  readonly isHere?: boolean;
  run(programs: readonly P[]): Promise<readonly Outcome<T>[]>;
}

/** What is done with the outcomes of programs, in order. */
export interface Taker<X, T extends { readonly events: readonly unknown[] }> {
  /** What came of one program. @returns whether to go on */
  readonly take: (one: X, outcome: Outcome<T>) => boolean;
  /** So many programs were taken as make a batch, or the last ones. @returns whether to go on */
  readonly afterBatch: () => Promise<boolean>;
}

/**
 * Run programs. A target in another process works while its last answers are judged.
 *
 * @returns whether all were run and taken
 */
export async function drive<P, T extends { readonly events: readonly unknown[] }, X extends { readonly program: P }>(
  target: Runs<P, T>,
  source: Iterable<X>,
  { take, afterBatch }: Taker<X, T>,
): Promise<boolean> {
  const underWay: { readonly batch: readonly X[]; readonly answer: Promise<readonly Outcome<T>[]> }[] = [];
  const iterator = source[Symbol.iterator]();
  const [size, window] = target.isHere === true ? [BATCH_HERE, WINDOW_HERE] : [BATCH, WINDOW];
  let taken = 0;
  try {
    for (;;) {
      while (underWay.length < window) {
        const batch = nextOf(iterator, size);
        if (batch.length === 0) break;
        underWay.push({ batch, answer: target.run(batch.map(({ program }) => program)) });
      }
      const next = underWay.shift();
      if (next === undefined) {
        return taken % BATCH === 0 || (await afterBatch());
      }
      const outcomes = await next.answer;
      for (const [index, one] of next.batch.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined || !take(one, outcome)) return false;
      }
      taken += next.batch.length;
      if (taken % BATCH === 0 && !(await afterBatch())) return false;
      if (taken % (BATCH * TURN_EVERY) === 0) await setImmediate();
    }
  } finally {
    await Promise.allSettled(underWay.map(({ answer }) => answer));
  }
}

function nextOf<X>(iterator: Iterator<X>, size: number): readonly X[] {
  const batch: X[] = [];
  while (batch.length < size) {
    const next = iterator.next();
    if (next.done === true) break;
    batch.push(next.value);
  }
  return batch;
}
