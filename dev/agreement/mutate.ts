/** Wrong traces, made from right ones by one small change. */
import type { Event, ObjectId } from '../../spec/vocabulary.js';

/** A wrong trace and what was done to it. */
export interface Mutated {
  readonly change: string;
  readonly events: readonly Event[];
}

/**
 * Every trace that differs from a given one by an event dropped, doubled or moved, another status, another object.
 * Calls stay as they are: another call is another program, and not a wrong answer to this one.
 */
export function* mutations(events: readonly Event[]): Iterable<Mutated> {
  for (const [at, event] of events.entries()) {
    if (event.type === 'call') continue;
    yield { change: `event ${at} dropped`, events: events.toSpliced(at, 1) };
    yield { change: `event ${at} doubled`, events: events.toSpliced(at, 0, event) };
    const next = events[at + 1];
    if (next !== undefined) yield { change: `event ${at} moved`, events: events.toSpliced(at, 2, next, event) };
    for (const [change, other] of alterations(event)) {
      yield { change: `event ${at}: ${change}`, events: events.with(at, other) };
    }
  }
}

function* alterations(event: Event): Iterable<readonly [string, Event]> {
  switch (event.type) {
    case 'return':
      if (event.status === undefined) yield ['a status', { ...event, status: 0 }];
      else
        for (const status of [0, -12, -99, 3])
          if (status !== event.status) yield ['another status', { ...event, status }];
      break;
    case 'enter':
    case 'leave':
      yield* alteredCallbacks(event);
      break;
    default:
      break;
  }
}

/** A callback with something else in it: its object, what is passed to it, or what it returns. */
export function* alteredCallbacks(event: Event & { type: 'enter' | 'leave' }): Iterable<readonly [string, Event]> {
  yield ['another object', { ...event, object: otherObject(event.object) }];
  if (event.type === 'leave') {
    if (event.result !== undefined) yield ['another result', { ...event, result: event.result === 0 ? -7 : 0 }];
    return;
  }
  if (event.counterpart !== undefined) {
    yield ['another counterpart', { ...event, counterpart: otherObject(event.counterpart) }];
  }
  if (event.irq !== undefined) yield ['another interrupt', { ...event, irq: event.irq + 1 }];
}

/** An object of the same side that no program of the small scope has, and few others. */
export function otherObject(object: ObjectId): ObjectId {
  return `${object[0]}9` as ObjectId;
}
