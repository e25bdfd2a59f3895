/**
 * Calls in steps. Between two steps of a call another lane may go on; within one, nobody else does anything.
 *
 *     lane 0   lock ─ look ─ unlock ───────────── act ── ...
 *     lane 1                          lock ─ act ──── unlock
 *
 * A call is a generator of steps, so that whoever drives it decides who goes on. What an `act` gives back is all that its
 * call learns of the others. So a call stands where it stood when it has seen the same.
 */

/** What the next step of a call is. */
export type Step =
  | { readonly is: 'lock' | 'unlock'; readonly lock: string }
  /** The call goes on once this holds. */
  | { readonly is: 'wait'; readonly what: string; readonly until: () => boolean }
  | { readonly is: 'act'; readonly what: string; readonly does: () => unknown };

/** A call, or a part of one: its steps, and what it returns. */
export type Steps<T = void> = Generator<Step, T, unknown>;

/** Do something in one step. What it gives back is plain: it is kept as JSON. */
export function* act<T>(what: string, does: () => T): Steps<T> {
  return (yield { is: 'act', what, does }) as T;
}

/** Take a lock, go through some steps, and release it. */
export function* holding<T>(lock: string, inside: Steps<T>): Steps<T> {
  yield { is: 'lock', lock };
  const result = yield* inside;
  yield { is: 'unlock', lock };
  return result;
}

/** Go on once something holds. */
export function* waitFor(what: string, until: () => boolean): Steps {
  yield { is: 'wait', what, until };
}
