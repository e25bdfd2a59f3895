/**
 * One program ran on two hosts, and here the two are laid beside each other. The first operation counts in which they
 * called the manager differently, or returned something else.
 */
import type { Holder, HostTrace, VmId } from '../../spec/host/vocabulary.js';
import type { ObservedOperation } from './commands.js';
import { interactionsOf } from './interactions.js';

/** The operation at which two hosts part. */
export interface HostDifference {
  /** The operation, counted from 0. */
  readonly at: number;
  readonly operation: ObservedOperation;
  readonly first: Actions;
  readonly second: Actions;
  /** The guests to which the first host's hardware sends interrupts when the operation returns, by whose they are. */
  readonly shortcuts: ReadonlyMap<Holder, VmId>;
}

/** The actions of one host in an operation. */
export interface Actions {
  readonly status: number | undefined;
  readonly interactions: readonly string[];
}

/** The first difference of two traces of one program; undefined when there is none. */
export function compareHosts(first: HostTrace, second: HostTrace): HostDifference | undefined {
  const operations = first.events.filter((event) => event.type === 'call');
  const [left, right] = [actionsOf(first), actionsOf(second)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one = NOTHING, other = NOTHING] = [left[at], right[at]];
    const operation = operations[at];
    if (operation === undefined) return undefined;
    if (one.status === other.status && one.interactions.join('\n') === other.interactions.join('\n')) continue;
    const shortcuts = shortcutsAfter(first, at);
    return { at, operation: operation as ObservedOperation, first: one, second: other, shortcuts };
  }
  return undefined;
}

const NOTHING: Actions = { status: undefined, interactions: [] };

function actionsOf(trace: HostTrace): readonly Actions[] {
  const statuses = trace.events.flatMap((event) => (event.type === 'return' ? [event.status] : []));
  return interactionsOf(trace).map((interactions, at) => ({ status: statuses[at], interactions }));
}

/** Where interrupts go to guests after an operation, counted from 0. */
function shortcutsAfter({ events }: HostTrace, at: number): ReadonlyMap<Holder, VmId> {
  const holders = new Map<number, Holder>();
  const shortcuts = new Map<Holder, VmId>();
  let operation = -1;
  for (const event of events) {
    if (event.type === 'call' && ++operation > at) break;
    if (event.type === 'irqRequested') holders.set(event.irq, event.holder);
    const holder = event.type === 'mapped' || event.type === 'unmapped' ? holders.get(event.irq) : undefined;
    if (holder === undefined) continue;
    if (event.type === 'mapped') shortcuts.set(holder, event.target.vm);
    else shortcuts.delete(holder);
  }
  return shortcuts;
}

/** A difference as lines of text. */
export function differenceText({ first, second }: HostDifference, names: readonly [string, string]): readonly string[] {
  return [first, second].flatMap(({ status, interactions }, index) => [
    `${names[index]}: returns ${status ?? 'nothing'}${interactions.length === 0 ? ', and does not turn to the manager' : ''}`,
    ...interactions.map((call) => `    ${call}`),
  ]);
}
