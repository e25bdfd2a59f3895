/**
 * Is a trace the answer to its program? An adapter that calls something else than it was asked to, or whose callbacks
 * return something else, makes every verdict worthless; and that is the adapter's fault, not the implementation's.
 */
import { returnsStatus } from '../../spec/callbacks.js';
import type {
  CallbackName,
  Event,
  ObjectId,
  Operation,
  Program,
  ProgramObject,
  Status,
} from '../../spec/vocabulary.js';
import { incoherence } from './coherent.js';

/** Results are held against the program; and an implementation may return what is no status. */
const ANY = { fallible: false, statuses: false } as const;

/** What is wrong with the answer; undefined when nothing is. */
export function unfaithful(program: Program, events: readonly Event[]): string | undefined {
  const objects = new Map<ObjectId, ProgramObject>();
  for (const object of program.objects) objects.set(object.id, object);
  const reentrant = program.objects.some((object) => object.reenters !== undefined);
  const added = new Map<ObjectId, number>();
  // Lanes that call back at the same time are wrong, and may then be given their results in either order.
  const entered = program.lanes.length > 1 ? new Map<ObjectId, number>() : undefined;
  const next = program.lanes.map(() => 0);
  let ended = false;
  for (const event of events) {
    const lane = event.lane ?? 0;
    switch (event.type) {
      case 'call': {
        if (reentrant) break;
        const index = next[lane] ?? 0;
        next[lane] = index + 1;
        const asked = program.lanes[lane]?.[index];
        if (asked === undefined || !isSame(asked, event)) {
          return `operation ${index} of the program is ${text(asked)}, but the trace says ${text(event)}`;
        }
        break;
      }
      case 'enter':
      case 'leave': {
        const object = objects.get(event.object);
        const callbacks: readonly CallbackName[] = object?.callbacks ?? [];
        if (!callbacks.includes(event.callback)) {
          return `the trace has ${event.object}.${event.callback}, a callback that the program does not give to ${event.object}`;
        }
        if (!returnsStatus(event.callback)) break;
        if (event.type === 'enter') {
          entered?.set(event.object, (entered.get(event.object) ?? 0) + 1);
          break;
        }
        const count = added.get(event.object) ?? 0;
        added.set(event.object, count + 1);
        const due = object?.results?.[count] ?? 0;
        if (event.result !== due && !mayBeDue(object?.results, event.result, entered?.get(event.object))) {
          return `call ${count} of ${event.object}.${event.callback} must return ${due} by the program, but the trace says ${event.result ?? 'nothing'}`;
        }
        break;
      }
      case 'crash':
      case 'hang':
        ended = true;
        break;
      case 'gave-up':
        if (program.gates === undefined) return 'a gate gave up, but the program has none';
        break;
      case 'return':
      case 'log':
        break;
    }
  }
  if (reentrant) return undefined;
  // Lanes that were inside when another one crashed are not heard of again.
  const untrue = program.lanes.length > 1 ? undefined : incoherence({ objects: program.objects, events }, ANY);
  if (untrue !== undefined) return `the trace cannot be true: ${untrue.replace(/\.$/, '')}`;
  if (ended) return undefined;
  for (const [lane, operations] of program.lanes.entries()) {
    const missing = operations[next[lane] ?? 0];
    if (missing !== undefined) return `${text(missing)} of the program is missing in the trace`;
  }
  return undefined;
}

/** Whether a result is one of those that were due to the calls made so far, where their order is not known. */
function mayBeDue(results: readonly Status[] = [], result: Status | undefined, calls: number | undefined): boolean {
  return (
    calls !== undefined && Array.from({ length: calls }, (_, call) => results[call] ?? 0).some((one) => one === result)
  );
}

function isSame(asked: Operation, called: Operation): boolean {
  if (asked.operation !== called.operation || asked.object !== called.object) return false;
  if ('token' in asked && (!('token' in called) || asked.token !== called.token)) return false;
  return !('irq' in asked) || ('irq' in called && asked.irq === called.irq);
}

function text(operation: Operation | undefined): string {
  if (operation === undefined) return 'the end';
  const token = 'token' in operation ? ` under ${operation.token}` : '';
  const irq = 'irq' in operation ? `, irq ${operation.irq}` : '';
  return `${operation.operation} ${operation.object}${token}${irq}`;
}
