/**
 * Hold the rules against the model: against the trace of every pair of transitions, one after the other, and of every
 * transition with fewer callbacks.
 */
import { objectsById } from '../../spec/follow.js';
import type { Objects } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import type { CallbackName, Event, ObjectId, Program, ProgramObject, Trace } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import type { Judge } from '../judge/judge.js';
import type { Reached } from './reach.js';
import { objectWith } from './scope.js';
import type { Key, Space, Transition } from './space.js';
import { eventsOf, programOf, traceOf } from './trace.js';

/** A rule that the model breaks: the spec contradicts itself. */
export interface Contradiction {
  readonly rule: string;
  readonly text: string;
  /** A shortest program that shows it. */
  readonly program: Program;
}

/** Holds rules against the traces of a space, and keeps what they find. */
export class Proof {
  pairs = 0;
  subsets = 0;
  readonly contradictions = new Map<string, Contradiction>();
  readonly #objects: Objects;

  constructor(
    readonly space: Space,
    readonly reached: Reached,
    readonly judge: Judge,
  ) {
    this.#objects = objectsById(space.objects);
  }

  /** Judge every pair of transitions of which the first starts in a state, and that first one with fewer callbacks. */
  judgeFrom(key: Key): void {
    const before = this.reached.pathTo(key);
    const lead = before.flatMap((transition) => this.#events(transition));
    // Most transitions lead back to where they start.
    const seconds = new Map<Key, readonly Second[]>();
    for (const first of this.space.transitions(key)) {
      const firstEvents = this.#events(first);
      for (const { second, events } of this.#secondsOf(first.to, seconds)) {
        this.pairs++;
        const trace = { objects: this.space.objects, events: [...lead, ...firstEvents, ...events] };
        this.#hold(trace, () => [...before, first, second]);
      }
      if (first.branch.steps.length > 0 && this.space.scope.without?.subsets !== true)
        this.#judgeSubsets(before, first);
    }
    // A consumer that lacks what is mandatory is refused wherever it comes.
    if (this.space.scope.without?.subsets !== true) this.#judgeIncomplete(before);
  }

  #secondsOf(key: Key, known: Map<Key, readonly Second[]>): readonly Second[] {
    const found =
      known.get(key) ?? this.space.transitions(key).map((second) => ({ second, events: this.#events(second) }));
    known.set(key, found);
    return found;
  }

  #events(transition: Transition): readonly Event[] {
    return eventsOf(transition, this.#objects, this.space.profile);
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
  #upTo(at: number, rule: string, trace: Trace, path: readonly Transition[]): readonly Transition[] {
    const length = trace.events.filter((event, index) => event.type === 'call' && index <= at).length;
    const shorter = path.slice(0, length);
    const { breaches } = this.judge.judge(traceOf(shorter, trace.objects, this.space.profile));
    return breaches.some((breach) => breach.rule === rule) ? shorter : path;
  }

  #keep(rule: string, text: string, path: readonly Transition[], objects: readonly ProgramObject[]): void {
    const known = this.contradictions.get(rule);
    if (known !== undefined && (known.program.lanes[0]?.length ?? 0) <= path.length) return;
    this.contradictions.set(rule, { rule, text, program: programOf(path, objects, this.space.profile) });
  }
}

/** A transition and its events. */
interface Second {
  readonly second: Transition;
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
