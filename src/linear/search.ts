/**
 * A search for an order of the calls of several lanes that the model accepts (Wing and Gong, 1993, with the memory of
 * Lowe, 2017).
 *
 * It goes in depth, one call after the other: a call may be next when no other that is left must come before it, and when
 * it did what the model says it may do next. **Where a search failed once it is not searched again.** What comes after a
 * number of calls depends on the calls that were taken and on the state that they led to. Where each object is called by one
 * lane, the first says the second: who is registered under which token follows from what the calls of that lane returned.
 * So the number of calls taken of each lane is the whole key; there is no hash, and a rejection is exact. Where two lanes
 * call one object, as in a recording, the state is spelt out beside it.
 */
import { showsIrq } from '../../spec/callbacks.js';
import type { Branch, Objects } from '../../spec/model.js';
import { branches, commit } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import { allowedEvents } from '../../spec/reading/follow.js';
import { Registrations } from '../../spec/reading/registrations.js';
import type { Event, ManagerOperation, Status } from '../../spec/vocabulary.js';
import { isManagerOperation } from '../../spec/vocabulary.js';
import { type Span, seenAt } from './span.js';
import { tokensOf } from './tokens.js';

/** Give up after so many steps of the search beyond those that an evident order takes. */
const MOST_STEPS = 200_000;

/** Whether the callbacks of one call must be before those of another, when they were. */
export type Orders = (first: Span, second: Span) => boolean;

/** What a search is about. */
export interface Searched {
  readonly spans: readonly Span[];
  readonly profile: Profile;
  readonly objects: Objects;
  /** Between which calls the order of their callbacks counts. */
  readonly callbacksOrder: Orders;
}

/** The calls in an order that the model accepts; undefined where it accepts none. */
export function findOrder(searched: Searched): readonly Span[] | undefined | 'too many' {
  return new Search(searched).run();
}

/** A call that may be next. */
interface Candidate {
  readonly lane: number;
  readonly span: Span;
}

/** What the model says of a call that it accepts. */
interface Accepted {
  readonly branch: Branch;
  /** Whether connecting failed, so that nothing changes. */
  readonly failed: boolean;
}

class Search {
  readonly #lanes: readonly (readonly Span[])[];
  /** Of each lane, for each number of calls taken: the first call left that made callbacks. */
  readonly #holding: readonly (readonly (Span | undefined)[])[];
  readonly #dead = new Set<string>();
  readonly #most: number;
  readonly #isOwned: boolean;
  readonly #state = new Registrations();
  #steps = 0;

  constructor(readonly searched: Searched) {
    const { spans } = searched;
    const lanes = new Map<number, Span[]>();
    for (const span of spans) {
      const lane = lanes.get(span.lane);
      if (lane === undefined) lanes.set(span.lane, [span]);
      else lane.push(span);
    }
    this.#lanes = [...lanes.values()];
    this.#holding = this.#lanes.map((lane) => {
      const next: (Span | undefined)[] = lane.map(() => undefined);
      for (let at = lane.length - 1; at >= 0; at--) next[at] = lane[at]?.holds === undefined ? next[at + 1] : lane[at];
      return next;
    });
    this.#most = 2 * spans.length + MOST_STEPS;
    this.#isOwned = tokensOf(spans) !== undefined;
  }

  run(): readonly Span[] | undefined | 'too many' {
    const positions = this.#lanes.map(() => 0);
    const path: { readonly choice: Candidate; readonly undo: () => void; readonly rest: Candidate[] }[] = [];
    let left = this.searched.spans.length;
    if (left === 0) return [];
    let choices = this.#candidates(positions);
    for (;;) {
      const choice = choices.shift();
      if (choice !== undefined) {
        // Most of what may be next by its time is never asked: what was seen first is mostly right.
        const accepted = this.#accept(choice.span);
        if (accepted === undefined) continue;
        if (++this.#steps > this.#most) return 'too many';
        path.push({ choice, undo: this.#take(choice.span, accepted), rest: choices });
        positions[choice.lane] = (positions[choice.lane] ?? 0) + 1;
        if (--left === 0) return path.map((step) => step.choice.span);
        choices = this.#isDead(positions) ? [] : this.#candidates(positions);
        continue;
      }
      if (++this.#steps > this.#most) return 'too many';
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
  #take({ call }: Span, { branch, failed }: Accepted): () => void {
    if (failed || branch.change === 'none' || !isManagerOperation(call)) return () => undefined;
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
    if (this.#isOwned) return positions.join();
    // Spelling a large state costs as much as many steps.
    this.#steps += this.#state.size >> 4;
    return `${positions.join()} ${this.#state.spell()}`;
  }

  /** The calls that may be next by their times, those first that were seen first. */
  #candidates(positions: readonly number[]): Candidate[] {
    const found: Candidate[] = [];
    for (const [lane, spans] of this.#lanes.entries()) {
      const span = spans[positions[lane] ?? 0];
      if (span !== undefined && this.#mayBeNext(span, lane, positions)) found.push({ lane, span });
    }
    return found.length < 2 ? found : found.sort((a, b) => seenAt(a.span) - seenAt(b.span));
  }

  /** Whether nothing that is left in another lane must be before a call. */
  #mayBeNext(span: Span, lane: number, positions: readonly number[]): boolean {
    for (const [index, spans] of this.#lanes.entries()) {
      const at = positions[index] ?? 0;
      const next = spans[at];
      if (next === undefined || index === lane) continue;
      if (next.ends < span.begins) return false;
      if (span.holds === undefined) continue;
      // Calls of a lane that are before one another are so in time, and what comes later may be about another token.
      for (let from = at, other = this.#holding[index]?.[from]; other !== undefined; ) {
        if (other.holds === undefined || other.holds[0] > span.holds[0]) break;
        if (other.holds[1] < span.holds[0] && this.searched.callbacksOrder(other, span)) return false;
        from = spans.indexOf(other, from) + 1;
        other = this.#holding[index]?.[from];
      }
    }
    return true;
  }

  #accept({ call, events, warned }: Span): Accepted | undefined {
    if (!isManagerOperation(call)) return undefined;
    const { profile, objects } = this.searched;
    const last = events.at(-1);
    if (last?.type !== 'return') return undefined;
    const results = events.flatMap((event): readonly Status[] =>
      event.type === 'leave' && event.result !== undefined ? [event.result] : [],
    );
    const failure = results.find((result) => result !== 0);
    for (const branch of branches(this.#state, call, profile, objects)) {
      if (warned && !branch.mayWarn) continue;
      if (events.length === 2 && branch.steps.length === 0) {
        if (mayReturn(last.status, undefined, branch)) return { branch, failed: false };
        continue;
      }
      const operation: Event & { type: 'call' } & ManagerOperation = call;
      const allowed = allowedEvents(operation, branch, results, profile, objects);
      const same =
        allowed.length === events.length &&
        allowed.slice(1, -1).every((one, at) => isAsAllowed(one, events[at + 1], profile));
      if (same && mayReturn(last.status, failure, branch)) return { branch, failed: failure !== undefined };
    }
    return undefined;
  }
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
