/** A scope: how many objects and tokens there are, and every operation on them. */
import type { Profile } from '../../spec/profile.js';
import type { ManagerOperation, ObjectId, TokenName } from '../../spec/vocabulary.js';
import { registering, unregistering } from '../../spec/vocabulary.js';

/** How many of each, and what may be done with them. */
export interface Scope {
  readonly producers: number;
  readonly consumers: number;
  readonly tokens: number;
  /** What is left out. */
  readonly without?: Without;
}

/** What may be left out of a scope, such as what a target cannot be asked. */
export interface Without {
  /** The null token. */
  readonly nullToken?: boolean;
  /** Registering without memory. */
  readonly memoryFailure?: boolean;
  /** Callbacks that fail. */
  readonly failures?: boolean;
  /** Registering what is registered, and unregistering what is not. */
  readonly misuse?: boolean;
  /** Objects without some of their callbacks. */
  readonly subsets?: boolean;
}

/** The scope of a text such as `2x2x2`: producers, consumers, tokens, each from 1 to 9; undefined for another text. */
export function parseScope(text: string): Scope | undefined {
  const match = /^([1-9])x([1-9])x([1-9])$/.exec(text);
  if (match === null) return undefined;
  const [producers, consumers, tokens] = match.slice(1).map(Number) as [number, number, number];
  return { producers, consumers, tokens };
}

/** The ids of a scope's objects: the producers, then the consumers. */
export function objectIds({ producers, consumers }: Scope): readonly ObjectId[] {
  const ids = (letter: 'p' | 'c', count: number) =>
    Array.from({ length: count }, (_, index): ObjectId => `${letter}${index}`);
  return [...ids('p', producers), ...ids('c', consumers)];
}

/** The names of a scope's tokens. */
export function tokenNames({ tokens }: Scope): readonly TokenName[] {
  return Array.from({ length: tokens }, (_, index): TokenName => `t${index}`);
}

/**
 * Every operation on a scope: each object registered under each token and the null token, with and without memory
 * where the profile knows of it, and unregistered; whether or not it is registered.
 */
export function everyOperation(scope: Scope, profile: Profile): readonly ManagerOperation[] {
  const starves =
    scope.without?.memoryFailure !== true && profile.refusals.some(({ refusal }) => refusal === 'no-memory');
  const tokens = scope.without?.nullToken === true ? tokenNames(scope) : [...tokenNames(scope), null];
  return objectIds(scope).flatMap((id, index) => {
    const registrations = tokens.map((token): ManagerOperation => registering(id, token, 32 + index));
    const starved = starves
      ? registrations.map((one): ManagerOperation => ({ ...one, memory: 'none' }) as ManagerOperation)
      : [];
    return [...registrations, ...starved, unregistering(id)];
  });
}
