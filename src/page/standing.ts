/** Who is registered, paired and stopped after each event of a trace, for whoever steps through it. */
import { isAdd, isDel } from '../../spec/callbacks.js';
import { Registrations } from '../../spec/reading/registrations.js';
import type { Event, ManagerOperation, ObjectId } from '../../spec/vocabulary.js';
import { isManagerOperation, isRegistration } from '../../spec/vocabulary.js';
import { tokenText } from '../text/format.js';

/** How an object stands. */
export interface Standing {
  readonly object: ObjectId;
  /** The token under which it is registered; undefined when it is not. */
  readonly token: string | undefined;
  /** The object of the other side under the same token: the two are a pair. */
  readonly partner: ObjectId | undefined;
  /** The object to which its callbacks have connected it, and from which none has disconnected it yet. */
  readonly connected: ObjectId | undefined;
  readonly stopped: boolean;
}

/**
 * How the objects stand after each of the events.
 *
 * @param events what the manager saw, event by event; undefined where it saw nothing
 * @param order names of objects that come first, in this order
 * @param told whether it is to be told of an object: of hundreds, few matter
 */
export function standings(
  events: readonly (Event | undefined)[],
  order: readonly string[] = [],
  told: (object: ObjectId) => boolean = () => true,
): readonly (readonly Standing[])[] {
  const state = new Registrations();
  const seen = new Set<ObjectId>();
  const stopped = new Map<ObjectId, number>();
  const connected = new Map<ObjectId, ObjectId>();
  const underWay = new Map<number, ManagerOperation>();
  const counterparts = new Map<string, ObjectId | undefined>();

  const note = (event: Event): void => {
    const lane = 'lane' in event ? (event.lane ?? 0) : 0;
    if ('object' in event && told(event.object)) seen.add(event.object);
    if (event.type === 'call') {
      if (isManagerOperation(event)) underWay.set(lane, event);
    } else if (event.type === 'return') {
      const operation = underWay.get(lane);
      if (operation === undefined) return;
      if (!isRegistration(operation)) state.unregister(operation.object);
      else if (event.status === 0) state.register(operation.object, operation.token);
    } else if (event.type === 'enter') {
      counterparts.set(`${event.object}.${event.callback}`, event.counterpart);
      const count = stopped.get(event.object) ?? 0;
      if (event.callback === 'stop') stopped.set(event.object, count + 1);
      if (event.callback === 'start') stopped.set(event.object, count - 1);
    } else if (event.type === 'leave') {
      const counterpart = counterparts.get(`${event.object}.${event.callback}`);
      if (isAdd(event.callback) && (event.result ?? 0) === 0 && counterpart !== undefined) {
        connected.set(event.object, counterpart);
      } else if (isDel(event.callback)) connected.delete(event.object);
    }
  };

  return events.map((event) => {
    if (event !== undefined) note(event);
    return inOrder(seen, order).map((object): Standing => {
      const token = state.tokenOf(object);
      return {
        object,
        token: token === undefined ? undefined : tokenText(token),
        partner: token === undefined ? undefined : state.peer(object, token),
        connected: connected.get(object),
        stopped: (stopped.get(object) ?? 0) > 0,
      };
    });
  });
}

function inOrder(objects: ReadonlySet<ObjectId>, order: readonly string[]): readonly ObjectId[] {
  const place = (object: ObjectId) => (order.includes(object) ? order.indexOf(object) : order.length);
  return [...objects].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}
