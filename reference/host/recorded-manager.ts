/**
 * A manager whose calls and callbacks are noted in the trace of a host. The objects of the participants are given to the
 * manager behind wrappers, and have a name from their first registration on: each vector has one producer, and each
 * consumer object is one.
 */
import { callbackNames } from '../../spec/callbacks.js';
import type { Holder, HostEvent } from '../../spec/host/vocabulary.js';
import type { Consumer, Manager, Producer } from '../../spec/manager.js';
import type { CallbackName, ConsumerId, Event, ObjectId, ProducerId, Status, Token } from '../../spec/vocabulary.js';

/** The functions by which the manager's record asks the host and reports to it. */
export interface Recorder {
  readonly note: (event: HostEvent) => void;
  /** The vector whose interrupt a producer registers with. */
  readonly producerHolder: (irq: number) => Holder;
  /** The irqfd whose consumer registers under a token for the first time. */
  readonly consumerHolder: (token: Token) => Holder;
}

/** A manager that is watched. */
export class RecordedManager implements Manager {
  readonly #wrappers = new Map<object, Producer & Consumer>();
  readonly #originals = new Map<object, Producer & Consumer>();
  readonly #ids = new Map<object, ObjectId>();
  readonly #producers = new Map<Holder, { readonly id: ProducerId; readonly object: object }>();
  readonly #registered = new Set<object>();
  #producerCount = 0;
  #consumerCount = 0;

  constructor(
    readonly manager: Manager,
    readonly recorder: Recorder,
  ) {}

  registerProducer(producer: Producer, token: Token, irq: number): Status {
    const object = this.#nameProducer(producer, irq);
    this.#note({ type: 'call', operation: 'registerProducer', object, token, irq });
    const status = this.manager.registerProducer(this.#wrap(producer, object), token, irq);
    return this.#returned(producer, status);
  }

  unregisterProducer(producer: Producer): void {
    const object = (this.#ids.get(producer) ?? this.#newProducer()) as ProducerId;
    this.#ids.set(producer, object);
    this.#note({ type: 'call', operation: 'unregisterProducer', object });
    this.manager.unregisterProducer(this.#wrap(producer, object));
    this.#registered.delete(producer);
    this.#note({ type: 'return' });
  }

  registerConsumer(consumer: Consumer, token: Token): Status {
    const object = this.#nameConsumer(consumer, token);
    this.#note({ type: 'call', operation: 'registerConsumer', object, token });
    const status = this.manager.registerConsumer(this.#wrap(consumer, object), token);
    return this.#returned(consumer, status);
  }

  unregisterConsumer(consumer: Consumer): void {
    const object = (this.#ids.get(consumer) ?? this.#newConsumer()) as ConsumerId;
    this.#ids.set(consumer, object);
    this.#note({ type: 'call', operation: 'unregisterConsumer', object });
    this.manager.unregisterConsumer(this.#wrap(consumer, object));
    this.#registered.delete(consumer);
    this.#note({ type: 'return' });
  }

  #returned(object: object, status: Status): Status {
    if (status === 0) this.#registered.add(object);
    this.#note({ type: 'return', status });
    return status;
  }

  /** The name of a vector's producer, unless another object has it and is registered. */
  #nameProducer(producer: Producer, irq: number): ProducerId {
    const known = this.#ids.get(producer);
    if (known !== undefined) return known as ProducerId;
    const holder = this.recorder.producerHolder(irq);
    const before = this.#producers.get(holder);
    if (before !== undefined && !this.#registered.has(before.object)) {
      this.#producers.set(holder, { id: before.id, object: producer });
      this.#ids.set(producer, before.id);
      return before.id;
    }
    const id = this.#newProducer();
    this.#producers.set(holder, { id, object: producer });
    this.#ids.set(producer, id);
    this.recorder.note({ type: 'named', object: id, holder, callbacks: callbacksOf(producer) });
    return id;
  }

  #nameConsumer(consumer: Consumer, token: Token): ConsumerId {
    const known = this.#ids.get(consumer);
    if (known !== undefined) return known as ConsumerId;
    const id = this.#newConsumer();
    this.#ids.set(consumer, id);
    const holder = this.recorder.consumerHolder(token);
    this.recorder.note({ type: 'named', object: id, holder, callbacks: callbacksOf(consumer) });
    return id;
  }

  #newProducer(): ProducerId {
    return `p${this.#producerCount++}`;
  }

  #newConsumer(): ConsumerId {
    return `c${this.#consumerCount++}`;
  }

  #wrap(original: Producer & Consumer, object: ObjectId): Producer & Consumer {
    const known = this.#wrappers.get(original);
    if (known !== undefined) return known;
    const plain = (callback: 'stop' | 'start') => () => {
      this.#enter(callback, object);
      original[callback]?.();
      this.#note({ type: 'leave', callback, object });
    };
    const whole: Required<Producer & Consumer> = {
      stop: plain('stop'),
      start: plain('start'),
      addConsumer: (other) => {
        this.#enter('addConsumer', object, other);
        return this.#left('addConsumer', object, original.addConsumer?.(this.#unwrap(other)) ?? 0);
      },
      delConsumer: (other) => {
        this.#enter('delConsumer', object, other);
        original.delConsumer?.(this.#unwrap(other));
        this.#note({ type: 'leave', callback: 'delConsumer', object });
      },
      addProducer: (other, irq) => {
        this.#enter('addProducer', object, other, irq);
        return this.#left('addProducer', object, original.addProducer?.(this.#unwrap(other), irq) ?? 0);
      },
      delProducer: (other) => {
        this.#enter('delProducer', object, other);
        original.delProducer?.(this.#unwrap(other));
        this.#note({ type: 'leave', callback: 'delProducer', object });
      },
    };
    const wrapper: Producer & Consumer = {};
    for (const callback of callbacksOf(original)) Object.assign(wrapper, { [callback]: whole[callback] });
    this.#wrappers.set(original, wrapper);
    this.#originals.set(wrapper, original);
    return wrapper;
  }

  #enter(callback: CallbackName, object: ObjectId, other?: object, irq?: number): void {
    const counterpart = other === undefined ? undefined : this.#ids.get(this.#unwrap(other));
    this.#note({
      type: 'enter',
      callback,
      object,
      ...(counterpart === undefined ? {} : { counterpart }),
      ...(irq === undefined ? {} : { irq }),
    });
  }

  #left(callback: CallbackName, object: ObjectId, result: Status): Status {
    this.#note({ type: 'leave', callback, object, result });
    return result;
  }

  #unwrap(wrapper: object): Producer & Consumer {
    return this.#originals.get(wrapper) ?? {};
  }

  #note(event: Event): void {
    this.recorder.note({ type: 'manager', event });
  }
}

function callbacksOf(object: Producer & Consumer): readonly CallbackName[] {
  return callbackNames.filter((callback) => object[callback] !== undefined);
}
