/** The length of the first part. */
const FIRST = 4;

/** A list in parts, in order, each twice as long as the one before: whoever may stop early has asked for little. */
export function growing<T>(all: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let [from, length] = [0, FIRST]; from < all.length; [from, length] = [from + length, 2 * length]) {
    parts.push(all.slice(from, from + length));
  }
  return parts;
}
