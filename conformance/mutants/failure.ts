/** Mutants that get it wrong when connecting fails or memory runs out. */
import type { Consumer, Producer } from '../../spec/manager.js';
import type { Refusal } from '../../spec/profile.js';
import type { Status } from '../../spec/vocabulary.js';
import { EINVAL, OK } from '../../spec/vocabulary.js';
import type { Entry, Pair } from './base.js';
import { CorrectManager } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

export const failure: readonly Mutant[] = [
  mutant(
    {
      name: 'deletes-what-was-not-added',
      summary: 'Calls delConsumer after addConsumer failed.',
      rule: 'FAIL-1',
    },
    class extends CorrectManager {
      protected override addConsumer(pair: Pair): Status {
        const result = super.addConsumer(pair);
        if (result !== OK) this.delConsumer(pair);
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'adds-all-the-same',
      summary: 'Calls addProducer after addConsumer failed.',
      rule: 'FAIL-1',
    },
    class extends CorrectManager {
      protected override add(pair: Pair): Status {
        const refused = this.addConsumer(pair);
        const failed = this.addProducer(pair);
        if (failed !== OK) this.rollBack(pair);
        return refused === OK ? failed : refused;
      }
    },
  ),
  mutant(
    {
      name: 'deletes-both',
      summary: 'Calls delProducer too after addProducer failed.',
      rule: 'FAIL-2',
    },
    class extends CorrectManager {
      protected override rollBack(pair: Pair): void {
        this.del(pair);
      }
    },
  ),
  mutant(
    {
      name: 'positive-is-success',
      summary: 'Takes a positive result of an add for success.',
      rule: 'FAIL-3',
      history: 'powerpc refuses with +1',
    },
    class extends CorrectManager {
      protected override outcome(result: Status | undefined): Status {
        return Math.min(super.outcome(result), OK);
      }
    },
  ),
  mutant(
    {
      name: 'failure-becomes-einval',
      summary: 'Returns -EINVAL for whatever an add failed with.',
      rule: 'FAIL-3',
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        return super.connect(pair) === OK ? OK : EINVAL;
      }
    },
  ),
  mutant(
    {
      name: 'ignores-add-consumer',
      summary: 'Goes on as if addConsumer could not fail.',
      rule: 'FAIL-3',
    },
    class extends CorrectManager {
      protected override addConsumer(pair: Pair): Status {
        super.addConsumer(pair);
        return OK;
      }
    },
  ),
  mutant(
    {
      name: 'keeps-the-failed',
      summary: 'Registers an object that failed to connect, and returns the failure.',
      rule: 'FAIL-4',
    },
    class extends CorrectManager {
      protected override register(newcomer: Entry): Status {
        const tried = this.refuse(newcomer) === OK;
        const status = super.register(newcomer);
        if (tried && status !== OK) this.insert(newcomer);
        return status;
      }
    },
  ),
  mutant(
    {
      name: 'drops-the-peer',
      summary: 'Unregisters the peer of an object that failed to connect.',
      rule: 'FAIL-5',
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        const result = super.connect(pair);
        const peer = this.find('producer', pair.producer) ?? this.find('consumer', pair.consumer);
        if (result !== OK && peer !== undefined) this.remove(peer);
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'remembers-the-failure',
      summary: 'Refuses an object that failed to connect once, with what it failed with, and does not try again.',
      rule: 'FAIL-6',
    },
    class extends CorrectManager {
      readonly #failures = new Map<Producer | Consumer, Status>();

      protected override register(newcomer: Entry): Status {
        const refused = this.refuse(newcomer);
        if (refused !== OK) return refused;
        const before = this.#failures.get(newcomer.object);
        if (before !== undefined) return before;
        const status = super.register(newcomer);
        if (status !== OK) this.#failures.set(newcomer.object, status);
        return status;
      }
    },
  ),
  mutant(
    {
      name: 'registers-without-memory',
      summary: 'Goes on when there is no memory.',
      rule: 'FAIL-7',
    },
    class extends CorrectManager {
      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        return super.applies(refusal, newcomer) && refusal !== 'no-memory';
      }
    },
  ),
];
