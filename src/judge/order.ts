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

import { showsIrq } from '../../spec/callbacks.js';
import type { Branch, Objects } from '../../spec/model.js';
import { branches, commit } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import { allowedEvents, objectsById } from '../../spec/reading/follow.js';
import { Registrations } from '../../spec/reading/registrations.js';
import type { Event, ManagerOperation, Status, Trace } from '../../spec/vocabulary.js';
import { isManagerOperation } from '../../spec/vocabulary.js';

/** A trace in one lane, or why there is none. */
export type Ordered = { readonly trace: Trace; readonly from: readonly number[] } | { readonly unordered: string };

/** One call with all of its events, and their places in the trace. */
interface Span {
  readonly lane: number;
  readonly call: Event & { readonly type: 'call' };
  readonly events: readonly Event[];
  readonly places: readonly number[];
  readonly begins: number;
  readonly ends: number;
  /** The first and the last event of its callbacks. */
  readonly holds: readonly [number, number] | undefined;
}

/** Give up after so many steps of the search beyond those that an evident order takes. */
const MOST_STEPS = 200_000;

/**
 * Put the calls of a trace into one lane. A trace of one lane is given back as it is.
 *
 * In the result, `from` has the place that each event had in the trace given.
 */
export function inOneLane(trace: Trace, profile: Profile): Ordered {
  if (trace.events.every((event) => (event.lane ?? 0) === 0)) {
    return { trace, from: trace.events.map((_, at) => at) };
  }
  const spans = spansOf(trace.events);
  if (typeof spans === 'string') return { unordered: spans };
  const overlap = overlapping(spans);
  if (overlap !== undefined) return flatten(trace, [...before(spans, overlap), interleaved(overlap)]);
  const search = new Search(spans, profile, objectsById(trace.objects));
  const found = search.run();
  if (found === 'too many') {
    return { unordered: `there are too many orders in which its calls may have taken effect` };
  }
  return flatten(trace, found ?? [...spans].sort((a, b) => seenAt(a) - seenAt(b)));
}

/** The calls of all lanes, each whole. A text where the trace is none of whole calls. */
function spansOf(events: readonly Event[]): readonly Span[] | string {
  const open = new Map<number, { call: Event & { type: 'call' }; events: Event[]; places: number[] }>();
  const spans: Span[] = [];
  for (const [at, event] of events.entries()) {
    const lane = event.lane ?? 0;
    const current = open.get(lane);
    if (event.type === 'log') continue;
    if (event.type === 'call') {
      if (current !== undefined) return `lane ${lane} calls ${event.operation} inside ${current.call.operation}`;
      open.set(lane, { call: event, events: [event], places: [at] });
      continue;
    }
    if (current === undefined || event.type === 'crash' || event.type === 'hang') {
      return `lane ${lane} has a ${event.type} where an operation would have to begin or go on`;
    }
    current.events.push(event);
    current.places.push(at);
    if (event.type !== 'return') continue;
    open.delete(lane);
    const [begins = at] = current.places;
    const callbacks = current.places.slice(1, -1);
    const [first, last] = [callbacks[0], callbacks.at(-1)];
    const holds = first === undefined || last === undefined ? undefined : ([first, last] as const);
    spans.push({ lane, ...current, begins, ends: at, holds });
  }
  const [left] = open.keys();
  if (left !== undefined) return `the operation of lane ${left} does not return`;
  return spans.sort((a, b) => a.begins - b.begins);
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

/** When something of a call was first seen that it did under the lock; its return where it did nothing. */
function seenAt({ holds, ends }: Span): number {
  return holds?.[0] ?? ends;
}

function flatten({ objects }: Trace, spans: readonly Pick<Span, 'events' | 'places'>[]): Ordered {
  const events = spans.flatMap((span) => span.events).map(({ lane: _, ...event }) => event as Event);
  return { trace: { objects, events }, from: spans.flatMap(({ places }) => places) };
}

/** Looks for an order that the model accepts, in depth first: what was seen first is tried first. */
class Search {
  readonly #lanes: readonly (readonly Span[])[];
  readonly #dead = new Set<string>();
  readonly #most: number;
  #steps = 0;

  readonly #state = new Registrations();

  constructor(
    spans: readonly Span[],
    readonly profile: Profile,
    readonly objects: Objects,
  ) {
    const lanes = new Map<number, Span[]>();
    for (const span of spans) {
      const lane = lanes.get(span.lane);
      if (lane === undefined) lanes.set(span.lane, [span]);
      else lane.push(span);
    }
    this.#lanes = [...lanes.values()];
    this.#most = 2 * spans.length + MOST_STEPS;
  }

  /** The order; undefined where the model accepts none. */
  run(): readonly Span[] | undefined | 'too many' {
    const positions = this.#lanes.map(() => 0);
    const path: { readonly choice: Choice; readonly undo: () => void; readonly rest: Choice[] }[] = [];
    let left = this.#lanes.reduce((sum, lane) => sum + lane.length, 0);
    let choices = this.#choices(positions);
    for (;;) {
      if (++this.#steps > this.#most) return 'too many';
      const choice = choices.shift();
      if (choice !== undefined) {
        path.push({ choice, undo: this.#take(choice), rest: choices });
        positions[choice.lane] = (positions[choice.lane] ?? 0) + 1;
        if (--left === 0) return path.map((step) => step.choice.span);
        choices = this.#isDead(positions) ? [] : this.#choices(positions);
        continue;
      }
      // From here no order is accepted, however it was reached.
      this.#dead.add(this.#spell(positions));
      const last = path.pop();
      if (last === undefined) return undefined;
      left++;
      positions[last.choice.lane] = (positions[last.choice.lane] ?? 1) - 1;
      last.undo();
      choices = last.rest;
    }
  }

  /** Change the state as a call does, and say how to take that back. */
  #take({ span: { call }, branch, failed }: Choice): () => void {
    if (failed || !isManagerOperation(call)) return () => undefined;
    const { object } = call;
    const [token, irq] = [this.#state.tokenOf(object), this.#state.irqOf(object)];
    commit(this.#state, call, branch);
    return () => {
      if (token === undefined) this.#state.unregister(object);
      else this.#state.register(object, token, irq);
    };
  }

  #isDead(positions: readonly number[]): boolean {
    return this.#dead.size > 0 && this.#dead.has(this.#spell(positions));
  }

  #spell(positions: readonly number[]): string {
    // Spelling a large state costs as much as many steps.
    this.#steps += this.#state.size >> 4;
    return `${positions.join()} ${this.#state.spell()}`;
  }

  /** The calls that may be next by their times, and that the model accepts next. */
  #choices(positions: readonly number[]): Choice[] {
    const next = this.#lanes.map((lane, index) => lane[positions[index] ?? 0]);
    const choices: Choice[] = [];
    for (const [lane, span] of next.entries()) {
      if (span === undefined) continue;
      if (next.some((other) => other !== undefined && other !== span && mustPrecede(other, span))) continue;
      const accepted = this.#accept(span);
      if (accepted !== undefined) choices.push({ lane, span, ...accepted });
    }
    return choices.sort((a, b) => seenAt(a.span) - seenAt(b.span));
  }

  #accept({ call, events }: Span): Pick<Choice, 'branch' | 'failed'> | undefined {
    if (!isManagerOperation(call)) return undefined;
    const results = events.flatMap((event): readonly Status[] =>
      event.type === 'leave' && event.result !== undefined ? [event.result] : [],
    );
    const failure = results.find((result) => result !== 0);
    const status = events.at(-1);
    for (const branch of branches(this.#state, call, this.profile, this.objects)) {
      const operation: Event & { type: 'call' } & ManagerOperation = call;
      const allowed = allowedEvents(operation, branch, results, this.profile, this.objects);
      const same =
        allowed.length === events.length &&
        allowed.slice(1, -1).every((one, at) => isAsAllowed(one, events[at + 1], this.profile));
      if (same && status?.type === 'return' && mayReturn(status.status, failure, branch)) {
        return { branch, failed: failure !== undefined };
      }
    }
    return undefined;
  }
}

interface Choice {
  readonly lane: number;
  readonly span: Span;
  readonly branch: Branch;
  /** Whether connecting failed, so that nothing changes. */
  readonly failed: boolean;
}

/** Whether one call took effect before another, by their times alone. */
function mustPrecede(first: Span, second: Span): boolean {
  if (first.ends < second.begins) return true;
  return first.holds !== undefined && second.holds !== undefined && first.holds[1] < second.holds[0];
}

function mayReturn(status: Status | undefined, failure: Status | undefined, branch: Branch): boolean {
  if (failure !== undefined) return status === failure;
  return status === undefined ? branch.statuses.length === 0 : branch.statuses.includes(status);
}

function isAsAllowed(allowed: Event, seen: Event | undefined, profile: Profile): boolean {
  if (seen === undefined || seen.type !== allowed.type) return false;
  if (allowed.type === 'enter' && seen.type === 'enter') {
    const irq = !showsIrq(allowed.callback) || !profile.showsIrq || allowed.irq === seen.irq;
    return (
      irq &&
      allowed.callback === seen.callback &&
      allowed.object === seen.object &&
      allowed.counterpart === seen.counterpart
    );
  }
  return (
    allowed.type === 'leave' &&
    seen.type === 'leave' &&
    allowed.callback === seen.callback &&
    allowed.object === seen.object
  );
}
