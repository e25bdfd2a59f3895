/**
 * Which of many programs is the first that still fails?
 *
 * They are asked in batches, so that a target in another process is kept busy. What a batch holds behind the first one
 * that fails is asked in vain, and mostly it is one of the first, so the batches begin small and grow.
 */
import { spell } from '../subject/spelling.js';

/**
 * Which of some programs still fail in the way that is looked for; one answer a program, in order, and undefined for one
 * that the target was not asked.
 */
export type StillFails<P> = (programs: readonly P[]) => Promise<readonly (boolean | undefined)[]>;

/** A program that takes more letters than this counts for several: it takes as much longer to run. */
const LETTERS = 1_500;

/** How many programs are asked at once, at first and at most. */
const FIRST_BATCH = 4;
const LARGEST_BATCH = 64;

/** Asks of programs, and of none twice. */
export class FirstFailing<P> {
  /** Programs that are known not to fail. One that fails but was not chosen may be come by again, and then counts. */
  readonly #passing = new Set<string>();
  #asked = 0;

  /**
   * @param most how many programs of ordinary length are asked in all, about; then no more is found
   * @param largest how many are asked at once at most: fewer where each costs much
   */
  constructor(
    readonly stillFails: StillFails<P>,
    readonly most: number,
    readonly largest: number = LARGEST_BATCH,
  ) {}

  /** The first of some candidates that still fails; undefined when none does, or too many were asked. */
  async of(candidates: Iterable<P>): Promise<P | undefined> {
    let batch = new Map<string, P>();
    let size = Math.min(FIRST_BATCH, this.largest);
    for (const candidate of candidates) {
      if (this.#asked >= this.most) return undefined;
      const spelled = spell(candidate);
      if (this.#passing.has(spelled) || batch.has(spelled)) continue;
      batch.set(spelled, candidate);
      if (batch.size < size) continue;
      const found = await this.#ask(batch);
      if (found !== undefined) return found;
      batch = new Map();
      size = Math.min(2 * size, this.largest);
    }
    return batch.size === 0 ? undefined : this.#ask(batch);
  }

  async #ask(batch: ReadonlyMap<string, P>): Promise<P | undefined> {
    const programs = [...batch.values()];
    const answers = await this.stillFails(programs);
    for (const { length } of batch.keys()) this.#asked += Math.max(1, length / LETTERS);
    for (const [index, spelled] of [...batch.keys()].entries()) {
      if (answers[index] === false) this.#passing.add(spelled);
    }
    return programs.find((_, index) => answers[index] === true);
  }
}
