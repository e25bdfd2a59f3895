/**
 * Is there an order of the calls of several lanes, one after the other, that explains what they did?
 *
 *     lane 0   ├── register p0, t0 ──┤      ├── unregister p0 ──┤
 *     lane 1         ├────── register c0, t0 ──────┤                  under t0: three calls
 *     lane 2      ├── register p1, t1 ──┤                             under t1: one call
 *
 * An order **explains** a history when the model accepts the calls in it, and when it keeps what was seen: a call that
 * returned before another was called comes first (real time, Herlihy and Wing, 1990); and so does a call whose callbacks
 * were over before those of another began, where those callbacks exclude each other (`Profile.exclusive`). Callbacks are
 * witnesses: they show when the lock was held.
 *
 * **Splitting by token.** Let each object be called by one lane. Then the token of every call is known without a search
 * (`tokens.ts`), and so is whether its object was registered when it was called. Write H|t for the calls of a history H
 * that are under token t.
 *
 * Theorem. Where callbacks exclude each other under one token, an order explains H if and only if for every t an order
 * explains H|t. Where all callbacks of a manager exclude each other, the "only if" remains.
 *
 * Proof. *Only if*: what the model lets a call do depends on its object's own registration and on who is registered under
 * its token, on either side; and it changes nothing else (isolation, proved for any size in `spec/proof`). The first is
 * the same in every order that keeps the order of a lane; and where it decides, the second is not looked at (every
 * profile refuses what is registered before it looks for a duplicate, or with any status that a duplicate may have). So calls under other tokens may be left out of an order that
 * explains H, and what is left explains H|t.
 * *If*: let <t be an order that explains H|t, and < the real time of H. Their union has no cycle. Suppose it has, and take
 * a shortest one. No two <t of one token follow each other in it, since <t is transitive, and none of two tokens do, since
 * a call is under one token. So there is a part  b < c <t d < e. Not d < c, since <t keeps real time; so c was called before
 * d returned. Then b returned before c was called, hence before d returned, hence before e was called: b < e, and the cycle
 * is not the shortest. What remains is  a <t b < a, and <t keeps real time. So an order of H extends the union; it keeps
 * real time, and the order of callbacks within each token, and by isolation the model accepts each call in it. ∎
 *
 * With one lock for all the order of callbacks ties tokens together, and the union may have a cycle: a call without callbacks that
 * had returned when another began shows, through two calls with callbacks under other tokens, that it took effect late.
 * So the tokens are looked at first, which is quick and gives the smallest reason, and then the whole.
 */
import type { Profile } from '../../spec/profile.js';
import { objectsById } from '../../spec/reading/follow.js';
import type { ProgramObject, Token } from '../../spec/vocabulary.js';
import { findOrder, type Orders, type Searched } from './search.js';
import type { Span } from './span.js';
import { type TokenOf, tokensOf } from './tokens.js';

/** Whether an order explains a history. */
export type Explained =
  | { readonly is: 'explained' }
  /** No order does; already the calls under one token, where a token is told, have none. */
  | { readonly is: 'unexplained'; readonly token?: Token | 'none' }
  /** Two lanes call one object, which is undefined. */
  | { readonly is: 'undefined' }
  | { readonly is: 'too many' };

/** Look for an order that explains calls that have all returned. */
export function explain(spans: readonly Span[], profile: Profile, all: readonly ProgramObject[]): Explained {
  const tokens = tokensOf(spans);
  if (tokens === undefined) return { is: 'undefined' };
  const objects = objectsById(all);
  const callbacksOrder = orderOfCallbacks(profile, tokens);
  const search = (some: readonly Span[]) => findOrder({ spans: some, profile, objects, callbacksOrder });
  const parts = byToken(spans, tokens);
  for (const [token, some] of parts) {
    const found = search(some);
    if (found === 'too many') return { is: 'too many' };
    if (found === undefined) return { is: 'unexplained', token };
  }
  if (profile.exclusive === 'token' || parts.size < 2) return { is: 'explained' };
  const found = search(spans);
  if (found === 'too many') return { is: 'too many' };
  return found === undefined ? { is: 'unexplained' } : { is: 'explained' };
}

/** Between which calls the order of their callbacks counts. */
export function orderOfCallbacks({ exclusive }: Profile, tokens: TokenOf): Orders {
  if (exclusive === 'manager') return () => true;
  return (first, second) => tokens.get(first) === tokens.get(second);
}

/** The calls of each token, in the order in which they were called. */
function byToken(spans: Searched['spans'], tokens: TokenOf): ReadonlyMap<Token | 'none', readonly Span[]> {
  const parts = new Map<Token | 'none', Span[]>();
  for (const span of spans) {
    const token = tokens.get(span) ?? 'none';
    const part = parts.get(token);
    if (part === undefined) parts.set(token, [span]);
    else part.push(span);
  }
  return parts;
}
