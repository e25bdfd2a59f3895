/** Mutants in which what happens under one token shows under another. */
import type { Status } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL } from '../../spec/vocabulary.js';
import type { Entry, Pair } from './base.js';
import { CorrectManager } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

export const isolation: readonly Mutant[] = [
  mutant(
    {
      name: 'stops-the-host',
      summary: 'Stops and starts everybody that is registered while it connects two.',
      rule: 'ISO-1',
      history: 'what stop and start on Arm came down to: they halt and resume the whole guest',
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        const others = this.entries.filter(({ object }) => object !== pair.producer && object !== pair.consumer);
        for (const { object } of others) object.stop?.();
        const result = super.connect(pair);
        for (const { object } of others) object.start?.();
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'counts-everybody',
      summary: 'Refuses a duplicate with -EBUSY or with -EINVAL, by how many are registered at all.',
      rule: 'ISO-2',
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        return status === EBUSY && this.entries.length % 2 === 1 ? EINVAL : status;
      }
    },
  ),
  mutant(
    {
      name: 'orders-objects',
      summary:
        'Refuses a duplicate with -EBUSY or with -EINVAL, by which of the two objects comes first in an order of its own.',
      rule: 'ISO-3',
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        const holder = this.holder(newcomer.role, newcomer.token);
        return status === EBUSY && holder !== undefined && nameOf(newcomer) < nameOf(holder) ? EINVAL : status;
      }
    },
  ),
];

/** What stands for an object's place in memory here: the name that it goes by, if it shows one. */
function nameOf({ object }: Entry): string {
  return String(Reflect.get(object, 'id') ?? '');
}
