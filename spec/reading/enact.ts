/**
 * A program can be enacted on the model. That gives a trace that the spec allows, without any implementation.
 *
 * If the profile leaves a choice, one of the branches is chosen, and the first of several statuses.
 */

import type { Branch } from '../model.js';
import { branches, commit, isFallible } from '../model.js';
import type { Profile } from '../profile.js';
import type { Event, ObjectId, Program, Status, Trace } from '../vocabulary.js';
import { isManagerOperation } from '../vocabulary.js';
import { allowedEvents, objectsById } from './follow.js';
import { Registrations } from './registrations.js';

/** Chooses among the branches that an operation may take; the last one, which accepts, unless told otherwise. */
export type Choose = (found: readonly Branch[]) => Branch | undefined;

/** The trace of a program of one lane on the model. It ends where the behaviour becomes undefined. */
export function enact(program: Program, profile: Profile, choose: Choose = (found) => found.at(-1)): Trace {
  const objects = objectsById(program.objects);
  const state = new Registrations();
  const added = new Map<ObjectId, number>();
  const events: Event[] = [];
  for (const operation of program.lanes[0] ?? []) {
    if (!isManagerOperation(operation)) break;
    const branch = choose(branches(state, operation, profile, objects));
    if (branch === undefined) break;
    const results: Status[] = [];
    for (const step of branch.steps) {
      if (!isFallible(step, profile)) continue;
      const count = added.get(step.object) ?? 0;
      const result = objects.get(step.object)?.results?.[count] ?? 0;
      added.set(step.object, count + 1);
      results.push(result);
      if (result !== 0) break;
    }
    events.push(...allowedEvents({ type: 'call', ...operation }, branch, results, profile, objects));
    if (results.every((result) => result === 0)) commit(state, operation, branch);
  }
  return { objects: program.objects, events };
}
