/** Under which token each call of a history was. */
import type { ObjectId, Token } from '../../spec/vocabulary.js';
import { isManagerOperation, isRegistration } from '../../spec/vocabulary.js';
import type { Span } from './span.js';

/** The token of a call; `'none'` for the unregistration of what is not registered, which is about no token. */
export type TokenOf = ReadonlyMap<Span, Token | 'none'>;

/**
 * Find the token of each call. It takes nothing but what the calls of one object returned, since one lane makes them all,
 * one after the other: a registration that returned 0 holds its token until the next unregistration. What registers again
 * is refused for that, whoever holds the other token; so such a call is under the token that its object holds.
 *
 * @returns undefined where two lanes call one object, which is undefined behaviour
 */
export function tokensOf(spans: readonly Span[]): TokenOf | undefined {
  const callers = new Map<ObjectId, number>();
  const held = new Map<ObjectId, Token>();
  const tokens = new Map<Span, Token | 'none'>();
  for (const span of spans) {
    const { call, lane, events } = span;
    const { object } = call;
    if ((callers.get(object) ?? lane) !== lane || !isManagerOperation(call)) return undefined;
    callers.set(object, lane);
    if (isRegistration(call)) {
      const before = held.get(object);
      tokens.set(span, before === undefined ? call.token : before);
      const last = events.at(-1);
      if (before === undefined && last?.type === 'return' && last.status === 0) held.set(object, call.token);
    } else {
      const before = held.get(object);
      tokens.set(span, before === undefined ? 'none' : before);
      held.delete(object);
    }
  }
  return tokens;
}
