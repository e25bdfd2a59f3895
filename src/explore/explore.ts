/**
 * Explore the model exhaustively over a scope and prove every rule on it.
 *
 * The rules judge the trace of every pair of transitions, one after the other, from every reachable state: so each
 * transition is judged after every way to come into its state, refusals and failures included. Then every transition
 * that makes callbacks is judged once more with every subset of the optional callbacks of its pair.
 */
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import { holdsIn } from '../../spec/rule.js';
import type { CallbackName, ObjectId, Program, ProgramObject } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import { Judge } from '../judge/judge.js';
import type { Scope } from './scope.js';
import { objectWith } from './scope.js';
import type { Transition } from './space.js';
import { pathTo, type Reached, reach, Space } from './space.js';
import type { Proved } from './statements.js';
import { proveStatements } from './statements.js';
import { programOf, traceOf } from './trace.js';

/** A rule that the model breaks: the spec contradicts itself. */
export interface Contradiction {
  readonly rule: string;
  readonly text: string;
  /** A shortest program that shows it. */
  readonly program: Program;
}

/** What came of exploring one profile. */
export interface Exploration {
  readonly profile: Profile;
  readonly scope: Scope;
  readonly states: number;
  readonly transitions: number;
  /** Pairs of transitions whose traces were judged, and traces with fewer callbacks. */
  readonly pairs: number;
  readonly subsets: number;
  /** How often each rule was exposed; those that are exposed by two runs are among the statements. */
  readonly exposures: ReadonlyMap<string, number>;
  readonly statements: readonly Proved[];
  readonly contradictions: readonly Contradiction[];
}

/** Explore a scope. `onProgress` is told the states done and their number. */
export function explore(
  profile: Profile,
  scope: Scope,
  rules: readonly ChapterRule[],
  onProgress: (done: number, total: number) => void = () => undefined,
): Exploration {
  const space = new Space(profile, scope);
  let transitions = 0;
  const reached = reach(space, () => {
    transitions++;
  });
  const proof = new Proof(space, reached, new Judge(profile, rules, true));
  let done = 0;
  for (const key of reached.keys()) {
    proof.judgeFrom(key);
    onProgress(++done, reached.size);
  }
  return {
    profile,
    scope,
    states: reached.size,
    transitions,
    pairs: proof.pairs,
    subsets: proof.subsets,
    exposures: proof.judge.exposures(),
    statements: proveStatements(space, reached.keys()),
    contradictions: [...proof.contradictions.values()],
  };
}

/** Whether everything was proved: no contradiction, every statement holds, every rule of one run was exposed. */
export function unproved(exploration: Exploration, rules: readonly ChapterRule[]): readonly string[] {
  const { profile, exposures, contradictions, statements } = exploration;
  const never = rules.filter(
    (rule) =>
      (rule.kind === 'call' || rule.kind === 'trace') && holdsIn(rule, profile) && (exposures.get(rule.id) ?? 0) === 0,
  );
  return [
    ...contradictions.map(({ rule, text }) => `${rule} does not hold: ${text}`),
    ...statements.flatMap(({ statement, counterexample }) =>
      counterexample === undefined ? [] : [`it does not hold that ${statement}: ${counterexample}`],
    ),
    ...never.map(({ id }) => `${id} was never exposed on this scope`),
  ];
}

class Proof {
  pairs = 0;
  subsets = 0;
  readonly contradictions = new Map<string, Contradiction>();

  constructor(
    readonly space: Space,
    readonly reached: Reached,
    readonly judge: Judge,
  ) {}

  /** Judge every pair of transitions of which the first starts in a state, and that first one with fewer callbacks. */
  judgeFrom(key: number): void {
    const before = pathTo(this.reached, key);
    for (const first of this.space.transitions(key)) {
      for (const second of this.space.transitions(first.to)) {
        this.pairs++;
        this.#hold([...before, first, second], this.space.objects);
      }
      if (first.branch.steps.length > 0) this.#judgeSubsets(before, first);
    }
    // A consumer that lacks what is mandatory is refused wherever it comes.
    this.#judgeIncomplete(before);
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
        this.#hold(path, objects);
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
        this.#hold(path, objects);
      }
    }
  }

  #hold(path: readonly Transition[], objects: readonly ProgramObject[]): void {
    const { profile } = this.space;
    const { breaches, disagreement } = this.judge.judge(traceOf(path, objects, profile));
    if (breaches.length === 0 && disagreement === undefined) return;
    for (const { rule, text } of breaches.length > 0 ? breaches : [{ rule: 'the model', text: disagreement ?? '' }]) {
      const program = programOf(path, objects, profile);
      const known = this.contradictions.get(rule);
      if (known !== undefined && (known.program.lanes[0]?.length ?? 0) <= path.length) continue;
      this.contradictions.set(rule, { rule, text, program });
    }
  }
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
