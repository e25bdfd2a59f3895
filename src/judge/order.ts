/**
 * The order in which the calls of several lanes took effect.
 *
 *     lane 0   call ────────────── callbacks ──── return          A
 *     lane 1        call ──────────────────────────── return      B, without a callback: before A, or after it
 *     lane 2               call ──────────────────────────── callbacks ── return      C: after A
 *
 * Every version of the manager holds one lock across the search, all callbacks, and the change. A call that made
 * callbacks had the lock while it made them; one that made none had it at some moment between its call and its return.
 * So the order is evident but for calls without callbacks that overlap others. For those every order is tried that the
 * times allow, until the model accepts one: if there is one, the trace is what some correct manager would have done.
 * If there is none, no order explains it, and it is judged in the order of what was seen first.
 */

import type { Profile } from '../../spec/profile.js';
import { objectsById } from '../../spec/reading/follow.js';
import type { Event, Trace } from '../../spec/vocabulary.js';
import { findOrder } from '../linear/search.js';
import { hasLanes, type Span, seenAt, spansOf } from '../linear/span.js';

/** A trace in one lane, or why there is none. */
export type Ordered = { readonly trace: Trace; readonly from: readonly number[] } | { readonly unordered: string };

/**
 * Put the calls of a trace into one lane. A trace of one lane is given back as it is.
 *
 * In the result, `from` has the place that each event had in the trace given.
 */
export function inOneLane(trace: Trace, profile: Profile): Ordered {
  if (!hasLanes(trace)) return { trace, from: trace.events.map((_, at) => at) };
  const whole = spansOf(trace.events);
  if (typeof whole === 'string') return { unordered: whole };
  const { spans, ended } = whole;
  if (ended !== undefined) {
    const lane = ended.event.lane ?? 0;
    return { unordered: `lane ${lane} has a ${ended.event.type} where an operation would have to begin or go on` };
  }
  const overlap = overlapping(spans);
  if (overlap !== undefined) return flatten(trace, [...before(spans, overlap), interleaved(overlap)]);
  const found = findOrder({ spans, profile, objects: objectsById(trace.objects), callbacksOrder: () => true });
  if (found === 'too many') {
    return { unordered: `there are too many orders in which its calls may have taken effect` };
  }
  return flatten(trace, found ?? [...spans].sort((a, b) => seenAt(a) - seenAt(b)));
}

/** Two calls whose callbacks are mixed: they did not exclude each other. */
function overlapping(spans: readonly Span[]): readonly [Span, Span] | undefined {
  const holding = spans.flatMap((span) => (span.holds === undefined ? [] : [{ span, holds: span.holds }]));
  holding.sort((a, b) => a.holds[0] - b.holds[0]);
  for (const [index, { span, holds }] of holding.entries()) {
    const next = holding[index + 1];
    if (next !== undefined && next.holds[0] < holds[1]) return [span, next.span];
  }
  return undefined;
}

/** The calls that were over before a moment that shows a defect. */
function before(spans: readonly Span[], [first, second]: readonly [Span, Span]): readonly Span[] {
  const until = Math.min(first.begins, second.begins);
  return spans.filter((span) => span.ends < until).sort((a, b) => seenAt(a) - seenAt(b));
}

/** One call with the callbacks of another in its midst, as they came. */
function interleaved([first, second]: readonly [Span, Span]): Pick<Span, 'events' | 'places'> {
  const inside = [first, second].flatMap(({ events, places }) =>
    events.map((event, index) => ({ event, place: places[index] ?? 0 })).filter(({ event }) => isCallbackEvent(event)),
  );
  inside.sort((a, b) => a.place - b.place);
  const own = (at: number) => ({ event: first.events.at(at), place: first.places.at(at) ?? 0 });
  const all = [own(0), ...inside, own(-1)].flatMap(({ event, place }) =>
    event === undefined ? [] : [{ event, place }],
  );
  return { events: all.map(({ event }) => event), places: all.map(({ place }) => place) };
}

function isCallbackEvent({ type }: Event): boolean {
  return type === 'enter' || type === 'leave';
}

function flatten({ objects }: Trace, spans: readonly Pick<Span, 'events' | 'places'>[]): Ordered {
  const events = spans.flatMap((span) => span.events).map(({ lane: _, ...event }) => event as Event);
  return { trace: { objects, events }, from: spans.flatMap(({ places }) => places) };
}
