/** The calls of a trace of several lanes, each whole. */
import type { Event, Trace } from '../../spec/vocabulary.js';

type Calling = Event & { readonly type: 'call' };

/** One call with all of its events, and their places in the trace. What was logged, and what gates did, is left out. */
export interface Span {
  readonly lane: number;
  readonly call: Calling;
  readonly events: readonly Event[];
  readonly places: readonly number[];
  readonly begins: number;
  readonly ends: number;
  /** The first and the last event of its callbacks. */
  readonly holds: readonly [number, number] | undefined;
  /** Whether something worse than a line of information was logged in it. */
  readonly warned: boolean;
}

/** What happened in several lanes. */
export interface Spans {
  /** The calls that returned, by the time at which they were called. */
  readonly spans: readonly Span[];
  /** The calls that did not; there are none but where the trace ends with a crash or a hang. */
  readonly pending: readonly Span[];
  /** The crash or the hang, and its place. */
  readonly ended?: { readonly event: Event & { readonly type: 'crash' | 'hang' }; readonly at: number };
}

/** Whether anything in a trace happened beside the first lane. */
export function hasLanes({ events }: Trace): boolean {
  return events.some((event) => (event.lane ?? 0) > 0);
}

/** Take a trace apart into calls. A text where it is none of whole calls: what is wrong with it. */
export function spansOf(events: readonly Event[]): Spans | string {
  const open = new Map<number, { call: Calling; events: Event[]; places: number[]; warned: boolean }>();
  const spans: Span[] = [];
  const close = (lane: number, ends: number): Span | undefined => {
    const current = open.get(lane);
    open.delete(lane);
    if (current === undefined) return undefined;
    const [begins = ends] = current.places;
    const callbacks = current.places.filter((_, index) => isCallback(current.events[index]));
    const [first, last] = [callbacks[0], callbacks.at(-1)];
    const holds = first === undefined || last === undefined ? undefined : ([first, last] as const);
    return { lane, ...current, begins, ends, holds };
  };
  for (const [at, event] of events.entries()) {
    const lane = event.lane ?? 0;
    const current = open.get(lane);
    if (event.type === 'gave-up') continue;
    if (event.type === 'log') {
      if (current !== undefined && event.level !== 'info') current.warned = true;
      continue;
    }
    if (event.type === 'call') {
      if (current !== undefined) return `lane ${lane} calls ${event.operation} inside ${current.call.operation}`;
      open.set(lane, { call: event, events: [event], places: [at], warned: false });
      continue;
    }
    if (event.type === 'crash' || event.type === 'hang') {
      // Whoever sees a process die may not see which of its lanes died.
      if (open.size === 0) return `lane ${lane} has a ${event.type} where an operation would have to begin`;
      const pending = [...open.keys()].sort((a, b) => a - b).flatMap((one) => close(one, events.length) ?? []);
      return { spans: inOrder(spans), pending: inOrder(pending), ended: { event, at } };
    }
    if (current === undefined) {
      return `lane ${lane} has a ${event.type} where an operation would have to begin or go on`;
    }
    current.events.push(event);
    current.places.push(at);
    if (event.type !== 'return') continue;
    const span = close(lane, at);
    if (span !== undefined) spans.push(span);
  }
  const [left] = open.keys();
  if (left !== undefined) return `the operation of lane ${left} does not return`;
  return { spans: inOrder(spans), pending: [] };
}

function inOrder(spans: readonly Span[]): readonly Span[] {
  return [...spans].sort((a, b) => a.begins - b.begins);
}

function isCallback(event: Event | undefined): boolean {
  return event?.type === 'enter' || event?.type === 'leave';
}

/** When something of a call was first seen that it did under the lock; its return where it did nothing. */
export function seenAt({ holds, ends }: Pick<Span, 'holds' | 'ends'>): number {
  return holds?.[0] ?? ends;
}
