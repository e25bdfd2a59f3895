/**
 * Programs in which one value after the other is passed: every errno as what a callback returns, interrupts and results
 * at all powers of two, small and round ones, and tokens at all powers of two. What is wrong for one value alone is met by
 * luck otherwise. They take the place of some of a row of random programs, and say the same whatever the seed.
 */
import { fallibleCallback } from '../../spec/callbacks.js';
import type { Profile } from '../../spec/profile.js';
import type { ObjectId, Operation, Program, ProgramObject, Role, Status, TokenName } from '../../spec/vocabulary.js';
import { objectWith, registering, roleOf, unregistering } from '../../spec/vocabulary.js';
import { C_INT, FIRST_IRQ, INTEGER, nameToken, TOKEN_BITS } from './values.js';

/** What a row is made for. */
interface RowOptions {
  readonly profile: Profile;
  /** Interrupts may be larger than a C int. */
  readonly largeIrqs?: boolean;
}

/** Linux's errnos end at 133, and those inside of the kernel at 530 (include/uapi/asm-generic/errno.h, include/linux/errno.h). */
const LAST_ERRNO = 530;
const ERRNOS: readonly Status[] = between(1, LAST_ERRNO).map((errno) => -errno);
/** Numbers that somebody may have put a meaning into: all that a byte counts, and the round ones of people. */
const SMALL = between(1, 255);
const ROUND = between(2, 9).flatMap((digits) => [10 ** digits - 1, 10 ** digits]);

/** Each comes once, as the program of its number, counted from 0. */
const ROWS: readonly { readonly number: number; readonly make: (options: RowOptions) => Program | undefined }[] = [
  { number: 118, make: ({ profile }) => failures(profile, 'consumer') },
  { number: 119, make: ({ profile }) => failures(profile, 'producer') },
  { number: 148, make: interrupts },
  { number: 149, make: tokens },
];

/** The program of values that comes instead of the random one of a number; undefined where none does. */
export function valueRow(number: number, options: RowOptions): Program | undefined {
  return ROWS.find((row) => row.number === number)?.make(options);
}

/** A pair that comes about in vain, since one side's callback fails, with each result in turn; and then comes about. */
function failures(profile: Profile, role: Role): Program | undefined {
  if (!profile.fallible || !profile.callbacks[role].some((callback) => callback === fallibleCallback[role]))
    return undefined;
  const results = [...new Set([...ERRNOS, ...SMALL, ...ROUND, ...aroundPowers(C_INT)])].filter((one) => one !== 0);
  const objects = (['p0', 'c0'] as const).map((id) => whole(profile, id, roleOf(id) === role ? results : undefined));
  const token = nameToken(0);
  const attempts = [...results, 0].map((): Operation => registering('c0', token, FIRST_IRQ));
  return {
    objects,
    lanes: [[registering('p0', token, FIRST_IRQ), ...attempts, unregistering('c0'), unregistering('p0')]],
  };
}

/** A producer that comes to a waiting consumer and goes, with each interrupt in turn. */
function interrupts({ profile, largeIrqs = false }: RowOptions): Program {
  const token = nameToken(0);
  const irqs = new Set([...aroundPowers(largeIrqs ? INTEGER : C_INT), ...SMALL, ...ROUND]);
  const comings = [...irqs].flatMap((irq): readonly Operation[] => [
    registering('p0', token, irq),
    unregistering('p0'),
  ]);
  return {
    objects: [whole(profile, 'p0'), whole(profile, 'c0')],
    lanes: [[registering('c0', token, FIRST_IRQ), ...comings, unregistering('c0')]],
  };
}

/** Producers that wait under tokens of every size at once, to each of which the same consumer comes and goes. */
function tokens({ profile }: RowOptions): Program {
  const names = aroundPowers(TOKEN_BITS)
    .filter((number) => number >= 0)
    .map((number): TokenName => nameToken(number));
  const producers = names.map((_, index) => whole(profile, `p${index}`));
  const comings = names.flatMap((token): readonly Operation[] => [
    registering('c0', token, FIRST_IRQ),
    unregistering('c0'),
  ]);
  return {
    objects: [...producers, whole(profile, 'c0')],
    lanes: [
      [
        ...producers.map(({ id }, index): Operation => registering(id, names[index] ?? null, FIRST_IRQ + index)),
        ...comings,
        ...producers.map(({ id }): Operation => unregistering(id)),
      ],
    ],
  };
}

function whole(profile: Profile, id: ObjectId, results?: readonly Status[]): ProgramObject {
  return objectWith(id, profile.callbacks[roleOf(id)], results);
}

/** All powers of two in so many bits, one of which is the sign, their neighbours, and the same below 0. */
function aroundPowers(bits: number): readonly number[] {
  const end = 2 ** (bits - 1);
  const near = between(0, bits - 1).flatMap((power) => [-1, 0, 1].map((step) => 2 ** power + step));
  const all = new Set([0, ...near, ...near.map((number) => -number)]);
  return [...all].filter((number) => number >= -end && number < end);
}

function between(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
