/** Mutants that get tokens wrong. */
import type { Refusal } from '../../spec/profile.js';
import { linux44 } from '../../spec/profiles/linux-4.4.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';
import type { Role, Status, Token } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL, OK } from '../../spec/vocabulary.js';
import type { Entry } from './base.js';
import { CorrectManager } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

const EEXIST = -17;

export const tokens: readonly Mutant[] = [
  mutant(
    {
      name: 'accepts-duplicate-token',
      summary: 'Lets a second object of one side register under a token.',
      rule: 'TOKEN-1',
    },
    class extends CorrectManager {
      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        return refusal !== 'duplicate-token' && super.applies(refusal, newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'duplicate-is-eexist',
      summary: 'Refuses a duplicate token with -EEXIST.',
      rule: 'TOKEN-1',
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        return status === EBUSY && !super.applies('registered', newcomer) ? EEXIST : status;
      }
    },
  ),
  mutant(
    {
      name: 'duplicate-is-einval',
      summary: 'Refuses a duplicate token with -EINVAL, as before the merge.',
      rule: 'TOKEN-1',
      history: 'the RFC of 2015 and the revision before the merge, judged as Linux 6.17',
      profile: linux617,
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        return status === EBUSY ? EINVAL : status;
      }
    },
  ),
  mutant(
    {
      name: 'one-name-space',
      summary: 'Refuses a token that an object of the other side holds.',
      rule: 'TOKEN-2',
    },
    class extends CorrectManager {
      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        if (refusal === 'duplicate-token' && this.peerOf(newcomer) !== undefined) return true;
        return super.applies(refusal, newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'accepts-null-token',
      summary: 'Takes a null token for a token like any other.',
      rule: 'TOKEN-3',
      history: 'Linux 4.4 to 4.6 (B4), judged as 4.7',
      profile: linux47,
    },
    class extends CorrectManager {
      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        return refusal !== 'null-token' && super.applies(refusal, newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'null-token-is-busy',
      summary: 'Refuses a null token with -EBUSY.',
      rule: 'TOKEN-3',
      profile: linux47,
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        return newcomer.token === null ? EBUSY : super.refuse(newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'refuses-null-token',
      summary: 'Refuses a null token where it is a token like any other.',
      rule: 'TOKEN-3',
      history: 'Linux 4.7, judged as 4.4',
      profile: linux44,
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        return newcomer.token === null ? EINVAL : super.refuse(newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'token-never-free',
      summary:
        'Keeps a token taken after the object that held it was unregistered; that object alone may have it again.',
      rule: 'TOKEN-4',
    },
    class extends CorrectManager {
      readonly #left: Entry[] = [];

      protected override remove(entry: Entry): void {
        super.remove(entry);
        this.#left.push(entry);
      }

      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        if (super.applies(refusal, newcomer)) return true;
        return refusal === 'duplicate-token' && this.#left.some((entry) => isRival(entry, newcomer));
      }
    },
  ),
  mutant(
    {
      name: 'failed-token-stays-taken',
      summary: 'Keeps a token taken by an object that failed to connect under it; that object alone may try again.',
      rule: 'TOKEN-5',
    },
    class extends CorrectManager {
      readonly #failed: Entry[] = [];

      protected override register(newcomer: Entry): Status {
        const status = super.register(newcomer);
        if (status !== OK && super.refuse(newcomer) === OK) this.#failed.push(newcomer);
        return status;
      }

      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        if (super.applies(refusal, newcomer)) return true;
        return refusal === 'duplicate-token' && this.#failed.some((entry) => isRival(entry, newcomer));
      }
    },
  ),
  mutant(
    {
      name: 'registers-twice',
      summary: 'Looks for the token alone, and so registers a registered object under a second token.',
      rule: 'TOKEN-6',
      history: 'the revision before the merge looks for the token alone',
    },
    class extends CorrectManager {
      protected override applies(refusal: Refusal, newcomer: Entry): boolean {
        return refusal !== 'registered' && super.applies(refusal, newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'reregistration-succeeds',
      summary: 'Returns 0 when a registered object registers under its own token once more.',
      rule: 'TOKEN-6',
    },
    class extends CorrectManager {
      protected override register(newcomer: Entry): Status {
        const entry = this.find(newcomer.role, newcomer.object);
        return entry?.token === newcomer.token ? OK : super.register(newcomer);
      }
    },
  ),
  mutant(
    {
      name: 'reregistration-unregisters',
      summary: 'Forgets a registered object when it refuses to register it again.',
      rule: 'TOKEN-7',
    },
    class extends CorrectManager {
      protected override warnOfMisuse(newcomer: Entry): void {
        super.warnOfMisuse(newcomer);
        const entry = this.find(newcomer.role, newcomer.object);
        if (entry !== undefined) this.remove(entry);
      }
    },
  ),
  mutant(
    {
      name: 'compares-token-prefix',
      summary: 'Compares no more of two tokens than their first two characters.',
      rule: 'TOKEN-8',
    },
    class extends CorrectManager {
      protected override holder(role: Role, token: Token): Entry | undefined {
        return this.entries.find((entry) => entry.role === role && entry.token?.slice(0, 2) === token?.slice(0, 2));
      }
    },
  ),
  mutant(
    {
      name: 'looks-for-duplicates-first',
      summary: 'Looks for a duplicate token before it looks whether the object is registered.',
      rule: 'TOKEN-9',
      profile: linux617,
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        return this.applies('duplicate-token', newcomer) ? EBUSY : super.refuse(newcomer);
      }
    },
  ),
];

/** Whether two entries are of one side and one token, and of two objects. */
function isRival(one: Entry, other: Entry): boolean {
  return one.role === other.role && one.token === other.token && one.object !== other.object;
}
