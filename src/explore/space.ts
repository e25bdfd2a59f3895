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
import { Registrations } from '../../spec/reading/registrations.js';
import type { ManagerOperation, ObjectId, ProgramObject, Token } from '../../spec/vocabulary.js';
import { objectWith, roleOf } from '../../spec/vocabulary.js';
import type { Scope } from './scope.js';
import { everyOperation, objectIds, tokenNames } from './scope.js';

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
  /** What a digit of each object is worth. */
  readonly #weights: ReadonlyMap<ObjectId, number>;

  constructor(
    readonly profile: Profile,
    readonly scope: Scope,
    objects?: readonly ProgramObject[],
    like?: Space,
  ) {
    this.ids = like?.ids ?? objectIds(scope);
    this.tokens = like?.tokens ?? [null, ...tokenNames(scope)];
    this.operations = like?.operations ?? everyOperation(scope, profile);
    this.objects = objects ?? this.ids.map((id) => objectWith(id, profile.callbacks[roleOf(id)]));
    this.#objects = new Map(this.objects.map((object) => [object.id, object]));
    this.#base = this.tokens.length + 1;
    this.#weights = new Map(this.ids.map((id, index) => [id, this.#base ** index]));
  }

  /** The same scope with other callbacks. */
  withObjects(objects: readonly ProgramObject[]): Space {
    return new Space(this.profile, this.scope, objects, this);
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

  /** The interrupt with which a producer registers, here as in every operation of the scope. */
  irqOf(object: ObjectId): number {
    return 32 + this.ids.indexOf(object);
  }

  /** Everything that can happen in a state. */
  transitions(key: Key, operations: readonly ManagerOperation[] = this.operations): readonly Transition[] {
    const { without } = this.scope;
    const state = this.#unpack(key);
    const found: Transition[] = [];
    for (const operation of operations) {
      if (without?.misuse === true && isMisuse(state, operation)) continue;
      for (const branch of branches(state, operation, this.profile, this.#objects)) {
        found.push({ from: key, to: this.#after(key, operation, branch), operation, branch, failing: -1 });
        if (without?.failures === true) continue;
        for (let index = 0; index < branch.steps.length; index++) {
          const step = branch.steps[index];
          if (step !== undefined && isFallible(step, this.profile))
            found.push({ from: key, to: key, operation, branch, failing: index });
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
    let rest = key;
    for (const [index, id] of this.ids.entries()) {
      const digit = rest % this.#base;
      rest = (rest - digit) / this.#base;
      const token = digit === 0 ? undefined : this.tokens[digit - 1];
      if (token !== undefined) state.register(id, token, roleOf(id) === 'producer' ? 32 + index : undefined);
    }
    return state;
  }

  #weight(object: ObjectId): number {
    return this.#weights.get(object) ?? Number.NaN;
  }
}

/** Whether a caller asks for what makes no sense: to register what is registered, or to unregister what is not. */
function isMisuse(state: Registrations, operation: ManagerOperation): boolean {
  return 'token' in operation === (state.tokenOf(operation.object) !== undefined);
}
