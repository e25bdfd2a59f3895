/** What came of doing what the spec leaves undefined: told, and never charged. */
import type { UndefinedSeen } from '../../spec/formats/results.js';

/** Counts, for each thing that is undefined, how often it ended in which way. */
export class UndefinedTally {
  readonly #seen = new Map<string, UndefinedSeen>();

  /** Note that something undefined was done, in one program or in several. */
  note({ what, outcome }: Omit<UndefinedSeen, 'times'>, times = 1): void {
    const key = `${what}: ${outcome}`;
    this.#seen.set(key, { what, outcome, times: (this.#seen.get(key)?.times ?? 0) + times });
  }

  /** What was seen, in the order in which it was first met. */
  seen(): readonly UndefinedSeen[] {
    return [...this.#seen.values()];
  }
}
