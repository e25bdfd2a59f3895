/**
 * What a failing program needs that is out of the common: more objects alive at once than a handful, or tokens of certain
 * names. A program that was made small has nothing that it can do without, so two small programs that need the very same
 * show one cause: a table with room for sixteen, say, loses registrations, and with them pairs and refusals.
 */
import type { Situation } from '../../spec/model.js';
import type { Followed } from '../../spec/reading/follow.js';
import type { Operation, Token, Trace } from '../../spec/vocabulary.js';
import { isManagerOperation, isProducerId, isRegistration } from '../../spec/vocabulary.js';

/** So many objects are alive in many programs, for many reasons. */
const HANDFUL = 4;

const REGISTERED: readonly Situation[] = ['alone', 'peer-waiting'];
const UNREGISTERED: readonly Situation[] = ['paired', 'unpaired'];

/** What is needed, in words that follow "with"; the most telling first. Nothing where the program is a common one. */
export function needs({ events }: Trace, { situations, divergence }: Followed): readonly string[] {
  if (divergence === undefined) return [];
  const calls = events.filter((event) => event.type === 'call');
  const before = situations.slice(0, divergence.call);
  // What goes wrong in the last operation may have been lost before it.
  const counts = [...crowds(calls, [...before, divergence.situation]), ...crowds(calls, before)];
  return [...new Set([...counts, ...names(calls)])];
}

/** How many objects are alive at once at most after some operations, all done as they should have been. */
function crowds(calls: readonly Operation[], situations: readonly Situation[]): readonly string[] {
  const alive = { producers: 0, consumers: 0 };
  const most = { producers: 0, consumers: 0, objects: 0 };
  for (const [at, { object }] of calls.entries()) {
    const side = isProducerId(object) ? 'producers' : 'consumers';
    const situation = situations[at];
    if (situation === undefined) break;
    if (REGISTERED.includes(situation)) alive[side]++;
    if (UNREGISTERED.includes(situation)) alive[side]--;
    most[side] = Math.max(most[side], alive[side]);
    most.objects = Math.max(most.objects, alive.producers + alive.consumers);
  }
  return Object.entries(most).flatMap(([what, count]) => (count > HANDFUL ? [`${count} ${what} at once`] : []));
}

/** Tokens that are not called by the first names that there are, though others would be simpler. */
function names(calls: readonly Operation[]): readonly string[] {
  const used = new Set<Token>(
    calls.flatMap((call) => (isManagerOperation(call) && isRegistration(call) ? [call.token] : [])),
  );
  const tokens = [...used].filter((token) => token !== null).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const isPlain = tokens.every((token, at) => token === `t${at}`);
  return isPlain ? [] : [`the tokens ${tokens.join(', ')}`];
}
