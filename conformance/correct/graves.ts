/**
 * Records that are marked when they go, and are taken away later: each operation clears up under one token at most. What
 * an operation does to the two of a pair is written down first, and carried out at its end, in that order.
 */
import type { Consumer, Manager, ManagerEnvironment, Producer } from '../../spec/manager.js';
import type { Role, Status, Token } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL, ENOMEM, OK } from '../../spec/vocabulary.js';
import type { Design } from './design.js';
import { connect, disconnect, isIncomplete } from './pair.js';

interface Record {
  readonly role: Role;
  readonly object: Producer & Consumer;
  readonly token: Token;
  readonly irq: number;
  alive: boolean;
}

type Deed = (producer: Record, consumer: Record) => Status;

const join: Deed = (producer, consumer) => connect(producer.object, consumer.object, producer.irq);
const part: Deed = (producer, consumer) => {
  disconnect(producer.object, consumer.object);
  return OK;
};

class Graves implements Manager {
  readonly #records = new Map<Token, Record[]>();
  readonly #ofObject = new WeakMap<object, Record>();
  /** The tokens under which somebody lies, the oldest first. */
  readonly #toClear = new Set<Token>();
  #deeds: (() => Status)[] = [];

  constructor(readonly environment: ManagerEnvironment) {}

  registerProducer(producer: Producer, token: Token, irq: number): Status {
    return this.#register({ role: 'producer', object: producer, token, irq, alive: true });
  }

  registerConsumer(consumer: Consumer, token: Token): Status {
    if (isIncomplete(consumer)) return EINVAL;
    return this.#register({ role: 'consumer', object: consumer, token, irq: 0, alive: true });
  }

  unregisterProducer(producer: Producer): void {
    this.#unregister(producer);
  }

  unregisterConsumer(consumer: Consumer): void {
    this.#unregister(consumer);
  }

  #register(record: Record): Status {
    if (record.token === null) return EINVAL;
    if (this.#ofObject.get(record.object)?.alive === true) return EBUSY;
    const living = this.#living(record.token);
    if (living.some(({ role }) => role === record.role)) return EBUSY;
    if (!this.environment.allocate()) return ENOMEM;
    const [peer] = living;
    if (peer !== undefined) this.#write(record, peer, join);
    const status = this.#carryOut();
    if (status === OK) this.#enter(record);
    return status;
  }

  #unregister(object: object): void {
    const record = this.#ofObject.get(object);
    if (record?.alive !== true) return;
    const peer = this.#living(record.token).find((one) => one !== record);
    record.alive = false;
    this.#toClear.add(record.token);
    if (peer !== undefined) this.#write(record, peer, part);
    this.#carryOut();
  }

  #enter(record: Record): void {
    const records = this.#records.get(record.token) ?? [];
    records.push(record);
    this.#records.set(record.token, records);
    this.#ofObject.set(record.object, record);
  }

  #living(token: Token): readonly Record[] {
    return this.#records.get(token)?.filter(({ alive }) => alive) ?? [];
  }

  #write(one: Record, other: Record, deed: Deed): void {
    const [producer, consumer] = one.role === 'producer' ? [one, other] : [other, one];
    this.#deeds.push(() => deed(producer, consumer));
  }

  /** @returns what the first deed came to that failed; the rest is not done then */
  #carryOut(): Status {
    const deeds = this.#deeds;
    this.#deeds = [];
    let status: Status = OK;
    for (const deed of deeds) if (status === OK) status = deed();
    this.#clear();
    return status;
  }

  #clear(): void {
    const [token] = this.#toClear;
    if (token === undefined) return;
    this.#toClear.delete(token);
    const living = this.#living(token);
    if (living.length === 0) this.#records.delete(token);
    else this.#records.set(token, [...living]);
  }
}

export const graves: Design = {
  name: 'graves',
  summary: 'Records that are marked when they go and cleared away later, and callbacks that are made at the end.',
  capabilities: ['null-token', 'missing-mandatory', 'allocation-failure'],
  create: (environment) => new Graves(environment),
};
