/**
 * Follow a trace through the model, event by event, to the first one that the model does not allow.
 *
 * This is the second of the two judgements of a trace; the rules are the first. It reads the raw events and
 * shares nothing with the rules but the profile.
 */
import { showsIrq } from '../callbacks.js';
import type { Branch, Objects, Situation, Step } from '../model.js';
import { branches, commit, isFallible, rollBack } from '../model.js';
import type { Profile } from '../profile.js';
import type { Event, ManagerOperation, ObjectId, ProgramObject, Status, Trace } from '../vocabulary.js';
import { isManagerOperation, isRegistration } from '../vocabulary.js';
import { Registrations } from './registrations.js';

/** The place at which a trace leaves the model. */
export interface Divergence {
  /** The index of the event that is not allowed; the number of events when the trace ends too early. */
  readonly at: number;
  /** The index of the call, among the calls of the trace, in which it happened; -1 outside any call. */
  readonly call: number;
  /** The situation of the call, as far as it was followed. */
  readonly situation: Situation;
  /** Each list of events that the model allows for the whole of this call. */
  readonly allowed: readonly (readonly Event[])[];
  /** The events that were allowed at that point. */
  readonly expected: readonly Event[];
}

/** The result of following a trace. */
export interface Followed {
  /** The situation of each call, up to the end or the divergence. */
  readonly situations: readonly Situation[];
  /** The statuses of registrations that were accepted under a null token. */
  readonly nullAccepted: boolean;
  readonly divergence?: Divergence;
  /** The index of the event from which on the behaviour is undefined and nothing is judged. */
  readonly undefinedFrom?: number;
}

/** A branch that is being followed: the steps still to come, and the results so far. */
interface Path {
  readonly branch: Branch;
  situation: Situation;
  steps: readonly Step[];
  position: number;
  statuses: readonly Status[];
  failed: boolean;
  readonly results: Status[];
}

/** The objects of a trace by id. */
export function objectsById(objects: readonly ProgramObject[]): Objects {
  const byId = new Map<ObjectId, ProgramObject>();
  for (const object of objects) byId.set(object.id, object);
  return byId;
}

/** Follow a trace of one lane through the model. */
export function follow(trace: Trace, profile: Profile, objects: Objects = objectsById(trace.objects)): Followed {
  const state = new Registrations();
  const situations: Situation[] = [];
  const { events } = trace;
  let nullAccepted = false;
  let at = 0;

  while (at < events.length) {
    const call = events[at];
    if (call === undefined) break;
    if ((call.type === 'log' && call.level === 'info') || call.type === 'gave-up') {
      at++;
      continue;
    }
    if (call.type !== 'call') {
      const divergence: Divergence = {
        at,
        call: -1,
        situation: 'outside',
        allowed: [],
        expected: [],
      };
      return { situations, nullAccepted, divergence };
    }
    if (!isManagerOperation(call)) return { situations, nullAccepted, undefinedFrom: at };
    const found = branches(state, call, profile, objects);
    if (found.length === 0) return { situations, nullAccepted, undefinedFrom: at };

    // Most operations do nothing but return: see that first.
    const next = events[at + 1];
    const quiet = next?.type === 'return' ? found.find((branch) => isQuietly(branch, next.status)) : undefined;
    if (quiet !== undefined) {
      situations.push(quiet.situation);
      commit(state, call, quiet);
      if (isRegistration(call) && call.token === null && quiet.change === 'register') nullAccepted = true;
      at += 2;
      continue;
    }

    const walked = walk(events, at + 1, found, profile, objects);
    situations.push(walked.path.situation);
    if (walked.undefined) return { situations, nullAccepted, undefinedFrom: at };
    if (walked.expected !== undefined) {
      const divergence: Divergence = {
        at: walked.at,
        call: situations.length - 1,
        situation: walked.path.situation,
        allowed: found.map((branch) => allowedEvents(call, branch, walked.path.results, profile, objects)),
        expected: walked.expected,
      };
      return { situations, nullAccepted, divergence };
    }
    if (!walked.path.failed) {
      commit(state, call, walked.path.branch);
      if (isRegistration(call) && call.token === null && walked.path.branch.change === 'register') nullAccepted = true;
    }
    at = walked.at;
  }
  return { situations, nullAccepted };
}

/** True for a branch that makes no callback and may return with a status. */
function isQuietly(branch: Branch, status: Status | undefined): boolean {
  if (branch.steps.length > 0) return false;
  return status === undefined ? branch.statuses.length === 0 : branch.statuses.includes(status);
}

interface Walked {
  /** The index behind the return, or that of the event that is not allowed. */
  readonly at: number;
  readonly path: Path;
  /** Set when the event at `at` is not allowed: the events that were. */
  readonly expected?: readonly Event[];
  readonly undefined?: boolean;
}

/** Walk one call, from the event after it, along all of its branches at once. */
function walk(
  events: readonly Event[],
  from: number,
  found: readonly Branch[],
  profile: Profile,
  objects: Objects,
): Walked {
  let paths: Path[] = found.map((branch) => ({
    branch,
    situation: branch.situation,
    steps: branch.steps,
    position: 0,
    statuses: branch.statuses,
    failed: false,
    results: [],
  }));
  let open: Step | undefined;
  let at = from;
  for (; ; at++) {
    const event = events[at];
    const last = paths[paths.length - 1];
    if (last === undefined) throw new Error('a call without a branch');
    const refuse = (): Walked => ({ at, path: last, expected: expectations(paths, open) });
    if (event === undefined) return refuse();
    switch (event.type) {
      case 'log': {
        if (event.level !== 'info' && !paths.some((path) => path.branch.mayWarn)) return refuse();
        break;
      }
      case 'enter': {
        if (open !== undefined) return refuse();
        const going = paths.filter((path) => matches(path.steps[path.position], event, profile));
        if (going.length === 0) return refuse();
        paths = going;
        open = paths[0]?.steps[paths[0].position];
        break;
      }
      case 'leave': {
        if (open === undefined || event.callback !== open.callback || event.object !== open.object) return refuse();
        const fallible = isFallible(open, profile);
        if (fallible && event.result === undefined) return refuse();
        for (const path of paths) {
          path.position++;
          if (!fallible || event.result === undefined) continue;
          path.results.push(event.result);
          if (event.result === 0) continue;
          path.steps = rollBack(open, objects);
          path.position = 0;
          path.statuses = [event.result];
          path.failed = true;
          path.situation = 'connect-fails';
        }
        open = undefined;
        break;
      }
      case 'return': {
        if (open !== undefined) return refuse();
        const { status } = event;
        const path = paths.find(
          (one) =>
            one.position === one.steps.length &&
            (status === undefined ? one.statuses.length === 0 : one.statuses.includes(status)),
        );
        return path === undefined ? refuse() : { at: at + 1, path };
      }
      case 'call':
        // A call inside a callback is re-entry: undefined. Anywhere else the trace is broken.
        return open === undefined ? refuse() : { at, path: last, undefined: true };
      case 'crash':
      case 'hang':
        return refuse();
    }
  }
}

function matches(step: Step | undefined, event: Extract<Event, { type: 'enter' }>, profile: Profile): boolean {
  return (
    step !== undefined &&
    step.callback === event.callback &&
    step.object === event.object &&
    step.counterpart === event.counterpart &&
    (step.irq === event.irq || !showsIrq(step.callback) || !profile.showsIrq)
  );
}

/** The events that would have been allowed next. */
function expectations(paths: readonly Path[], open: Step | undefined): readonly Event[] {
  if (open !== undefined) return [{ type: 'leave', callback: open.callback, object: open.object }];
  return paths.flatMap((path): readonly Event[] => {
    const step = path.steps[path.position];
    if (step !== undefined) return [{ type: 'enter', ...step }];
    return returns(path.statuses);
  });
}

function returns(statuses: readonly Status[]): readonly Event[] {
  if (statuses.length === 0) return [{ type: 'return' }];
  return statuses.map((status): Event => ({ type: 'return', status }));
}

/**
 * The events of one call along one branch, given the results of its fallible callbacks as far as they are known.
 * If several statuses are allowed, the first stands for all.
 */
export function allowedEvents(
  call: Extract<Event, { type: 'call' }> & ManagerOperation,
  branch: Branch,
  results: readonly Status[],
  profile: Profile,
  objects: Objects,
): readonly Event[] {
  const events: Event[] = [call];
  let { steps, statuses } = branch;
  let next = 0;
  for (let position = 0; position < steps.length; position++) {
    const step = steps[position];
    if (step === undefined) break;
    events.push({ type: 'enter', ...step });
    const leave = { type: 'leave', callback: step.callback, object: step.object } as const;
    if (!isFallible(step, profile)) {
      events.push(leave);
      continue;
    }
    const result = results[next++] ?? 0;
    events.push({ ...leave, result });
    if (result === 0) continue;
    steps = rollBack(step, objects);
    statuses = [result];
    position = -1;
  }
  events.push(...returns(statuses).slice(0, 1));
  return events;
}
