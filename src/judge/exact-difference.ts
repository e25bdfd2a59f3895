/** In what one operation of a trace differs from what the model allows for it, without names: sides and callbacks only. */
import type { Divergence } from '../../spec/reading/follow.js';
import type { Event, Trace } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';

/**
 * Each thing that is different, in words: `without producer.start`, `with producer.delConsumer`, `in another order`,
 * `failing`. A manager that forgets three callbacks shows three things, and none of them hides another. Of several ways
 * that are allowed, the nearest one is compared. There is at least one.
 */
export function differencesIn(trace: Trace, divergence: Divergence): readonly string[] {
  const came = trace.events[divergence.at];
  if (came?.type === 'crash' || came?.type === 'hang') return [`a ${came.type}`];
  if (came?.type === 'log') return [`${came.level === 'error' ? 'an' : 'a'} ${came.level} is logged`];
  const did = eventsOf(trace.events, divergence);
  const [nearest] = divergence.allowed.map((way) => differences(did, way)).toSorted((a, b) => a.length - b.length);
  return nearest ?? [`${came?.type ?? 'the end'} outside any operation`];
}

/** The events of the operation in which a trace first differs, its call first. */
function eventsOf(events: readonly Event[], { call }: Divergence): readonly Event[] {
  const starts = events.flatMap(({ type }, at) => (type === 'call' ? [at] : []));
  return events.slice(starts[call] ?? events.length, starts[call + 1] ?? events.length);
}

function differences(did: readonly Event[], allowed: readonly Event[]): readonly string[] {
  const [mine, theirs] = [did.flatMap(callbackOf), allowed.flatMap(callbackOf)];
  const missing = without(theirs, mine);
  const extra = without(mine, theirs);
  const isOrder = missing.length === 0 && extra.length === 0 && mine.join() !== theirs.join();
  const found = new Set([
    ...missing.map((callback) => `without ${callback}`),
    ...extra.map((callback) => `with ${callback}`),
    ...(isOrder ? ['in another order'] : []),
    ...statusDifference(did, allowed),
  ]);
  // The callbacks are the right ones, so what differs is what was passed to them, or what they returned.
  return found.size === 0 ? ['with other arguments'] : [...found];
}

function callbackOf(event: Event): readonly string[] {
  return event.type === 'enter' ? [`${roleOf(event.object)}.${event.callback}`] : [];
}

function statusDifference(did: readonly Event[], allowed: readonly Event[]): readonly string[] {
  const [mine, due] = [did, allowed].map((events) => events.findLast((event) => event.type === 'return'));
  if (mine === undefined || due === undefined) return mine === due ? [] : ['without a return'];
  if (mine.status === due.status) return [];
  if (mine.status === undefined || due.status === undefined) return ['with a status where none is due, or without one'];
  if (due.status === 0) return ['failing'];
  return [mine.status === 0 ? 'succeeding' : 'with another status'];
}

/** What is left of a list when each of some others is taken out once. */
function without(list: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...others];
  return list.filter((one) => {
    const at = rest.indexOf(one);
    if (at === -1) return true;
    rest.splice(at, 1);
    return false;
  });
}
