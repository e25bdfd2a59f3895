/** Live progress on a terminal: a bar, and what it is about. Nothing at all where standard error is not a terminal. */
import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';
import { clip, grouped } from '../text/text.js';

/** Shows how far something is. */
export interface Progress {
  /** A bar from 0 to `total` begins, in place of the one before; its rate is counted in `unit`, operations without one. */
  readonly start: (total: number, what?: string, unit?: string) => void;
  /** So many are done, with so many operations (or what the unit is) and findings. */
  readonly update: (done: number, operations: number, findings: number) => void;
  /** Something worth knowing, such as what is waited for; shown in a line of its own. */
  readonly note: (text: string) => void;
  /** Take the bar away. */
  readonly stop: () => void;
}

/** What is written to: standard error, or a double of it in tests. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const SILENT: Progress = { start: nothing, update: nothing, note: nothing, stop: nothing };

/** Progress on a stream, if it is a terminal. `now` is a clock in milliseconds. */
export function createProgress(
  stream: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  return stream.isTTY === true ? new Bar(stream, now) : SILENT;
}

class Bar implements Progress {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  #bar: SingleBar | undefined;
  #since = 0;
  #operationsBefore = 0;
  #operations = 0;
  #unit = 'operations';

  constructor(stream: ProgressStream, now: () => number) {
    this.#stream = stream;
    this.#now = now;
  }

  readonly start = (total: number, what = 'judging', unit = 'operations'): void => {
    this.stop();
    this.#unit = unit;
    const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
    this.#since = this.#now();
    this.#operationsBefore = this.#operations;
    this.#bar = new SingleBar({
      stream: this.#stream,
      format: `${what} {bar} {done}/{all}  {rate}  {findings}`,
      barCompleteChar: '━',
      barIncompleteChar: '─',
      barsize: 30,
      // Whatever ends the tool, the cursor is there.
      hideCursor: false,
      clearOnComplete: true,
      linewrap: false,
      fps: 10,
    });
    this.#bar.start(total, 0, { done: '0', all: grouped(total), rate: '', findings: '' });
  };

  readonly update = (done: number, operations: number, findings: number): void => {
    this.#operations = operations;
    const seconds = (this.#now() - this.#since) / 1000;
    const rate =
      seconds > 0.2 ? `${grouped(Math.round((operations - this.#operationsBefore) / seconds))} ${this.#unit}/s` : '';
    this.#bar?.update(done, {
      done: grouped(done),
      rate,
      findings: findings === 0 ? '' : `${grouped(findings)} failing`,
    });
  };

  readonly note = (text: string): void => {
    // The bar repaints itself below.
    this.#stream.write(`\r\u001b[K${clip(text, (this.#stream.columns ?? 100) - 1)}\n`);
  };

  readonly stop = (): void => {
    this.#bar?.stop();
    this.#bar = undefined;
  };
}

function nothing(): void {}
