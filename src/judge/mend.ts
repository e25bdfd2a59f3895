/**
 * A trace as it would be without a known defect, so that what comes behind it can be judged.
 *
 *     came   call  stop p0  stop c0  addConsumer  addProducer  start p0            return 0   call ...
 *     due    call  stop p0  stop c0  addConsumer  addProducer  start c0  start p0  return 0   call ...
 *
 * Only where the state is known behind an operation that goes wrong: it returned what it must, and the callbacks that make
 * or part a pair were called, so that what is different is who was stopped or started, an argument, or the order.
 */
import type { Profile } from '../../spec/profile.js';
import { type Followed, follow } from '../../spec/reading/follow.js';
import type { Event, Trace } from '../../spec/vocabulary.js';
import { hasLanes } from '../linear/span.js';
import { exactForms } from './defect.js';

/** A trace without what is known of it. */
export interface Mended<T> {
  readonly trace: T;
  /** The forms of the known defects that it showed. */
  readonly forms: readonly string[];
}

/**
 * Put what is due in the place of what known defects did.
 *
 * @param isKnown whether a form is one of a known defect
 * @returns undefined where nothing of the kind is in it
 */
export function mend(given: Trace, profile: Profile, isKnown: (form: string) => boolean): Mended<Trace> | undefined {
  if (hasLanes(given)) return undefined;
  const known = new Set<string>();
  let trace = given;
  for (;;) {
    const one = mendFirst(trace, follow(trace, profile), isKnown);
    if (one === undefined) break;
    trace = one.trace;
    for (const form of one.forms) known.add(form);
  }
  return known.size === 0 ? undefined : { trace, forms: [...known] };
}

/** Mend the first operation that goes wrong. The trace that comes of it goes wrong later, or not at all. */
function mendFirst(
  { objects, events }: Trace,
  { divergence, nullAccepted }: Followed,
  isKnown: (form: string) => boolean,
): Mended<Trace> | undefined {
  if (divergence === undefined || nullAccepted) return undefined;
  const forms = exactForms({ objects, events }, divergence);
  if (!forms.every(isKnown)) return undefined;
  const from = events.findLastIndex(({ type }, at) => type === 'call' && at <= divergence.at);
  const to = events.findIndex(({ type }, at) => type === 'return' && at > from);
  if (from === -1 || to === -1) return undefined;
  const came = told(events.slice(from, to + 1));
  const due = divergence.allowed.find((way) => told(way) === came);
  if (due === undefined) return undefined;
  return { trace: { objects, events: [...events.slice(0, from), ...due, ...events.slice(to + 1)] }, forms };
}

/** What settles the state behind an operation: its status, and the callbacks that make or part a pair, in whatever order. */
function told(events: readonly Event[]): string {
  const telling = events.flatMap((event): readonly unknown[] => {
    if (event.type === 'return') return [['return', event.status]];
    if (event.type === 'enter') return isQuiet(event) ? [] : [[event.callback, event.object, event.counterpart]];
    if (event.type === 'leave') return isQuiet(event) ? [] : [[event.callback, event.object, event.result]];
    return event.type === 'call' || (event.type === 'log' && event.level === 'info') ? [] : [event];
  });
  return JSON.stringify(telling.map((one) => JSON.stringify(one)).toSorted());
}

function isQuiet({ callback }: Extract<Event, { type: 'enter' | 'leave' }>): boolean {
  return callback === 'stop' || callback === 'start';
}
