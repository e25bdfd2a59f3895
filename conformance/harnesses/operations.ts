/** The objects and operations of which the tests of several harnesses make their programs. */
import { bareCallbacks } from '../../spec/callbacks.js';
import type { Operation, ProgramObject } from '../../spec/vocabulary.js';

export const p0: ProgramObject = { id: 'p0', callbacks: [] };
export const p1: ProgramObject = { id: 'p1', callbacks: [] };
export const c0: ProgramObject = { id: 'c0', callbacks: bareCallbacks.consumer };

export const registerP0 = {
  operation: 'registerProducer',
  object: 'p0',
  token: 't0',
  irq: 7,
} as const satisfies Operation;
export const registerP1 = {
  operation: 'registerProducer',
  object: 'p1',
  token: 't0',
  irq: 8,
} as const satisfies Operation;
export const registerC0 = { operation: 'registerConsumer', object: 'c0', token: 't0' } as const satisfies Operation;
export const unregisterP0 = { operation: 'unregisterProducer', object: 'p0' } as const satisfies Operation;
export const unregisterP1 = { operation: 'unregisterProducer', object: 'p1' } as const satisfies Operation;
