/**
 * The state space of the model on a scope.
 *
 * A state is who is registered under which token. It is packed into one number, a digit an object: 0 for "not
 * registered", 1 for the null token, then the tokens. From each state every operation is taken, along every branch,
 * with every fallible callback failing in turn.
 */
import type { Branch, Objects } from '../../spec/model.js';
import { branches, isFallible } from '../../spec/model.js';
import type { Profile } from '../../spec/profile.js';
import { Registrations } from '../../spec/registrations.js';
import type { ManagerOperation, ObjectId, ProgramObject, Token } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import type { Scope } from './scope.js';
import { everyOperation, objectIds, objectWith, tokenNames } from './scope.js';

/** A state, packed. */
export type Key = number;

/** One step from a state. */
export interface Transition {
  readonly from: Key;
  readonly to: Key;
  readonly operation: ManagerOperation;
  readonly branch: Branch;
  /** The fallible callback that fails, as an index into the branch's steps; -1 where none does. */
  readonly failing: number;
}

/** The model on a scope: states as numbers, and what leads from one to the next. */
export class Space {
  readonly ids: readonly ObjectId[];
  readonly tokens: readonly Token[];
  readonly operations: readonly ManagerOperation[];
  readonly objects: readonly ProgramObject[];
  readonly #objects: Objects;
  readonly #base: number;

  constructor(
    readonly profile: Profile,
    readonly scope: Scope,
    objects?: readonly ProgramObject[],
  ) {
    this.ids = objectIds(scope);
    this.tokens = [null, ...tokenNames(scope)];
    this.operations = everyOperation(scope, profile);
    this.objects = objects ?? this.ids.map((id) => objectWith(id, profile.callbacks[roleOf(id)]));
    this.#objects = new Map(this.objects.map((object) => [object.id, object]));
    this.#base = this.tokens.length + 1;
  }

  /** The same scope with other callbacks. */
  withObjects(objects: readonly ProgramObject[]): Space {
    return new Space(this.profile, this.scope, objects);
  }

  /** The token under which an object is registered in a state; undefined when it is not. */
  tokenOf(key: Key, object: ObjectId): Token | undefined {
    const digit = Math.floor(key / this.#weight(object)) % this.#base;
    return digit === 0 ? undefined : this.tokens[digit - 1];
  }

  /** The state with one object registered under another token, or not at all. */
  with(key: Key, object: ObjectId, token: Token | undefined): Key {
    const weight = this.#weight(object);
    const before = Math.floor(key / weight) % this.#base;
    const after = token === undefined ? 0 : this.tokens.indexOf(token) + 1;
    return key + (after - before) * weight;
  }

  /** Everything that can happen in a state. */
  transitions(key: Key, operations: readonly ManagerOperation[] = this.operations): readonly Transition[] {
    const state = this.#unpack(key);
    const found: Transition[] = [];
    for (const operation of operations) {
      for (const branch of branches(state, operation, this.profile, this.#objects)) {
        found.push({ from: key, to: this.#after(key, operation, branch), operation, branch, failing: -1 });
        for (const [index, step] of branch.steps.entries()) {
          if (isFallible(step, this.profile)) found.push({ from: key, to: key, operation, branch, failing: index });
        }
      }
    }
    return found;
  }

  #after(key: Key, operation: ManagerOperation, branch: Branch): Key {
    switch (branch.change) {
      case 'none':
        return key;
      case 'unregister':
        return this.with(key, operation.object, undefined);
      case 'register':
        return 'token' in operation ? this.with(key, operation.object, operation.token) : key;
    }
  }

  #unpack(key: Key): Registrations {
    const state = new Registrations();
    for (const [index, id] of this.ids.entries()) {
      const token = this.tokenOf(key, id);
      if (token !== undefined) state.register(id, token, roleOf(id) === 'producer' ? 32 + index : undefined);
    }
    return state;
  }

  #weight(object: ObjectId): number {
    return this.#base ** this.ids.indexOf(object);
  }
}

/** All states that can be reached, each with the transition that first led to it; none for the empty state. */
export type Reached = ReadonlyMap<Key, Transition | undefined>;

/** Breadth first, so that the way to each state is a shortest one. `visit` is told of every transition. */
export function reach(space: Space, visit: (transition: Transition) => void = () => undefined): Reached {
  const reached = new Map<Key, Transition | undefined>([[0, undefined]]);
  for (const [key] of reached) {
    for (const transition of space.transitions(key)) {
      visit(transition);
      if (!reached.has(transition.to)) reached.set(transition.to, transition);
    }
  }
  return reached;
}

/** A shortest way to a state. */
export function pathTo(reached: Reached, key: Key): readonly Transition[] {
  const path: Transition[] = [];
  for (let at = reached.get(key); at !== undefined; at = reached.get(at.from)) path.unshift(at);
  return path;
}
