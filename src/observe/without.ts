/**
 * Programs without one of their things: a VM, a device or an eventfd, and all that is done with it. What is left is legal
 * user space, so such a cut is bolder than to leave out operations, and mostly goes wrong in the same way.
 */
import type { HostOperation, HostProgram } from '../../spec/host/vocabulary.js';

/** A program without each of its things in turn: its VMs first, then its devices, then its eventfds. */
export function* withoutThings(program: HostProgram): Generator<HostProgram> {
  const { operations } = program;
  const ids = (kind: RegExp) => [...new Set(operations.flatMap(idsIn))].filter((id) => kind.test(id));
  for (const id of [...ids(/^vm/), ...ids(/^d/), ...ids(/^e/)]) {
    yield { ...program, operations: operations.flatMap((operation) => without(id, operation)) };
  }
}

/** The operation without a thing: none where it is about that. A vector that would signal an eventfd signals nothing. */
function without(id: string, operation: HostOperation): readonly HostOperation[] {
  if (operation.operation === 'setIrqs' && operation.device !== id) {
    const eventfds = operation.eventfds.map((one) => (one === id ? null : one));
    return [{ ...operation, eventfds }];
  }
  return idsIn(operation).includes(id) ? [] : [operation];
}

/** The VMs, devices and eventfds that an operation names. */
function idsIn(operation: HostOperation): readonly string[] {
  return Object.entries(operation).flatMap(([key, value]): readonly string[] => {
    if (key === 'eventfds') return (value as readonly (string | null)[]).filter((one) => one !== null);
    return typeof value === 'string' && /^(?:vm|d|e)\d+$/.test(value) ? [value] : [];
  });
}
