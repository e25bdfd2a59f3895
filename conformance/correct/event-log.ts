/**
 * A log of what came and went, and nothing else. What is so now is found by reading it from the end: the last entry of an
 * object says whether it is registered, and under which token.
 */
import type { Consumer, Manager, ManagerEnvironment, Producer } from '../../spec/manager.js';
import type { Role, Status, Token } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL, ENOMEM, OK } from '../../spec/vocabulary.js';
import type { Design } from './design.js';
import { connect, disconnect, isIncomplete } from './pair.js';

interface Came {
  readonly what: 'came';
  readonly role: Role;
  readonly object: Producer & Consumer;
  readonly token: Token;
  readonly irq: number;
}

interface Went {
  readonly what: 'went';
  readonly object: Producer & Consumer;
}

class EventLog implements Manager {
  #log: (Came | Went)[] = [];
  /** The length at which it is written anew, without what went. */
  #limit = 64;

  constructor(readonly environment: ManagerEnvironment) {}

  registerProducer(producer: Producer, token: Token, irq: number): Status {
    return this.#register({ what: 'came', role: 'producer', object: producer, token, irq });
  }

  registerConsumer(consumer: Consumer, token: Token): Status {
    return this.#register({ what: 'came', role: 'consumer', object: consumer, token, irq: 0 });
  }

  unregisterProducer(producer: Producer): void {
    this.#unregister(producer);
  }

  unregisterConsumer(consumer: Consumer): void {
    this.#unregister(consumer);
  }

  #register(came: Came): Status {
    const present = this.#present();
    if (present.some(({ object }) => object === came.object)) return EBUSY;
    if (came.role === 'consumer' && isIncomplete(came.object)) return EINVAL;
    const same = present.filter(({ token }) => token === came.token);
    if (same.some(({ role }) => role === came.role)) return EBUSY;
    if (!this.environment.allocate()) return ENOMEM;
    const [peer] = same;
    const result = peer === undefined ? OK : joined(came, peer, (p, c) => connect(p.object, c.object, p.irq));
    if (result === OK) this.#write(came);
    return result;
  }

  #unregister(object: Producer & Consumer): void {
    const present = this.#present();
    const own = present.find((one) => one.object === object);
    if (own === undefined) return;
    const peer = present.find((one) => one.token === own.token && one !== own);
    if (peer !== undefined) joined(own, peer, (p, c) => disconnect(p.object, c.object));
    this.#write({ what: 'went', object });
  }

  /** Those whose last entry is that they came. */
  #present(): readonly Came[] {
    const seen = new Set<object>();
    const present: Came[] = [];
    for (let at = this.#log.length - 1; at >= 0; at--) {
      const entry = this.#log[at];
      if (entry === undefined || seen.has(entry.object)) continue;
      seen.add(entry.object);
      if (entry.what === 'came') present.push(entry);
    }
    return present;
  }

  #write(entry: Came | Went): void {
    this.#log.push(entry);
    if (this.#log.length < this.#limit) return;
    this.#log = [...this.#present()].reverse();
    this.#limit = 64 + 2 * this.#log.length;
  }
}

function joined<T>(one: Came, other: Came, act: (producer: Came, consumer: Came) => T): T {
  return one.role === 'producer' ? act(one, other) : act(other, one);
}

export const eventLog: Design = {
  name: 'event-log',
  summary: 'A log that is read from its end, in which a null token is a token like any other.',
  capabilities: ['null-token', 'missing-mandatory', 'allocation-failure'],
  create: (environment) => new EventLog(environment),
};
