import type { ObjectId, Token } from './vocabulary.js';
import { roleOf } from './vocabulary.js';

/**
 * Who is registered under which token: the whole state of a manager, seen from outside.
 *
 * Two registered objects with one token are a pair, always: a registration that cannot connect to the peer it finds
 * is no registration. So the pairs need no record of their own.
 */
export class Registrations {
  readonly #tokens = new Map<ObjectId, Token>();
  readonly #producers = new Map<Token, ObjectId>();
  readonly #consumers = new Map<Token, ObjectId>();
  readonly #irqs = new Map<ObjectId, number>();

  /** The token under which an object is registered; undefined when it is not. */
  tokenOf(object: ObjectId): Token | undefined {
    return this.#tokens.get(object);
  }

  /** The object registered under a token on the same side as `object`. */
  holder(object: ObjectId, token: Token): ObjectId | undefined {
    return this.#side(object).get(token);
  }

  /** The object registered under a token on the other side of `object`. */
  peer(object: ObjectId, token: Token): ObjectId | undefined {
    return (roleOf(object) === 'producer' ? this.#consumers : this.#producers).get(token);
  }

  /** The interrupt with which a producer is registered. */
  irqOf(object: ObjectId): number | undefined {
    return this.#irqs.get(object);
  }

  /** How many objects are registered. */
  get size(): number {
    return this.#tokens.size;
  }

  /** How many objects, on both sides, are registered under a token. */
  countUnder(token: Token): number {
    return (this.#producers.has(token) ? 1 : 0) + (this.#consumers.has(token) ? 1 : 0);
  }

  /** Enter a registration. Whatever the object or the token had before is replaced. */
  register(object: ObjectId, token: Token, irq?: number): void {
    this.unregister(object);
    this.#tokens.set(object, token);
    this.#side(object).set(token, object);
    if (irq !== undefined) this.#irqs.set(object, irq);
  }

  /** Remove a registration, if there is one. */
  unregister(object: ObjectId): void {
    const token = this.#tokens.get(object);
    if (token === undefined) return;
    this.#tokens.delete(object);
    this.#irqs.delete(object);
    const side = this.#side(object);
    if (side.get(token) === object) side.delete(token);
  }

  #side(object: ObjectId): Map<Token, ObjectId> {
    return roleOf(object) === 'producer' ? this.#producers : this.#consumers;
  }
}
