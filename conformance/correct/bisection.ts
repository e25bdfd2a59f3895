/** Two arrays, one a side, sorted by token and bisected. Nothing else is kept: an object is looked for one by one. */
import type { Consumer, Manager, ManagerEnvironment, Producer } from '../../spec/manager.js';
import type { Status, TokenName } from '../../spec/vocabulary.js';
import { EINVAL, OK } from '../../spec/vocabulary.js';
import type { Design } from './design.js';
import { connect, disconnect, isIncomplete } from './pair.js';

interface Entry<T> {
  readonly token: TokenName;
  readonly object: T;
  readonly irq: number;
}

class Sorted<T> {
  readonly #entries: Entry<T>[] = [];

  of(object: T): Entry<T> | undefined {
    return this.#entries.find((entry) => entry.object === object);
  }

  under(token: TokenName): Entry<T> | undefined {
    const entry = this.#entries[this.#rank(token)];
    return entry?.token === token ? entry : undefined;
  }

  add(entry: Entry<T>): void {
    this.#entries.splice(this.#rank(entry.token), 0, entry);
  }

  remove({ token }: Entry<T>): void {
    this.#entries.splice(this.#rank(token), 1);
  }

  /** How many tokens come before one. */
  #rank(token: TokenName): number {
    let [from, to] = [0, this.#entries.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#entries[middle]?.token ?? '') < token) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

class Bisection implements Manager {
  readonly #producers = new Sorted<Producer>();
  readonly #consumers = new Sorted<Consumer>();

  constructor(readonly environment: ManagerEnvironment) {}

  registerProducer(producer: Producer, token: TokenName | null, irq: number): Status {
    if (this.#producers.of(producer) !== undefined) {
      this.environment.warn('this producer is registered already');
      return EINVAL;
    }
    if (token === null || this.#producers.under(token) !== undefined) return EINVAL;
    const peer = this.#consumers.under(token);
    const result = peer === undefined ? OK : connect(producer, peer.object, irq);
    if (result === OK) this.#producers.add({ token, object: producer, irq });
    return result;
  }

  registerConsumer(consumer: Consumer, token: TokenName | null): Status {
    if (this.#consumers.of(consumer) !== undefined) {
      this.environment.warn('this consumer is registered already');
      return EINVAL;
    }
    if (isIncomplete(consumer) || token === null || this.#consumers.under(token) !== undefined) return EINVAL;
    const peer = this.#producers.under(token);
    const result = peer === undefined ? OK : connect(peer.object, consumer, peer.irq);
    if (result === OK) this.#consumers.add({ token, object: consumer, irq: 0 });
    return result;
  }

  unregisterProducer(producer: Producer): void {
    const entry = this.#producers.of(producer);
    if (entry === undefined) return;
    const peer = this.#consumers.under(entry.token);
    if (peer !== undefined) disconnect(producer, peer.object);
    this.#producers.remove(entry);
  }

  unregisterConsumer(consumer: Consumer): void {
    const entry = this.#consumers.of(consumer);
    if (entry === undefined) return;
    const peer = this.#producers.under(entry.token);
    if (peer !== undefined) disconnect(peer.object, consumer);
    this.#consumers.remove(entry);
  }
}

export const bisection: Design = {
  name: 'bisection',
  summary: 'Two sorted arrays that are bisected, and no other index.',
  capabilities: ['null-token', 'missing-mandatory'],
  create: (environment) => new Bisection(environment),
};
