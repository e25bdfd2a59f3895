/**
 * The same question as in `explain.ts`, answered by its definition and by nothing else: every order of the calls is made,
 * those are kept that keep what was seen, and each is followed through the model as a trace of one lane. It shares with the
 * search neither its steps nor its memory, and is far too slow but for a few calls.
 */
import type { Profile } from '../../spec/profile.js';
import { follow } from '../../spec/reading/follow.js';
import type { Event, ProgramObject } from '../../spec/vocabulary.js';
import { orderOfCallbacks } from './explain.js';
import type { Span } from './span.js';
import { tokensOf } from './tokens.js';

/** Whether some order explains calls that have all returned; undefined where two lanes call one object. */
export function explainPlainly(
  spans: readonly Span[],
  profile: Profile,
  objects: readonly ProgramObject[],
): boolean | undefined {
  const tokens = tokensOf(spans);
  if (tokens === undefined) return undefined;
  const exclude = orderOfCallbacks(profile, tokens);
  const mustPrecede = (first: Span, second: Span): boolean =>
    first.ends < second.begins ||
    (first.holds !== undefined &&
      second.holds !== undefined &&
      first.holds[1] < second.holds[0] &&
      exclude(first, second));
  for (const order of orders(spans, mustPrecede)) {
    const events = order.flatMap((span) => span.events.map(({ lane: _, ...event }) => event as Event));
    if (follow({ objects, events }, profile).divergence === undefined) return true;
  }
  return false;
}

/** Every order of some calls in which none comes before one that must precede it. */
function* orders(
  spans: readonly Span[],
  mustPrecede: (first: Span, second: Span) => boolean,
): Iterable<readonly Span[]> {
  if (spans.length === 0) yield [];
  for (const [at, span] of spans.entries()) {
    const others = spans.toSpliced(at, 1);
    if (others.some((other) => mustPrecede(other, span))) continue;
    for (const rest of orders(others, mustPrecede)) yield [span, ...rest];
  }
}
