/**
 * Random programs, made to reach every rule.
 *
 * A small world (one to three objects a side, one to three tokens) makes objects meet. What is registered is tracked
 * roughly, to steer towards what is worth doing and away from what a profile leaves undefined; the tracking is a guess
 * and is never used to judge. Every program ends by unregistering whatever may still be registered.
 */

import { fallibleCallback } from '../../spec/callbacks.js';
import type { Capability } from '../../spec/formats/protocol.js';
import type { Profile } from '../../spec/profile.js';
import type {
  CallbackName,
  ConsumerCallback,
  ConsumerId,
  ObjectId,
  Operation,
  ProducerCallback,
  ProducerId,
  Program,
  ProgramConsumer,
  ProgramObject,
  ProgramProducer,
  Reentry,
  Role,
  Status,
  Token,
} from '../../spec/vocabulary.js';
import { isProducerId, roleOf, unregistering } from '../../spec/vocabulary.js';
import type { Bits } from './random.js';
import { Draw } from './random.js';

/** What a program may contain. */
export interface ProgramOptions {
  readonly profile: Profile;
  readonly capabilities: ReadonlySet<Capability>;
  /** Also do what is undefined: re-entry, tokens overwritten, objects wiped. */
  readonly undefined?: boolean;
}

/** What a fallible callback returns when it fails: errnos, those that the manager itself uses, and a positive one. */
const FAILURES: readonly Status[] = [-5, -16, -22, -12, -19, 1, 7];

const FIRST_IRQ = 32;

/** Make a program from random bits. */
export function generateProgram(bits: Bits, options: ProgramOptions): Program {
  return new Generator(new Draw(bits), options).program();
}

class Generator {
  readonly #objects: ProgramObject[] = [];
  readonly #operations: Operation[] = [];
  /** A guess at what is registered, for steering only. */
  readonly #guess = new Map<ObjectId, Token>();
  readonly #tokens: readonly Token[];

  constructor(
    readonly draw: Draw,
    readonly options: ProgramOptions,
  ) {
    const tokens: Token[] = ['t0', 't1', 't2'].slice(0, 1 + draw.below(3)) as Token[];
    if (options.capabilities.has('null-token') && draw.chance(15)) tokens.push(null);
    this.#tokens = tokens;
  }

  program(): Program {
    const { draw } = this;
    const producers = 1 + draw.below(3);
    const consumers = 1 + draw.below(3);
    const whole = draw.chance(40);
    for (let index = 0; index < producers; index++) this.#objects.push(this.#producer(`p${index}`, whole));
    for (let index = 0; index < consumers; index++) this.#objects.push(this.#consumer(`c${index}`, whole));
    const length = 2 + draw.below(9);
    while (this.#operations.length < length) this.#step();
    this.#tearDown();
    return { objects: this.#objects, lanes: [this.#operations] };
  }

  #producer(id: ProducerId, whole: boolean): ProgramProducer {
    const callbacks = this.#callbacks<ProducerCallback>('producer', whole);
    const results = this.#results(callbacks, fallibleCallback.producer);
    const reenters = this.#reenters(callbacks);
    if (reenters !== undefined) return { id, callbacks, reenters, ...(results === undefined ? {} : { results }) };
    return results === undefined ? { id, callbacks } : { id, callbacks, results };
  }

  #consumer(id: ConsumerId, whole: boolean): ProgramConsumer {
    const callbacks = this.#callbacks<ConsumerCallback>('consumer', whole);
    const results = this.#results(callbacks, fallibleCallback.consumer);
    const reenters = this.#reenters(callbacks);
    if (reenters !== undefined) return { id, callbacks, reenters, ...(results === undefined ? {} : { results }) };
    return results === undefined ? { id, callbacks } : { id, callbacks, results };
  }

  /** Any subset of the optional callbacks; now and then without a mandatory one. */
  #callbacks<T extends CallbackName>(role: Role, whole: boolean): readonly T[] {
    const { draw, options } = this;
    const all = options.profile.callbacks[role] as readonly T[];
    const mandatory = options.profile.mandatory[role];
    const incomplete =
      mandatory.length > 0 &&
      options.profile.undefined['missing-callback'] === undefined &&
      options.capabilities.has('missing-mandatory') &&
      draw.chance(4);
    const missing = incomplete ? draw.of(mandatory) : undefined;
    if (whole && missing === undefined) return all;
    const share = whole ? 100 : draw.below(101);
    return all.filter((callback) => callback !== missing && (mandatory.includes(callback) || draw.chance(share)));
  }

  /** What the fallible callback returns, call by call; nothing where it always succeeds. */
  #results(callbacks: readonly CallbackName[], fallible: CallbackName): readonly Status[] | undefined {
    const { draw, options } = this;
    if (!options.profile.fallible || !callbacks.includes(fallible) || !draw.chance(35)) return undefined;
    const results: Status[] = [];
    const length = 1 + draw.below(3);
    for (let index = 0; index < length; index++) results.push(draw.chance(60) ? draw.of(FAILURES) : 0);
    while (results.length > 0 && results[results.length - 1] === 0) results.pop();
    return results.length === 0 ? undefined : results;
  }

  #reenters(callbacks: readonly CallbackName[]): readonly Reentry[] | undefined {
    const { draw, options } = this;
    if (options.undefined !== true || !options.capabilities.has('reentry') || callbacks.length === 0) return undefined;
    if (!draw.chance(20)) return undefined;
    return [{ callback: draw.of(callbacks), operation: { operation: 'unregisterProducer', object: 'p0' } }];
  }

  #step(): void {
    const { draw, options } = this;
    const object = draw.of(this.#objects);
    const registered = this.#guess.has(object.id);
    if (options.undefined === true && options.capabilities.has('object-memory') && draw.chance(5)) {
      this.#operations.push(
        draw.chance(50)
          ? { operation: 'overwriteToken', object: object.id, token: draw.of(this.#tokens) }
          : { operation: 'wipeObject', object: object.id },
      );
      return;
    }
    const { undefined: free } = options.profile;
    if (registered ? draw.chance(65) || free['register-registered'] !== undefined : draw.chance(12)) {
      if (registered || free['unregister-unregistered'] === undefined) this.#unregister(object.id);
    } else {
      this.#register(object.id, this.#choose(object.id));
    }
  }

  /** Half of the time a token that somebody on the other side waits under. */
  #choose(object: ObjectId): Token {
    const { draw } = this;
    if (draw.chance(50)) {
      for (const [other, token] of this.#guess) {
        if (roleOf(other) !== roleOf(object) && draw.chance(70)) return token;
      }
    }
    return draw.of(this.#tokens);
  }

  #register(object: ObjectId, token: Token): void {
    const { draw, options } = this;
    const noMemory = options.capabilities.has('allocation-failure') && draw.chance(7);
    if (isProducerId(object)) {
      const irq = FIRST_IRQ + draw.below(8);
      const operation = { operation: 'registerProducer', object, token, irq } as const;
      this.#operations.push(noMemory ? { ...operation, memory: 'none' } : operation);
    } else {
      const operation = { operation: 'registerConsumer', object: object as ConsumerId, token } as const;
      this.#operations.push(noMemory ? { ...operation, memory: 'none' } : operation);
    }
    if (noMemory || this.#guess.has(object)) return;
    for (const [other, held] of this.#guess) {
      if (held === token && roleOf(other) === roleOf(object)) return;
    }
    this.#guess.set(object, token);
  }

  #unregister(object: ObjectId): void {
    this.#operations.push(unregistering(object));
    this.#guess.delete(object);
  }

  /** In a random order; also those that are not thought to be registered, where that is defined. */
  #tearDown(): void {
    const { draw, options } = this;
    const careful = options.profile.undefined['unregister-unregistered'] !== undefined;
    const left = this.#objects.slice();
    for (let count = left.length; count > 0; count--) {
      const at = draw.below(count);
      const object = left[at];
      const last = left[count - 1];
      if (object === undefined || last === undefined) break;
      left[at] = last;
      if (!careful || this.#guess.has(object.id)) this.#unregister(object.id);
    }
  }
}
