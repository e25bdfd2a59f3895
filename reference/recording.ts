/** Objects that write down what a manager calls, for the tests of managers. */
import { wholeCallbacks } from '../spec/callbacks.js';
import type { Consumer, ManagerEnvironment, Producer } from '../spec/manager.js';
import type { ConsumerCallback, ProducerCallback, Status } from '../spec/vocabulary.js';

/** An object whose adds return what `results` holds, one after the other, and 0 after its end. */
export interface Behaviour<C> {
  readonly callbacks?: readonly C[];
  readonly results?: readonly Status[];
}

/** A record of what was called, as text (`p.addConsumer(c)`), and the objects that write it. */
export class Recording {
  /** The warnings of the manager. */
  readonly warnings: string[] = [];
  /** False when there is no memory. */
  memory = true;
  /** The number of times that memory was asked for. */
  allocations = 0;
  readonly #calls: string[] = [];
  readonly #names = new Map<object, string>();

  readonly environment: ManagerEnvironment = {
    allocate: () => {
      this.allocations++;
      return this.memory;
    },
    warn: (text) => void this.warnings.push(text),
  };

  /** The calls since this was asked for last, with a blank between two calls. */
  calls(): string {
    return this.#calls.splice(0).join(' ');
  }

  /** A producer that is written down as `name`. */
  producer(
    name: string,
    { callbacks = wholeCallbacks.producer, results = [] }: Behaviour<ProducerCallback> = {},
  ): Producer {
    const left = [...results];
    const whole: Required<Producer> = {
      stop: () => this.#record(`${name}.stop`),
      start: () => this.#record(`${name}.start`),
      addConsumer: (consumer) => {
        this.#record(`${name}.addConsumer(${this.#names.get(consumer)})`);
        return left.shift() ?? 0;
      },
      delConsumer: (consumer) => this.#record(`${name}.delConsumer(${this.#names.get(consumer)})`),
    };
    return this.#named(name, only(whole, callbacks));
  }

  /** A consumer that is written down as `name`. */
  consumer(
    name: string,
    { callbacks = wholeCallbacks.consumer, results = [] }: Behaviour<ConsumerCallback> = {},
  ): Consumer {
    const left = [...results];
    const whole: Required<Consumer> = {
      stop: () => this.#record(`${name}.stop`),
      start: () => this.#record(`${name}.start`),
      addProducer: (producer, irq) => {
        this.#record(`${name}.addProducer(${this.#names.get(producer)},${irq})`);
        return left.shift() ?? 0;
      },
      delProducer: (producer) => this.#record(`${name}.delProducer(${this.#names.get(producer)})`),
    };
    return this.#named(name, only(whole, callbacks));
  }

  #record(call: string): void {
    this.#calls.push(call);
  }

  #named<O extends object>(name: string, object: O): O {
    this.#names.set(object, name);
    return object;
  }
}

/** An object with those of the callbacks that are asked for. */
function only<O extends object, C extends keyof O>(whole: O, callbacks: readonly C[]): Partial<O> {
  const part: Partial<O> = {};
  for (const callback of callbacks) part[callback] = whole[callback];
  return part;
}
