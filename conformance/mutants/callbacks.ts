/** Mutants that make the wrong callback, in the wrong order, or with the wrong things. */

import type { Producer } from '../../spec/manager.js';
import type { Status, Token } from '../../spec/vocabulary.js';
import { OK } from '../../spec/vocabulary.js';
import type { Entry, Pair } from './base.js';
import { CorrectManager } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

export const callbacks: readonly Mutant[] = [
  mutant(
    {
      name: 'adds-producer-first',
      summary: 'Calls addProducer before addConsumer.',
      rule: 'CALL-1',
    },
    class extends CorrectManager {
      protected override add(pair: Pair): Status {
        const refused = this.addProducer(pair);
        if (refused !== OK) return refused;
        const failed = this.addConsumer(pair);
        if (failed !== OK) this.delProducer(pair);
        return failed;
      }
    },
  ),
  mutant(
    {
      name: 'starts-as-it-stops',
      summary: 'Starts the producer before the consumer once they are connected, so that starts and stops do not nest.',
      rule: 'CALL-1',
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        this.stop(pair);
        const result = this.add(pair);
        pair.producer.start?.();
        pair.consumer.start?.();
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'adds-then-stops',
      summary: 'Connects two sides that are running.',
      rule: 'CALL-1',
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        const result = this.add(pair);
        this.stop(pair);
        this.start(pair);
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'deletes-consumer-first',
      summary: 'Calls delConsumer before delProducer.',
      rule: 'CALL-2',
    },
    class extends CorrectManager {
      protected override del(pair: Pair): void {
        this.delConsumer(pair);
        this.delProducer(pair);
      }
    },
  ),
  mutant(
    {
      name: 'disconnects-without-stop',
      summary: 'Neither stops nor starts the two that it disconnects.',
      rule: 'CALL-2',
    },
    class extends CorrectManager {
      protected override disconnect(pair: Pair): void {
        this.del(pair);
      }
    },
  ),
  mutant(
    {
      name: 'skips-the-other-add',
      summary: 'Does not call addProducer where the producer has no addConsumer.',
      rule: 'CALL-4',
    },
    class extends CorrectManager {
      protected override addProducer(pair: Pair): Status {
        return pair.producer.addConsumer === undefined ? OK : super.addProducer(pair);
      }
    },
  ),
  mutant(
    {
      name: 'needs-stop-to-start',
      summary: 'Does not start a consumer that has no stop.',
      rule: 'CALL-4',
    },
    class extends CorrectManager {
      protected override start({ producer, consumer }: Pair): void {
        if (consumer.stop !== undefined) consumer.start?.();
        producer.start?.();
      }
    },
  ),
  mutant(
    {
      name: 'passes-itself',
      summary: 'Passes the producer to its own addConsumer.',
      rule: 'CALL-5',
    },
    class extends CorrectManager {
      protected override addConsumer({ producer }: Pair): Status {
        return producer.addConsumer?.(producer) ?? OK;
      }
    },
  ),
  mutant(
    {
      name: 'deletes-the-latest',
      summary: 'Passes the producer that registered last to delProducer, whoever the partner is.',
      rule: 'CALL-5',
    },
    class extends CorrectManager {
      protected override delProducer(pair: Pair): void {
        const latest = this.entries.findLast((entry) => entry.role === 'producer');
        super.delProducer({ ...pair, producer: latest?.object ?? pair.producer });
      }
    },
  ),
  mutant(
    {
      name: 'no-irq-for-the-late-consumer',
      summary: 'Shows interrupt 0 to a consumer that registers after its producer.',
      rule: 'CALL-6',
    },
    class extends CorrectManager {
      protected override addProducer(pair: Pair): Status {
        const late = this.find('consumer', pair.consumer) === undefined;
        return super.addProducer(late ? { ...pair, irq: 0 } : pair);
      }
    },
  ),
  mutant(
    {
      name: 'irq-of-the-refused',
      summary: 'Takes over the interrupt that a registered producer is refused with when it registers again.',
      rule: 'CALL-6',
      history: 'Linux 4.4 to 6.16, where the interrupt lies in the object',
    },
    class extends CorrectManager {
      override registerProducer(object: Producer, token: Token, irq: number): Status {
        const entry = this.find('producer', object);
        if (entry?.role === 'producer') entry.irq = irq;
        return super.registerProducer(object, token, irq);
      }
    },
  ),
  mutant(
    {
      name: 'accepts-half-a-consumer',
      summary: 'Looks for addProducer and not for delProducer in a consumer that registers.',
      rule: 'CALL-7',
    },
    class extends CorrectManager {
      protected override lacksMandatory(newcomer: Entry): boolean {
        return newcomer.role === 'consumer' && newcomer.object.addProducer === undefined;
      }
    },
  ),
  mutant(
    {
      name: 'demands-add-consumer',
      summary: 'Refuses a producer without addConsumer.',
      rule: 'PAIR-2',
      history: 'the revision before the merge, judged as what came after',
    },
    class extends CorrectManager {
      protected override lacksMandatory(newcomer: Entry): boolean {
        if (newcomer.role === 'producer') return newcomer.object.addConsumer === undefined;
        return super.lacksMandatory(newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'starts-later',
      summary: 'Starts the two of a pair after the operation has returned.',
      rule: 'CALL-8',
    },
    class extends CorrectManager {
      protected override start(pair: Pair): void {
        queueMicrotask(() => super.start(pair));
      }
    },
  ),
];
