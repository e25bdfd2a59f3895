/**
 * The calls of a recording: what each task was doing when, put together from its events. Objects and tokens are still
 * the kernel's addresses.
 *
 * A task is in one call of the manager at a time, since calling it from a callback would wait for itself for ever.
 */
import type { CallbackName, OperationName, Status } from '../../spec/vocabulary.js';
import { BadInput } from '../formats/errors.js';
import type { FtraceRecord } from './ftrace.js';
import { CALLBACKS, OPERATIONS, POINTERS } from './probes.js';

/** An address, as the kernel prints it. */
export type Address = string;

/** A callback in a call. */
export interface RecordedCallback {
  readonly callback: CallbackName;
  readonly object: Address;
  readonly counterpart: Address | undefined;
  readonly irq: number | undefined;
  /** Where it begins and ends among the records; undefined while its end was not recorded. */
  readonly begins: number;
  ends: number | undefined;
  result: Status | undefined;
}

/** A call of the manager. */
export interface RecordedCall {
  readonly task: string;
  readonly pid: number;
  readonly operation: OperationName;
  readonly object: Address;
  /** Register: the token asked for. Unregister: what the object held. Undefined where it could not be read, or is null. */
  readonly token: Address | undefined;
  /** Whether the token could be read. */
  readonly tokenKnown: boolean;
  readonly irq: number | undefined;
  /** Register: the functions behind the object's callbacks; without those that it lacks. */
  readonly pointers: ReadonlyMap<CallbackName, string>;
  readonly callbacks: RecordedCallback[];
  /** Where it begins and ends among the records; undefined where its end was not recorded. */
  readonly begins: number;
  ends: number | undefined;
  status: Status | undefined;
}

/** What was put together. */
export interface RecordedCalls {
  /** In the order of their beginnings. */
  readonly calls: readonly RecordedCall[];
  /** Objects of callbacks that belong to no recorded call. */
  readonly strays: ReadonlySet<Address>;
}

/** A record and its place in the sequence. */
export interface Placed {
  readonly at: number;
  readonly record: FtraceRecord;
}

/**
 * Put calls together.
 * @throws {BadInput} when an event lacks what every recording of irqbypass-spec has
 */
export function assembleCalls(records: readonly Placed[], name: string): RecordedCalls {
  const calls: RecordedCall[] = [];
  const strays = new Set<Address>();
  const open = new Map<number, RecordedCall>();
  for (const { at, record } of records) {
    const { event, pid } = record;
    const current = open.get(pid);
    if (isOperation(event)) {
      const call = begin(event, at, record, name);
      calls.push(call);
      // Where the one before was not seen to end, it stays without an end.
      open.set(pid, call);
    } else if (event.endsWith('Return') && isOperation(event.slice(0, -'Return'.length))) {
      if (current === undefined || `${current.operation}Return` !== event) continue;
      current.ends = at;
      current.status = optionalNumber(record.fields.status);
      open.delete(pid);
    } else if (event.endsWith('Return')) {
      const last = current?.callbacks.at(-1);
      if (last === undefined || last.ends !== undefined || `${last.callback}Return` !== event) continue;
      last.ends = at;
      last.result = optionalNumber(record.fields.result);
    } else if (isCallback(event)) {
      const callback: RecordedCallback = {
        callback: event,
        object: need(record, 'object', name),
        counterpart: record.fields.counterpart,
        irq: optionalNumber(record.fields.irq),
        begins: at,
        ends: undefined,
        result: undefined,
      };
      if (current === undefined) strays.add(callback.object);
      else current.callbacks.push(callback);
    }
  }
  return { calls, strays };
}

function begin(operation: OperationName, begins: number, record: FtraceRecord, name: string): RecordedCall {
  const token = need(record, 'token', name);
  const pointers = new Map<CallbackName, string>();
  if (operation === 'registerProducer' || operation === 'registerConsumer') {
    for (const callback of POINTERS[operation === 'registerProducer' ? 'producer' : 'consumer']) {
      const target = need(record, callback, name);
      if (!isNull(target)) pointers.set(callback, target);
    }
  }
  return {
    task: record.task,
    pid: record.pid,
    operation,
    object: need(record, 'object', name),
    token: isNull(token) || token === '(fault)' ? undefined : token,
    tokenKnown: token !== '(fault)',
    irq: optionalNumber(record.fields.irq),
    pointers,
    callbacks: [],
    begins,
    ends: undefined,
    status: undefined,
  };
}

function need({ fields, line, event }: FtraceRecord, field: string, name: string): string {
  const value = fields[field];
  if (value !== undefined) return value;
  throw new BadInput({
    where: `${name}:${line}`,
    problem: `expected ${field}= in the event ${event}; came nothing.`,
    remedy: 'Record with the events that irqbypass-spec record sets up.',
  });
}

function isNull(text: string): boolean {
  return /^(?:0x)?0+$/.test(text);
}

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined || !/^-?(?:0x)?[0-9a-f]+$/.test(text) ? undefined : Number(text);
}

function isOperation(event: string): event is OperationName {
  return Object.hasOwn(OPERATIONS, event);
}

function isCallback(event: string): event is keyof typeof CALLBACKS {
  return Object.hasOwn(CALLBACKS, event);
}
