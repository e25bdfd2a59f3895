/** Mutants that are right for most interrupts, results and tokens, and wrong for some. */
import { linux44 } from '../../spec/profiles/linux-4.4.js';
import type { Role, Status, Token } from '../../spec/vocabulary.js';
import { EINVAL, OK } from '../../spec/vocabulary.js';
import type { Entry, Pair } from './base.js';
import { CorrectManager } from './base.js';
import type { Mutant } from './mutant.js';
import { mutant } from './mutant.js';

/** A manager that shows another interrupt than the producer's. */
const showing = (shown: (irq: number) => number) =>
  class extends CorrectManager {
    protected override addProducer(pair: Pair): Status {
      return super.addProducer({ ...pair, irq: shown(pair.irq) });
    }
  };

/** A manager that takes some results for success. */
const making = (outcome: (result: Status) => Status) =>
  class extends CorrectManager {
    protected override outcome(result: Status | undefined): Status {
      return outcome(super.outcome(result));
    }
  };

/** A manager to which two tokens are the same that are not. */
const comparing = (isSame: (one: string, other: string) => boolean) =>
  class extends CorrectManager {
    protected override holder(role: Role, token: Token): Entry | undefined {
      return this.entries.find(
        (entry) =>
          entry.role === role &&
          (entry.token === token || (entry.token !== null && token !== null && isSame(entry.token, token))),
      );
    }
  };

const numberOf = (token: string): number => Number(token.slice(1));

/** The sign of a C int that was negated: the least of all has no opposite. */
const negated = (status: Status): number => -status | 0;

export const values: readonly Mutant[] = [
  mutant(
    {
      name: 'interrupt-0-is-none',
      summary: 'Takes interrupt 0 for none, and shows -1 instead.',
      rule: 'CALL-6',
    },
    showing((irq) => irq || -1),
  ),
  mutant(
    {
      name: 'interrupt-of-a-byte',
      summary: 'Keeps the interrupt in a byte.',
      rule: 'CALL-6',
    },
    showing((irq) => irq & 0xff),
  ),
  mutant(
    {
      name: 'interrupt-of-16-bits',
      summary: 'Keeps the interrupt in sixteen bits.',
      rule: 'CALL-6',
    },
    showing((irq) => irq & 0xffff),
  ),
  mutant(
    {
      name: 'interrupt-without-sign',
      summary: 'Keeps the interrupt as a number without a sign.',
      rule: 'CALL-6',
    },
    showing((irq) => irq >>> 0),
  ),
  mutant(
    {
      name: 'refuses-negative-interrupt',
      summary: 'Refuses a producer whose interrupt is below 0.',
      rule: 'PAIR-2',
    },
    class extends CorrectManager {
      protected override refuse(newcomer: Entry): Status {
        const status = super.refuse(newcomer);
        return status === OK && newcomer.role === 'producer' && newcomer.irq < 0 ? EINVAL : status;
      }
    },
  ),
  mutant(
    {
      name: 'largest-interrupt-is-not-connected',
      summary: 'Takes the largest interrupt of 31 bits for one that is not connected, and does not tell the consumer.',
      rule: 'PAIR-1',
    },
    class extends CorrectManager {
      protected override addProducer(pair: Pair): Status {
        return pair.irq === 2 ** 31 - 1 ? OK : super.addProducer(pair);
      }
    },
  ),
  mutant(
    {
      name: 'interrupt-of-32-bits',
      summary: 'Keeps the interrupt in thirty-two bits, where numbers have more.',
      rule: 'CALL-6',
    },
    showing((irq) => irq | 0),
  ),
  mutant(
    {
      name: 'result-of-a-byte',
      summary: 'Keeps what a callback returned in a byte to see whether it failed.',
      rule: 'FAIL-3',
    },
    making((result) => ((result & 0xff) === 0 ? OK : result)),
  ),
  mutant(
    {
      name: 'result-of-16-bits',
      summary: 'Keeps what a callback returned in sixteen bits to see whether it failed.',
      rule: 'FAIL-3',
    },
    making((result) => ((result & 0xffff) === 0 ? OK : result)),
  ),
  mutant(
    {
      name: 'try-again-is-no-failure',
      summary: 'Takes -EAGAIN for success, as if the callback were called again later.',
      rule: 'FAIL-3',
    },
    making((result) => (result === -11 ? OK : result)),
  ),
  mutant(
    {
      name: 'deferred-is-no-failure',
      summary: 'Takes -EPROBE_DEFER for success.',
      rule: 'FAIL-3',
    },
    making((result) => (result === -517 ? OK : result)),
  ),
  mutant(
    {
      name: 'large-result-is-a-handle',
      summary: 'Takes a positive result above 255 for a handle, and so for success.',
      rule: 'FAIL-3',
    },
    making((result) => (result > 255 ? OK : result)),
  ),
  mutant(
    {
      name: 'only-errnos-are-failures',
      summary: 'Takes what is below the least errno for an address, and so for success.',
      rule: 'FAIL-3',
    },
    making((result) => (result < -4095 ? OK : result)),
  ),
  mutant(
    {
      name: 'negates-the-result',
      summary: 'Negates a negative result to see whether it is above 0, which the least of 32 bits never is.',
      rule: 'FAIL-3',
    },
    making((result) => (result < 0 && negated(result) < 0 ? OK : result)),
  ),
  mutant(
    {
      name: 'clips-the-result',
      summary: 'Returns no failure above 32,767.',
      rule: 'FAIL-3',
    },
    making((result) => Math.min(result, 32_767)),
  ),
  mutant(
    {
      name: 'compares-token-beginnings',
      summary: 'Takes a token for one that begins like it.',
      rule: 'PAIR-2',
    },
    comparing((one, other) => one.startsWith(other) || other.startsWith(one)),
  ),
  mutant(
    {
      name: 'compares-token-bytes',
      summary: 'Compares the low eight bits of the numbers of tokens.',
      rule: 'PAIR-2',
    },
    comparing((one, other) => (numberOf(one) & 0xff) === (numberOf(other) & 0xff)),
  ),
  mutant(
    {
      name: 'compares-token-digits',
      summary: 'Compares tokens by a hash that is the same for the same digits in another order.',
      rule: 'PAIR-2',
    },
    comparing((one, other) => [...one].sort().join('') === [...other].sort().join('')),
  ),
  mutant(
    {
      name: 'bisects-numbers-as-text',
      summary: 'Keeps tokens sorted by number, and looks for them as if they were sorted as text.',
      rule: 'PAIR-1',
    },
    class extends CorrectManager {
      protected override holder(role: Role, token: Token): Entry | undefined {
        if (token === null) return super.holder(role, token);
        const sorted = this.entries
          .filter((entry) => entry.role === role && entry.token !== null)
          .sort((a, b) => numberOf(a.token ?? '') - numberOf(b.token ?? ''));
        let [from, to] = [0, sorted.length];
        while (from < to) {
          const middle = (from + to) >> 1;
          const held = sorted[middle]?.token ?? '';
          if (held === token) return sorted[middle];
          if (held < token) from = middle + 1;
          else to = middle;
        }
        return undefined;
      }
    },
  ),
  mutant(
    {
      name: 'null-token-is-t0',
      summary: 'Takes the null token for the first one that there is.',
      rule: 'PAIR-2',
      profile: linux44,
    },
    class extends CorrectManager {
      protected override holder(role: Role, token: Token): Entry | undefined {
        return this.entries.find((entry) => entry.role === role && (entry.token ?? 't0') === (token ?? 't0'));
      }
    },
  ),
];
