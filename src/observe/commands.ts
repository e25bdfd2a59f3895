/**
 * User space's operations as commands of the guest's observer (conformance/harnesses/linux-observer), one system call
 * each; and which operations a real host can be asked for.
 */
import type { HostOperation, IrqIndex, MsiRoute, Route } from '../../spec/host/vocabulary.js';

/** What a real host is asked for. Modules stay loaded, and devices and guests do what they do by themselves. */
export type ObservedOperation = Extract<
  HostOperation,
  {
    readonly operation:
      | 'createEventfd'
      | 'closeEventfd'
      | 'createVm'
      | 'destroyVm'
      | 'assignIrqfd'
      | 'deassignIrqfd'
      | 'setRoutes'
      | 'openDevice'
      | 'closeDevice'
      | 'resetDevice'
      | 'setIrqs'
      | 'disableIrqs'
      | 'setUnmaskEventfd';
  }
>;

/** How VFIO counts kinds of interrupts (VFIO_PCI_*_IRQ_INDEX). */
const INDEX: Readonly<Record<IrqIndex, number>> = { intx: 0, msi: 1, msix: 2 };

/** The chip of KVM's irqchip routes that has pins up to 23 (KVM_IRQCHIP_IOAPIC). */
const IOAPIC = 2;

/** The PCI addresses of the devices in the guest, by their numbers. */
export const DEVICE_ADDRESSES = ['0000:00:10.0', '0000:00:11.0'] as const;

/** The command of an operation. */
export function commandOf(operation: ObservedOperation): string {
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
      return ['routing', number(operation.vm), ...operation.routes.map(routeText)].join(' ');
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

/** `GSI:msi:ADDRESS:DATA` as x86 has messages, or `GSI:irqchip:CHIP:PIN`. */
function routeText(route: Route): string {
  if (route.type === 'irqchip') return `${route.gsi}:irqchip:${IOAPIC}:${route.pin}`;
  const { address, data } = messageOf(route);
  return `${route.gsi}:msi:0x${address.toString(16)}:0x${data.toString(16)}`;
}

/** Intel's SDM, 11.11: the destination in bits 12 to 19, logical when bit 2 is set; the delivery in bits 8 to 10. */
function messageOf({ vcpus, vector, delivery }: MsiRoute): { readonly address: number; readonly data: number } {
  const modes = { fixed: 0, 'lowest-priority': 1, nmi: 4 } as const;
  const [first] = vcpus;
  // One vCPU by its number, several as a set, and nobody by a number that no vCPU has.
  const destination =
    vcpus.length > 1 ? vcpus.reduce((set, vcpu) => set | (1 << vcpu), 0) : first === undefined ? 0xfe : first;
  const logical = vcpus.length > 1 ? 4 : 0;
  return { address: 0xfee00000 + (destination << 12) + logical, data: (modes[delivery] << 8) | vector };
}
