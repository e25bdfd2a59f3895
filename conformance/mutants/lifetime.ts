/** Mutants that know an object for too long or not long enough, or do not return. */
import type { Consumer, Producer } from '../../spec/manager.js';
import type { Role, Status } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL, OK } from '../../spec/vocabulary.js';
import type { Entry, Pair } from './base.js';
import { CorrectManager, otherRole, pairOf } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

export const lifetime: readonly Mutant[] = [
  mutant(
    {
      name: 'unregisters-anybody',
      summary: 'Unregisters the object of the same side that registered first when asked for one it has never seen.',
      rule: 'LIFE-1',
    },
    class extends CorrectManager {
      readonly #seen = new Set<Producer | Consumer>();

      protected override register(newcomer: Entry): Status {
        this.#seen.add(newcomer.object);
        return super.register(newcomer);
      }

      protected override find(role: Role, object: Producer | Consumer): Entry | undefined {
        return super.find(role, object) ?? (this.#seen.has(object) ? undefined : this.first(role));
      }

      private first(role: Role): Entry | undefined {
        return this.entries.find((entry) => entry.role === role);
      }
    },
  ),
  mutant(
    {
      name: 'keeps-the-binding',
      summary: 'Keeps the partner of an object that was unregistered, and disconnects the two again when asked again.',
      rule: 'LIFE-3',
    },
    class extends CorrectManager {
      readonly #bindings = new Map<Producer | Consumer, Pair>();

      protected override unregister(role: Role, object: Producer | Consumer): void {
        const entry = this.find(role, object);
        const peer = entry === undefined ? undefined : this.peerOf(entry);
        const before = this.#bindings.get(object);
        if (entry !== undefined && peer !== undefined) this.#bindings.set(object, pairOf(entry, peer));
        super.unregister(role, object);
        if (entry === undefined && before !== undefined) this.disconnect(before);
      }
    },
  ),
  mutant(
    {
      name: 'disconnects-the-failed',
      summary: 'Disconnects an object that failed to connect when it is unregistered.',
      rule: 'LIFE-4',
      history: 'the revision before the merge',
    },
    class extends CorrectManager {
      readonly #failed = new Map<Producer | Consumer, Pair>();

      protected override connect(pair: Pair): Status {
        const result = super.connect(pair);
        const newcomer = this.find('producer', pair.producer) === undefined ? pair.producer : pair.consumer;
        if (result === OK) this.#failed.delete(newcomer);
        else this.#failed.set(newcomer, pair);
        return result;
      }

      protected override unregister(role: Role, object: Producer | Consumer): void {
        const pair = this.#failed.get(object);
        if (pair !== undefined && this.find(role, object) === undefined) this.disconnect(pair);
        super.unregister(role, object);
      }
    },
  ),
  mutant(
    {
      name: 'caches-the-peer',
      summary: 'Finds the producer that held a token last, though it was unregistered.',
      rule: 'LIFE-5',
    },
    class extends CorrectManager {
      readonly #unregistered: Entry[] = [];

      protected override remove(entry: Entry): void {
        super.remove(entry);
        if (entry.role === 'producer') this.#unregistered.push(entry);
      }

      protected override peerOf(entry: Entry): Entry | undefined {
        const peer = super.peerOf(entry);
        if (peer !== undefined || entry.role === 'producer') return peer;
        return this.#unregistered.findLast(({ token }) => token === entry.token);
      }
    },
  ),
  mutant(
    {
      name: 'queues-the-refused',
      summary: 'Refuses a duplicate, yet connects it when the one that held the token leaves.',
      rule: 'LIFE-6',
    },
    class extends CorrectManager {
      readonly #queue: Entry[] = [];

      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        if (status === EBUSY && this.find(newcomer.role, newcomer.object) === undefined) this.#queue.push(newcomer);
        return status;
      }

      protected override remove(entry: Entry): void {
        super.remove(entry);
        const next = this.#queue.findIndex(({ role, token }) => role === entry.role && token === entry.token);
        const [successor] = next === -1 ? [] : this.#queue.splice(next, 1);
        if (successor !== undefined && this.find(successor.role, successor.object) === undefined) {
          this.register(successor);
        }
      }
    },
  ),
  mutant(
    {
      name: 'registers-once',
      summary: 'Refuses an object that was registered before, though it was unregistered.',
      rule: 'LIFE-7',
    },
    class extends CorrectManager {
      readonly #known = new Set<Producer | Consumer>();

      protected override insert(entry: Entry): void {
        super.insert(entry);
        this.#known.add(entry.object);
      }

      protected override refuse(newcomer: Entry): Status {
        const refused = super.refuse(newcomer);
        return refused === OK && this.#known.has(newcomer.object) ? EINVAL : refused;
      }
    },
  ),
  mutant(
    {
      name: 'calls-through-null',
      summary: "Calls the producer's stop without a look whether it has one.",
      rule: 'LIFE-8',
    },
    class extends CorrectManager {
      protected override stop(pair: Pair): void {
        if (pair.producer.stop === undefined) throw new TypeError('call through a null pointer');
        super.stop(pair);
      }
    },
  ),
  mutant(
    {
      name: 'warns-of-a-duplicate',
      summary: 'Warns when it refuses a duplicate token.',
      rule: 'LIFE-9',
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        if (this.find(newcomer.role, newcomer.object) === undefined && this.applies('duplicate-token', newcomer)) {
          this.environment.warn('a token is taken');
        }
        return super.refuse(newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'warns-of-the-unknown',
      summary: 'Warns when it is asked to unregister what is not registered.',
      rule: 'LIFE-9',
      history: 'Linux 6.17, for an object whose token the caller has written by hand',
    },
    class extends CorrectManager {
      protected override unregister(role: Role, object: Producer | Consumer): void {
        if (this.find(role, object) === undefined) this.environment.warn(`this ${role} is not registered`);
        super.unregister(role, object);
      }
    },
  ),
  mutant(
    {
      name: 'takes-the-partner-along',
      summary: 'Unregisters the partner of an object that leaves as well.',
      rule: 'PAIR-5',
    },
    class extends CorrectManager {
      protected override remove(entry: Entry): void {
        super.remove(entry);
        const partner = this.holder(otherRole(entry.role), entry.token);
        if (partner !== undefined) super.remove(partner);
      }
    },
  ),
];
