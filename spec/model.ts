/**
 * The operational model: in a state, what may an operation do?
 *
 *     register --refused----------------------------> status, nothing changed
 *         |
 *         +-- no peer under the token --------------> 0, registered
 *         |
 *         +-- peer: stop stop add add start start --> 0, registered, a pair
 *                              \
 *                               +-- roll back ------> what the callback returned, nothing changed
 *
 * A **branch** is one thing that it may do: callbacks in order, then a status, then a change of the state. Where the
 * profile leaves a choice there are several branches. The results of the fallible callbacks are not the model's to
 * decide: whoever follows a branch learns them as they come, and asks `rollBack` for what follows a failure.
 */

import { returnsStatus } from './callbacks.js';
import type { Profile, Refusal } from './profile.js';
import type { Registrations } from './reading/registrations.js';
import type { CallbackName, ManagerOperation, ObjectId, ProgramObject, Status } from './vocabulary.js';
import { isRegistration, OK, roleOf } from './vocabulary.js';

/** One callback that the model expects. */
export interface Step {
  readonly callback: CallbackName;
  readonly object: ObjectId;
  readonly counterpart?: ObjectId;
  readonly irq?: number;
}

/** The situation that an operation finds. Findings use these names. */
export type Situation =
  | Refusal
  | 'alone'
  | 'peer-waiting'
  | 'connect-fails'
  | 'paired'
  | 'unpaired'
  | 'not-registered'
  | 'outside';

/** One thing that an operation may do. */
export interface Branch {
  readonly situation: Situation;
  readonly steps: readonly Step[];
  /** The statuses it may return after the steps; empty for an operation that returns nothing. */
  readonly statuses: readonly Status[];
  /** The change of the state if all steps succeed. */
  readonly change: 'register' | 'unregister' | 'none';
  /** True when the implementation may log a warning. */
  readonly mayWarn: boolean;
}

/** The objects of a program by id. */
export type Objects = ReadonlyMap<ObjectId, ProgramObject>;

const NO_STEPS: readonly Step[] = [];
const SUCCESS: readonly Status[] = [OK];
const NO_STATUS: readonly Status[] = [];

/** These branches are the same for all objects and tokens. */
const ALONE: readonly Branch[] = [quiet('alone', SUCCESS, 'register')];
const NOT_REGISTERED: readonly Branch[] = [quiet('not-registered', NO_STATUS, 'none')];
const UNPAIRED: readonly Branch[] = [quiet('unpaired', NO_STATUS, 'unregister')];

function quiet(situation: Situation, statuses: readonly Status[], change: Branch['change']): Branch {
  return { situation, steps: NO_STEPS, statuses, change, mayWarn: false };
}

/**
 * Lists everything that an operation may do in a state. The list is empty where the profile leaves it undefined.
 *
 * @param state who is registered; read, not changed
 */
export function branches(
  state: Registrations,
  operation: ManagerOperation,
  profile: Profile,
  objects: Objects,
): readonly Branch[] {
  return isRegistration(operation)
    ? registerBranches(state, operation, profile, objects)
    : unregisterBranches(state, operation.object, profile, objects);
}

/** Changes the state as a branch says whose steps all succeeded. */
export function commit(state: Registrations, operation: ManagerOperation, branch: Branch): void {
  if (branch.change === 'unregister') state.unregister(operation.object);
  else if (branch.change === 'register' && isRegistration(operation)) {
    state.register(
      operation.object,
      operation.token,
      operation.operation === 'registerProducer' ? operation.irq : undefined,
    );
  }
}

/**
 * The steps that follow a fallible step that failed: an add that succeeded is undone, the one that failed is not, and both
 * sides start.
 * Source: __connect of every version but 5.9 to 5.12.
 */
export function rollBack(failed: Step, objects: Objects): readonly Step[] {
  const counterpart = failed.counterpart;
  if (counterpart === undefined) return NO_STEPS;
  const [producer, consumer] =
    roleOf(failed.object) === 'producer' ? [failed.object, counterpart] : [counterpart, failed.object];
  const steps: Step[] = [];
  if (failed.callback === 'addProducer' && has(objects, producer, 'delConsumer')) {
    steps.push({ callback: 'delConsumer', object: producer, counterpart: consumer });
  }
  pushStarts(steps, producer, consumer, objects);
  return steps;
}

/** True for a step whose result decides what follows. */
export function isFallible(step: Step, profile: Profile): boolean {
  return profile.fallible && returnsStatus(step.callback);
}

function registerBranches(
  state: Registrations,
  operation: Extract<ManagerOperation, { token: unknown }>,
  profile: Profile,
  objects: Objects,
): readonly Branch[] {
  const { object, token } = operation;
  const registered = state.tokenOf(object) !== undefined;
  if (registered && profile.undefined['register-registered'] !== undefined) return [];
  const complete = hasMandatory(objects, object, profile);
  if (!complete && profile.undefined['missing-callback'] !== undefined) return [];
  const holder = state.holder(object, token);

  const applies = (refusal: Refusal): boolean => {
    switch (refusal) {
      case 'registered':
        return registered;
      case 'null-token':
        return token === null;
      case 'missing-callback':
        return !complete;
      case 'duplicate-token':
        return holder !== undefined && holder !== object;
      case 'no-memory':
        return operation.memory === 'none';
    }
  };
  const found: Branch[] = [];
  let refused = false;
  for (const { refusal, statuses, optional } of profile.refusals) {
    if (!applies(refusal)) continue;
    const mayWarn = registered && profile.warnsWhenRegistered.includes(operation.operation);
    // Whatever else is wrong with it, a registered object that is registered again is the most unusual of all.
    const situation = registered ? 'registered' : refusal;
    found.push({ situation, steps: NO_STEPS, statuses, change: 'none', mayWarn });
    refused ||= optional !== true;
    if (refused && profile.ordered) break;
  }
  if (refused) return found;

  const peer = state.peer(object, token);
  if (peer === undefined) {
    if (found.length === 0) return ALONE;
    found.push(...ALONE);
  } else {
    const producer = roleOf(object) === 'producer' ? object : peer;
    const consumer = roleOf(object) === 'producer' ? peer : object;
    const irq = operation.operation === 'registerProducer' ? operation.irq : state.irqOf(producer);
    const steps = connectSteps(producer, consumer, irq, objects);
    found.push({ situation: 'peer-waiting', steps, statuses: SUCCESS, change: 'register', mayWarn: false });
  }
  return found;
}

function unregisterBranches(
  state: Registrations,
  object: ObjectId,
  profile: Profile,
  objects: Objects,
): readonly Branch[] {
  const token = state.tokenOf(object);
  if (token === undefined) {
    if (profile.undefined['unregister-unregistered'] !== undefined) return [];
    return NOT_REGISTERED;
  }
  const peer = state.peer(object, token);
  if (peer === undefined) {
    return UNPAIRED;
  }
  const producer = roleOf(object) === 'producer' ? object : peer;
  const consumer = roleOf(object) === 'producer' ? peer : object;
  const steps = disconnectSteps(producer, consumer, objects);
  return [{ situation: 'paired', steps, statuses: NO_STATUS, change: 'unregister', mayWarn: false }];
}

/** P.stop C.stop P.addConsumer C.addProducer C.start P.start, less what they lack. */
function connectSteps(
  producer: ObjectId,
  consumer: ObjectId,
  irq: number | undefined,
  objects: Objects,
): readonly Step[] {
  const steps: Step[] = [];
  pushStops(steps, producer, consumer, objects);
  if (has(objects, producer, 'addConsumer')) {
    steps.push({ callback: 'addConsumer', object: producer, counterpart: consumer });
  }
  if (has(objects, consumer, 'addProducer')) {
    const step: Step = { callback: 'addProducer', object: consumer, counterpart: producer };
    steps.push(irq === undefined ? step : { ...step, irq });
  }
  pushStarts(steps, producer, consumer, objects);
  return steps;
}

/** P.stop C.stop C.delProducer P.delConsumer C.start P.start, less what they lack. */
function disconnectSteps(producer: ObjectId, consumer: ObjectId, objects: Objects): readonly Step[] {
  const steps: Step[] = [];
  pushStops(steps, producer, consumer, objects);
  if (has(objects, consumer, 'delProducer')) {
    steps.push({ callback: 'delProducer', object: consumer, counterpart: producer });
  }
  if (has(objects, producer, 'delConsumer')) {
    steps.push({ callback: 'delConsumer', object: producer, counterpart: consumer });
  }
  pushStarts(steps, producer, consumer, objects);
  return steps;
}

function pushStops(steps: Step[], producer: ObjectId, consumer: ObjectId, objects: Objects): void {
  if (has(objects, producer, 'stop')) steps.push({ callback: 'stop', object: producer });
  if (has(objects, consumer, 'stop')) steps.push({ callback: 'stop', object: consumer });
}

/** Starts come in the opposite order of stops, so that the two nest. */
function pushStarts(steps: Step[], producer: ObjectId, consumer: ObjectId, objects: Objects): void {
  if (has(objects, consumer, 'start')) steps.push({ callback: 'start', object: consumer });
  if (has(objects, producer, 'start')) steps.push({ callback: 'start', object: producer });
}

function has(objects: Objects, object: ObjectId, callback: CallbackName): boolean {
  const callbacks: readonly CallbackName[] | undefined = objects.get(object)?.callbacks;
  return callbacks?.includes(callback) ?? false;
}

function hasMandatory(objects: Objects, object: ObjectId, profile: Profile): boolean {
  for (const callback of profile.mandatory[roleOf(object)]) {
    if (!has(objects, object, callback)) return false;
  }
  return true;
}
