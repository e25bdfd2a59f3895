/** What came of doing what the spec leaves undefined: told, and never charged. */
import type { UndefinedSeen } from '../../spec/formats/results.js';

/** Counts, for each thing that is undefined, how often it ended in which way. */
export class UndefinedTally {
  readonly #seen = new Map<string, UndefinedSeen>();

  /** Note a program in which something undefined was done. */
  note({ what, outcome }: Omit<UndefinedSeen, 'times'>): void {
    const key = `${what}: ${outcome}`;
    this.#seen.set(key, { what, outcome, times: (this.#seen.get(key)?.times ?? 0) + 1 });
  }

  /** What was seen, in the order in which it was first met. */
  seen(): readonly UndefinedSeen[] {
    return [...this.#seen.values()];
  }
}
