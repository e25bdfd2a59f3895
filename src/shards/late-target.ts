/**
 * A target that is opened when something is asked of it: what shards have seen of one that conforms can be merged where the
 * target is not to be had.
 */
import type { Hello } from '../../spec/formats/protocol.js';
import { type Outcome, type Target, TargetError } from '../targets/target.js';

/** A target that was seen before, by the hello that it gave then. */
export class LateTarget<P, T extends { readonly events: readonly unknown[] }> implements Target<P, T> {
  #opened: Promise<Target<P, T>> | undefined;
  #deaths: number | undefined;

  constructor(
    readonly address: string,
    readonly hello: Hello,
    readonly open: () => Promise<Target<P, T>>,
  ) {}

  /** @throws {TargetError} when it cannot be opened, or is not what it was */
  async run(programs: readonly P[]): Promise<readonly Outcome<T>[]> {
    if (programs.length === 0) return [];
    this.#opened ??= this.#open();
    return (await this.#opened).run(programs);
  }

  allow(deaths: number): void {
    this.#deaths = deaths;
    this.#opened?.then((target) => target.allow?.(deaths)).catch(() => undefined);
  }

  async close(): Promise<void> {
    const target = await this.#opened?.catch(() => undefined);
    await target?.close();
  }

  async #open(): Promise<Target<P, T>> {
    const target = await this.open();
    if (this.#deaths !== undefined) target.allow?.(this.#deaths);
    const [due, came] = [this.hello, target.hello].map((hello) => JSON.stringify(hello));
    if (due === came) return target;
    await target.close();
    throw new TargetError(
      `${this.address} is not what the shards ran on: expected ${due}; came ${came}. Merge where it is the same.`,
    );
  }
}
