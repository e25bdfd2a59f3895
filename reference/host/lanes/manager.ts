/** The manager of a host with lanes: one lock, from the search to the last callback. */
import type { EventfdId, Holder } from '../../../spec/host/vocabulary.js';
import { tokenOf } from '../../../spec/host/vocabulary.js';
import {
  type CallbackName,
  type ConsumerId,
  EBUSY,
  type Event,
  OK,
  type ProducerId,
  type Status,
} from '../../../spec/vocabulary.js';
import type { LaneHost } from './host.js';
import { act, holding, type Steps } from './steps.js';

export const MANAGER_LOCK = 'manager';
const CONSUMER_CALLBACKS: readonly CallbackName[] = ['addProducer', 'delProducer'];

/** Producers are known by their vectors, consumers by the numbers of their irqfds. */
export class LaneManager {
  constructor(protected readonly host: LaneHost) {}

  registerProducer(holder: Holder, eventfd: EventfdId, irq: number): Steps<Status> {
    return holding(MANAGER_LOCK, this.addProducer(holder, eventfd, irq));
  }

  unregisterProducer(holder: Holder, eventfd: EventfdId): Steps {
    return holding(MANAGER_LOCK, this.removeProducer(holder, eventfd));
  }

  registerConsumer(irqfd: number, eventfd: EventfdId): Steps<Status> {
    return holding(MANAGER_LOCK, this.addConsumer(irqfd, eventfd));
  }

  unregisterConsumer(irqfd: number, eventfd: EventfdId): Steps {
    return holding(MANAGER_LOCK, this.removeConsumer(irqfd, eventfd));
  }

  protected *addProducer(holder: Holder, eventfd: EventfdId, irq: number): Steps<Status> {
    const { world } = this.host;
    const token = tokenOf(eventfd);
    const peer = yield* act('registers a producer', () => {
      const object = this.#producer(holder);
      this.#note({ type: 'call', operation: 'registerProducer', object, token, irq });
      return world.producers[token] === undefined ? (world.consumers[token] ?? null) : 'taken';
    });
    if (peer === 'taken') return yield* this.#returns(EBUSY);
    if (peer !== null) yield* this.#connect(holder, peer, irq);
    yield* act('enters the producer', () => {
      world.producers[token] = { holder, irq };
    });
    return yield* this.#returns(OK);
  }

  protected *removeProducer(holder: Holder, eventfd: EventfdId): Steps {
    const { world } = this.host;
    const token = tokenOf(eventfd);
    const peer = yield* act('unregisters a producer', () => {
      this.#note({ type: 'call', operation: 'unregisterProducer', object: this.#producer(holder) });
      return world.producers[token]?.holder === holder ? (world.consumers[token] ?? null) : 'not registered';
    });
    if (peer !== 'not registered') {
      if (peer !== null) yield* this.#disconnect(holder, peer);
      yield* act('removes the producer', () => {
        delete world.producers[token];
      });
    }
    yield* this.#returns(undefined);
  }

  protected *addConsumer(irqfd: number, eventfd: EventfdId): Steps<Status> {
    const { world } = this.host;
    const token = tokenOf(eventfd);
    const peer = yield* act('registers a consumer', () => {
      const object = this.#consumer(irqfd);
      this.#note({ type: 'call', operation: 'registerConsumer', object, token });
      return world.consumers[token] === undefined ? (world.producers[token] ?? null) : 'taken';
    });
    if (peer === 'taken') return yield* this.#returns(EBUSY);
    if (peer !== null) yield* this.#connect(peer.holder, irqfd, peer.irq);
    yield* act('enters the consumer', () => {
      world.consumers[token] = irqfd;
    });
    return yield* this.#returns(OK);
  }

  protected *removeConsumer(irqfd: number, eventfd: EventfdId): Steps {
    const { world } = this.host;
    const token = tokenOf(eventfd);
    const peer = yield* act('unregisters a consumer', () => {
      this.#note({ type: 'call', operation: 'unregisterConsumer', object: this.#consumer(irqfd) });
      return world.consumers[token] === irqfd ? (world.producers[token]?.holder ?? null) : 'not registered';
    });
    if (peer !== 'not registered') {
      if (peer !== null) yield* this.#disconnect(peer, irqfd);
      yield* act('removes the consumer', () => {
        delete world.consumers[token];
      });
    }
    yield* this.#returns(undefined);
  }

  *#connect(holder: Holder, irqfd: number, irq: number): Steps {
    const counterpart = this.#producer(holder);
    const object = this.#consumer(irqfd);
    yield* act('addProducer', () => this.#note({ type: 'enter', callback: 'addProducer', object, counterpart, irq }));
    yield* this.host.kvm.addProducer(irqfd, irq);
    yield* act('added', () => this.#note({ type: 'leave', callback: 'addProducer', object, result: OK }));
  }

  *#disconnect(holder: Holder, irqfd: number): Steps {
    const counterpart = this.#producer(holder);
    const object = this.#consumer(irqfd);
    yield* act('delProducer', () => this.#note({ type: 'enter', callback: 'delProducer', object, counterpart }));
    yield* this.host.kvm.delProducer(irqfd);
    yield* act('deleted', () => this.#note({ type: 'leave', callback: 'delProducer', object }));
  }

  *#returns<T extends Status | undefined>(status: T): Steps<T> {
    yield* act('returns from the manager', () =>
      this.#note(status === undefined ? { type: 'return' } : { type: 'return', status }),
    );
    return status;
  }

  #producer(holder: Holder): ProducerId {
    const { names } = this.host.world;
    const known = names[holder];
    if (known !== undefined) return known as ProducerId;
    const id: ProducerId = `p${Object.values(names).filter((name) => name.startsWith('p')).length}`;
    names[holder] = id;
    this.host.note({ type: 'named', object: id, holder, callbacks: [] });
    return id;
  }

  #consumer(irqfd: number): ConsumerId {
    const { names, irqfds } = this.host.world;
    const known = names[irqfd];
    if (known !== undefined) return known as ConsumerId;
    const id: ConsumerId = `c${Object.values(names).filter((name) => name.startsWith('c')).length}`;
    names[irqfd] = id;
    const { vm, eventfd } = irqfds[irqfd] ?? {};
    this.host.note({ type: 'named', object: id, holder: `${vm}.${eventfd}` as Holder, callbacks: CONSUMER_CALLBACKS });
    return id;
  }

  #note(event: Event): void {
    this.host.note({ type: 'manager', event });
  }
}
