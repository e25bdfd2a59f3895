import type { ObjectId, Token } from '../vocabulary.js';
import { roleOf } from '../vocabulary.js';

/**
 * The registrations of a manager: each registered object with its token. Seen from outside, this is its whole state.
 *
 * Two registered objects with one token are a pair, always: a registration that cannot connect to the peer it finds
 * is no registration. So the pairs need no record of their own.
 */
export class Registrations {
  readonly #entries = new Map<ObjectId, { readonly token: Token; readonly irq: number | undefined }>();
  readonly #producers = new Map<Token, ObjectId>();
  readonly #consumers = new Map<Token, ObjectId>();

  /** The token under which an object is registered; undefined when it is not. */
  tokenOf(object: ObjectId): Token | undefined {
    return this.#entries.get(object)?.token;
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
    return this.#entries.get(object)?.irq;
  }

  /** The number of objects that are registered. */
  get size(): number {
    return this.#entries.size;
  }

  /** The number of objects, on both sides, that are registered under a token. */
  countUnder(token: Token): number {
    return (this.#producers.has(token) ? 1 : 0) + (this.#consumers.has(token) ? 1 : 0);
  }

  /** Enter a registration. Whatever the object or the token had before is replaced. */
  register(object: ObjectId, token: Token, irq?: number): void {
    this.unregister(object);
    this.#entries.set(object, { token, irq });
    this.#side(object).set(token, object);
  }

  /** Remove a registration, if there is one. */
  unregister(object: ObjectId): void {
    const entry = this.#entries.get(object);
    if (entry === undefined) return;
    this.#entries.delete(object);
    const side = this.#side(object);
    if (side.get(entry.token) === object) side.delete(entry.token);
  }

  /** The registrations as a text. Two states are equal exactly when their texts are. */
  spell(): string {
    return [...this.#entries]
      .map(([object, { token, irq }]) => `${object}:${token}:${irq ?? ''}`)
      .sort()
      .join(' ');
  }

  #side(object: ObjectId): Map<Token, ObjectId> {
    return roleOf(object) === 'producer' ? this.#producers : this.#consumers;
  }
}
