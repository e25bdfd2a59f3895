/**
 * Of a long recording, what a defect is about: the calls under its token.
 * The manager keeps tokens apart, so most of what a host does has no part in it.
 */
import type { Event, ObjectId, Trace } from '../../spec/vocabulary.js';

/** A shorter trace, and the place that each of its events had in the trace given. */
export interface Focused {
  readonly trace: Trace;
  readonly from: readonly number[];
}

/**
 * Leave out what has no part in what happened at an event, and what came after. Whoever asks must look whether the
 * defect still shows.
 * @param trace of one lane
 */
export function focusOn({ objects, events }: Trace, at: number): Focused {
  const calls = callsOf(events).filter(([first = 0]) => first <= at);
  // The token that each call is about: that of its registration, or of the last one of its object.
  const held = new Map<ObjectId, string | null>();
  const about = calls.map(([first = 0]) => {
    const call = events[first];
    if (call?.type !== 'call') return undefined;
    if ('token' in call) held.set(call.object, call.token);
    return held.get(call.object);
  });
  const token = about.at(-1);
  const from = calls.filter((_, index) => about[index] === token).flat();
  const kept = from.flatMap((place) => events[place] ?? []);
  const named = new Set(kept.flatMap(objectsOf));
  return { trace: { objects: objects.filter(({ id }) => named.has(id)), events: kept }, from };
}

/** The places of the events of each call. */
function callsOf(events: readonly Event[]): readonly (readonly number[])[] {
  const calls: number[][] = [];
  for (const [place, { type }] of events.entries()) {
    if (type === 'call') calls.push([place]);
    else calls.at(-1)?.push(place);
  }
  return calls;
}

function objectsOf(event: Event): readonly ObjectId[] {
  if (!('object' in event)) return [];
  const counterpart = event.type === 'enter' ? event.counterpart : undefined;
  return counterpart === undefined ? [event.object] : [event.object, counterpart];
}
