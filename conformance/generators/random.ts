/** Randomness for generators: fast, seeded, the same everywhere. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A source of 32 random bits. */
export type Bits = () => number;

/** Bits from a seed. The same seed gives the same bits for ever. */
export function bitsFrom(seed: number): Bits {
  const generator = xoroshiro128plus(seed);
  return () => generator.next();
}

/** The seed of a row of programs that begins with the one of a number: nobody has to make those before it. */
export function seedFrom(seed: number, number: number): number {
  return (seed + Math.imul(number, 0x9e3779b1)) | 0;
}

/** Draws made of bits. The bias of the remainder is below 1 in 10 million for the small ranges in use here. */
export class Draw {
  constructor(readonly bits: Bits) {}

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return (this.bits() >>> 0) % below;
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T {
    const one = list[this.below(list.length)];
    if (one === undefined) throw new RangeError('nothing to choose from');
    return one;
  }
}
