/**
 * Random programs, made to reach every rule.
 *
 * A small world (one to three objects a side, one to three tokens) makes objects meet; now and then comes a wide or a long
 * one (`sizes.ts`). What is registered is tracked roughly, to steer towards what is worth doing and away from what a
 * profile leaves undefined; the tracking is a guess and is never used to judge. Every program ends by unregistering
 * whatever may still be registered.
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
import { registering, roleOf, unregistering } from '../../spec/vocabulary.js';
import type { Bits } from './random.js';
import { bitsFrom, Draw, seedFrom } from './random.js';
import { drawSize, type Size, small } from './sizes.js';
import { drawSwarm, type Swarm } from './swarm.js';
import { valueRow } from './value-rows.js';
import { drawFailure, drawIrq, drawTokens, shuffled } from './values.js';

/** What a program may contain. */
export interface ProgramOptions {
  readonly profile: Profile;
  readonly capabilities: ReadonlySet<Capability>;
  /** Interrupts may be larger than a C int. */
  readonly largeIrqs?: boolean;
  /** Also do what is undefined: re-entry, tokens overwritten, objects wiped. */
  readonly undefined?: boolean;
}

/** Make a small program from random bits. */
export function generateProgram(bits: Bits, options: ProgramOptions): Program {
  const draw = new Draw(bits);
  return new Generator(draw, options, small(draw)).program();
}

/**
 * A row of programs of all sizes, some of values (`value-rows.ts`): the same seed gives the same ones for ever.
 *
 * @param from the number of the first one; it says which sizes come when, and is part of the seed
 */
export function randomPrograms(seed: number, options: ProgramOptions, from = 0): () => Program {
  const draw = new Draw(bitsFrom(seedFrom(seed, from)));
  let number = from;
  return () => {
    const at = number++;
    // What is drawn next does not depend on whether this one is replaced.
    const drawn = new Generator(draw, options, drawSize(draw, at)).program();
    return valueRow(at, options) ?? drawn;
  };
}

/** The orders in which a program may end: as everybody came, the other way round, one side first, or any. */
const ENDINGS = ['first in', 'last in', 'producers', 'consumers', 'any', 'any'] as const;

class Generator {
  readonly #objects: ProgramObject[] = [];
  readonly #operations: Operation[] = [];
  /** A guess at what is registered, oldest first, and who holds each token; for steering only. */
  readonly #guess = new Map<ObjectId, Token>();
  readonly #holders = { producer: new Map<Token, ObjectId>(), consumer: new Map<Token, ObjectId>() };
  /** What the fallible callback of each object returns, and how often it was called, as far as can be guessed. */
  readonly #planned = new Map<ObjectId, readonly Status[]>();
  readonly #added = new Map<ObjectId, number>();
  readonly #tokens: readonly Token[];
  readonly #swarm: Swarm;

  constructor(
    readonly draw: Draw,
    readonly options: ProgramOptions,
    readonly size: Size,
  ) {
    const tokens: readonly Token[] = drawTokens(draw, size.tokens);
    const withNull = size.undisturbed !== true && options.capabilities.has('null-token') && draw.chance(15);
    this.#tokens = withNull ? [...tokens, null] : tokens;
    this.#swarm = { ...drawSwarm(draw), ...size.likes };
  }

  program(): Program {
    const { draw, size } = this;
    const whole = draw.chance(40);
    for (let index = 0; index < size.producers; index++) this.#objects.push(this.#producer(`p${index}`, whole));
    for (let index = 0; index < size.consumers; index++) this.#objects.push(this.#consumer(`c${index}`, whole));
    for (const { id, results } of this.#objects) if (results !== undefined) this.#planned.set(id, results);
    if (size.full) this.#fill();
    const length = this.#operations.length + size.operations;
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
      this.size.undisturbed !== true &&
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
    const { failing, edges } = this.#swarm;
    if (!options.profile.fallible || !callbacks.includes(fallible) || !draw.chance(failing)) return undefined;
    const results: Status[] = [];
    const share = failing === 100 ? 100 : 60;
    for (let left = this.#callsToPlan(); left > 0; left--)
      results.push(draw.chance(share) ? drawFailure(draw, edges) : 0);
    while (results.length > 0 && results[results.length - 1] === 0) results.pop();
    return results.length === 0 ? undefined : results;
  }

  /** Of how many calls it is said what they return: of all, where everything is to fail. */
  #callsToPlan(): number {
    const { draw, size } = this;
    if (this.#swarm.failing === 100) return size.operations;
    return 1 + draw.below(!size.full && draw.chance(50) ? 3 + (size.operations >> 2) : 3);
  }

  #reenters(callbacks: readonly CallbackName[]): readonly Reentry[] | undefined {
    const { draw, options } = this;
    if (options.undefined !== true || !options.capabilities.has('reentry') || callbacks.length === 0) return undefined;
    if (!draw.chance(20)) return undefined;
    return [{ callback: draw.of(callbacks), operation: { operation: 'unregisterProducer', object: 'p0' } }];
  }

  /** Register everybody, each side under tokens of its own, one side after the other or in any order. */
  #fill(): void {
    const { draw } = this;
    const tokens = { producer: shuffled(draw, this.#tokens), consumer: this.#tokens };
    const next = { producer: 0, consumer: 0 };
    const inOrder = draw.chance(60);
    for (const { id } of inOrder ? this.#objects : shuffled(draw, this.#objects)) {
      const token = tokens[roleOf(id)][next[roleOf(id)]++];
      if (token !== undefined) this.#register(id, token);
    }
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
    const { unregister, stray } = this.#swarm;
    if (registered ? draw.chance(unregister) || free['register-registered'] !== undefined : draw.chance(stray)) {
      if (registered || free['unregister-unregistered'] === undefined) this.#unregister(object.id);
    } else {
      this.#register(object.id, this.#choose(object.id));
    }
  }

  /** Often a token that somebody on the other side waits under. */
  #choose(object: ObjectId): Token {
    const { draw } = this;
    if (draw.chance(this.#swarm.match)) {
      for (let asked = 0; asked < 4; asked++) {
        const { id } = draw.of(this.#objects);
        const token = roleOf(id) === roleOf(object) ? undefined : this.#guess.get(id);
        if (token !== undefined) return token;
      }
    }
    return draw.of(this.#tokens);
  }

  #register(object: ObjectId, token: Token): void {
    const { draw, options } = this;
    const { noMemory: without, edges } = this.#swarm;
    const noMemory = options.capabilities.has('allocation-failure') && draw.chance(without);
    const operation = registering(object, token, drawIrq(draw, edges, options.largeIrqs ?? false));
    this.#operations.push(noMemory ? { ...operation, memory: 'none' } : operation);
    const holders = this.#holders[roleOf(object)];
    if (noMemory || this.#guess.has(object) || holders.has(token) || this.#failsToConnect(object, token)) return;
    this.#guess.set(object, token);
    holders.set(token, object);
  }

  /** Whether one of the callbacks fails that are made when an object is connected to the one that waits, if one does. */
  #failsToConnect(object: ObjectId, token: Token): boolean {
    const peer = this.#holders[roleOf(object) === 'producer' ? 'consumer' : 'producer'].get(token);
    if (peer === undefined) return false;
    const [first, second] = roleOf(object) === 'producer' ? [object, peer] : [peer, object];
    return this.#nextResult(first) !== 0 || this.#nextResult(second) !== 0;
  }

  #nextResult(id: ObjectId): Status {
    const added = this.#added.get(id) ?? 0;
    this.#added.set(id, added + 1);
    return this.#planned.get(id)?.[added] ?? 0;
  }

  #unregister(object: ObjectId): void {
    this.#operations.push(unregistering(object));
    const token = this.#guess.get(object);
    if (token === undefined) return;
    this.#guess.delete(object);
    this.#holders[roleOf(object)].delete(token);
  }

  /** Also those that are not thought to be registered, where that is defined. */
  #tearDown(): void {
    const careful = this.options.profile.undefined['unregister-unregistered'] !== undefined;
    const others = careful ? [] : this.#objects.map(({ id }) => id).filter((id) => !this.#guess.has(id));
    for (const id of this.#inOrderOfEnd([...this.#guess.keys()])) this.#unregister(id);
    for (const id of shuffled(this.draw, others)) this.#unregister(id);
  }

  /** @param ids oldest first */
  #inOrderOfEnd(ids: readonly ObjectId[]): readonly ObjectId[] {
    const { draw } = this;
    const side = (role: Role) => ids.filter((id) => roleOf(id) === role);
    switch (draw.of(ENDINGS)) {
      case 'first in':
        return ids;
      case 'last in':
        return ids.toReversed();
      case 'producers':
        return [...side('producer'), ...side('consumer')];
      case 'consumers':
        return [...side('consumer'), ...side('producer').toReversed()];
      case 'any':
        return shuffled(draw, ids);
    }
  }
}
