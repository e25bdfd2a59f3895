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
  return isSameEvent(one, other);
}

/** Whether two events have the same members with the same values. */
export function isSameEvent(one: unknown, other: unknown): boolean {
  return haveIdenticalMembers(one, other) || isDeepStrictEqual(one, other);
}

/** The quick answer for most events, whose members are words and numbers. */
function haveIdenticalMembers(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other)) return one === other;
  let more = 0;
  for (const name in one) {
    if (one[name] !== other[name]) return false;
    more++;
  }
  for (const _ in other) more--;
  return more === 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
