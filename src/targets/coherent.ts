/**
 * Whether a trace can be a record of what happened. Whoever wrote it, an adapter or a file's author, may have left events
 * out, or put them together wrongly; that is the fault of the trace, and nobody else is charged with it.
 */
import { isAdd } from '../../spec/callbacks.js';
import type { Profile } from '../../spec/profile.js';
import type { CallbackName, Event, ObjectId, Operation, Trace } from '../../spec/vocabulary.js';
import { isManagerOperation, isRegistration } from '../../spec/vocabulary.js';

/** What a lane is in: a call, or a callback. */
type Frame =
  | { readonly at: number; readonly operation: Operation['operation']; readonly returnsStatus: boolean }
  | { readonly at: number; readonly callback: CallbackName; readonly object: ObjectId };

/** What has to stand beside what happened: the results of fallible callbacks, and the statuses of registrations. */
export interface Expected extends Pick<Profile, 'fallible'> {
  readonly statuses: boolean;
}

/** What cannot be true of a trace; undefined when it can be a record of something. */
export function incoherence({ objects, events }: Trace, expected: Expected): string | undefined {
  const known = new Set<ObjectId>();
  for (const { id } of objects) {
    if (known.has(id)) return `its objects have ${id} twice.`;
    known.add(id);
  }
  const reader = new Reader(known, expected);
  for (const [at, event] of events.entries()) {
    const problem = reader.read(event, at);
    if (problem !== undefined) return `at events[${at}], ${problem}.`;
  }
  return reader.end();
}

class Reader {
  readonly #lanes = new Map<number, Frame[]>();
  #called = false;
  #ended: string | undefined;

  constructor(
    readonly known: ReadonlySet<ObjectId>,
    readonly expected: Expected,
  ) {}

  read(event: Event, at: number): string | undefined {
    if (event.type === 'log' || event.type === 'gave-up') return undefined;
    if (this.#ended !== undefined) return `it comes after ${this.#ended}`;
    const unknown = this.#unknownIn(event);
    if (unknown !== undefined) return `there is no object ${unknown}`;
    const lane = event.lane ?? 0;
    const frames = this.#lanes.get(lane) ?? [];
    this.#lanes.set(lane, frames);
    const inside = frames.at(-1);
    switch (event.type) {
      case 'call': {
        this.#called = true;
        if (inside !== undefined && 'operation' in inside)
          return `${event.operation} is called inside ${textOf(inside)}`;
        if (inside !== undefined) return `${event.operation} is called inside ${textOf(inside)}, which is undefined`;
        const returnsStatus = this.expected.statuses && isManagerOperation(event) && isRegistration(event);
        frames.push({ at, operation: event.operation, returnsStatus });
        return undefined;
      }
      case 'enter':
        if (!this.#called) return `${event.object}.${event.callback} is entered before any call`;
        if (inside !== undefined && 'callback' in inside) {
          return `${event.object}.${event.callback} is entered inside ${textOf(inside)}`;
        }
        frames.push({ at, callback: event.callback, object: event.object });
        return undefined;
      case 'leave':
        if (inside === undefined || !('callback' in inside) || !isSame(inside, event)) {
          return `${event.object}.${event.callback} is left, and was not entered`;
        }
        if (isAdd(event.callback) && this.expected.fallible && event.result === undefined) {
          return `${event.object}.${event.callback} is left without its result`;
        }
        frames.pop();
        return undefined;
      case 'return':
        if (inside === undefined) return 'a call returns that was not made';
        if ('callback' in inside) return `a call returns inside ${textOf(inside)}, which was not left`;
        if (inside.returnsStatus && event.status === undefined) return `${inside.operation} returns without its status`;
        frames.pop();
        return undefined;
      case 'crash':
      case 'hang':
        if (!this.#called) return `a ${event.type} comes before any call`;
        this.#ended = `the ${event.type} in events[${at}]`;
        return undefined;
    }
  }

  /** What is missing at the end. */
  end(): string | undefined {
    if (this.#ended !== undefined) return undefined;
    for (const [lane, [outer]] of this.#lanes) {
      if (outer === undefined) continue;
      if ('callback' in outer) return `${textOf(outer)} of events[${outer.at}] is not left.`;
      return `the operation of lane ${lane} does not return: ${outer.operation} of events[${outer.at}].`;
    }
    return undefined;
  }

  #unknownIn(event: Event): ObjectId | undefined {
    if (!('object' in event)) return undefined;
    if (!this.known.has(event.object)) return event.object;
    const other = event.type === 'enter' ? event.counterpart : undefined;
    return other === undefined || this.known.has(other) ? undefined : other;
  }
}

function isSame(
  frame: { readonly callback: CallbackName; readonly object: ObjectId },
  event: { readonly callback: CallbackName; readonly object: ObjectId },
): boolean {
  return frame.callback === event.callback && frame.object === event.object;
}

function textOf(frame: Frame): string {
  return 'operation' in frame ? frame.operation : `${frame.object}.${frame.callback}`;
}
