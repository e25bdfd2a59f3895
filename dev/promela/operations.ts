/**
 * What operations do, as text: the same text from SPIN, which prints it (tell.pml), and from `explore`.
 *
 *     t0 - | register c0 t0 | peer_waiting | p0.stop c0.stop p0.addConsumer(c0)! c0.start p0.start | failed | t0 -
 *
 * That is the state before, the operation, what it finds, the callbacks, the status and the state after.
 */

import { wholeCallbacks } from '../../spec/callbacks.js';
import { isFallible, type Objects } from '../../spec/model.js';
import { allowedEvents } from '../../spec/reading/follow.js';
import type { CallbackName, ManagerOperation, ObjectId, Status, Token } from '../../spec/vocabulary.js';
import { EBUSY, EINVAL, ENOMEM, isRegistration, OK, objectWith, roleOf } from '../../spec/vocabulary.js';
import { reach } from '../../src/explore/reach.js';
import type { Key, Space, Transition } from '../../src/explore/space.js';

/** The states of a scope, and what operations do in them. */
export interface Behaviour {
  readonly states: ReadonlySet<string>;
  readonly operations: ReadonlySet<string>;
}

/** The state before, the operation, what it finds, the callbacks, the status, the state after. */
const WHAT_IS_TOLD = 6;

/** What SPIN printed. */
export function behaviourTold(lines: readonly string[]): Behaviour {
  const operations = new Set(lines.map((line) => line.replace(/^operation: /, '')));
  const states = new Set<string>();
  for (const operation of operations) {
    const parts = operation.split('|').map((part) => part.trim());
    // With sets of callbacks, those come first, and belong to the state.
    const callbacks = parts.length > WHAT_IS_TOLD ? `${parts[0]} | ` : '';
    const [before, after] = [parts.at(-WHAT_IS_TOLD), parts.at(-1)];
    states.add(`${callbacks}${before}`);
    states.add(`${callbacks}${after}`);
  }
  return { states, operations };
}

/** What `explore` reaches, with every object having all callbacks. */
export function behaviourExplored(space: Space): Behaviour {
  return behaviourFrom(space, '');
}

/** What `explore` reaches, with objects having any sets of callbacks. */
export function behaviourWithAnyCallbacks(space: Space): Behaviour {
  const count = 2 ** wholeCallbacks.producer.length;
  return behaviourWithCallbacks(
    space,
    Array.from({ length: count ** space.ids.length }, (_, sets) =>
      space.ids.map((_, index) => Math.floor(sets / count ** index) % count),
    ),
  );
}

/** What `explore` reaches, with each of some choices of callbacks: the set of each object, as a number (see callbacksOf). */
export function behaviourWithCallbacks(space: Space, choices: readonly (readonly number[])[]): Behaviour {
  const states = new Set<string>();
  const operations = new Set<string>();
  for (const has of choices) {
    const objects = space.ids.map((id, index) => objectWith(id, callbacksOf(id, has[index] ?? 0)));
    const here = behaviourFrom(space.withObjects(objects), `${has.join(' ')} | `);
    for (const state of here.states) states.add(state);
    for (const operation of here.operations) operations.add(operation);
  }
  return { states, operations };
}

/** The callbacks of an object, from a set as the Promela model counts them: HAS_STOP, HAS_START, HAS_ADD, HAS_DEL. */
export function callbacksOf(id: ObjectId, has: number): readonly CallbackName[] {
  return wholeCallbacks[roleOf(id)].filter((_, bit) => (has & (1 << bit)) !== 0);
}

function behaviourFrom(space: Space, prefix: string): Behaviour {
  const operations = new Set<string>();
  const objects: Objects = new Map(space.objects.map((object) => [object.id, object]));
  const reached = reach(space, {
    visit: (transition) => {
      for (const what of deedsOf(space, objects, transition)) operations.add(`${prefix}${what}`);
    },
  });
  return { states: new Set(Array.from(reached.keys(), (key) => `${prefix}${stateText(space, key)}`)), operations };
}

/** A transition as text; several where it may return one of several statuses. */
function deedsOf(space: Space, objects: Objects, transition: Transition): readonly string[] {
  const { from, to, operation, branch, failing } = transition;
  const results = branch.steps.flatMap((step, index): readonly Status[] =>
    isFallible(step, space.profile) && (failing === -1 || index <= failing) ? [index === failing ? FAILED : OK] : [],
  );
  const callbacks = allowedEvents({ type: 'call', ...operation }, branch, results, space.profile, objects).flatMap(
    (event): readonly string[] => {
      if (event.type === 'enter') {
        const { object, callback, counterpart, irq } = event;
        const shown = irq === undefined ? '' : ` ${irq}`;
        return [`${object}.${callback}${counterpart === undefined ? '' : `(${counterpart}${shown})`}`];
      }
      return event.type === 'leave' && event.result === FAILED ? ['!'] : [];
    },
  );
  const statuses = failing === -1 ? branch.statuses : [FAILED];
  return (statuses.length === 0 ? ['-'] : statuses.map(statusText)).map((status) =>
    [
      stateText(space, from),
      operationText(operation),
      branch.situation.replace('-', '_'),
      callbacks.join(' ').replaceAll(' !', '!'),
      status,
      stateText(space, to),
    ]
      .join(' | ')
      .replace('|  |', '| |'),
  );
}

/** Stands for any number that a callback that fails may return. */
const FAILED = 1;

const STATUS_NAMES = new Map([
  [OK, 'ok'],
  [FAILED, 'failed'],
  [EBUSY, 'EBUSY'],
  [EINVAL, 'EINVAL'],
  [ENOMEM, 'ENOMEM'],
]);

function statusText(status: Status): string {
  return STATUS_NAMES.get(status) ?? String(status);
}

function stateText(space: Space, key: Key): string {
  return space.ids.map((id) => tokenText(space.tokenOf(key, id))).join(' ');
}

function tokenText(token: Token | undefined): string {
  return token === undefined ? '-' : (token ?? 'null');
}

function operationText(operation: ManagerOperation): string {
  if (!isRegistration(operation)) return `unregister ${operation.object}`;
  const memory = operation.memory === 'none' ? ' without memory' : '';
  return `register ${operation.object} ${tokenText(operation.token)}${memory}`;
}
