/**
 * The prototype of the RFC of 2015-06-18 (profile `rfc-2015`), step by step as it stands there.
 *
 * It differs from every manager that came after: an object is inserted before it is connected, only the consumer has
 * callbacks and they return nothing, and unregistering looks at nothing but the token that lies in the object.
 */
import type { Consumer, Manager, Producer } from '../spec/manager.js';
import type { Status, Token } from '../spec/vocabulary.js';
import { EINVAL, OK } from '../spec/vocabulary.js';

/** Make the prototype with nothing registered. It allocates nothing and warns of nothing. */
export function createRfcPrototype(): Manager {
  return new RfcPrototype();
}

class RfcPrototype implements Manager {
  /** The two lists, newest first: an object is added at the head. */
  readonly #producers: Producer[] = [];
  readonly #consumers: Consumer[] = [];
  /**
   * The token fields of the two structs. They are the caller's, who writes them before registering, and they outlive
   * the registration. A field that was never written is null.
   */
  readonly #tokens = new WeakMap<Producer | Consumer, Token>();
  /** The RFC leaves the interrupt "TBD" in the producer's struct. */
  readonly #irqs = new WeakMap<Producer, number>();

  registerProducer(producer: Producer, token: Token, irq: number): Status {
    this.#tokens.set(producer, token);
    this.#irqs.set(producer, irq);
    if (this.#listed(this.#producers, token) !== undefined) return EINVAL;

    this.#producers.unshift(producer);
    const consumer = this.#listed(this.#consumers, token);
    if (consumer !== undefined) this.#add(consumer, producer);
    return OK;
  }

  unregisterProducer(producer: Producer): void {
    // Whether or not the producer itself was ever registered.
    const consumer = this.#listed(this.#consumers, this.#tokenOf(producer));
    if (consumer !== undefined) consumer.delProducer?.(producer);
    unlist(this.#producers, producer);
  }

  registerConsumer(consumer: Consumer, token: Token): Status {
    this.#tokens.set(consumer, token);
    if (this.#listed(this.#consumers, token) !== undefined) return EINVAL;

    this.#consumers.unshift(consumer);
    const producer = this.#listed(this.#producers, token);
    if (producer !== undefined) this.#add(consumer, producer);
    return OK;
  }

  unregisterConsumer(consumer: Consumer): void {
    const producer = this.#listed(this.#producers, this.#tokenOf(consumer));
    if (producer !== undefined) consumer.delProducer?.(producer);
    unlist(this.#consumers, consumer);
  }

  /** The first object of a list whose token field holds `token`. */
  #listed<O extends Producer | Consumer>(list: readonly O[], token: Token): O | undefined {
    return list.find((object) => this.#tokenOf(object) === token);
  }

  #tokenOf(object: Producer | Consumer): Token {
    return this.#tokens.get(object) ?? null;
  }

  #add(consumer: Consumer, producer: Producer): void {
    consumer.addProducer?.(producer, this.#irqs.get(producer) ?? 0);
  }
}

/** Take an object off its list. In C an object that is on none corrupts memory here; nothing happens instead. */
function unlist<O>(list: O[], object: O): void {
  const index = list.indexOf(object);
  if (index >= 0) list.splice(index, 1);
}
