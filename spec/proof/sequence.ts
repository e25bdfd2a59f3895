/** The callbacks in the order of the rules (CALL-1, CALL-2, FAIL-2): a row for each, and a point of the way for each row. */
import { SEQUENCES } from '../rules/helpers.js';
import type { CallbackName, Role } from '../vocabulary.js';

/** One callback of connecting or of disconnecting. */
export interface Row {
  readonly point: string;
  readonly role: Role;
  readonly callback: CallbackName;
}

/** The callbacks whose result matters. */
export const FALLIBLE = ['addConsumer', 'addProducer'] as const;

const ORDER = {
  // With the roll-back in its place: whoever gets through without a failure passes it by.
  connect: SEQUENCES['addProducer-fails'],
  disconnect: SEQUENCES.disconnect,
} as const;

/** The callbacks of connecting, roll-back included, or of disconnecting, in order. */
export function rowsOf(way: keyof typeof ORDER): readonly Row[] {
  return ORDER[way].map(([role, callback]) => ({ point: `${way}.${role}.${callback}`, role, callback }));
}
