/** Operations and events of a host in words, for what rules and reports say. */
import type { GuestTarget, HostOperation, Route } from './vocabulary.js';

/** `setIrqs d0 msix 0: e0, none`. */
export function hostOperationText(operation: HostOperation): string {
  switch (operation.operation) {
    case 'createEventfd':
    case 'closeEventfd':
      return `${operation.operation} ${operation.eventfd}`;
    case 'createVm':
      return `createVm ${operation.vm} with ${operation.vcpus} ${operation.vcpus === 1 ? 'vCPU' : 'vCPUs'}${operation.irqchip === 'emulated' ? ', whose irqchip is emulated' : ''}`;
    case 'destroyVm':
      return `destroyVm ${operation.vm}`;
    case 'assignIrqfd': {
      const resample = operation.resample === undefined ? '' : `, resampled by ${operation.resample}`;
      return `assignIrqfd ${operation.vm} ${operation.eventfd} -> GSI ${operation.gsi}${resample}`;
    }
    case 'deassignIrqfd':
      return `deassignIrqfd ${operation.vm} ${operation.eventfd} -> GSI ${operation.gsi}`;
    case 'setRoutes':
      return `setRoutes ${operation.vm}: ${operation.routes.map(routeText).join('; ') || 'none'}`;
    case 'openDevice':
    case 'closeDevice':
    case 'resetDevice':
      return `${operation.operation} ${operation.device}`;
    case 'setIrqs': {
      const eventfds = operation.eventfds.map((eventfd) => eventfd ?? 'none').join(', ');
      return `setIrqs ${operation.device} ${operation.index} from ${operation.start}: ${eventfds}`;
    }
    case 'disableIrqs':
      return `disableIrqs ${operation.device} ${operation.index}`;
    case 'setUnmaskEventfd':
      return `setUnmaskEventfd ${operation.device} ${operation.eventfd ?? 'none'}`;
    case 'triggerIrqs': {
      const { device, index, start, vectors } = operation;
      const which = typeof vectors === 'number' ? `${vectors}` : vectors.map((is) => (is ? 'yes' : 'no')).join(', ');
      return `triggerIrqs ${device} ${index} from ${start}: ${which}`;
    }
    case 'maskLine':
    case 'unmaskLine':
      return `${operation.operation} ${operation.device}`;
    case 'setStatus':
      return `setStatus ${operation.device} ${operation.status}`;
    case 'unloadModule':
      return `unloadModule ${operation.module}`;
    case 'raise':
    case 'mask':
    case 'unmask':
      return `${operation.operation} ${operation.device} ${operation.index} ${operation.vector}`;
    case 'setLine':
      return `setLine ${operation.device} ${operation.level}`;
    case 'endOfInterrupt':
      return `endOfInterrupt ${operation.vm} pin ${operation.pin}`;
    case 'holdInterrupts':
    case 'takeInterrupts':
      return `${operation.operation} ${operation.vm} vCPU ${operation.vcpu}`;
    case 'scheduleVcpu':
      return `scheduleVcpu ${operation.vm} vCPU ${operation.vcpu} on ${operation.cpu === null ? 'no CPU' : `CPU ${operation.cpu}`}`;
  }
}

/** `GSI 5 to vCPU 0 vector 48`. */
export function routeText(route: Route): string {
  if (route.type === 'irqchip') return `GSI ${route.gsi} to pin ${route.pin}`;
  const vcpus = route.vcpus.length === 0 ? 'nobody' : `vCPU ${route.vcpus.join(' and ')}`;
  const how = route.delivery === 'nmi' ? 'as NMI' : `vector ${route.vector}`;
  return `GSI ${route.gsi} to ${vcpus} ${how}${route.delivery === 'lowest-priority' ? ', lowest priority' : ''}`;
}

/** `vm0 vCPU 1 vector 48`. */
export function targetText({ vm, vcpu, vector }: GuestTarget): string {
  return `${vm} vCPU ${vcpu} ${typeof vector === 'number' ? `vector ${vector}` : vector === 'nmi' ? 'NMI' : vector}`;
}
