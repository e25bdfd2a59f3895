/**
 * The reference manager conforms, and is written to be read beside `spec/manager.ts` and the kernel's
 * `include/linux/irqbypass.h`.
 *
 *     register:    refuse?  ->  peer under the token?  ->  connect, or fail  ->  insert
 *     unregister:  registered?  ->  peer under the token?  ->  disconnect  ->  remove
 *
 * Two objects that are registered under one token are a pair, always, since a registration that cannot connect to the
 * peer it finds is no registration. So the manager keeps no record of pairs beside its two sides.
 *
 * The kernel holds a mutex through all of this. JavaScript runs an operation to its end, which comes to the same. A
 * callback must not call the manager: in the kernel it would wait for itself for ever.
 */
import type { Consumer, Manager, ManagerEnvironment, Producer } from '../spec/manager.js';
import type { Profile } from '../spec/profile.js';
import type { Status, Token } from '../spec/vocabulary.js';
import { OK } from '../spec/vocabulary.js';
import { connect, connectInfallibly, disconnect } from './connection.js';
import { Refusals } from './refusals.js';
import type { ConsumerRegistration, ProducerRegistration } from './registry.js';
import { Registry } from './registry.js';

/**
 * Make a manager that conforms to `profile`, with nothing registered. Every operation takes constant time.
 *
 * It asks `environment.allocate` once a registration in profiles in which memory can run out, and warns where the
 * profile lets it. It throws nothing of its own; what a callback throws passes through.
 */
export function createReferenceManager(profile: Profile, environment: ManagerEnvironment): Manager {
  return new ReferenceManager(profile, environment);
}

class ReferenceManager implements Manager {
  readonly #producers = new Registry<ProducerRegistration>();
  readonly #consumers = new Registry<ConsumerRegistration>();
  readonly #producerRefusals: Refusals<ProducerRegistration>;
  readonly #consumerRefusals: Refusals<ConsumerRegistration>;
  readonly #connect: typeof connect;

  constructor(profile: Profile, environment: ManagerEnvironment) {
    this.#producerRefusals = new Refusals(profile, 'producer', this.#producers, environment);
    this.#consumerRefusals = new Refusals(profile, 'consumer', this.#consumers, environment);
    this.#connect = profile.fallible ? connect : connectInfallibly;
  }

  registerProducer(producer: Producer, token: Token, irq: number): Status {
    const refused = this.#producerRefusals.check(producer, token);
    if (refused !== OK) return refused;

    // Whoever comes second completes the match, and knows it when the call returns.
    const waiting = this.#consumers.under(token);
    if (waiting !== undefined) {
      const failed = this.#connect(producer, waiting.object, irq);
      // The newcomer is not registered; the peer stays as it was, and waits for the next.
      if (failed !== OK) return failed;
    }
    this.#producers.insert({ object: producer, token, irq });
    return OK;
  }

  unregisterProducer(producer: Producer): void {
    // By the object and not by the token: up to Linux 6.16 a producer that was refused took away the one that held it.
    const registration = this.#producers.of(producer);
    if (registration === undefined) return;

    const partner = this.#consumers.under(registration.token);
    if (partner !== undefined) disconnect(producer, partner.object);
    this.#producers.remove(registration);
  }

  registerConsumer(consumer: Consumer, token: Token): Status {
    const refused = this.#consumerRefusals.check(consumer, token);
    if (refused !== OK) return refused;

    const waiting = this.#producers.under(token);
    if (waiting !== undefined) {
      // The interrupt is the one that the producer registered with, however long ago.
      const failed = this.#connect(waiting.object, consumer, waiting.irq);
      if (failed !== OK) return failed;
    }
    this.#consumers.insert({ object: consumer, token });
    return OK;
  }

  unregisterConsumer(consumer: Consumer): void {
    const registration = this.#consumers.of(consumer);
    if (registration === undefined) return;

    const partner = this.#producers.under(registration.token);
    if (partner !== undefined) disconnect(partner.object, consumer);
    this.#consumers.remove(registration);
  }
}
