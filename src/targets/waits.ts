/**
 * How long the answers of a target are waited for. Its user's patience is for what may only be slow, and is needed once:
 * a target that has hung is asked many more programs, until one is small that it hangs in, and what answers at all
 * answers about as fast as ever. So from then on less is waited, and the program that is told of is asked once more
 * with all the patience there is.
 */

/** How many times as long as the slowest answer is waited for, once the target has hung, and how long at least. */
const TIMES_SLOWEST = 20;
const AT_LEAST = 250;

/** How many times sooner an adapter that watches over its worker is to end it, once one has hung. */
const SOONER = 20;

/** The waits of a target, over all its lives. All times are in milliseconds. */
export class Waits {
  #slowest = 0;
  #hasHung = false;
  #hasToldOfHang = false;

  /** @param patience without an answer for so long, a target counts as hung */
  constructor(readonly patience: number) {}

  /** An answer took so long. */
  took(time: number): void {
    this.#slowest = Math.max(this.#slowest, time);
  }

  /** No answer came. */
  ranOut(): void {
    this.#hasHung = true;
  }

  /** The target watches over itself, and told that it hung. */
  toldOfHang(): void {
    this.#hasToldOfHang = true;
  }

  /**
   * How long an adapter is to wait that watches over its worker. That has to end before our patience does: the adapter
   * knows which of its programs hangs, and its answers to those before may not be written yet. A life that begins
   * after another has hung need not use patience once more.
   */
  get watchdog(): number {
    const first = Math.ceil(this.patience / 2);
    return this.#hasHung || this.#hasToldOfHang
      ? Math.min(first, Math.max(AT_LEAST, Math.ceil(first / SOONER)))
      : first;
  }

  /** For how long the next answer is waited for. */
  get next(): number {
    if (!this.#hasHung) return this.patience;
    return Math.min(this.patience, Math.max(AT_LEAST, TIMES_SLOWEST * this.#slowest));
  }

  /** Ask something with all the patience there is. */
  async patiently<T>(ask: () => Promise<T>): Promise<T> {
    const before = [this.#hasHung, this.#hasToldOfHang] as const;
    this.#hasHung = this.#hasToldOfHang = false;
    try {
      return await ask();
    } finally {
      this.#hasHung ||= before[0];
      this.#hasToldOfHang ||= before[1];
    }
  }
}
