/**
 * VMs whose irqchip is emulated, so that nothing can be shortcut for them, on hosts that can for others. Some random programs get such VMs when they are
 * finished, since whatever else is done is the same; and some give way to one in which two VMs share a device, of which
 * one is such a VM, so that what is right for the one is wrong for the other.
 */
import { backEnds } from '../../spec/host/back-ends.js';
import type { BackEnd, EventfdId, HostOperation, HostProgram, MsiRoute, VmId } from '../../spec/host/vocabulary.js';
import { bitsFrom, Draw } from './random.js';

/** So many programs of a hundred give way, so many more get such VMs, and so many VMs of a hundred in these are. */
const SHARED = 4;
const MARKED = 8;
const VMS = 60;

/** The same program, or one with such VMs; which of them follows from the program. */
export function withEmulatedIrqchips(program: HostProgram): HostProgram {
  if (!backEnds[program.backEnd].bypasses) return program;
  const draw = new Draw(bitsFrom(JSON.stringify(program.operations).length + 1));
  if (draw.chance(SHARED)) return shared(draw, program.backEnd);
  if (!draw.chance(MARKED)) return program;
  const operations = program.operations.map((operation) =>
    operation.operation === 'createVm' && draw.chance(VMS) ? { ...operation, irqchip: 'emulated' as const } : operation,
  );
  return { ...program, operations };
}

const PLACES = [0, 1] as const;
type Place = (typeof PLACES)[number];

/** Two VMs, each with an irqfd of its own for a vector of one device. */
function shared(draw: Draw, backEnd: BackEnd): HostProgram {
  const eventfds: readonly EventfdId[] = ['e0', 'e1'];
  const emulated: VmId = draw.chance(50) ? 'vm0' : 'vm1';
  const create = (vm: VmId, isEmulated: boolean): HostOperation => ({
    operation: 'createVm',
    vm,
    vcpus: 1,
    ...(isEmulated ? { irqchip: 'emulated' as const } : {}),
  });
  const vm = (at: Place): VmId => `vm${at}`;
  const eventfd = (at: Place): EventfdId => `e${at}`;
  const route = (at: Place): HostOperation => ({ operation: 'setRoutes', vm: vm(at), routes: [message(draw)] });
  const assign = (at: Place): HostOperation => ({ operation: 'assignIrqfd', vm: vm(at), eventfd: eventfd(at), gsi: 1 });
  const set: HostOperation = { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds };
  const step = (at: Place): readonly HostOperation[] => {
    const roll = draw.below(100);
    if (roll < 40) return [{ operation: 'raise', device: 'd0', index: 'msix', vector: at }];
    if (roll < 55) return [route(at)];
    if (roll < 65) return [{ operation: 'deassignIrqfd', vm: vm(at), eventfd: eventfd(at), gsi: 1 }];
    if (roll < 80) return [assign(at)];
    if (roll < 90) return [set];
    return [{ operation: 'destroyVm', vm: vm(at) }, create(vm(at), draw.chance(50)), route(at), assign(at)];
  };
  const begin = [...PLACES.map((at) => [assign(at)]), [set]];
  const first = draw.below(begin.length);
  return {
    backEnd,
    devices: [{ id: 'd0', driver: draw.chance(30) ? 'vhost-vdpa' : 'vfio-pci', vectors: 2 }],
    operations: [
      ...eventfds.map((one): HostOperation => ({ operation: 'createEventfd', eventfd: one })),
      ...PLACES.map((at) => create(vm(at), vm(at) === emulated)),
      ...PLACES.map(route),
      { operation: 'openDevice', device: 'd0' },
      ...[...begin.slice(first), ...begin.slice(0, first)].flat(),
      ...Array.from({ length: 4 + draw.below(8) }, () => step(draw.of(PLACES))).flat(),
    ],
  };
}

/** A message to the one vCPU, which can be shortcut but for one in ten. */
function message(draw: Draw): MsiRoute {
  const delivery = draw.chance(90) ? 'fixed' : 'nmi';
  return { type: 'msi', gsi: 1, vcpus: [0], vector: 48 + draw.below(3), delivery };
}
