/** What versions of the manager, and patches to it, got wrong. */
import type { Consumer, Producer } from '../../spec/manager.js';
import type { Refusal } from '../../spec/profile.js';
import { core } from '../../spec/profiles/core.js';
import { linux44 } from '../../spec/profiles/linux-4.4.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { linux59 } from '../../spec/profiles/linux-5.9.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';
import { premerge2015 } from '../../spec/profiles/premerge-2015.js';
import type { Role, Status, Token } from '../../spec/vocabulary.js';
import { ENOMEM, OK } from '../../spec/vocabulary.js';
import type { Entry, Pair } from './base.js';
import { CorrectManager, otherRole } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

/**
 * Up to 6.16 the token lies in the caller's object and stays there when the registration is refused. The entry to
 * unregister is sought by that token, and then the pointer is taken off its list, whether or not it is the one found.
 * (That the caller can also overwrite the token of a live entry is another defect: see `rekey`.)
 */
class TokenLiesInTheObject extends CorrectManager {
  readonly #tokens = new WeakMap<Producer | Consumer, Token>();

  protected override register(newcomer: Entry): Status {
    if (this.find(newcomer.role, newcomer.object) === undefined) this.#tokens.set(newcomer.object, newcomer.token);
    return super.register(newcomer);
  }

  protected unregisterByToken(role: Role, object: Producer | Consumer): void {
    const token = this.#tokens.get(object);
    if (token === undefined || this.holder(role, token) === undefined) return;
    const peer = this.holder(otherRole(role), token);
    if (peer !== undefined) this.disconnect(this.pairWith(role, object, peer));
    const entry = this.find(role, object);
    if (entry === undefined) throw new Error('list_del of a node that is on no list');
    this.remove(entry);
  }

  /** The pair as the manager believes it to be: of the pointer that it was given, not of the entry that it found. */
  protected pairWith(role: Role, object: Producer | Consumer, peer: Entry): Pair {
    return role === 'producer'
      ? { producer: object, consumer: peer.object, irq: 0 }
      : { producer: peer.object, consumer: object, irq: 0 };
  }
}

export const historical: readonly Mutant[] = [
  mutant(
    {
      name: 'linux-5.9',
      summary: 'Starts nobody when connecting failed, and calls delConsumer when it succeeded.',
      rule: 'BAL-1',
      history: 'Linux 5.9 to 5.12 (B5, B6)',
      profile: linux59,
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        this.stop(pair);
        const result = this.add(pair);
        if (result !== OK) return result;
        this.start(pair);
        this.delConsumer(pair);
        return OK;
      }
    },
  ),
  mutant(
    {
      name: 'linux-5.9-no-start',
      summary: 'Starts nobody when connecting failed.',
      rule: 'BAL-1',
      history: 'Linux 5.9 to 5.12 (B5): guests on Arm froze for nine months',
      profile: linux59,
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        this.stop(pair);
        const result = this.add(pair);
        if (result === OK) this.start(pair);
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'linux-5.9-del-after-success',
      summary: 'Calls delConsumer when connecting succeeded.',
      rule: 'BAL-2',
      history: 'Linux 5.9 to 5.12 (B6)',
      profile: linux59,
    },
    class extends CorrectManager {
      protected override connect(pair: Pair): Status {
        const result = super.connect(pair);
        if (result === OK) this.delConsumer(pair);
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'unregister-by-token',
      summary:
        'Finds the producer to unregister by the token that it asked for, and acts on the one that it was handed.',
      rule: 'LIFE-2',
      history: 'Linux 4.4 to 6.16 (B3)',
      profile: linux47,
    },
    class extends TokenLiesInTheObject {
      override unregisterProducer(object: Producer): void {
        this.unregisterByToken('producer', object);
      }
    },
  ),
  mutant(
    {
      name: 'unregister-consumer-by-token',
      summary:
        'Finds the consumer to unregister by the token that it asked for, and acts on the one that it was handed.',
      rule: 'LIFE-2',
      history: 'Linux 4.4 (B2), found by syzkaller in 2017',
      profile: linux44,
    },
    class extends TokenLiesInTheObject {
      override unregisterConsumer(object: Consumer): void {
        this.unregisterByToken('consumer', object);
      }
    },
  ),
  mutant(
    {
      name: 'null-token-for-ever',
      summary: 'Accepts a null token, takes it for "not registered" afterwards, and so never unregisters it.',
      rule: 'LIFE-7',
      history: 'Linux 6.17 and later (B4)',
      profile: linux617,
    },
    class extends CorrectManager {
      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        return refusal !== 'null-token' && super.applies(refusal, newcomer);
      }

      protected override find(role: Role, object: Producer | Consumer): Entry | undefined {
        return this.entries.find((entry) => entry.role === role && entry.object === object && entry.token !== null);
      }
    },
  ),
  mutant(
    {
      name: 'one-to-many-after-lost-entry',
      summary:
        'Loses the entry of an object that was refused when it registered again, so that another takes its place in the pair.',
      rule: 'PAIR-3',
      history: 'Linux 4.7 to 6.16, with a caller that clears the token after a failure, as VFIO does',
      profile: linux47,
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        const entry = this.find(newcomer.role, newcomer.object);
        if (entry !== undefined) entry.token = null;
        return status;
      }

      protected override unregister(role: Role, object: Producer | Consumer): void {
        if (this.find(role, object)?.token !== null) super.unregister(role, object);
      }
    },
  ),
  mutant(
    {
      name: 'rekey',
      summary:
        'Refuses to register a registered object under another token, and moves its live entry there all the same.',
      rule: 'TOKEN-7',
      history: 'Linux 4.4 to 6.16',
      profile: linux47,
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const entry = this.find(newcomer.role, newcomer.object);
        if (entry !== undefined && newcomer.token !== null) entry.token = newcomer.token;
        return super.refuse(newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'connected-but-untracked',
      summary: 'Asks for memory after it has connected, and returns -ENOMEM with the pair connected.',
      rule: 'FAIL-7',
      history: 'the patch of 2023 in its first version (B17)',
      profile: linux617,
    },
    class extends CorrectManager {
      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        return refusal !== 'no-memory' && super.applies(refusal, newcomer);
      }

      protected override register(newcomer: Entry): Status {
        const status = super.register(newcomer);
        if (status !== OK || this.environment.allocate()) return status;
        this.remove(newcomer);
        return ENOMEM;
      }
    },
  ),
  mutant(
    {
      name: 'del-on-wrong-object',
      summary: 'Calls delProducer on the consumer that registered first, whoever the partner is.',
      rule: 'CALL-3',
      history: 'Linux 4.4 to 6.16 take the wrong one of two producers (B3)',
      profile: core,
    },
    class extends CorrectManager {
      protected override delProducer(pair: Pair): void {
        const first = this.entries.find((entry) => entry.role === 'consumer');
        super.delProducer({ ...pair, consumer: first?.object ?? pair.consumer });
      }
    },
  ),
  mutant(
    {
      name: 'no-roll-back',
      summary: 'Leaves the consumer added to the producer when addProducer fails.',
      rule: 'FAIL-2',
    },
    class extends CorrectManager {
      protected override rollBack(): void {}
    },
  ),
  mutant(
    {
      name: 'unregister-unknown-crashes',
      summary: 'Takes an object that was never registered off a list that it is not on.',
      rule: 'LIFE-1',
      history: 'the revision before the merge (B1)',
      profile: premerge2015,
    },
    class extends CorrectManager {
      protected override unregister(role: Role, object: Producer | Consumer): void {
        if (this.find(role, object) === undefined) throw new Error('list_del of a node that is on no list');
        super.unregister(role, object);
      }
    },
  ),
];
