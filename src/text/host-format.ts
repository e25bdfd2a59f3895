/** Host programs and traces in words; every format uses these. */
import type { HostEvent, HostOperation, HostProgram, HostTrace, ManagerEvent } from '../../spec/host/vocabulary.js';
import { hostOperationText, targetText } from '../../spec/host/words.js';
import { beside, type Telling, type TraceLine } from './beside.js';
import type { Description, Way } from './description.js';
import { eventText, statusText } from './format.js';
import { harmless } from './text.js';

/** A program: its back end and devices, then its operations, numbered. */
export function hostProgramText({ backEnd, devices, operations }: HostProgram): readonly string[] {
  const width = String(operations.length).length;
  const fleet = devices.map(({ id, driver, vectors }) => `${id} (${driver}, ${vectors} vectors)`);
  return [
    `on ${backEnd}${fleet.length === 0 ? '' : `, with ${fleet.join(', ')}`}`,
    ...operations.map((operation, at) => `${String(at + 1).padStart(width)}  ${hostOperationText(operation)}`),
  ];
}

/** A trace, line by line: a callback in which nothing happens is one line. */
function hostTraceText(events: readonly HostEvent[]): readonly TraceLine[] {
  const lines: TraceLine[] = [];
  let call = -1;
  let depth = 0;
  for (let at = 0; at < events.length; at++) {
    const event = events[at];
    if (event === undefined) break;
    const from = at;
    if (event.type === 'call') {
      call++;
      lines.push({ text: hostOperationText(event), event, from, to: at + 1, call, isCall: true });
      continue;
    }
    const closes = event.type === 'manager' && (event.event.type === 'return' || event.event.type === 'leave');
    if (closes) depth = Math.max(0, depth - 1);
    const next = events[at + 1];
    const indent = '  '.repeat(depth + 1);
    let text = `${indent}${hostEventText(event)}`;
    if (event.type === 'manager' && next?.type === 'manager' && closesAtOnce(event, next)) {
      text += resultOf(next);
      at++;
    } else if (event.type === 'manager' && !closes) {
      text += ' ...';
      depth++;
    }
    lines.push({ text, event, from, to: at + 1, call, isCall: false });
  }
  return lines;
}

/** How the events of a host are told. */
const telling: Telling<HostEvent> = {
  lines: hostTraceText,
  event: (event) => (event.type === 'call' ? hostOperationText(event) : hostEventText(event)),
  isLog: (event) => event?.type === 'log',
};

/** The programs and traces of a host in words. */
export const hostDescription: Description<HostProgram, HostTrace> = {
  title: () => undefined,
  program: hostProgramText,
  event: telling.event,
  beside: ({ trace, difference }) => beside(telling, trace.events, difference),
  lifelines: ({ operations }) => {
    const hasDevice = operations.some((operation) => addresseeOf(operation) === 'device');
    return ['user space', ...(hasDevice ? ['device'] : []), 'VFIO', 'manager', 'KVM', 'guest'];
  },
  way: hostWay,
  managerEvent: (event) => (event.type === 'manager' ? event.event : undefined),
};

/** Who an operation is for; undefined for one about an eventfd alone. */
export function addresseeOf(operation: HostOperation): 'device' | 'VFIO' | 'KVM' | 'guest' | undefined {
  switch (operation.operation) {
    case 'createEventfd':
    case 'closeEventfd':
      return undefined;
    case 'raise':
    case 'mask':
    case 'unmask':
    case 'setLine':
      return 'device';
    case 'endOfInterrupt':
    case 'holdInterrupts':
    case 'takeInterrupts':
      return 'guest';
    case 'createVm':
    case 'destroyVm':
    case 'assignIrqfd':
    case 'deassignIrqfd':
    case 'setRoutes':
    case 'scheduleVcpu':
      return 'KVM';
    default:
      return 'VFIO';
  }
}

/** The participant that an object of the manager's belongs to. */
const owner = (object: string) => (object.startsWith('p') ? 'VFIO' : 'KVM');

/** Who says an event of a host to whom. */
function hostWay(event: HostEvent): Way {
  const note = (over: string): Way => ({ from: over, to: over, kind: 'note' });
  const message = (from: string, to: string, kind: Way['kind'] = 'call'): Way => ({ from, to, kind });
  switch (event.type) {
    case 'call': {
      const to = addresseeOf(event);
      return to === undefined ? note('user space') : message('user space', to);
    }
    case 'return':
      return note('user space');
    case 'manager': {
      const inner = event.event;
      if (inner.type === 'enter') return message('manager', owner(inner.object));
      if (inner.type === 'leave') return message(owner(inner.object), 'manager', 'return');
      if (inner.type === 'call') return message(owner(inner.object), 'manager');
      return note('manager');
    }
    case 'pending':
    case 'delivered':
      return message(event.path === 'bypass' ? 'device' : 'KVM', 'guest');
    case 'signalled':
      return message('VFIO', 'KVM');
    case 'named':
      return note(owner(event.object));
    case 'referenceTaken':
    case 'referenceDropped':
      return note(event.holder.startsWith('vm') ? 'KVM' : 'VFIO');
    case 'mapped':
    case 'unmapped':
    case 'guestHalted':
    case 'guestResumed':
    case 'level':
      return note('KVM');
    default:
      return note('VFIO');
  }
}

function closesAtOnce({ event }: ManagerEvent, { event: next }: ManagerEvent): boolean {
  return (event.type === 'call' && next.type === 'return') || (event.type === 'enter' && next.type === 'leave');
}

function resultOf({ event }: ManagerEvent): string {
  if (event.type === 'return' && event.status !== undefined) return ` -> ${statusText(event.status)}`;
  if (event.type === 'leave' && event.result !== undefined) return ` -> ${statusText(event.result)}`;
  return '';
}

/** One event in words. */
export function hostEventText(event: Exclude<HostEvent, { type: 'call' }>): string {
  switch (event.type) {
    case 'return':
      return event.status === undefined ? 'done' : `returns ${statusText(event.status)}`;
    case 'named':
      return `${event.object} is the ${event.object.startsWith('p') ? 'producer' : 'consumer'} of ${event.holder}`;
    case 'manager':
      return `manager: ${eventText(event.event)}`;
    case 'irqRequested':
      return `interrupt ${event.irq} of ${event.holder} requested`;
    case 'irqFreed':
      return `interrupt ${event.irq} of ${event.holder} freed`;
    case 'irqMasked':
      return `interrupt ${event.irq} masked`;
    case 'irqUnmasked':
      return `interrupt ${event.irq} unmasked`;
    case 'referenceTaken':
      return `${event.holder} takes a reference to ${event.eventfd}`;
    case 'referenceDropped':
      return `${event.holder} drops its reference to ${event.eventfd}`;
    case 'mapped':
      return `interrupt ${event.irq} goes straight to ${targetText(event.target)}`;
    case 'unmapped':
      return `interrupt ${event.irq} goes to the host`;
    case 'signalled':
      return `${event.eventfd} signalled`;
    case 'pending':
      return `pending at ${targetText(event.target)}, ${pathText(event.path)}`;
    case 'delivered':
      return `delivered to ${targetText(event.target)}, ${pathText(event.path)}`;
    case 'level':
      return `pin ${event.pin} of ${event.vm} ${event.level}`;
    case 'guestHalted':
      return `${event.vm} halted`;
    case 'guestResumed':
      return `${event.vm} resumed`;
    case 'crash':
      return `crashes: ${harmless(event.detail)}`;
    case 'hang':
      return `hangs: ${harmless(event.detail)}`;
    case 'log':
      return `logs: ${harmless(event.text)}`;
  }
}

function pathText(path: 'host' | 'bypass'): string {
  return path === 'host' ? 'through the host' : 'bypassing the host';
}
