/**
 * Two hash tables, one a side, with open addressing: a token lies in the place of its hash or, where that is taken, in the
 * next one that was free. What leaves a place leaves a mark there, so that whoever lies behind it is still found.
 */
import type { Consumer, Manager, ManagerEnvironment, Producer } from '../../spec/manager.js';
import type { Status, TokenName } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL, ENOMEM, OK } from '../../spec/vocabulary.js';
import type { Design } from './design.js';
import { connect, disconnect, isIncomplete } from './pair.js';

interface Entry<T> {
  readonly token: TokenName;
  readonly object: T;
  readonly irq: number;
}

const LEFT = 'left';

class Table<T> {
  #places: (Entry<T> | typeof LEFT | undefined)[] = new Array(4).fill(undefined);
  /** Places that are taken or were left. */
  #used = 0;

  find(token: TokenName): Entry<T> | undefined {
    const place = this.#places[this.#placeOf(token)];
    return place === LEFT ? undefined : place;
  }

  put(entry: Entry<T>): void {
    if (this.#used * 4 >= this.#places.length * 3) this.#grow();
    if (this.#places[this.#placeOf(entry.token)] === undefined) this.#used++;
    this.#places[this.#placeOf(entry.token)] = entry;
  }

  take(token: TokenName): void {
    const at = this.#placeOf(token);
    if (this.#places[at] !== undefined) this.#places[at] = LEFT;
  }

  /** Where a token lies, or the free place behind all that it could lie in. */
  #placeOf(token: TokenName): number {
    const mask = this.#places.length - 1;
    for (let at = hash(token) & mask; ; at = (at + 1) & mask) {
      const place = this.#places[at];
      if (place === undefined || (place !== LEFT && place.token === token)) return at;
    }
  }

  #grow(): void {
    const kept = this.#places.filter((place) => place !== undefined && place !== LEFT);
    this.#places = new Array(Math.max(4, 2 ** Math.ceil(Math.log2(kept.length * 2 + 2)))).fill(undefined);
    this.#used = 0;
    for (const entry of kept) this.put(entry);
  }
}

function hash(token: string): number {
  let sum = 2_166_136_261;
  for (let at = 0; at < token.length; at++) sum = Math.imul(sum ^ token.charCodeAt(at), 16_777_619);
  return sum >>> 0;
}

class OpenAddressing implements Manager {
  readonly #producers = new Table<Producer>();
  readonly #consumers = new Table<Consumer>();
  readonly #tokens = new Map<object, TokenName>();

  constructor(readonly environment: ManagerEnvironment) {}

  registerProducer(producer: Producer, token: TokenName | null, irq: number): Status {
    if (this.#tokens.has(producer)) return EBUSY;
    if (token === null) return EINVAL;
    if (this.#producers.find(token) !== undefined) return EBUSY;
    if (!this.environment.allocate()) return ENOMEM;
    const waiting = this.#consumers.find(token);
    const result = waiting === undefined ? OK : connect(producer, waiting.object, irq);
    if (result !== OK) return result;
    this.#producers.put({ token, object: producer, irq });
    this.#tokens.set(producer, token);
    return OK;
  }

  registerConsumer(consumer: Consumer, token: TokenName | null): Status {
    if (this.#tokens.has(consumer)) return EBUSY;
    if (token === null || isIncomplete(consumer)) return EINVAL;
    if (this.#consumers.find(token) !== undefined) return EBUSY;
    if (!this.environment.allocate()) return ENOMEM;
    const waiting = this.#producers.find(token);
    const result = waiting === undefined ? OK : connect(waiting.object, consumer, waiting.irq);
    if (result !== OK) return result;
    this.#consumers.put({ token, object: consumer, irq: 0 });
    this.#tokens.set(consumer, token);
    return OK;
  }

  unregisterProducer(producer: Producer): void {
    const token = this.#tokens.get(producer);
    if (token === undefined) return;
    const partner = this.#consumers.find(token);
    if (partner !== undefined) disconnect(producer, partner.object);
    this.#producers.take(token);
    this.#tokens.delete(producer);
  }

  unregisterConsumer(consumer: Consumer): void {
    const token = this.#tokens.get(consumer);
    if (token === undefined) return;
    const partner = this.#producers.find(token);
    if (partner !== undefined) disconnect(partner.object, consumer);
    this.#consumers.take(token);
    this.#tokens.delete(consumer);
  }
}

export const openAddressing: Design = {
  name: 'open-addressing',
  summary: 'Two hash tables with open addressing, which mark the places that were left.',
  capabilities: ['null-token', 'missing-mandatory', 'allocation-failure'],
  create: (environment) => new OpenAddressing(environment),
};
