/** The length of the first part. */
const FIRST = 4;

/** So many things in parts, in order, each twice as long as the one before: whoever may stop early has asked for little. */
export function* growing(all: number): Generator<{ readonly from: number; readonly count: number }> {
  for (let [from, length] = [0, FIRST]; from < all; [from, length] = [from + length, 2 * length]) {
    yield { from, count: Math.min(length, all - from) };
  }
}
