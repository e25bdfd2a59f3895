/**
 * The values that a program is made of: interrupts, results and tokens, the plain ones first, then those at the edges at
 * which a wrong type, a truncation or a comparison shows.
 */
import type { Status, TokenName } from '../../spec/vocabulary.js';
import type { Draw } from './random.js';

/** What a fallible callback plainly returns when it fails: errnos, those that the manager itself uses, and two positive ones. */
const FAILURES: readonly Status[] = [-5, -16, -22, -12, -19, 1, 7];

export const FIRST_IRQ = 32;

/** A C int, which an interrupt and a status are in the kernel, has 32 bits; an integer of JavaScript has 54, with its sign. */
export const C_INT = 32;
export const INTEGER = 54;

/** A number near a power of two, of either sign: of every size that so many bits have, and most of them where one wraps. */
function edge(draw: Draw, bits: number): number {
  const near = 2 ** draw.below(bits) + draw.below(3) - 1;
  const end = 2 ** (bits - 1);
  return Math.max(-end, Math.min(end - 1, draw.chance(50) ? near : -near));
}

/**
 * An interrupt; `edges` of 100 are at an edge.
 *
 * @param large whether it may be larger than a C int
 */
export function drawIrq(draw: Draw, edges: number, large: boolean): number {
  return draw.chance(edges) ? edge(draw, large && draw.chance(50) ? INTEGER : C_INT) : FIRST_IRQ + draw.below(8);
}

/** A result that is a failure; `edges` of 100 are at an edge. */
export function drawFailure(draw: Draw, edges: number): Status {
  return (draw.chance(edges) ? edge(draw, C_INT) : 0) || draw.of(FAILURES);
}

/** How far tokens may be apart whose numbers lie in a row: what is told apart by low bits alone then collides. */
const STRIDES = [2, 10, 16, 64, 100, 256] as const;
/** Tokens have numbers of so many bits, so that an adapter may give each an address in a small piece of memory. */
export const TOKEN_BITS = 17;
const TOKEN_NUMBERS = 2 ** TOKEN_BITS;
/** Of these, one is the beginning of the next, and they are the same in their low 8 or 16 bits, or nearly. */
const ALIKE = [0, 1, 10, 11, 100, 101, 110, 256, 257, 1000, 1024, 10_000, 65_536, 65_537, 100_000] as const;

/** Tokens with different names: in a row, alike, so far apart that they collide, or anywhere. */
export function drawTokens(draw: Draw, count: number): readonly TokenName[] {
  const way = draw.below(100);
  const row = [...Array(count).keys()];
  if (way < 55) return row.map(nameToken);
  if (way < 70 && count <= ALIKE.length) return shuffled(draw, ALIKE).slice(0, count).map(nameToken);
  if (way < 85) {
    const stride = draw.of(STRIDES);
    return row.map((number) => nameToken(number * stride));
  }
  const numbers = new Set<number>();
  while (numbers.size < count) numbers.add(draw.below(TOKEN_NUMBERS));
  return [...numbers].map(nameToken);
}

export function nameToken(number: number): TokenName {
  return `t${number}`;
}

/** The same list in any order. */
export function shuffled<T>(draw: Draw, list: readonly T[]): readonly T[] {
  const left = [...list];
  const taken: T[] = [];
  while (left.length > 0) {
    const at = draw.below(left.length);
    const last = left.pop();
    const one = at === left.length ? last : left[at];
    if (one === undefined || last === undefined) break;
    if (at < left.length) left[at] = last;
    taken.push(one);
  }
  return taken;
}
