/**
 * The calls of a recording: what each task was doing when, put together from its events. Objects and tokens are still
 * the kernel's addresses.
 *
 * A task is in one call of the manager at a time, since calling it from a callback would wait for itself for ever.
 */

import { passesCounterpart, returnsStatus, showsIrq } from '../../spec/callbacks.js';
import type { CallbackName, OperationName, Status } from '../../spec/vocabulary.js';
import type { FtraceRecord } from './ftrace.js';
import { Impossible } from './ftrace.js';
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
  /** Calls during which another one took effect of which it is not known what it was. */
  readonly doubtful: readonly RecordedCall[];
}

/** A record and its place in the sequence. */
export interface Placed {
  readonly at: number;
  readonly record: FtraceRecord;
}

/** A task: it is in a call, or in none, perhaps in a callback that belongs to none. */
interface Task {
  /** Whether it is known in which call it is, if in any: it may have been in one before the first record. */
  readonly isKnown: boolean;
  readonly call: RecordedCall | undefined;
  /** A callback outside any call, which has not returned. */
  readonly stray: CallbackName | undefined;
}

/**
 * Put calls together.
 *
 * A recording may begin in the midst of a call, and a call may never be seen to end. But a return has its beginning:
 * where its task was seen before and that is not there, a line is missing, and nothing can be said of what it changed.
 *
 * @param fromNothing whether nothing can have begun before these records
 * @throws {Impossible} when a record cannot follow those before it, or lacks what every recording of irqbypass-spec has
 */
export function assembleCalls(records: readonly Placed[], fromNothing: boolean): RecordedCalls {
  let calls: RecordedCall[] = [];
  const doubtful: RecordedCall[] = [];
  const strays = new Set<Address>();
  const tasks = new Map<number, Task>();
  const outside: Task = { isKnown: true, call: undefined, stray: undefined };
  const unseen: Task = { ...outside, isKnown: fromNothing };
  for (const { at, record } of records) {
    const { event, pid, line } = record;
    const task = tasks.get(pid) ?? unseen;
    const { call } = task;
    if (isOperation(event)) {
      const begun = begin(event, at, record);
      calls.push(begun);
      // Where the one before was not seen to end, it stays without an end.
      tasks.set(pid, { isKnown: true, call: begun, stray: undefined });
    } else if (isCallback(event)) {
      const callback = enter(event, at, record);
      if (call === undefined) {
        strays.add(callback.object);
        tasks.set(pid, { ...task, stray: event });
      } else {
        call.callbacks.push(callback);
      }
    } else if (call !== undefined) {
      const last = call.callbacks.at(-1);
      if (event === `${call.operation}Return`) {
        endCall(call, at, record);
        tasks.set(pid, outside);
      } else if (last !== undefined && last.ends === undefined && event === `${last.callback}Return`) {
        endCallback(last, at, record);
      } else {
        throw new Impossible(
          line,
          `${event} comes in ${call.operation}, and its beginning does not: a line is missing.`,
        );
      }
    } else if (task.isKnown) {
      if (event !== `${task.stray}Return`) {
        throw new Impossible(line, `${event} comes, and its beginning does not: a line is missing before it.`);
      }
      tasks.set(pid, outside);
    } else if (isOperation(event.slice(0, -'Return'.length))) {
      // What it was about is not known, nor when it took effect: all that was seen until now is in doubt.
      doubtful.push(...calls);
      calls = [];
      tasks.clear();
      tasks.set(pid, outside);
    }
  }
  return { calls, strays, doubtful };
}

function begin(operation: OperationName, begins: number, record: FtraceRecord): RecordedCall {
  const token = need(record, 'token');
  const pointers = new Map<CallbackName, string>();
  if (operation === 'registerProducer' || operation === 'registerConsumer') {
    for (const callback of POINTERS[operation === 'registerProducer' ? 'producer' : 'consumer']) {
      const target = need(record, callback);
      if (!isNull(target)) pointers.set(callback, target);
    }
  }
  const isUnreadable = token === UNREADABLE;
  return {
    task: record.task,
    pid: record.pid,
    operation,
    object: address(record, 'object'),
    token: isUnreadable || isNull(address(record, 'token')) ? undefined : token,
    tokenKnown: !isUnreadable,
    irq: operation === 'registerProducer' ? number(record, 'irq') : undefined,
    pointers,
    callbacks: [],
    begins,
    ends: undefined,
    status: undefined,
  };
}

function enter(callback: keyof typeof CALLBACKS, begins: number, record: FtraceRecord): RecordedCallback {
  return {
    callback,
    object: address(record, 'object'),
    counterpart: passesCounterpart(callback) ? address(record, 'counterpart') : undefined,
    irq: showsIrq(callback) && record.fields.irq !== undefined ? number(record, 'irq') : undefined,
    begins,
    ends: undefined,
    result: undefined,
  };
}

function endCall(call: RecordedCall, at: number, record: FtraceRecord): void {
  call.ends = at;
  if (call.operation === 'registerProducer' || call.operation === 'registerConsumer') {
    call.status = number(record, 'status');
  }
}

function endCallback(callback: RecordedCallback, at: number, record: FtraceRecord): void {
  callback.ends = at;
  if (returnsStatus(callback.callback)) callback.result = number(record, 'result');
}

/** What the kernel prints for what it cannot read. */
const UNREADABLE = '(fault)';

function need({ fields, line, event }: FtraceRecord, field: string): string {
  const value = fields[field];
  if (value !== undefined) return value;
  throw new Impossible(
    line,
    `expected ${field}= in the event ${event}; came nothing.`,
    'Record with the events that irqbypass-spec record sets up.',
  );
}

function address(record: FtraceRecord, field: string): Address {
  const value = need(record, field);
  if (/^0x[0-9a-f]{1,16}$/.test(value)) return value;
  throw notA('an address', record, field, value);
}

/** A number of 32 bits; undefined where the kernel could not read it. */
function number(record: FtraceRecord, field: string): number | undefined {
  const value = need(record, field);
  if (value === UNREADABLE) return undefined;
  if (/^-?\d{1,10}$/.test(value) && Number(value) === (Number(value) | 0)) return Number(value);
  throw notA('a number of 32 bits', record, field, value);
}

function notA(what: string, { line, event }: FtraceRecord, field: string, value: string): Impossible {
  const came = JSON.stringify(value.slice(0, 40));
  return new Impossible(line, `expected ${what} for ${field}= in the event ${event}; came ${came}.`);
}

function isNull(text: string): boolean {
  return /^(?:0x)?0{1,16}$/.test(text);
}

function isOperation(event: string): event is OperationName {
  return Object.hasOwn(OPERATIONS, event);
}

function isCallback(event: string): event is keyof typeof CALLBACKS {
  return Object.hasOwn(CALLBACKS, event);
}
