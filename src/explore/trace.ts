/** From transitions to traces and programs, so that the rules can judge what the model does. */

import { isFallible, type Objects } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import { allowedEvents, objectsById } from '../../spec/reading/follow.js';
import type { Event, ObjectId, Program, ProgramObject, Status, Trace } from '../../spec/vocabulary.js';
import type { Transition } from './space.js';

/** What failing callbacks return in turn: any number but 0 does, a positive one too. */
const FAILURES: readonly [Status, ...Status[]] = [-5, 1];

/** The trace of transitions one after another. Where several statuses are allowed, the first stands for all. */
export function traceOf(path: readonly Transition[], objects: readonly ProgramObject[], profile: Profile): Trace {
  const byId = objectsById(objects);
  return { objects, events: path.flatMap((transition) => eventsOf(transition, byId, profile)) };
}

/** The events of one transition. */
export function eventsOf(
  { operation, branch, failing }: Transition,
  objects: Objects,
  profile: Profile,
): readonly Event[] {
  const results = branch.steps.flatMap((step, index) =>
    isFallible(step, profile) && (failing === -1 || index <= failing) ? [index === failing ? FAILURES[0] : 0] : [],
  );
  return allowedEvents({ type: 'call', ...operation }, branch, results, profile, objects);
}

/** The program that takes these transitions. */
export function programOf(path: readonly Transition[], objects: readonly ProgramObject[], profile: Profile): Program {
  const results = new Map<ObjectId, Status[]>();
  let failures = 0;
  for (const { branch, failing } of path) {
    for (const [index, step] of branch.steps.entries()) {
      if (!isFallible(step, profile) || (failing !== -1 && index > failing)) continue;
      const result = index === failing ? (FAILURES[failures++ % FAILURES.length] ?? FAILURES[0]) : 0;
      results.set(step.object, [...(results.get(step.object) ?? []), result]);
    }
  }
  return {
    objects: objects.map((object): ProgramObject => {
      const list = results.get(object.id);
      return list?.some((result) => result !== 0) === true ? ({ ...object, results: list } as ProgramObject) : object;
    }),
    lanes: [path.map(({ operation }) => operation)],
  };
}
