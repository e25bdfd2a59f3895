/**
 * How wide and how long programs are. Most are small: there objects meet soonest. Now and then comes a wide one, with many
 * objects and tokens alive at once, or a long one, in which a few objects do the same for hundreds and thousands of times.
 * The bigger, the rarer, so that all wide ones together cost about as much as all small ones.
 */
import type { Draw } from './random.js';
import type { Swarm } from './swarm.js';

/** The size of a program. */
export interface Size {
  readonly producers: number;
  readonly consumers: number;
  readonly tokens: number;
  /** Whether everything is registered first, each object under a token of its own. */
  readonly full: boolean;
  /** The operations that follow, before everything ends. */
  readonly operations: number;
  /** What it likes, whatever else it is drawn to like. */
  readonly likes?: Partial<Swarm>;
  /** Nothing is to keep it from what it likes: no null token, no lack of memory, no object that cannot be registered. */
  readonly undisturbed?: boolean;
}

/** A kind of size that comes back in a row of random programs. */
interface Recurring {
  /** It comes once in so many programs, first as the one of that number, counted from 0. */
  readonly every: number;
  readonly first: number;
  readonly draw: (draw: Draw) => Size;
}

/** One more than a table, a byte or a word has room for, on each side or on one of them. */
const WIDTHS: readonly (Omit<Recurring, 'draw'> & { readonly width: number })[] = [
  { every: 60, first: 10, width: 5 },
  { every: 150, first: 21, width: 9 },
  { every: 250, first: 42, width: 17 },
  { every: 500, first: 83, width: 33 },
  { every: 1_250, first: 164, width: 65 },
  { every: 2_500, first: 325, width: 129 },
  { every: 2_500, first: 1_646, width: 257 },
  { every: 25_000, first: 20_007, width: 1_025 },
];

/**
 * Past what 16 bits count. A harness in C gives up after 200,000 events: so a producer alone does this, which makes no
 * callback, and each operation has three events at most, a warning among them.
 */
const MOST_OPERATIONS = 66_000;

/**
 * What is done again and again: everything; refused; for nothing; in vain; and for real, as often as a thousand
 * registrations take. Each goes past what a byte counts.
 */
const LENGTHS: readonly (Omit<Recurring, 'draw'> & Pick<Size, 'operations' | 'likes'>)[] = [
  { every: 2_500, first: 56, operations: 300 },
  { every: 2_500, first: 506, operations: 300, likes: { unregister: 2 } },
  { every: 2_500, first: 831, operations: 300, likes: { stray: 98, unregister: 98 } },
  { every: 2_500, first: 1_331, operations: 900, likes: { failing: 100, stray: 2, unregister: 98 } },
  { every: 2_500, first: 2_006, operations: 2_200, likes: { failing: 0, stray: 2, unregister: 98 } },
  { every: 250_000, first: 200_009, operations: 12_000 },
  { every: 500_000, first: 350_013, operations: MOST_OPERATIONS, likes: { unregister: 0 } },
];

/** The first that fits decides: the rarest come first. */
const RECURRING: readonly Recurring[] = [
  ...WIDTHS.map(({ every, first, width }) => ({ every, first, draw: (draw: Draw) => wide(draw, width) })),
  ...LENGTHS.map(({ every, first, operations, likes }) => ({
    every,
    first,
    draw: (draw: Draw) => long(draw, operations, likes),
  })),
].sort((a, b) => b.every - a.every);

/** The size of the program of a number, in a row of random programs. */
export function drawSize(draw: Draw, number: number): Size {
  const kind = RECURRING.find(({ every, first }) => number % every === first % every && number >= first);
  return kind === undefined ? small(draw) : kind.draw(draw);
}

/** One to three objects a side, one to three tokens. */
export function small(draw: Draw): Size {
  return {
    tokens: 1 + draw.below(3),
    producers: 1 + draw.below(3),
    consumers: 1 + draw.below(3),
    full: false,
    operations: 2 + draw.below(9),
  };
}

/** At least so many objects, some of which may be refused or fail; on both sides, or, of fewer objects, on one. */
function wide(draw: Draw, least: number): Size {
  const width = least + (least >> 3) + draw.below(1 + (least >> 4));
  const sides = least < 65 ? draw.below(6) : 0;
  return {
    producers: sides === 4 ? 1 + draw.below(3) : width,
    consumers: sides === 5 ? 1 + draw.below(3) : width,
    tokens: width + 1,
    full: true,
    operations: 4 + draw.below(8) + (width >> 2),
    likes: { failing: draw.of([0, 4]), noMemory: draw.of([0, 2]) },
  };
}

/** One pair under one token, or a small world. */
function long(draw: Draw, operations: number, likes: Partial<Swarm> | undefined): Size {
  const most = likes !== undefined || draw.chance(50) ? 1 : 3;
  return {
    tokens: 1 + draw.below(most),
    producers: 1 + draw.below(most),
    consumers: operations === MOST_OPERATIONS ? 0 : 1 + draw.below(most),
    full: false,
    operations,
    ...(likes === undefined ? {} : { likes: { ...likes, noMemory: 0 }, undisturbed: true }),
  };
}
