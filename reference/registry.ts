import type { Consumer, Producer } from '../spec/manager.js';
import type { Token } from '../spec/vocabulary.js';

/** A producer that is registered, with what it registered with. */
export interface ProducerRegistration {
  readonly object: Producer;
  readonly token: Token;
  readonly irq: number;
}

/** A consumer that is registered. */
export interface ConsumerRegistration {
  readonly object: Consumer;
  readonly token: Token;
}

/**
 * The objects that are registered on one side, found by object and by token, each in one step.
 *
 * Linux kept a list a side until 6.16 and walked it; with thousands of entries a registration took milliseconds under
 * a lock that serves the whole host. Since 6.17 an xarray a side does what the two maps do here.
 */
export class Registry<R extends ProducerRegistration | ConsumerRegistration> {
  readonly #byObject = new Map<R['object'], R>();
  readonly #byToken = new Map<Token, R>();

  /** The registration of an object; undefined when it is not registered. */
  of(object: R['object']): R | undefined {
    return this.#byObject.get(object);
  }

  /** The registration that holds a token on this side. */
  under(token: Token): R | undefined {
    return this.#byToken.get(token);
  }

  /** Enter a registration. Neither its object nor its token may be entered already. */
  insert(registration: R): void {
    this.#byObject.set(registration.object, registration);
    this.#byToken.set(registration.token, registration);
  }

  /** Take a registration out. */
  remove(registration: R): void {
    this.#byObject.delete(registration.object);
    this.#byToken.delete(registration.token);
  }
}
