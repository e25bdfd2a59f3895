/** Objects, operations and events in words; every format uses these. */
import { fallibleCallback } from '../../spec/callbacks.js';
import type { Event, Gate, Operation, Program, ProgramObject, Status, Token, Trace } from '../../spec/vocabulary.js';
import { roleOf } from '../../spec/vocabulary.js';
import { beside, type Telling, type TraceLine } from './beside.js';
import type { Description, Way } from './description.js';
import { harmless } from './text.js';
import { titleOf } from './title.js';

/** Linux's numbers, on every platform: those that a manager or a callback is likely to return. */
const ERRNO: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  4: 'EINTR',
  5: 'EIO',
  6: 'ENXIO',
  7: 'E2BIG',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  25: 'ENOTTY',
  28: 'ENOSPC',
  34: 'ERANGE',
  38: 'ENOSYS',
  95: 'EOPNOTSUPP',
  110: 'ETIMEDOUT',
};

/** `0`, `-16 (-EBUSY)`; a plain number where Linux has no name for it. */
export function statusText(status: Status): string {
  const name = ERRNO[-status];
  return name === undefined ? String(status) : `${status} (-${name})`;
}

/** `t0`, or `the null token`. */
export function tokenText(token: Token): string {
  return token ?? 'the null token';
}

/** `registerProducer p0 under t0, irq 33`. */
export function operationText(operation: Operation): string {
  switch (operation.operation) {
    case 'registerProducer':
      return `registerProducer ${operation.object} under ${tokenText(operation.token)}, irq ${operation.irq}${memoryText(operation)}`;
    case 'registerConsumer':
      return `registerConsumer ${operation.object} under ${tokenText(operation.token)}${memoryText(operation)}`;
    case 'unregisterProducer':
    case 'unregisterConsumer':
    case 'wipeObject':
      return `${operation.operation} ${operation.object}`;
    case 'overwriteToken':
      return `overwriteToken ${operation.object} with ${tokenText(operation.token)}`;
  }
}

function memoryText({ memory }: { readonly memory?: 'none' }): string {
  return memory === undefined ? '' : ', without memory';
}

/** `c0: addProducer, delProducer; addProducer returns -5 (-EIO), then 0`. */
export function objectText(object: ProgramObject): string {
  const { id, callbacks, results = [], reenters = [] } = object;
  const parts = [callbacks.length === 0 ? 'no callbacks' : callbacks.join(', ')];
  if (results.some((result) => result !== 0)) {
    parts.push(`${fallibleCallback[roleOf(id)]} returns ${[...results, 0].map(statusText).join(', then ')}`);
  }
  for (const { callback, operation } of reenters) parts.push(`${callback} calls ${operationText(operation)}`);
  return `${id}: ${parts.join('; ')}`;
}

/** A program: its objects, then its operations, numbered; each lane under a heading where there are several. */
export function programText(program: Program): readonly string[] {
  const lines = program.objects.map(objectText);
  const width = String(Math.max(0, ...program.lanes.map((lane) => lane.length))).length;
  program.lanes.forEach((lane, number) => {
    if (program.lanes.length > 1) lines.push(`lane ${number}`);
    lane.forEach((operation, at) => {
      lines.push(`${String(at + 1).padStart(width)}  ${operationText(operation)}`);
    });
  });
  for (const gate of program.gates ?? []) lines.push(gateText(gate));
  return lines;
}

/** `gate: p0.stop is held until lane 1 has returned from its operation 1, which is not called before`. */
function gateText(gate: Gate): string {
  const awaited = `lane ${gate.lane} ${gate.until === 'returned' ? 'has returned from' : 'has called'} its operation ${gate.operation + 1}`;
  return gate.at === 'callback'
    ? `gate: ${gate.object}.${gate.callback} is held until ${awaited}, which is not called before`
    : `gate: lane ${gate.heldLane} does not call its operation ${gate.heldOperation + 1} before ${awaited}`;
}

/** How far the events of a lane stand to the right of those of the lane before. */
const LANE_INDENT = 20;

/** A trace, line by line: a callback that enters and leaves at once is one line. */
export function traceText(events: readonly Event[]): readonly TraceLine[] {
  const lanes = events.some((event) => (event.lane ?? 0) > 0);
  const lines: TraceLine[] = [];
  let call = -1;
  for (let at = 0; at < events.length; at++) {
    const event = events[at];
    if (event === undefined) break;
    const next = events[at + 1];
    const isCall = event.type === 'call';
    if (isCall) call++;
    const from = at;
    let text = eventText(event);
    if (event.type === 'enter') {
      if (next?.type === 'leave' && leavesFrom(next, event)) {
        if (next.result !== undefined) text += ` -> ${statusText(next.result)}`;
        at++;
      } else {
        text += ' ...';
      }
    }
    const lane = lanes ? `${' '.repeat(LANE_INDENT * (event.lane ?? 0))}[${event.lane ?? 0}] ` : '';
    lines.push({ text: `${lane}${isCall ? '' : '  '}${text}`, event, from, to: at + 1, call, isCall });
  }
  return lines;
}

/** One event: `c0.addProducer(p0, irq 33)`, `returns -16 (-EBUSY)`. */
export function eventText(event: Event): string {
  switch (event.type) {
    case 'call':
      return operationText(event);
    case 'enter': {
      const irq = event.irq === undefined ? undefined : `irq ${event.irq}`;
      const passed = [event.counterpart, irq].filter((one) => one !== undefined);
      return `${event.object}.${event.callback}(${passed.join(', ')})`;
    }
    case 'leave':
      return `${event.object}.${event.callback} returns${event.result === undefined ? '' : ` ${statusText(event.result)}`}`;
    case 'return':
      return event.status === undefined ? 'returns' : `returns ${statusText(event.status)}`;
    case 'crash':
      return `crashes: ${harmless(event.detail)}`;
    case 'hang':
      return `hangs: ${harmless(event.detail)}`;
    case 'gave-up':
      return 'is held at a gate no longer: no other lane could go on';
    case 'log':
      return `logs ${event.level === 'warning' ? 'a warning' : event.level === 'error' ? 'an error' : 'a line'}: ${harmless(event.text)}`;
  }
}

/** How the events of a manager are told. */
const telling: Telling<Event> = { lines: traceText, event: eventText, isLog: (event) => event?.type === 'log' };

/** A manager's programs and traces in words. */
export const managerDescription: Description<Program, Trace> = {
  title: ({ key, forms: [form] }) => {
    const title = titleOf(key, form?.key ?? '');
    return form?.behind === undefined ? title : `${title}, behind another defect`;
  },
  program: programText,
  event: eventText,
  beside: ({ trace, difference }) => beside(telling, trace.events, difference),
  lifelines: ({ objects, lanes }) => [
    'caller',
    ...lanes.slice(1).map((_, at) => callerOf({ lane: at + 1 })),
    'manager',
    ...objects.map(({ id }) => id),
  ],
  way: managerWay,
  managerEvent: (event) => event,
};

/** The caller in a lane. */
function callerOf({ lane = 0 }: { readonly lane?: number }): string {
  return lane === 0 ? 'caller' : `caller ${lane}`;
}

/** Who says an event of a manager to whom. */
function managerWay(event: Event): Way {
  switch (event.type) {
    case 'call':
      return { from: callerOf(event), to: 'manager', kind: 'call' };
    case 'return':
      return { from: 'manager', to: callerOf(event), kind: 'return' };
    case 'enter':
      return { from: 'manager', to: event.object, kind: 'call' };
    case 'leave':
      return { from: event.object, to: 'manager', kind: 'return' };
    case 'crash':
    case 'hang':
    case 'gave-up':
    case 'log':
      return { from: 'manager', to: 'manager', kind: 'note' };
  }
}

function leavesFrom(leave: Event & { type: 'leave' }, enter: Event & { type: 'enter' }): boolean {
  return leave.callback === enter.callback && leave.object === enter.object && (leave.lane ?? 0) === (enter.lane ?? 0);
}
