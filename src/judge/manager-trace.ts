/** What the manager of a host saw, as a trace of its own. */
import { bareCallbacks } from '../../spec/callbacks.js';
import type { HostTrace } from '../../spec/host/vocabulary.js';
import type { CallbackName, Event, ObjectId, ProgramObject, Trace } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';

/** The manager's trace, and for each of its events the index of the event in the host's. */
export function managerTrace(host: HostTrace): { readonly trace: Trace; readonly places: readonly number[] } {
  const objects: ProgramObject[] = [];
  const events: Event[] = [];
  const places: number[] = [];
  for (const [place, event] of host.events.entries()) {
    if (event.type === 'named') objects.push(described(event.object, event.callbacks));
    else if (event.type === 'manager') {
      events.push(event.event);
      places.push(place);
    }
  }
  return { trace: { objects, events }, places };
}

/** An object of which nothing else is known has the callbacks without which it could not register. */
function described(id: ObjectId, callbacks: readonly CallbackName[] = bareCallbacks[roleOf(id)]): ProgramObject {
  return { id, callbacks } as ProgramObject;
}
