/** A trace beside what the spec allows, line by line, with the first difference marked. */
import type { FirstDifference } from '../../spec/formats/results.js';
import { listed } from './text.js';

/** One line of a trace and the events that it tells of: from `from` up to but not including `to`. */
export interface TraceLine {
  readonly text: string;
  /** The first event that it tells of. */
  readonly event: unknown;
  readonly from: number;
  readonly to: number;
  /** The operation that it belongs to, counted from 0 over all calls; -1 before the first. */
  readonly call: number;
  /** Whether it is the call itself. */
  readonly isCall: boolean;
}

/** One line of both columns. */
export interface Row {
  /** The number of the operation, from 1, on the line of its call. */
  readonly number: number | undefined;
  readonly happened: string;
  /** What was allowed there; undefined where the two are the same or nothing more is said. */
  readonly allowed: string | undefined;
  /** Whether it is the first difference. */
  readonly marked: boolean;
  /** The events that it tells of: from `from` up to but not including `to`; none where the trace has ended. */
  readonly from: number;
  readonly to: number;
  /** The first event of what was allowed there, where one is told. */
  readonly due?: unknown;
}

/** How events are told. */
export interface Telling<E> {
  /** Events, line by line. */
  readonly lines: (events: readonly E[]) => readonly TraceLine[];
  readonly event: (event: E) => string;
  /** Whether an event is only logged: then it has no counterpart in what is allowed. */
  readonly isLog: (event: E | undefined) => boolean;
}

/**
 * Lay a trace beside what was allowed for the operation in which it first leaves the spec. Of several ways that
 * were allowed, the one that the trace follows furthest is shown.
 */
export function beside<E>(
  telling: Telling<E>,
  events: readonly E[],
  difference: FirstDifference<E> | undefined,
): readonly Row[] {
  const lines = telling.lines(events);
  if (difference === undefined) return lines.map((line) => row(line, undefined, false));

  const before = lines.filter((line) => line.to <= difference.at);
  const after = lines.filter((line) => line.to > difference.at);
  const allowed = nearest(telling, telling.lines(events.slice(0, difference.at)), difference);
  // What the operation did as it should before it went astray; lines that it logged have no counterpart.
  const followed = before.filter((line) => line.call === difference.call && !telling.isLog(events[line.from])).length;
  const rest = allowed.slice(followed).map(({ text, event }) => ({ text, due: event }));
  if (difference.expected.length > 1) {
    rest[0] = { text: `  ${alternatives(telling, difference.expected)}`, due: difference.expected[0] };
  }

  const rows = before.map((line) => row(line, undefined, false));
  const inside = after.filter((line) => line.call === difference.call || line.from === difference.at);
  for (let at = 0; at < Math.max(1, inside.length, rest.length); at++) {
    const line = inside[at];
    const { text, due } = rest[at] ?? { text: at === 0 ? '  (nothing more)' : undefined, due: undefined };
    const nothing = { number: undefined, happened: at === 0 ? '  (the trace ends)' : '', allowed: text };
    const end = { from: events.length, to: events.length, due };
    rows.push(line === undefined ? { ...nothing, ...end, marked: at === 0 } : row(line, text, at === 0, due));
  }
  return [...rows, ...after.slice(inside.length).map((line) => row(line, undefined, false))];
}

/** Events that each were allowed, as alternatives. */
function alternatives<E>({ event }: Telling<E>, events: readonly E[]): string {
  return listed([...new Set(events.map(event))], 'or');
}

function row(line: TraceLine, allowed: string | undefined, marked: boolean, due?: unknown): Row {
  const { isCall, call, text, from, to } = line;
  return { number: isCall ? call + 1 : undefined, happened: text, allowed, marked, from, to, due };
}

/** The allowed way that shares most lines with what was done. */
function nearest<E>(
  telling: Telling<E>,
  lines: readonly TraceLine[],
  { call, allowed, expected }: FirstDifference<E>,
): readonly TraceLine[] {
  const done = lines.filter((line) => line.call === call).map((line) => line.text);
  let best = telling.lines(allowed[0] ?? expected.slice(0, 1));
  let most = -1;
  for (const way of allowed) {
    const candidate = telling.lines(way);
    let shared = 0;
    while (shared < done.length && candidate[shared]?.text === done[shared]) shared++;
    if (shared > most) [best, most] = [candidate, shared];
  }
  return best;
}
