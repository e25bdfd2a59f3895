/** How far a run is, over all of its parts. */
import type { Campaign, Shape } from '../subject/subject.js';
import type { Evidence } from './evidence.js';
import type { RunOptions } from './options.js';
import type { WorkProgress } from './worker.js';

/** Adds up what was done. */
export class Progress<S extends Shape> {
  readonly #total: number;
  #programs = 0;
  #operations = 0;
  readonly #failing = new Set<string>();

  constructor(
    readonly options: Pick<RunOptions<S>, 'failFast' | 'stored' | 'programs' | 'onProgress'>,
    { suites }: Pick<Campaign<S>, 'suites'>,
  ) {
    const { failFast = false, stored = [], programs } = options;
    // A run that ends at the first failure may never come to the other suites: it does not plan them ahead.
    const planned = failFast ? suites.slice(0, 1) : suites;
    this.#total = planned.reduce((sum, suite) => sum + suite.plan().count, stored.length + programs);
  }

  /** A part is done. */
  add({ programs, operations, samples }: Evidence<S>): void {
    this.#programs += programs;
    this.#operations += operations;
    for (const { form, unusual } of samples) this.#failing.add(`${form}|${unusual}`);
    this.tell({ programs: 0, operations: 0, failing: 0 });
  }

  /** So much of the part under way is done. */
  tell({ programs, operations, failing }: WorkProgress): void {
    this.options.onProgress?.({
      phase: 'programs',
      done: this.#programs + programs,
      total: this.#total,
      operations: this.#operations + operations,
      failing: Math.max(this.#failing.size, failing),
    });
  }
}
