/** Mutants that are right for a while: until there are so many at once, or until something was done so often. */
import type { Consumer, Producer } from '../../spec/manager.js';
import type { Role, Status, Token } from '../../spec/vocabulary.js';
import { EBUSY, ENOMEM, OK } from '../../spec/vocabulary.js';
import type { Entry, Pair } from './base.js';
import { CorrectManager, otherRole } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

const ENOSPC = -28;

/** A manager that looks at no more than so many registrations of one side, the oldest, when it looks for a token. */
const lookingAt = (side: Role, most: number) =>
  class extends CorrectManager {
    protected override holder(role: Role, token: Token): Entry | undefined {
      if (role !== side) return super.holder(role, token);
      const onSide = this.entries.filter((entry) => entry.role === role);
      return onSide.slice(0, most).find((entry) => entry.token === token);
    }
  };

export const wide: readonly Mutant[] = [
  mutant(
    {
      name: 'loses-fifth-producer',
      summary: 'Lets a fifth producer in and does not find it.',
      rule: 'PAIR-1',
    },
    lookingAt('producer', 4),
  ),
  mutant(
    {
      name: 'loses-seventeenth-consumer',
      summary: 'Lets a seventeenth consumer in and does not find it.',
      rule: 'PAIR-1',
    },
    lookingAt('consumer', 16),
  ),
  mutant(
    {
      name: 'has-room-for-eight-consumers',
      summary: 'Refuses a ninth consumer for lack of room.',
      rule: 'PAIR-2',
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        const consumers = this.entries.filter(({ role }) => role === 'consumer').length;
        return status === OK && newcomer.role === 'consumer' && consumers >= 8 ? ENOMEM : status;
      }
    },
  ),
  mutant(
    {
      name: 'loses-one-when-it-grows',
      summary: 'Loses the youngest registration when its table grows from sixteen places to more.',
      rule: 'PAIR-1',
    },
    class extends CorrectManager {
      #places = 16;

      protected override insert(entry: Entry): void {
        if (this.entries.length === this.#places) {
          this.entries.pop();
          this.#places *= 2;
        }
        super.insert(entry);
      }
    },
  ),
  mutant(
    {
      name: 'ring-of-sixty-four',
      summary: 'Writes the sixty-fifth registration over the first.',
      rule: 'PAIR-4',
    },
    class extends CorrectManager {
      protected override insert(entry: Entry): void {
        super.insert(entry);
        if (this.entries.length > 64) this.entries.shift();
      }
    },
  ),
  mutant(
    {
      name: 'has-two-hundred-and-fifty-six-places',
      summary: 'Numbers the places of a side with a byte, and writes the 257th object over the first.',
      rule: 'PAIR-1',
    },
    class extends CorrectManager {
      protected override insert(entry: Entry): void {
        super.insert(entry);
        const onSide = this.entries.filter(({ role }) => role === entry.role);
        const [first] = onSide;
        if (onSide.length > 256 && first !== undefined) this.remove(first);
      }
    },
  ),
  mutant(
    {
      name: 'counts-with-a-byte',
      summary: 'Counts what is registered with a byte, and takes 256 objects for none.',
      rule: 'PAIR-1',
    },
    class extends CorrectManager {
      protected override peerOf(entry: Entry): Entry | undefined {
        return (this.entries.length & 0xff) === 0 ? undefined : super.peerOf(entry);
      }
    },
  ),
  mutant(
    {
      name: 'looks-at-first-of-bucket',
      summary: 'Keeps tokens in sixty-four buckets by their numbers, and looks at no more than the first of a bucket.',
      rule: 'PAIR-1',
    },
    class extends CorrectManager {
      protected override holder(role: Role, token: Token): Entry | undefined {
        const bucket = (one: Token) => (one === null ? -1 : Number(one.slice(1)) % 64);
        const first = this.entries.find((entry) => entry.role === role && bucket(entry.token) === bucket(token));
        return first?.token === token ? first : undefined;
      }
    },
  ),
  mutant(
    {
      name: 'forgets-a-token-among-nine',
      summary: 'While nine tokens or more are held, does not see a duplicate of the youngest.',
      rule: 'TOKEN-1',
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        const held = [...new Set(this.entries.map(({ token }) => token))];
        const isDuplicate = status === EBUSY && this.find(newcomer.role, newcomer.object) === undefined;
        return isDuplicate && held.length >= 9 && held.at(-1) === newcomer.token ? OK : status;
      }
    },
  ),
  mutant(
    {
      name: 'thousandth-registration-fails',
      summary: 'Has numbers for 999 registrations.',
      rule: 'PAIR-2',
    },
    class extends CorrectManager {
      #given = 0;

      protected override register(newcomer: Entry): Status {
        return this.#given === 999 ? ENOSPC : super.register(newcomer);
      }

      protected override insert(entry: Entry): void {
        this.#given++;
        super.insert(entry);
      }
    },
  ),
  mutant(
    {
      name: 'connects-no-more-than-255-times',
      summary: 'Counts connections with a byte, and makes no more once it is full.',
      rule: 'PAIR-5',
    },
    class extends CorrectManager {
      #made = 0;

      protected override connect(pair: Pair): Status {
        if (this.#made === 255) return OK;
        const result = super.connect(pair);
        if (result === OK) this.#made++;
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'tries-no-more-than-255-times',
      summary: 'Refuses to connect at all after 255 failures.',
      rule: 'FAIL-6',
    },
    class extends CorrectManager {
      #failed = 0;

      protected override connect(pair: Pair): Status {
        if (this.#failed === 255) return EBUSY;
        const result = super.connect(pair);
        if (result !== OK) this.#failed++;
        return result;
      }
    },
  ),
  mutant(
    {
      name: 'refuses-no-more-than-255-times',
      summary: 'Counts refusals with a byte, and lets in whoever comes when it wraps.',
      rule: 'TOKEN-6',
    },
    class extends CorrectManager {
      #refused = 0;

      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        if (status !== OK) this.#refused = (this.#refused + 1) & 0xff;
        return status !== OK && this.#refused === 0 ? OK : status;
      }
    },
  ),
  mutant(
    {
      name: 'ends-the-last-pair',
      summary: 'Ends the pair that was made last, whichever of them leaves.',
      rule: 'CALL-3',
    },
    class extends CorrectManager {
      readonly #pairs: Pair[] = [];

      protected override connect(pair: Pair): Status {
        const result = super.connect(pair);
        if (result === OK) this.#pairs.push(pair);
        return result;
      }

      protected override disconnect(pair: Pair): void {
        super.disconnect(this.#pairs.pop() ?? pair);
      }
    },
  ),
  mutant(
    {
      name: 'ends-no-pair-out-of-order',
      summary: 'Of nine pairs or more does not end one that has older ones on either side of it.',
      rule: 'PAIR-4',
    },
    class extends CorrectManager {
      protected override unregister(role: Role, object: Producer | Consumer): void {
        const entry = this.find(role, object);
        const pairs = this.entries.filter((one) => one.role === role && this.#isPaired(one));
        const at = entry === undefined ? -1 : pairs.indexOf(entry);
        if (entry !== undefined && pairs.length >= 9 && at > 0 && at < pairs.length - 1) this.remove(entry);
        else super.unregister(role, object);
      }

      #isPaired({ role, token }: Entry): boolean {
        return this.holder(otherRole(role), token) !== undefined;
      }
    },
  ),
];
