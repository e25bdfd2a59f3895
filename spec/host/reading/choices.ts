/** What consumers chose in an operation, where they are free: the follower looks ahead for it, up to the next operation. */
import type { ObjectId, Status } from '../../vocabulary.js';
import { type Choices, usualChoices } from '../pairing.js';
import type { EventfdId, Holder, HostEvent } from '../vocabulary.js';

const EINVAL = -22;

/** The choices that show in the events of the operation whose call is at some place. */
export function choicesIn(events: readonly HostEvent[], at: number, known: ReadonlyMap<ObjectId, Holder>): Choices {
  const names = new Map<ObjectId, Holder>();
  let status: Status | undefined;
  const asked = new Set<string>();
  const accepted = new Set<string>();
  /** Who the running calls at the manager register, as `HOLDER EVENTFD`; undefined for those who unregister. */
  const running: (string | undefined)[] = [];
  for (let next = at + 1; next < events.length; next++) {
    const event = events[next];
    if (event === undefined || event.type === 'call') break;
    if (event.type === 'return') status ??= event.status;
    if (event.type === 'named') names.set(event.object, event.holder);
    if (event.type !== 'manager') continue;
    const one = event.event;
    if (one.type === 'call' && 'token' in one) {
      const newcomer = `${names.get(one.object) ?? known.get(one.object)} e${one.token?.slice(1)}`;
      running.push(newcomer);
      asked.add(newcomer);
    } else if (one.type === 'call' && 'object' in one) running.push(undefined);
    else if (one.type === 'return') running.pop();
    else if (one.type === 'leave' && one.callback === 'addProducer' && (one.result ?? 0) === 0) {
      const newcomer = running.at(-1);
      if (newcomer !== undefined) accepted.add(newcomer);
    }
  }
  const refusesWildGsi = status === EINVAL;
  if (asked.size === 0) return { ...usualChoices, refusesWildGsi, registers: () => false };
  const isIn = (set: ReadonlySet<string>) => (holder: Holder, eventfd: EventfdId) => set.has(`${holder} ${eventfd}`);
  return { refusesWildGsi, registers: isIn(asked), accepts: isIn(accepted) };
}
