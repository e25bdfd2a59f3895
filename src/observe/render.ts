/** A host's trace for people: a line for each system call, and below it what it set off at the manager. */
import type { HostEvent, HostTrace, Route } from '../../spec/host/vocabulary.js';
import type { Event, ObjectId } from '../../spec/vocabulary.js';
import { statusText, traceText } from '../text/format.js';
import type { ObservedOperation } from './commands.js';

/** The lines of a trace. What the manager does stands under the call in which it was seen. */
export function observedText({ events }: HostTrace): readonly string[] {
  const lines: string[] = [];
  let pending: Event[] = [];
  let names: string[] = [];
  let number = 0;
  let head: string | undefined;
  const flush = (status: string) => {
    if (head !== undefined) lines.push(`${head.padEnd(72)} ${status}`.trimEnd());
    head = undefined;
    for (const name of names) lines.push(`        ${name}`);
    for (const { text } of traceText(pending)) lines.push(`        ${text}`);
    pending = [];
    names = [];
  };
  for (const event of events) {
    switch (event.type) {
      case 'call':
        flush('');
        head = `${String(++number).padStart(3)}  ${userText(event as ObservedOperation)}`;
        break;
      case 'return':
        flush(event.status === undefined ? '' : statusText(event.status));
        break;
      case 'named':
        names.push(`${event.object} is ${holderText(event)}`);
        break;
      case 'manager':
        pending.push(event.event);
        break;
      default:
        break;
    }
  }
  flush('');
  return lines;
}

function holderText({ object, holder }: HostEvent & { readonly type: 'named' }): string {
  return isProducer(object) ? `the vector ${holder}` : `the irqfd ${holder}`;
}

function isProducer(object: ObjectId): boolean {
  return object.startsWith('p');
}

/** A call of user space, as it is known to those who make it. */
export function userText(operation: ObservedOperation): string {
  switch (operation.operation) {
    case 'createEventfd':
      return `eventfd() = ${operation.eventfd}`;
    case 'closeEventfd':
      return `close(${operation.eventfd})`;
    case 'createVm':
      return `KVM_CREATE_VM = ${operation.vm}`;
    case 'destroyVm':
      return `close(${operation.vm})`;
    case 'assignIrqfd': {
      const { vm, eventfd, gsi, resample } = operation;
      return `KVM_IRQFD ${vm}: ${eventfd} to GSI ${gsi}${resample === undefined ? '' : `, resampled by ${resample}`}`;
    }
    case 'deassignIrqfd':
      return `KVM_IRQFD ${operation.vm}: deassign ${operation.eventfd} from GSI ${operation.gsi}`;
    case 'setRoutes':
      return `KVM_SET_GSI_ROUTING ${operation.vm}: ${operation.routes.map(routeText).join(', ') || 'none'}`;
    case 'openDevice':
      return `VFIO_GROUP_GET_DEVICE_FD = ${operation.device}`;
    case 'closeDevice':
      return `close(${operation.device})`;
    case 'resetDevice':
      return `VFIO_DEVICE_RESET ${operation.device}`;
    case 'setIrqs': {
      const { device, index, start, eventfds } = operation;
      const triggers = eventfds.map((eventfd, at) => `${start + at} ${eventfd === null ? 'off' : `to ${eventfd}`}`);
      return `VFIO_DEVICE_SET_IRQS ${device}.${index}: ${triggers.join(', ')}`;
    }
    case 'disableIrqs':
      return `VFIO_DEVICE_SET_IRQS ${operation.device}.${operation.index}: all off`;
    case 'setUnmaskEventfd':
      return `VFIO_DEVICE_SET_IRQS ${operation.device}.intx: unmask by ${operation.eventfd ?? 'nothing'}`;
  }
}

function routeText(route: Route): string {
  if (route.type === 'irqchip') return `${route.gsi} to pin ${route.pin}`;
  const what = route.delivery === 'nmi' ? 'NMI' : `vector ${route.vector}`;
  const how = route.delivery === 'lowest-priority' ? ', lowest priority' : '';
  return `${route.gsi} to ${what} of vCPU ${route.vcpus.join('+')}${how}`;
}
