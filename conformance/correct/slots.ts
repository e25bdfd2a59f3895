/**
 * Arrays side by side, with a slot for each registration, as a manager without a heap would have them; slots that are free
 * are chained. Tokens lie in sixteen buckets, each with a lock of its own and a chain of the slots in it. An operation
 * takes the lock of one bucket, which is all that it touches.
 */
import type { Consumer, Manager, ManagerEnvironment, Producer } from '../../spec/manager.js';
import type { Status, Token } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL, ENOMEM, OK } from '../../spec/vocabulary.js';
import type { Design } from './design.js';
import { connect, disconnect, isIncomplete } from './pair.js';

const BUCKETS = 16;
const NONE = -1;

class Slots implements Manager {
  readonly #objects: ((Producer & Consumer) | undefined)[] = [];
  readonly #isProducer: boolean[] = [];
  readonly #tokens: Token[] = [];
  readonly #irqs: number[] = [];
  /** The next slot of the same bucket, or the next that is free. */
  readonly #next: number[] = [];
  readonly #heads: number[] = new Array(BUCKETS).fill(NONE);
  readonly #locked: boolean[] = new Array(BUCKETS).fill(false);
  readonly #slotOf = new Map<object, number>();
  #free = NONE;

  constructor(readonly environment: ManagerEnvironment) {}

  registerProducer(producer: Producer, token: Token, irq: number): Status {
    return this.#register(producer, true, token, irq);
  }

  registerConsumer(consumer: Consumer, token: Token): Status {
    return isIncomplete(consumer) ? EINVAL : this.#register(consumer, false, token, 0);
  }

  unregisterProducer(producer: Producer): void {
    this.#unregister(producer);
  }

  unregisterConsumer(consumer: Consumer): void {
    this.#unregister(consumer);
  }

  #register(object: Producer & Consumer, isProducer: boolean, token: Token, irq: number): Status {
    if (token === null || this.#slotOf.has(object)) return EINVAL;
    return this.#holding(bucketOf(token), (bucket) => {
      if (this.#find(bucket, token, isProducer) !== NONE) return EBUSY;
      if (!this.environment.allocate()) return ENOMEM;
      const peer = this.#find(bucket, token, !isProducer);
      const result = peer === NONE ? OK : this.#connect(object, isProducer, irq, peer);
      if (result === OK) this.#enter(bucket, object, isProducer, token, irq);
      return result;
    });
  }

  #unregister(object: Producer & Consumer): void {
    const slot = this.#slotOf.get(object);
    if (slot === undefined) return;
    const [token, isProducer] = [this.#tokens[slot] ?? null, this.#isProducer[slot] === true];
    this.#holding(bucketOf(token), (bucket) => {
      const peer = this.#objects[this.#find(bucket, token, !isProducer)];
      if (peer !== undefined) disconnect(isProducer ? object : peer, isProducer ? peer : object);
      this.#leave(bucket, slot);
      return OK;
    });
  }

  #connect(object: Producer & Consumer, isProducer: boolean, irq: number, peer: number): Status {
    const other = this.#objects[peer] ?? {};
    return isProducer ? connect(object, other, irq) : connect(other, object, this.#irqs[peer] ?? 0);
  }

  /** Do something while the lock of a bucket is held. */
  #holding(bucket: number, act: (bucket: number) => Status): Status {
    if (this.#locked[bucket] === true) throw new Error(`bucket ${bucket} is locked`);
    this.#locked[bucket] = true;
    const result = act(bucket);
    this.#locked[bucket] = false;
    return result;
  }

  #find(bucket: number, token: Token, isProducer: boolean): number {
    let slot = this.#heads[bucket] ?? NONE;
    while (slot !== NONE && !(this.#tokens[slot] === token && this.#isProducer[slot] === isProducer))
      slot = this.#next[slot] ?? NONE;
    return slot;
  }

  #enter(bucket: number, object: Producer & Consumer, isProducer: boolean, token: Token, irq: number): void {
    const slot = this.#free === NONE ? this.#objects.length : this.#free;
    this.#free = this.#next[slot] ?? NONE;
    this.#objects[slot] = object;
    this.#isProducer[slot] = isProducer;
    this.#tokens[slot] = token;
    this.#irqs[slot] = irq;
    this.#next[slot] = this.#heads[bucket] ?? NONE;
    this.#heads[bucket] = slot;
    this.#slotOf.set(object, slot);
  }

  #leave(bucket: number, slot: number): void {
    const after = this.#next[slot] ?? NONE;
    if (this.#heads[bucket] === slot) this.#heads[bucket] = after;
    else {
      let before = this.#heads[bucket] ?? NONE;
      while (this.#next[before] !== slot) before = this.#next[before] ?? NONE;
      this.#next[before] = after;
    }
    const object = this.#objects[slot];
    if (object !== undefined) this.#slotOf.delete(object);
    this.#objects[slot] = undefined;
    this.#next[slot] = this.#free;
    this.#free = slot;
  }
}

function bucketOf(token: Token): number {
  return token === null ? 0 : Number(token.slice(1)) % BUCKETS;
}

export const slots: Design = {
  name: 'slots',
  summary: 'Arrays of slots in chained buckets, with a lock a bucket.',
  capabilities: ['null-token', 'missing-mandatory', 'allocation-failure'],
  create: (environment) => new Slots(environment),
};
