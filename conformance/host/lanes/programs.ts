/**
 * Programs of a host with lanes: calls of user space that real hosts got wrong when two of them came at once, and what
 * the guest does meanwhile. What comes after the lanes shows what they came to.
 *
 * Left out is a route that changes while the guest ends a line that is still asserted: its next interrupt may come along
 * the new route, after the call that changed it and yet before the end of interrupt is over. That is right, and no order of
 * the two explains it, since the line comes again by itself.
 */
import type { BackEnd, EventfdId, HostDevice, HostOperation, Route } from '../../../spec/host/vocabulary.js';

/** A program: what is done before, the calls of each lane, and what is done when all have returned. */
export interface LaneProgram {
  readonly name: string;
  readonly backEnd: BackEnd;
  readonly devices: readonly HostDevice[];
  readonly before: readonly HostOperation[];
  readonly lanes: readonly (readonly HostOperation[])[];
  readonly after: readonly HostOperation[];
}

const DEVICES: readonly HostDevice[] = [{ id: 'd0', driver: 'vfio-pci', vectors: 2 }];

const message = (vector: number, vcpu = 0): Route => ({
  type: 'msi',
  gsi: 0,
  vcpus: [vcpu],
  vector,
  delivery: 'fixed',
});
const multicast: Route = { type: 'msi', gsi: 0, vcpus: [0, 1], vector: 50, delivery: 'fixed' };
const pin = (number: number): Route => ({ type: 'irqchip', gsi: 0, pin: number });

const createEventfds = (...eventfds: readonly EventfdId[]): readonly HostOperation[] =>
  eventfds.map((eventfd) => ({ operation: 'createEventfd', eventfd }));
const setRoutes = (...routes: readonly Route[]): HostOperation => ({ operation: 'setRoutes', vm: 'vm0', routes });
const assign = (eventfd: EventfdId): HostOperation => ({ operation: 'assignIrqfd', vm: 'vm0', eventfd, gsi: 0 });
const deassign = (eventfd: EventfdId): HostOperation => ({ operation: 'deassignIrqfd', vm: 'vm0', eventfd, gsi: 0 });
const closeEventfd = (eventfd: EventfdId): HostOperation => ({ operation: 'closeEventfd', eventfd });
const setMsix = (eventfd: EventfdId | null): HostOperation => ({
  operation: 'setIrqs',
  device: 'd0',
  index: 'msix',
  start: 0,
  eventfds: [eventfd],
});
const setIntx = (eventfd: EventfdId | null): HostOperation => ({
  operation: 'setIrqs',
  device: 'd0',
  index: 'intx',
  start: 0,
  eventfds: [eventfd],
});
const raise: HostOperation = { operation: 'raise', device: 'd0', index: 'msix', vector: 0 };
const closeDevice: HostOperation = { operation: 'closeDevice', device: 'd0' };
const destroyVm: HostOperation = { operation: 'destroyVm', vm: 'vm0' };
const end: HostOperation = { operation: 'endOfInterrupt', vm: 'vm0', pin: 4 };

const START: readonly HostOperation[] = [
  ...createEventfds('e0', 'e1', 'e2'),
  { operation: 'createVm', vm: 'vm0', vcpus: 2 },
  { operation: 'openDevice', device: 'd0' },
  setRoutes(message(48)),
];

/** An interrupt, and then everything goes: what was lost, doubled, misled, or left over shows. */
const messages = (
  name: string,
  before: readonly HostOperation[],
  ...lanes: readonly HostOperation[][]
): LaneProgram => ({
  name,
  backEnd: 'vtd-posted',
  devices: DEVICES,
  before: [...START, ...before],
  lanes,
  after: [raise, closeDevice, destroyVm],
});

const LINE: readonly HostOperation[] = [
  ...createEventfds('e0', 'e1', 'e2'),
  { operation: 'createVm', vm: 'vm0', vcpus: 1 },
  { operation: 'openDevice', device: 'd0' },
  setRoutes(pin(4)),
  { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 0, resample: 'e1' },
  setIntx('e0'),
  { operation: 'setUnmaskEventfd', device: 'd0', eventfd: 'e1' },
  { operation: 'setLine', device: 'd0', level: 'asserted' },
];

/** The line is asserted, and the guest serves it. */
const line = (name: string, ...lanes: readonly HostOperation[][]): LaneProgram => ({
  name,
  backEnd: 'vtd-posted',
  devices: DEVICES,
  before: LINE,
  lanes,
  after: [end, { operation: 'setLine', device: 'd0', level: 'deasserted' }, end, closeDevice, destroyVm],
});

const PAIRED = [setMsix('e0'), assign('e0')];

/** Every program. */
export const lanePrograms: readonly LaneProgram[] = [
  messages('KVM_IRQFD against close of the eventfd', [setMsix('e0')], [assign('e0')], [closeEventfd('e0')]),
  messages('KVM_IRQFD against close, without a producer', [], [assign('e0')], [closeEventfd('e0')]),
  messages('deassign against close of the eventfd', PAIRED, [deassign('e0')], [closeEventfd('e0')]),
  messages('deassign against a change of route', PAIRED, [deassign('e0')], [setRoutes(message(49, 1))]),
  messages('deassign against a change to a pin', PAIRED, [deassign('e0')], [setRoutes(pin(4))]),
  messages('KVM_IRQFD against a change of route', [setMsix('e0')], [assign('e0')], [setRoutes(message(49, 1))]),
  messages('SET_IRQS against a change of route', [assign('e0')], [setMsix('e0')], [setRoutes(message(49, 1))]),
  messages('SET_IRQS against a route that cannot be posted', [assign('e0')], [setMsix('e0')], [setRoutes(multicast)]),
  messages('two changes of route', PAIRED, [setRoutes(message(49))], [setRoutes(multicast)]),
  messages('SET_IRQS against KVM_IRQFD', [], [setMsix('e0')], [assign('e0')]),
  messages('SET_IRQS against close of the eventfd', [assign('e0')], [setMsix('e0')], [closeEventfd('e0')]),
  messages('SET_IRQS to another eventfd against deassign', PAIRED, [setMsix('e1')], [deassign('e0')]),
  messages('two SET_IRQS', [assign('e0')], [setMsix('e0')], [setMsix('e1')]),
  messages(
    'deassign, an interrupt against close of the eventfd',
    PAIRED,
    [deassign('e0'), raise],
    [closeEventfd('e0')],
  ),
  messages('close of the device against SET_IRQS', PAIRED, [closeDevice], [setMsix('e1')]),
  messages('close of the device against deassign', PAIRED, [closeDevice], [deassign('e0')]),
  messages('close of the device against close of the eventfd', PAIRED, [closeDevice], [closeEventfd('e0')]),
  messages('close of the device against the end of the VM', PAIRED, [closeDevice], [destroyVm]),
  messages('the end of the VM against close of the eventfd', PAIRED, [destroyVm], [closeEventfd('e0')]),
  messages(
    'deassign, assign against a change of route',
    PAIRED,
    [deassign('e0'), assign('e0')],
    [setRoutes(message(49))],
  ),
  line('SET_IRQS against an unmask', [setIntx('e2')], [end]),
  line('SET_IRQS to nothing against an unmask', [setIntx(null)], [end]),
  line('close of the device against an unmask', [closeDevice], [end]),
  line('deassign against an unmask', [deassign('e0')], [end]),
];
