/**
 * The rules about several lanes, held against what happened in them. A trace shows what came of a race and not the race
 * itself, unless a sanitizer watched and the target tells what it saw.
 */
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import { holdsIn } from '../../spec/rule.js';
import type { Event, ObjectId, Trace } from '../../spec/vocabulary.js';
import { isManagerOperation, isRegistration } from '../../spec/vocabulary.js';
import { explain } from '../linear/explain.js';
import { type Span, type Spans, spansOf } from '../linear/span.js';

/** A rule broken in lanes. */
export interface LaneBreach {
  readonly rule: string;
  /** The index of the event at which it shows. */
  readonly at: number;
  readonly text: string;
}

/** What is said of one trace of several lanes. */
export interface LaneJudgement {
  /** The most telling first. */
  readonly breaches: readonly LaneBreach[];
  /** The rules that the trace exposed. */
  readonly exposed: readonly string[];
  /** Why it cannot be judged. */
  readonly unjudged?: string;
}

/** The rules that traces of lanes can break; the others of the chapter take an implementation apart. */
export const SHOWN_BY_LANES: readonly string[] = ['CONC-1', 'CONC-2', 'CONC-3', 'CONC-4', 'CONC-5', 'CONC-6'];

/** How a target with the capability `data-races` begins what it logs of one. */
const RACE = 'data race: ';

/** What a rule is judged by. */
interface Judged extends Spans {
  readonly trace: Trace;
  readonly profile: Profile;
}

interface LaneRule {
  readonly exposed: (judged: Judged) => boolean;
  readonly breach: (judged: Judged) => Omit<LaneBreach, 'rule'> | undefined;
}

/** The most telling first: what breaks one of the later ones often follows from what breaks an earlier one. */
const RULES: Readonly<Record<string, LaneRule>> = {
  // Where nothing watches, nothing is told: see the exposures in `in-lanes.ts`.
  'CONC-5': { exposed: () => false, breach: raced },
  'CONC-6': { exposed: isCalledAlone, breach: stuckAlone },
  'CONC-3': { exposed: ({ spans, pending }) => overlap([...spans, ...pending]), breach: doesNotReturn },
  'CONC-4': { exposed: goesWhileOthersAct, breach: calledBackWhenGone },
  'CONC-1': {
    exposed: ({ spans, pending }) => overlap([...spans, ...pending].filter(({ holds }) => holds !== undefined)),
    breach: overlappingCallbacks,
  },
  'CONC-2': { exposed: ({ spans, ended }) => ended === undefined && overlap(spans), breach: () => undefined },
};

/** Judge what happened in several lanes by those rules of the chapter that are asked for. */
export function judgeLanes(trace: Trace, profile: Profile, rules: readonly ChapterRule[]): LaneJudgement {
  const spans = spansOf(trace.events);
  if (typeof spans === 'string') return { breaches: [], exposed: [], unjudged: spans };
  const judged: Judged = { ...spans, trace, profile };
  const asked = new Set(rules.filter((rule) => rule.kind === 'schedule' && holdsIn(rule, profile)).map(({ id }) => id));
  const exposed: string[] = [];
  const breaches: LaneBreach[] = [];
  for (const [rule, { exposed: isExposed, breach }] of Object.entries(RULES)) {
    if (!asked.has(rule)) continue;
    const found = breach(judged);
    if (found !== undefined) breaches.push({ rule, ...found });
    if (found !== undefined || isExposed(judged)) exposed.push(rule);
  }
  if (!asked.has('CONC-2') || spans.ended !== undefined) return { breaches, exposed };
  const explained = explain(spans.spans, profile, trace.objects);
  switch (explained.is) {
    case 'explained':
      return { breaches, exposed };
    case 'undefined':
      return { breaches: [], exposed: [], unjudged: 'two lanes call one object, which is undefined' };
    case 'too many':
      return { breaches, exposed, unjudged: 'there are too many orders in which its calls may have taken effect' };
    case 'unexplained': {
      const under = 'token' in explained && typeof explained.token === 'string' ? ` under ${explained.token}` : '';
      const text = `there is no order in which the calls${under} would have returned and called back as they did`;
      return { breaches: [...breaches, { rule: 'CONC-2', at: trace.events.length - 1, text }], exposed };
    }
  }
}

/** The names of the ways in which lanes went wrong. */
export function formsInLanes({ breaches }: Pick<LaneJudgement, 'breaches'>): readonly string[] {
  return breaches.map(({ rule }) => formInLanes(rule));
}

/** The name of the way in which lanes break a rule. */
export function formInLanes(rule: string): string {
  return `${rule} in lanes`;
}

/** Whether a form is one of what goes wrong in lanes. */
export function isInLanes(form: string): boolean {
  return form.endsWith(' in lanes');
}

function named({ call, lane }: Pick<Span, 'call' | 'lane'>): string {
  return `${call.operation} ${call.object} of lane ${lane}`;
}

/** Whether calls of two lanes were under way at the same time. */
function overlap(spans: readonly Span[]): boolean {
  return spans.some((one) =>
    spans.some((other) => one.lane !== other.lane && one.begins < other.ends && other.begins < one.ends),
  );
}

/** Whether a call was made, when none was under way, after one of another lane had returned. */
function isCalledAlone({ spans, pending }: Judged): boolean {
  const all = [...spans, ...pending];
  return all.some(
    (one) =>
      all.every((other) => other === one || other.begins > one.begins || other.ends < one.begins) &&
      spans.some((other) => other.lane !== one.lane && other.ends < one.begins),
  );
}

/** The only call that is under way does not return, and made no callback: it waits for what nobody can give back. */
function stuckAlone({ spans, pending, ended }: Judged): Omit<LaneBreach, 'rule'> | undefined {
  const [only, ...others] = pending;
  if (ended?.event.type !== 'hang' || only === undefined || others.length > 0 || spans.length === 0) return undefined;
  if (only.holds !== undefined) return undefined;
  const text = `${named(only)} does not return, though no other operation is under way: something is still locked`;
  return { at: ended.at, text };
}

function doesNotReturn(judged: Judged): Omit<LaneBreach, 'rule'> | undefined {
  const { pending, ended } = judged;
  if (ended === undefined || stuckAlone(judged) !== undefined) return undefined;
  const lane = ended.event.lane ?? 0;
  const [one] = [...pending.filter((span) => span.lane === lane), ...pending];
  if (one === undefined) return undefined;
  const others = pending.filter((other) => other !== one).map(named);
  const beside = others.length === 0 ? '' : `, and neither does ${others.join(', nor ')}`;
  return {
    at: ended.at,
    text:
      ended.event.type === 'crash'
        ? `${named(one)} crashes, and in one lane it does not`
        : `${named(one)} does not return, though its callbacks have${beside}`,
  };
}

/** Whether an object was unregistered, and something happened in another lane after that. */
function goesWhileOthersAct({ spans, trace }: Judged): boolean {
  return spans.some(
    ({ call, ends, lane }) =>
      !isRegistration(call) && trace.events.some((event, at) => at > ends && (event.lane ?? 0) !== lane),
  );
}

function raced({ trace }: Judged): Omit<LaneBreach, 'rule'> | undefined {
  for (const [at, event] of trace.events.entries()) {
    if (event.type === 'log' && event.text.startsWith(RACE)) return { at, text: event.text };
  }
  return undefined;
}

function calledBackWhenGone({ trace }: Judged): Omit<LaneBreach, 'rule'> | undefined {
  const gone = new Set<ObjectId>();
  const leaving = new Map<number, ObjectId>();
  for (const [at, event] of trace.events.entries()) {
    const lane = event.lane ?? 0;
    if (event.type === 'call') {
      gone.delete(event.object);
      leaving.delete(lane);
      if (isManagerOperation(event) && !isRegistration(event)) leaving.set(lane, event.object);
    } else if (event.type === 'return') {
      const object = leaving.get(lane);
      if (object !== undefined) gone.add(object);
    } else if (event.type === 'enter' || event.type === 'leave') {
      const object = namedIn(event).find((one) => gone.has(one));
      if (object === undefined) continue;
      const what = event.type === 'enter' ? 'is called back' : 'is still in the callback';
      return {
        at,
        text: `${what} after the unregistration of ${object} has returned: ${event.object}.${event.callback}`,
      };
    }
  }
  return undefined;
}

function namedIn(event: Event & { readonly type: 'enter' | 'leave' }): readonly ObjectId[] {
  return event.type === 'enter' && event.counterpart !== undefined ? [event.object, event.counterpart] : [event.object];
}

function overlappingCallbacks({ spans, pending, profile }: Judged): Omit<LaneBreach, 'rule'> | undefined {
  const holding = [...spans, ...pending].flatMap((span) =>
    span.holds === undefined ? [] : [{ span, first: span.holds[0], last: span.holds[1] }],
  );
  holding.sort((a, b) => a.first - b.first);
  for (const [index, one] of holding.entries()) {
    for (const other of holding.slice(index + 1)) {
      if (other.first > one.last) break;
      if (profile.exclusive === 'token' && !haveACommonObject(one.span, other.span)) continue;
      return { at: other.first, text: `callbacks of ${named(other.span)} come amid those of ${named(one.span)}` };
    }
  }
  return undefined;
}

function haveACommonObject(one: Span, other: Span): boolean {
  const objects = new Set(objectsIn(one));
  return objectsIn(other).some((object) => objects.has(object));
}

function objectsIn({ events }: Span): readonly ObjectId[] {
  return events.flatMap((event) => (event.type === 'enter' ? namedIn(event) : []));
}
