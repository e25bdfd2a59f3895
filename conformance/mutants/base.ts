/**
 * A manager that is right, cut into steps so that a mutant can get one of them wrong.
 *
 *     register     refuse(applies...)  peerOf  connect(stop add start)  insert
 *     unregister   find  peerOf  disconnect(stop del start)  remove
 *
 * It keeps one list and searches it, as Linux did until 6.16; the reference, which keeps maps, is another design on
 * purpose: what holds for both holds for more than the way one of them is written.
 */
import type { Consumer, Manager, ManagerEnvironment, Producer } from '../../spec/manager.js';
import type { Profile, Refusal } from '../../spec/profile.js';
import type { CallbackName, Role, Status, Token } from '../../spec/vocabulary.js';
import { EINVAL, OK } from '../../spec/vocabulary.js';

/** A producer's registration. The token may change in managers that let the caller write it. */
export interface ProducerEntry {
  readonly role: 'producer';
  readonly object: Producer;
  token: Token;
  irq: number;
}

/** A consumer's registration. */
export interface ConsumerEntry {
  readonly role: 'consumer';
  readonly object: Consumer;
  token: Token;
}

/** A registration of either side. */
export type Entry = ProducerEntry | ConsumerEntry;

/** What is connected or disconnected. */
export interface Pair {
  readonly producer: Producer;
  readonly consumer: Consumer;
  /** The host interrupt that the producer registered with. */
  readonly irq: number;
}

/** A correct manager, a step a method. */
export class CorrectManager implements Manager {
  /** What is registered, oldest first. */
  protected readonly entries: Entry[] = [];

  constructor(
    protected readonly profile: Profile,
    protected readonly environment: ManagerEnvironment,
  ) {}

  registerProducer(object: Producer, token: Token, irq: number): Status {
    return this.register({ role: 'producer', object, token, irq });
  }

  unregisterProducer(object: Producer): void {
    this.unregister('producer', object);
  }

  registerConsumer(object: Consumer, token: Token): Status {
    return this.register({ role: 'consumer', object, token });
  }

  unregisterConsumer(object: Consumer): void {
    this.unregister('consumer', object);
  }

  protected register(newcomer: Entry): Status {
    const refused = this.refuse(newcomer);
    if (refused !== OK) return refused;
    const peer = this.peerOf(newcomer);
    if (peer !== undefined) {
      const failed = this.connect(pairOf(newcomer, peer));
      if (failed !== OK) return failed;
    }
    this.insert(newcomer);
    return OK;
  }

  protected unregister(role: Role, object: Producer | Consumer): void {
    const entry = this.find(role, object);
    if (entry === undefined) return;
    const peer = this.peerOf(entry);
    if (peer !== undefined) this.disconnect(pairOf(entry, peer));
    this.remove(entry);
  }

  /** The status of the first reason that applies, 0 when none does. */
  protected refuse(newcomer: Entry): Status {
    for (const { refusal, statuses } of this.profile.refusals) {
      if (!this.applies(refusal, newcomer)) continue;
      if (refusal === 'registered') this.warnOfMisuse(newcomer);
      return statuses[0] ?? EINVAL;
    }
    return OK;
  }

  protected applies(refusal: Refusal, newcomer: Entry): boolean {
    switch (refusal) {
      case 'registered':
        return this.find(newcomer.role, newcomer.object) !== undefined;
      case 'null-token':
        return newcomer.token === null;
      case 'missing-callback':
        return this.lacksMandatory(newcomer);
      case 'duplicate-token':
        return this.holder(newcomer.role, newcomer.token) !== undefined;
      case 'no-memory':
        return !this.environment.allocate();
    }
  }

  protected warnOfMisuse({ role }: Entry): void {
    const operation = role === 'producer' ? 'registerProducer' : 'registerConsumer';
    if (this.profile.warnsWhenRegistered.includes(operation)) this.environment.warn(`${operation}: registered already`);
  }

  protected lacksMandatory({ role, object }: Entry): boolean {
    const has: Readonly<Partial<Record<CallbackName, unknown>>> = object;
    return this.profile.mandatory[role].some((callback) => has[callback] === undefined);
  }

  /** The registration of an object. */
  protected find(role: Role, object: Producer | Consumer): Entry | undefined {
    return this.entries.find((entry) => entry.role === role && entry.object === object);
  }

  /** The registration that holds a token on one side. */
  protected holder(role: Role, token: Token): Entry | undefined {
    return this.entries.find((entry) => entry.role === role && entry.token === token);
  }

  /** The registration on the other side that holds the token of this one. */
  protected peerOf(entry: Entry): Entry | undefined {
    return this.holder(otherRole(entry.role), entry.token);
  }

  protected insert(entry: Entry): void {
    this.entries.push(entry);
  }

  protected remove(entry: Entry): void {
    const index = this.entries.indexOf(entry);
    if (index >= 0) this.entries.splice(index, 1);
  }

  protected connect(pair: Pair): Status {
    this.stop(pair);
    const result = this.add(pair);
    this.start(pair);
    return result;
  }

  protected add(pair: Pair): Status {
    const refused = this.addConsumer(pair);
    if (refused !== OK) return refused;
    const failed = this.addProducer(pair);
    if (failed !== OK) this.rollBack(pair);
    return failed;
  }

  protected rollBack(pair: Pair): void {
    this.delConsumer(pair);
  }

  protected disconnect(pair: Pair): void {
    this.stop(pair);
    this.del(pair);
    this.start(pair);
  }

  protected del(pair: Pair): void {
    this.delProducer(pair);
    this.delConsumer(pair);
  }

  protected stop({ producer, consumer }: Pair): void {
    producer.stop?.();
    consumer.stop?.();
  }

  protected start({ producer, consumer }: Pair): void {
    consumer.start?.();
    producer.start?.();
  }

  protected addConsumer({ producer, consumer }: Pair): Status {
    return this.outcome(producer.addConsumer?.(consumer));
  }

  protected addProducer({ producer, consumer, irq }: Pair): Status {
    return this.outcome(consumer.addProducer?.(producer, irq));
  }

  protected delConsumer({ producer, consumer }: Pair): void {
    producer.delConsumer?.(consumer);
  }

  protected delProducer({ producer, consumer }: Pair): void {
    consumer.delProducer?.(producer);
  }

  /** What a fallible callback returned; 0 where it was skipped, and in rfc-2015, where callbacks return nothing. */
  protected outcome(result: Status | undefined): Status {
    return this.profile.fallible ? (result ?? OK) : OK;
  }
}

/** The other side. */
export function otherRole(role: Role): Role {
  return role === 'producer' ? 'consumer' : 'producer';
}

/** The pair of two entries, one of each side, in either order. */
export function pairOf(one: Entry, other: Entry): Pair {
  if (one.role === 'producer') return { producer: one.object, consumer: other.object, irq: one.irq };
  return { producer: other.object, consumer: one.object, irq: other.role === 'producer' ? other.irq : 0 };
}
