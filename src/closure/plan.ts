/**
 * What is to be walked: objects with every choice of callbacks, every operation on them, what failing callbacks return.
 * The names of the spec on this side, numbers on the other (`closure/main.c`).
 */
import type { Profile } from '../../spec/profile.js';
import type { CallbackName, ManagerOperation, ObjectId, ProgramObject, Status } from '../../spec/vocabulary.js';
import { objectWith, roleOf } from '../../spec/vocabulary.js';
import { everyOperation, objectIds, type Scope } from '../explore/scope.js';

/** A walk, in the words of the spec. */
export interface Plan {
  readonly scope: Scope;
  readonly ids: readonly ObjectId[];
  readonly operations: readonly ManagerOperation[];
  readonly beginnings: readonly Beginning[];
  /** What a failing callback may return. */
  readonly results: readonly Status[];
  /** Whether what is registered is registered, and what is not is unregistered. */
  readonly misuse: boolean;
  readonly mostStates: number;
}

/** Where a walk begins: nothing is registered. */
export interface Beginning {
  /** The same ids in each beginning, with other callbacks. */
  readonly objects: readonly ProgramObject[];
  /** Whether the unusual is done from here, too: misuse, the null token, registering without memory. */
  readonly unusual: boolean;
}

/** How much is walked of what multiplies. */
export interface Extent {
  readonly mostStates: number;
  /** The unusual with every choice of callbacks, and not only with all of them. */
  readonly everywhere: boolean;
}

/** A negative errno and a positive number: any result but 0 is a failure. */
const FAILURES: readonly Status[] = [-5, 7];

/** The callbacks that mean something together, so that an object has both or none. */
const TOGETHER: readonly (readonly CallbackName[])[] = [
  ['stop', 'start'],
  ['addConsumer', 'delConsumer'],
  ['addProducer', 'delProducer'],
];

/** The numbers of `enum adapter_callbacks`. */
const BITS: Readonly<Record<CallbackName, number>> = {
  stop: 1,
  start: 2,
  addConsumer: 4,
  addProducer: 4,
  delConsumer: 8,
  delProducer: 8,
};

const KINDS: Readonly<Record<ManagerOperation['operation'], number>> = {
  registerProducer: 0,
  unregisterProducer: 1,
  registerConsumer: 2,
  unregisterConsumer: 3,
};

/** The walk of a scope under a profile. What the scope is `without` is left out. */
export function planOf(profile: Profile, scope: Scope, extent: Extent): Plan {
  const { without = {} } = scope;
  const ids = objectIds(scope);
  const { whole, lacking, incomplete } = choicesOfCallbacks(profile, ids);
  const beginnings: Beginning[] = [{ objects: whole, unusual: true }];
  if (without.subsets !== true) {
    for (const objects of lacking) beginnings.push({ objects, unusual: extent.everywhere });
    for (const objects of incomplete) beginnings.push({ objects, unusual: true });
  }
  return {
    scope,
    ids,
    operations: everyOperation(scope, profile),
    beginnings,
    results: without.failures === true || !profile.fallible ? [] : FAILURES,
    misuse: without.misuse !== true,
    mostStates: extent.mostStates,
  };
}

type Objects = readonly ProgramObject[];

/**
 * The objects with all of their callbacks; with and without each pair of optional ones; and one object at a time that
 * lacks a mandatory one, where the profile says what comes of it.
 */
function choicesOfCallbacks(
  profile: Profile,
  ids: readonly ObjectId[],
): { readonly whole: Objects; readonly lacking: readonly Objects[]; readonly incomplete: readonly Objects[] } {
  let choices: readonly Objects[] = [[]];
  for (const id of ids) {
    const sets = callbackSets(profile, id);
    choices = choices.flatMap((before) => sets.map((callbacks) => [...before, objectWith(id, callbacks)]));
  }
  const [whole = [], ...lacking] = choices;
  return { whole, lacking, incomplete: incompleteOf(profile, whole) };
}

/** All callbacks of an object first, then what is left without one pair of them or both. */
function callbackSets(profile: Profile, id: ObjectId): readonly (readonly CallbackName[])[] {
  const role = roleOf(id);
  let sets: readonly (readonly CallbackName[])[] = [profile.callbacks[role]];
  for (const pair of TOGETHER) {
    const optional = pair.filter(
      (callback) => profile.callbacks[role].includes(callback) && !profile.mandatory[role].includes(callback),
    );
    if (optional.length === 0) continue;
    sets = sets.flatMap((set) => [set, set.filter((callback) => !optional.includes(callback))]);
  }
  return sets;
}

function incompleteOf(profile: Profile, whole: Objects): readonly Objects[] {
  if (profile.undefined['missing-callback'] !== undefined) return [];
  return whole.flatMap((object, index) =>
    profile.mandatory[roleOf(object.id)].map((missing) =>
      whole.with(
        index,
        objectWith(
          object.id,
          object.callbacks.filter((callback) => callback !== missing),
        ),
      ),
    ),
  );
}

/** The plan as `closure/main.c` reads it. */
export function spellPlan(plan: Plan): string {
  const { scope, ids, operations, beginnings, results } = plan;
  const numbers: (number | string)[] = [scope.producers, scope.consumers, scope.tokens];
  numbers.push(plan.misuse ? 1 : 0, plan.mostStates);
  numbers.push(results.length, ...results, '\n');
  numbers.push(beginnings.length);
  for (const { objects, unusual } of beginnings) {
    numbers.push(unusual ? 1 : 0);
    for (const { callbacks } of objects) numbers.push(callbacks.reduce((set, callback) => set | BITS[callback], 0));
  }
  numbers.push('\n', operations.length, '\n');
  for (const operation of operations) {
    const unusual = ('token' in operation && operation.token === null) || 'memory' in operation ? 1 : 0;
    const token = 'token' in operation ? (operation.token === null ? -1 : Number(operation.token.slice(1))) : -1;
    const irq = operation.operation === 'registerProducer' ? operation.irq : 0;
    const starved = 'memory' in operation ? 1 : 0;
    numbers.push(KINDS[operation.operation], ids.indexOf(operation.object), token, irq, starved, unusual, '\n');
  }
  return `${numbers.join(' ')}\n`;
}
