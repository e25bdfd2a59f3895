/**
 * The trace of one observed program: the operations of user space in one sequence with everything that they set off at
 * the manager.
 *
 * The recording knows objects and tokens by their addresses. The moment of a registration tells whose it is: an irqfd's consumer
 * registers while its KVM_IRQFD runs, a vector's producer while its VFIO_DEVICE_SET_IRQS runs, vector by vector. A token is named
 * by its eventfd (tokens.ts).
 */
import type { EventfdId, Holder, HostEvent, HostTrace } from '../../spec/host/vocabulary.js';
import { irqfdHolder, vectorHolder } from '../../spec/host/vocabulary.js';
import type { CallbackName, ObjectId } from '../../spec/vocabulary.js';
import type { Mark } from '../recording/ftrace.js';
import { readFtrace } from '../recording/ftrace.js';
import type { Recording } from '../recording/read.js';
import type { ObservedProgram } from './commands.js';
import { commandOf } from './commands.js';
import type { Observation } from './guest.js';
import { hardwareRecords, type Step, withHardware } from './hardware.js';
import { EventfdTokens } from './tokens.js';

/** The marks of the observer: a command, and what it returned. */
export const BEGINS = '> ';
const ENDS = '< ';

/**
 * Makes the trace of one program from its recording.
 * @throws {Error} when the recording's marks are not those of the program: the observer is wrong
 */
export function traceOf(program: ObservedProgram, observation: Observation, recording: Recording): HostTrace {
  const { text } = observation;
  const marks = readFtrace(text).entries.filter((entry): entry is Mark => 'mark' in entry);
  const steps: { readonly line: number; readonly event: HostEvent }[] = [];
  for (const { trace, lines } of recording.parts) {
    trace.events.forEach((event, at) => {
      steps.push({ line: lines[at] ?? 0, event: { type: 'manager', event } });
    });
  }
  steps.push(...operationEvents(program, marks, observation));
  steps.sort((a, b) => a.line - b.line);
  const objects = recording.parts.flatMap(({ trace }) => trace.objects);
  const callbacks = new Map(objects.map((object) => [object.id, object.callbacks as readonly CallbackName[]]));
  const named = withNames(steps, callbacks);
  const told = hardwareRecords(text).map((record) => ({ line: record.line, record }));
  const events = told.length === 0 ? named.map(({ event }) => event) : withHardware(inOrder([...named, ...told]));
  return { backEnd: program.backEnd, devices: program.devices, events };
}

/** By line; what stands on one line stays as it is. */
function inOrder(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => a.line - b.line);
}

/** The operations of user space with the lines of their marks. Waiting, and looking whether a guest runs, are none. */
function operationEvents(
  { operations, backEnd }: ObservedProgram,
  marks: readonly Mark[],
  { reports, frozen }: Observation,
): readonly { readonly line: number; readonly event: HostEvent }[] {
  const events: { line: number; event: HostEvent }[] = [];
  let next = 0;
  let isOperation = false;
  for (const { mark, line } of marks) {
    if (mark.startsWith(BEGINS)) {
      const command = mark.slice(BEGINS.length);
      isOperation = !/^(?:settle|runs \d+)$/.test(command);
      if (!isOperation) continue;
      const operation = operations[next++];
      if (operation === undefined || commandOf(operation, backEnd) !== command) {
        throw new Error(`the recording has ${JSON.stringify(command)} where operation ${next} of the program is due`);
      }
      events.push({ line, event: { type: 'call', ...operation } });
      for (const { at, vm } of frozen) if (at === next - 1) events.push({ line, event: { type: 'guestHalted', vm } });
    } else if (mark.startsWith(ENDS) && isOperation) {
      for (const report of reports) if (report.at === next - 1) events.push({ line, event: logged(report) });
      events.push({ line, event: { type: 'return', status: Number(mark.slice(ENDS.length)) } });
    }
  }
  if (next !== operations.length) throw new Error(`the recording ends before operation ${next + 1} of the program`);
  return events;
}

/** Put in who each object is, where it registers, and name its token by the eventfd. */
function withNames(
  steps: readonly { readonly line: number; readonly event: HostEvent }[],
  callbacks: ReadonlyMap<ObjectId, readonly CallbackName[]>,
): readonly { readonly line: number; readonly event: HostEvent }[] {
  const holders = new Map<ObjectId, Holder>();
  const tokens = new EventfdTokens();
  let due: Registrant[] = [];
  return steps.flatMap((step): typeof steps => {
    const { line, event } = step;
    if (event.type === 'call') {
      due = [...registrants(event)];
      tokens.operation(event);
    }
    if (event.type !== 'manager' || event.event.type !== 'call' || !('token' in event.event)) return [step];
    const { object, token } = event.event;
    const registrant = due.shift();
    const named = {
      line,
      event: { ...event, event: { ...event.event, token: tokens.name(token, registrant?.eventfd) } },
    };
    if (registrant === undefined || holders.get(object) === registrant.holder) return [named];
    const { holder } = registrant;
    holders.set(object, holder);
    return [{ line, event: { type: 'named', object, holder, callbacks: callbacks.get(object) ?? [] } }, named];
  });
}

/** Who registers, and the eventfd under whose token. */
interface Registrant {
  readonly holder: Holder;
  readonly eventfd: EventfdId;
}

/** The registrations that an operation may set off, in the order in which they come. */
function registrants(operation: HostEvent & { readonly type: 'call' }): readonly Registrant[] {
  if (operation.operation === 'assignIrqfd') {
    const { vm, eventfd } = operation;
    return [{ holder: irqfdHolder(vm, eventfd), eventfd }];
  }
  if (operation.operation !== 'setIrqs') return [];
  const { device, index, start, eventfds } = operation;
  return eventfds.flatMap((eventfd, at) =>
    eventfd === null ? [] : [{ holder: vectorHolder(device, index, start + at), eventfd }],
  );
}

/** What the kernel reported of itself, as an event. */
function logged({ text }: Observation['reports'][number]): HostEvent {
  return { type: 'log', level: 'warning', text };
}

/** The trace of a program in which the guest died: user space's calls alone, for the recording died with it. */
export function deadTrace(program: ObservedProgram, { statuses, reports, death }: Observation): HostTrace {
  const events = program.operations.slice(0, (death?.at ?? -1) + 1).flatMap((operation, at): readonly HostEvent[] => {
    const before = reports.filter((report) => report.at === at).map(logged);
    if (death?.at === at) {
      return [{ type: 'call', ...operation }, ...before, { type: death.kind, detail: death.detail }];
    }
    return [{ type: 'call', ...operation }, ...before, { type: 'return', status: statuses[at] ?? 0 }];
  });
  return { backEnd: program.backEnd, devices: program.devices, events };
}
