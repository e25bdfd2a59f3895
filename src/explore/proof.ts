/**
 * Hold the rules against the model: against the trace of every pair of transitions, one after the other, and of every
 * transition with fewer callbacks.
 */

import type { Contradiction } from '../../spec/formats/exploration.js';
import type { Objects } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import { objectsById } from '../../spec/reading/follow.js';
import type { CallbackName, Event, ObjectId, ProgramObject, Trace } from '../../spec/vocabulary.js';
import { objectWith, roleOf } from '../../spec/vocabulary.js';
import type { Judge } from '../judge/judge.js';
import type { Reached } from './reach.js';
import type { Key, Space, Transition } from './space.js';
import { eventsOf, programOf, traceOf } from './trace.js';

/** Holds rules against the traces of a space, and keeps what they find. */
export class Proof {
  pairs = 0;
  subsets = 0;
  readonly contradictions = new Map<string, Contradiction>();
  readonly #objects: Objects;

  constructor(
    readonly space: Space,
    readonly reached: Reached,
    readonly judge: Pick<Judge, 'judge' | 'exposures'>,
  ) {
    this.#objects = objectsById(space.objects);
  }

  /** Judge every pair of transitions of which the first starts in a state, and that first one with fewer callbacks. */
  judgeFrom(key: Key): void {
    const before = this.reached.pathTo(key);
    const lead = before.flatMap((transition) => eventsOf(transition, this.#objects, this.space.profile));
    const subsets = this.space.scope.without?.subsets !== true;
    // Most transitions lead back to where they start.
    const known = new Map<Key, readonly Seen[]>();
    for (const first of this.#seenFrom(key, known)) {
      const firstEvents = [...lead, ...first.events];
      for (const second of this.#seenFrom(first.transition.to, known)) {
        this.pairs++;
        const trace = { objects: this.space.objects, events: [...firstEvents, ...second.events] };
        this.#hold(trace, () => [...before, first.transition, second.transition]);
      }
      if (subsets && first.transition.branch.steps.length > 0) this.#judgeSubsets(before, first.transition);
    }
    // A consumer that lacks what is mandatory is refused wherever it comes.
    if (subsets) this.#judgeIncomplete(before);
  }

  /**
   * The transitions of a state as they are seen: one with every status that it may return, and only one of those that
   * cannot be told apart, such as two reasons to refuse with one status.
   */
  #seenFrom(key: Key, known: Map<Key, readonly Seen[]>): readonly Seen[] {
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = new Map<string, Seen>();
    for (const transition of this.space.transitions(key)) {
      const { branch, to } = transition;
      const statuses = branch.statuses.length === 0 ? [branch.statuses] : branch.statuses.map((status) => [status]);
      for (const one of statuses) {
        const events = eventsOf(
          { ...transition, branch: { ...branch, statuses: one } },
          this.#objects,
          this.space.profile,
        );
        const look = JSON.stringify([to, events]);
        if (!found.has(look)) found.set(look, { transition, events });
      }
    }
    const seen = [...found.values()];
    known.set(key, seen);
    return seen;
  }

  #judgeSubsets(before: readonly Transition[], transition: Transition): void {
    const { profile } = this.space;
    const pair = new Set(transition.branch.steps.flatMap(({ object, counterpart }) => [object, counterpart ?? object]));
    const [one, other] = [...pair];
    if (one === undefined || other === undefined) return;
    for (const mine of subsetsOf(profile, one)) {
      for (const theirs of subsetsOf(profile, other)) {
        const objects = this.space.objects.map((object) =>
          object.id === one ? objectWith(one, mine) : object.id === other ? objectWith(other, theirs) : object,
        );
        const path = rerun(this.space, [...before, transition], objects, transition.failing);
        if (path === undefined) continue;
        this.subsets++;
        this.#hold(traceOf(path, objects, profile), () => path);
      }
    }
  }

  #judgeIncomplete(before: readonly Transition[]): void {
    const { profile } = this.space;
    if (profile.undefined['missing-callback'] !== undefined) return;
    for (const operation of this.space.operations) {
      const role = roleOf(operation.object);
      if (!('token' in operation) || profile.mandatory[role].length === 0) continue;
      for (const missing of profile.mandatory[role]) {
        const callbacks = profile.callbacks[role].filter((callback) => callback !== missing);
        const objects = this.space.objects.map((object) =>
          object.id === operation.object ? objectWith(object.id, callbacks) : object,
        );
        if (before.some((transition) => transition.operation.object === operation.object)) continue;
        const path = rerunOperations(
          this.space,
          [...before.map((transition) => transition.operation), operation],
          objects,
        );
        if (path === undefined) continue;
        this.subsets++;
        this.#hold(traceOf(path, objects, profile), () => path);
      }
    }
  }

  #hold(trace: Trace, pathOf: () => readonly Transition[]): void {
    const { breaches, disagreement, followed } = this.judge.judge(trace);
    if (breaches.length === 0 && disagreement === undefined) return;
    const path = pathOf();
    for (const { rule, at, text } of breaches) this.#keep(rule, text, this.#upTo(at, rule, trace, path), trace.objects);
    if (breaches.length === 0) {
      const length = (followed.divergence?.call ?? path.length - 1) + 1;
      this.#keep('the model', disagreement ?? '', path.slice(0, length), trace.objects);
    }
  }

  /** The path up to where a rule shows to be broken, if it does without what follows. */
  #upTo(at: number, rule: string, { objects, events }: Trace, path: readonly Transition[]): readonly Transition[] {
    const next = events.findIndex(({ type }, index) => type === 'call' && index > at);
    if (next === -1) return path;
    const { breaches } = this.judge.judge({ objects, events: events.slice(0, next) });
    if (!breaches.some((breach) => breach.rule === rule)) return path;
    return path.slice(0, events.filter(({ type }, index) => type === 'call' && index < next).length);
  }

  #keep(rule: string, text: string, path: readonly Transition[], objects: readonly ProgramObject[]): void {
    const known = this.contradictions.get(rule);
    if (known !== undefined && (known.program.lanes[0]?.length ?? 0) <= path.length) return;
    this.contradictions.set(rule, { rule, text, program: programOf(path, objects, this.space.profile) });
  }
}

/** A transition and its events. */
interface Seen {
  readonly transition: Transition;
  readonly events: readonly Event[];
}

/** Every set of callbacks of an object that has all the mandatory ones. */
function subsetsOf(profile: Profile, id: ObjectId): readonly (readonly CallbackName[])[] {
  const role = roleOf(id);
  const mandatory = profile.mandatory[role];
  const optional = profile.callbacks[role].filter((callback) => !mandatory.includes(callback));
  return Array.from({ length: 1 << optional.length }, (_, mask) => [
    ...mandatory,
    ...optional.filter((__, index) => (mask & (1 << index)) !== 0),
  ]);
}

/** The same operations with other objects; the last one fails at the same callback, where that is still there. */
function rerun(
  space: Space,
  path: readonly Transition[],
  objects: readonly ProgramObject[],
  failing: number,
): readonly Transition[] | undefined {
  const failed = path.at(-1)?.branch.steps[failing]?.callback;
  const again = rerunOperations(
    space,
    path.map(({ operation }) => operation),
    objects,
  );
  const last = again?.at(-1);
  if (again === undefined || last === undefined || failed === undefined) return again;
  const index = last.branch.steps.findIndex(({ callback }) => callback === failed);
  return index === -1 ? undefined : [...again.slice(0, -1), { ...last, to: last.from, failing: index }];
}

function rerunOperations(
  space: Space,
  operations: readonly Transition['operation'][],
  objects: readonly ProgramObject[],
): readonly Transition[] | undefined {
  const other = space.withObjects(objects);
  const path: Transition[] = [];
  let key = 0;
  for (const operation of operations) {
    const next = other.transitions(key, [operation]).findLast((transition) => transition.failing === -1);
    if (next === undefined) return undefined;
    path.push(next);
    key = next.to;
  }
  return path;
}
