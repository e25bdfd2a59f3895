/** Mutants that do not undo what they do, or undo it twice. */
import type { Status } from '../../spec/vocabulary.js';
import type { Pair } from './base.js';
import { CorrectManager } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

export const balance: readonly Mutant[] = [
  mutant(
    {
      name: 'starts-twice',
      summary: 'Starts the consumer once more after it has connected.',
      rule: 'BAL-1',
      history: 'on Arm since Linux 6.12 stops are counted, and one start too many defeats the next stop',
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        const result = super.connect(pair);
        pair.consumer.start?.();
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'leaves-stopped',
      summary: 'Does not start the two that it has disconnected.',
      rule: 'BAL-1',
    },
    class extends CorrectManager {
      protected override disconnect(pair: Pair): void {
        this.stop(pair);
        this.del(pair);
      }
    },
  ),
  mutant(
    {
      name: 'never-deletes-the-consumer',
      summary: 'Does not call delConsumer when it disconnects a pair.',
      rule: 'BAL-2',
    },
    class extends CorrectManager {
      protected override del(pair: Pair): void {
        this.delProducer(pair);
      }
    },
  ),
  mutant(
    {
      name: 'deletes-twice',
      summary: 'Calls delProducer twice when it disconnects a pair.',
      rule: 'BAL-2',
    },
    class extends CorrectManager {
      protected override delProducer(pair: Pair): void {
        super.delProducer(pair);
        super.delProducer(pair);
      }
    },
  ),
];
