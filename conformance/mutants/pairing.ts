/** Mutants that pair too little or too much, or let it matter who comes first or leaves first. */
import type { Consumer, Producer } from '../../spec/manager.js';
import type { Role } from '../../spec/vocabulary.js';
import type { Entry, Pair } from './base.js';
import { CorrectManager, pairOf } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

export const pairing: readonly Mutant[] = [
  mutant(
    {
      name: 'producer-never-looks',
      summary: 'Does not connect a producer that registers to the consumer that waits for it.',
      rule: 'PAIR-1',
    },
    class extends CorrectManager {
      protected override peerOf(entry: Entry): Entry | undefined {
        const registers = !this.entries.includes(entry);
        return registers && entry.role === 'producer' ? undefined : super.peerOf(entry);
      }
    },
  ),
  mutant(
    {
      name: 'starts-when-alone',
      summary: 'Starts an object that registers with nobody to connect to.',
      rule: 'PAIR-2',
    },
    class extends CorrectManager {
      protected override insert(entry: Entry): void {
        super.insert(entry);
        if (this.peerOf(entry) === undefined) entry.object.start?.();
      }
    },
  ),
  mutant(
    {
      name: 'newcomer-takes-over',
      summary: 'Refuses a second producer of a token, yet connects it to the consumer that has the first.',
      rule: 'PAIR-3',
    },
    class extends CorrectManager {
      protected override register(newcomer: Entry): ReturnType<CorrectManager['register']> {
        const peer = this.peerOf(newcomer);
        const status = super.register(newcomer);
        const rival = this.holder(newcomer.role, newcomer.token);
        if (
          newcomer.role === 'producer' &&
          peer !== undefined &&
          rival !== undefined &&
          rival.object !== newcomer.object
        ) {
          this.connect(pairOf(newcomer, peer));
        }
        return status;
      }
    },
  ),
  mutant(
    {
      name: 'consumer-leaves-silently',
      summary: 'Unregisters the consumer of a pair without disconnecting it.',
      rule: 'PAIR-4',
    },
    class extends CorrectManager {
      protected override unregister(role: Role, object: Producer | Consumer): void {
        const entry = this.find(role, object);
        if (entry?.role === 'consumer') this.remove(entry);
        else super.unregister(role, object);
      }
    },
  ),
  mutant(
    {
      name: 'pairs-once',
      summary: 'Never pairs an object again whose partner left.',
      rule: 'PAIR-5',
    },
    class extends CorrectManager {
      readonly #lostPartner = new Set<Entry>();

      protected override remove(entry: Entry): void {
        const peer = this.peerOf(entry);
        if (peer !== undefined) this.#lostPartner.add(peer);
        super.remove(entry);
      }

      protected override peerOf(entry: Entry): Entry | undefined {
        const peer = super.peerOf(entry);
        return peer !== undefined && this.#lostPartner.has(peer) ? undefined : peer;
      }
    },
  ),
  mutant(
    {
      name: 'stops-when-alone',
      summary: 'Stops and starts an object that leaves without a partner.',
      rule: 'PAIR-6',
    },
    class extends CorrectManager {
      protected override remove(entry: Entry): void {
        if (this.peerOf(entry) === undefined) {
          entry.object.stop?.();
          entry.object.start?.();
        }
        super.remove(entry);
      }
    },
  ),
  mutant(
    {
      name: 'newcomer-first',
      summary: 'Stops the one that registers before the one that waits, whichever is the producer.',
      rule: 'ORDER-1',
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): ReturnType<CorrectManager['connect']> {
        this.stopNewcomerFirst(pair);
        const result = this.add(pair);
        this.start(pair);
        return result;
      }

      private stopNewcomerFirst({ producer, consumer }: Pair): void {
        const [newcomer, waiting] =
          this.find('producer', producer) === undefined ? [producer, consumer] : [consumer, producer];
        newcomer.stop?.();
        waiting.stop?.();
      }
    },
  ),
  mutant(
    {
      name: 'leaver-first',
      summary: 'Calls the del callback of the one that leaves before the other, whichever is the consumer.',
      rule: 'ORDER-2',
    },
    class extends CorrectManager {
      #leaver: Role = 'consumer';

      protected override unregister(role: Role, object: Producer | Consumer): void {
        this.#leaver = role;
        super.unregister(role, object);
      }

      protected override del(pair: Pair): void {
        if (this.#leaver === 'producer') this.delConsumer(pair);
        this.delProducer(pair);
        if (this.#leaver === 'consumer') this.delConsumer(pair);
      }
    },
  ),
];
