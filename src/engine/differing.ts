/** Where two runs of one program part. */
import { isDeepStrictEqual } from 'node:util';

/** The index of the first event that two runs do not share, logs left out, and the two events; undefined at its end. */
export interface Differing {
  readonly at: number;
  readonly one: unknown;
  readonly other: unknown;
}

/** Compare two runs. What is logged, and how a crash is described, may differ. */
export function whereDiffering(first: readonly unknown[], second: readonly unknown[]): Differing | undefined {
  const [mine, theirs] = [first.filter(isComparable), second.filter(isComparable)];
  let at = 0;
  while (at < mine.length && isSame(mine[at], theirs[at])) at++;
  return at === mine.length && at === theirs.length ? undefined : { at, one: mine[at], other: theirs[at] };
}

function typeOf(event: unknown): unknown {
  return (event as { readonly type?: unknown } | undefined)?.type;
}

function isComparable(event: unknown): boolean {
  return typeOf(event) !== 'log';
}

function isSame(one: unknown, other: unknown): boolean {
  const type = typeOf(one);
  if (type === 'crash' || type === 'hang') return type === typeOf(other);
  return isDeepStrictEqual(one, other);
}
