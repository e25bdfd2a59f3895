/**
 * One program ran on two hosts, and here the two are laid beside each other. The first operation counts in which they
 * called the manager differently, or returned something else.
 */
import type { HostTrace } from '../../spec/host/vocabulary.js';
import type { ObservedOperation } from './commands.js';
import { interactionsOf } from './interactions.js';

/** The operation at which two hosts part. */
export interface HostDifference {
  /** The operation, counted from 0. */
  readonly at: number;
  readonly operation: ObservedOperation;
  readonly first: Actions;
  readonly second: Actions;
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
    return { at, operation: operation as ObservedOperation, first: one, second: other };
  }
  return undefined;
}

const NOTHING: Actions = { status: undefined, interactions: [] };

function actionsOf(trace: HostTrace): readonly Actions[] {
  const statuses = trace.events.flatMap((event) => (event.type === 'return' ? [event.status] : []));
  return interactionsOf(trace).map((interactions, at) => ({ status: statuses[at], interactions }));
}

/** A difference as lines of text. */
export function differenceText({ first, second }: HostDifference, names: readonly [string, string]): readonly string[] {
  return [first, second].flatMap(({ status, interactions }, index) => [
    `${names[index]}: returns ${status ?? 'nothing'}${interactions.length === 0 ? ', and does not turn to the manager' : ''}`,
    ...interactions.map((call) => `    ${call}`),
  ]);
}
