/**
 * Helpers for one command: processes of this same tool, each of which works off a part of what there is to do. They speak
 * over the channel that Node gives a child, and end with the process that started them, however that ends.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { keep } from '../files/keeper.js';
import { TargetError } from '../targets/target.js';

/** The hidden command that a helper is. */
export const HELPER_COMMAND = 'job';

/** What a helper is asked. */
export type ToHelper =
  | { readonly begin: { readonly kind: string; readonly setup: unknown } }
  | { readonly piece: number };

/** What a helper says. */
export type FromHelper = { readonly number: number; readonly result: unknown } | { readonly failed: string };

/** A helper: gives what came of the pieces of numbers. */
export interface Helper {
  run(number: number): Promise<unknown>;
}

/**
 * Start helpers, use them, and end them. What they are given before they have started waits for them; whoever uses them does
 * not.
 *
 * @param count how many; none is well
 * @param kind what they are to do, and `setup`, what they need to know of it
 * @throws {TargetError} when one of them cannot go on
 */
export async function withHelpers<X>(
  count: number,
  kind: string,
  setup: unknown,
  use: (helpers: readonly Helper[]) => Promise<X>,
): Promise<X> {
  const helpers = Array.from({ length: count }, () => new Process(kind, setup));
  try {
    return await use(helpers);
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()));
  }
}

class Process implements Helper {
  readonly #child: ChildProcess;
  readonly #due = new Map<
    number,
    { readonly give: (result: unknown) => void; readonly fail: (error: Error) => void }
  >();
  readonly #gone: Promise<void>;
  #broken: Error | undefined;

  constructor(kind: string, setup: unknown) {
    const [, main = ''] = process.argv;
    this.#child = fork(main, [HELPER_COMMAND], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.once('exit', keep(this.#child.pid));
    this.#gone = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.on('message', (message: FromHelper) => {
      if ('failed' in message) this.#break(message.failed);
      else this.#give(message.number, message.result);
    });
    this.#child.once('exit', (code, signal) => {
      this.#break(
        `a process that worked on this ended (${signal ?? `exit status ${code}`}). Try again, or with --jobs 1`,
      );
    });
    this.#child.send({ begin: { kind, setup } } satisfies ToHelper);
  }

  run(number: number): Promise<unknown> {
    return new Promise((give, fail) => {
      if (this.#broken !== undefined) {
        fail(this.#broken);
        return;
      }
      this.#due.set(number, { give, fail });
      this.#child.send({ piece: number } satisfies ToHelper);
    });
  }

  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#gone;
  }

  #give(number: number, result: unknown): void {
    this.#due.get(number)?.give(result);
    this.#due.delete(number);
  }

  #break(text: string): void {
    this.#broken ??= new TargetError(text);
    for (const { fail } of this.#due.values()) fail(this.#broken);
    this.#due.clear();
  }
}
