/**
 * User space's operations as commands of the guest's observer (conformance/harnesses/linux-observer), one system call
 * each; and which operations a real host can be asked for.
 */
import type { HostOperation, HostProgram, IrqIndex, Route } from '../../spec/host/vocabulary.js';
import { addressing, DEVICE_ADDRESSES, type ObservedBackEnd } from './stages.js';

/** What a real host is asked for. Modules stay loaded, and devices and guests do what they do by themselves. */
const OBSERVABLE = [
  'createEventfd',
  'closeEventfd',
  'createVm',
  'destroyVm',
  'assignIrqfd',
  'deassignIrqfd',
  'setRoutes',
  'openDevice',
  'closeDevice',
  'resetDevice',
  'setIrqs',
  'disableIrqs',
  'setUnmaskEventfd',
] as const;

/** One operation that a real host is asked for. */
export type ObservedOperation = Extract<HostOperation, { readonly operation: (typeof OBSERVABLE)[number] }>;

/** Whether a real host can be asked for an operation. */
export function isObserved(operation: HostOperation): operation is ObservedOperation {
  const observable: readonly string[] = OBSERVABLE;
  return observable.includes(operation.operation);
}

/** Whether a real host can be asked for a program. */
export function isObservable(program: HostProgram): program is ObservedProgram {
  return Object.hasOwn(addressing, program.backEnd) && program.operations.every(isObserved);
}

/** A program that a real host can be asked for. */
export interface ObservedProgram extends HostProgram {
  readonly backEnd: ObservedBackEnd;
  readonly operations: readonly ObservedOperation[];
}

/** How VFIO counts kinds of interrupts (VFIO_PCI_*_IRQ_INDEX). */
const INDEX: Readonly<Record<IrqIndex, number>> = { intx: 0, msi: 1, msix: 2 };

/** The command of an operation, on the stage of a back end. */
export function commandOf(operation: ObservedOperation, backEnd: ObservedBackEnd): string {
  switch (operation.operation) {
    case 'createEventfd':
      return `eventfd ${number(operation.eventfd)}`;
    case 'closeEventfd':
      return `close-eventfd ${number(operation.eventfd)}`;
    case 'createVm':
      return `vm ${number(operation.vm)} ${operation.vcpus}`;
    case 'destroyVm':
      return `close-vm ${number(operation.vm)}`;
    case 'assignIrqfd': {
      const { vm, gsi, eventfd, resample } = operation;
      const words = [number(vm), gsi, number(eventfd), ...(resample === undefined ? [] : [number(resample)])];
      return `irqfd ${words.join(' ')}`;
    }
    case 'deassignIrqfd':
      return `deassign ${number(operation.vm)} ${operation.gsi} ${number(operation.eventfd)}`;
    case 'setRoutes':
      return ['routing', number(operation.vm), ...operation.routes.map((route) => routeText(route, backEnd))].join(' ');
    case 'openDevice': {
      const at = number(operation.device);
      return `device ${at} ${DEVICE_ADDRESSES[at] ?? ''}`;
    }
    case 'closeDevice':
      return `close-device ${number(operation.device)}`;
    case 'resetDevice':
      return `reset-device ${number(operation.device)}`;
    case 'setIrqs': {
      const { device, index, start, eventfds } = operation;
      const triggers = eventfds.map((eventfd) => (eventfd === null ? '-' : number(eventfd)));
      return ['irqs', number(device), INDEX[index], start, ...triggers].join(' ');
    }
    case 'disableIrqs':
      return `irqs ${number(operation.device)} ${INDEX[operation.index]} 0`;
    case 'setUnmaskEventfd': {
      const { device, eventfd } = operation;
      return `unmask-eventfd ${number(device)} ${eventfd === null ? '-' : number(eventfd)}`;
    }
  }
}

/** The number in an id: 3 of `e3` and of `vm3`. */
function number(id: string): number {
  return Number(/\d+$/.exec(id)?.[0]);
}

/** `GSI:msi:ADDRESS:DATA`, or `GSI:irqchip:CHIP:PIN`. */
function routeText(route: Route, backEnd: ObservedBackEnd): string {
  const { chip, message } = addressing[backEnd];
  if (route.type === 'irqchip') return `${route.gsi}:irqchip:${chip}:${route.pin}`;
  const { address, data } = message(route);
  return `${route.gsi}:msi:0x${address.toString(16)}:0x${data.toString(16)}`;
}
