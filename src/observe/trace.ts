/**
 * The trace of one observed program: the operations of user space in one sequence with everything that they set off at
 * the manager.
 *
 * The recording knows objects and tokens by their addresses. The moment of a registration tells whose it is: an irqfd's consumer
 * registers while its KVM_IRQFD runs, a vector's producer while its VFIO_DEVICE_SET_IRQS runs, vector by vector.
 */
import type { Holder, HostEvent, HostTrace } from '../../spec/host/vocabulary.js';
import { irqfdHolder, vectorHolder } from '../../spec/host/vocabulary.js';
import type { CallbackName, Event, ObjectId } from '../../spec/vocabulary.js';
import type { Mark } from '../recording/ftrace.js';
import { readFtrace } from '../recording/ftrace.js';
import type { Recording } from '../recording/read.js';
import { commandOf } from './commands.js';
import type { ObservedProgram } from './generate.js';
import type { Observation } from './guest.js';

/** The marks of the observer: a command, and what it returned. */
export const BEGINS = '> ';
const ENDS = '< ';

/**
 * Makes the trace of one program from its recording.
 * @throws {Error} when the recording's marks are not those of the program: the observer is wrong
 */
export function traceOf(program: ObservedProgram, { text }: Observation, recording: Recording): HostTrace {
  const marks = readFtrace(text).entries.filter((entry): entry is Mark => 'mark' in entry);
  const steps: { readonly line: number; readonly event: HostEvent | Event }[] = [];
  for (const { trace, lines } of recording.parts) {
    trace.events.forEach((event, at) => {
      steps.push({ line: lines[at] ?? 0, event: { type: 'manager', event } });
    });
  }
  steps.push(...operationEvents(program, marks));
  steps.sort((a, b) => a.line - b.line);
  const objects = recording.parts.flatMap(({ trace }) => trace.objects);
  const callbacks = new Map(objects.map((object) => [object.id, object.callbacks as readonly CallbackName[]]));
  const events = withNames(
    steps.map(({ event }) => event as HostEvent),
    callbacks,
  );
  return { backEnd: program.backEnd, devices: program.devices, events };
}

/** The operations of user space with the lines of their marks. Waiting is none of them. */
function operationEvents(
  { operations, backEnd }: ObservedProgram,
  marks: readonly Mark[],
): readonly { readonly line: number; readonly event: HostEvent }[] {
  const events: { line: number; event: HostEvent }[] = [];
  let next = 0;
  let isOperation = false;
  for (const { mark, line } of marks) {
    if (mark.startsWith(BEGINS)) {
      const command = mark.slice(BEGINS.length);
      isOperation = command !== 'settle';
      if (!isOperation) continue;
      const operation = operations[next++];
      if (operation === undefined || commandOf(operation, backEnd) !== command) {
        throw new Error(`the recording has ${JSON.stringify(command)} where operation ${next} of the program is due`);
      }
      events.push({ line, event: { type: 'call', ...operation } });
    } else if (mark.startsWith(ENDS) && isOperation) {
      events.push({ line, event: { type: 'return', status: Number(mark.slice(ENDS.length)) } });
    }
  }
  if (next !== operations.length) throw new Error(`the recording ends before operation ${next + 1} of the program`);
  return events;
}

/** Put in who each object is, where it registers. */
function withNames(
  events: readonly HostEvent[],
  callbacks: ReadonlyMap<ObjectId, readonly CallbackName[]>,
): readonly HostEvent[] {
  const holders = new Map<ObjectId, Holder>();
  let due: Holder[] = [];
  return events.flatMap((event): readonly HostEvent[] => {
    if (event.type === 'call') due = [...holdersDue(event)];
    if (event.type !== 'manager' || event.event.type !== 'call') return [event];
    const { operation, object } = event.event;
    if (operation !== 'registerProducer' && operation !== 'registerConsumer') return [event];
    const holder = due.shift();
    if (holder === undefined || holders.get(object) === holder) return [event];
    holders.set(object, holder);
    return [{ type: 'named', object, holder, callbacks: callbacks.get(object) ?? [] }, event];
  });
}

/** Whose registrations an operation may set off, in the order in which they come. */
function holdersDue(operation: HostEvent & { readonly type: 'call' }): readonly Holder[] {
  if (operation.operation === 'assignIrqfd') return [irqfdHolder(operation.vm, operation.eventfd)];
  if (operation.operation !== 'setIrqs') return [];
  const { device, index, start, eventfds } = operation;
  return eventfds.flatMap((eventfd, at) => (eventfd === null ? [] : [vectorHolder(device, index, start + at)]));
}
