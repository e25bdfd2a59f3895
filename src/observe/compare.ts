/**
 * Lay two hosts beside each other on which one program ran: the first operation in which they dealt differently with the
 * manager, or returned something else.
 */
import type { HostTrace } from '../../spec/host/vocabulary.js';
import type { ObservedOperation } from './commands.js';
import { dealingsOf } from './dealings.js';

/** Where two hosts part. */
export interface HostDifference {
  /** The operation, counted from 0. */
  readonly at: number;
  readonly operation: ObservedOperation;
  readonly first: Deed;
  readonly second: Deed;
}

/** What one host did in an operation. */
export interface Deed {
  readonly status: number | undefined;
  readonly dealings: readonly string[];
}

/** The first difference of two traces of one program; undefined when there is none. */
export function compareHosts(first: HostTrace, second: HostTrace): HostDifference | undefined {
  const operations = first.events.filter((event) => event.type === 'call');
  const [left, right] = [deedsOf(first), deedsOf(second)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one = NOTHING, other = NOTHING] = [left[at], right[at]];
    const operation = operations[at];
    if (operation === undefined) return undefined;
    if (one.status === other.status && one.dealings.join('\n') === other.dealings.join('\n')) continue;
    return { at, operation: operation as ObservedOperation, first: one, second: other };
  }
  return undefined;
}

const NOTHING: Deed = { status: undefined, dealings: [] };

function deedsOf(trace: HostTrace): readonly Deed[] {
  const statuses = trace.events.flatMap((event) => (event.type === 'return' ? [event.status] : []));
  return dealingsOf(trace).map((dealings, at) => ({ status: statuses[at], dealings }));
}

/** A difference as lines of text. */
export function differenceText({ first, second }: HostDifference, names: readonly [string, string]): readonly string[] {
  return [first, second].flatMap(({ status, dealings }, index) => [
    `${names[index]}: returns ${status ?? 'nothing'}${dealings.length === 0 ? ', and does not turn to the manager' : ''}`,
    ...dealings.map((dealing) => `    ${dealing}`),
  ]);
}
