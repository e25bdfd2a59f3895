/**
 * Every order in which user space can set up a host: all permutations of some system calls in which each finds what it
 * needs. Where a change of route only ends the bypass, the routes are there first: a guest programs its interrupts before
 * it enables them.
 */
import { backEnds } from '../../spec/host/back-ends.js';
import { stepHost } from '../../spec/host/model.js';
import type { HostSetting } from '../../spec/host/setting.js';
import { type HostState, nothingDone } from '../../spec/host/state.js';
import type { BackEnd, HostDevice, HostOperation, HostProgram, SetRoutes } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';

const DEVICES: readonly HostDevice[] = [{ id: 'd0', driver: 'vfio-pci', vectors: 2 }];

/** System calls whose order is free, and what shows what they came to. */
export interface SetUp {
  readonly name: string;
  readonly programs: readonly HostProgram[];
  readonly probes: readonly HostOperation[];
}

const messages = (vector: 0 | 1): readonly HostOperation[] => [
  { operation: 'assignIrqfd', vm: 'vm0', eventfd: `e${vector}`, gsi: vector },
  { operation: 'setIrqs', device: 'd0', index: 'msix', start: vector, eventfds: [`e${vector}`] },
];
const ROUTES: SetRoutes = {
  operation: 'setRoutes',
  vm: 'vm0',
  routes: [
    { type: 'msi', gsi: 0, vcpus: [0], vector: 48, delivery: 'fixed' },
    { type: 'msi', gsi: 1, vcpus: [1], vector: 49, delivery: 'fixed' },
  ],
};
const OPENS: readonly HostOperation[] = [
  { operation: 'createVm', vm: 'vm0', vcpus: 2 },
  { operation: 'openDevice', device: 'd0' },
];
const EVENTFDS: readonly HostOperation[] = [
  { operation: 'createEventfd', eventfd: 'e0' },
  { operation: 'createEventfd', eventfd: 'e1' },
];
const RAISES: readonly HostOperation[] = [0, 1].map((vector) => ({
  operation: 'raise',
  device: 'd0',
  index: 'msix',
  vector,
}));

const LINE_ROUTES: SetRoutes = { operation: 'setRoutes', vm: 'vm0', routes: [{ type: 'irqchip', gsi: 0, pin: 10 }] };
const LINE: readonly HostOperation[] = [
  { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 0, resample: 'e1' },
  { operation: 'setIrqs', device: 'd0', index: 'intx', start: 0, eventfds: ['e0'] },
  { operation: 'setUnmaskEventfd', device: 'd0', eventfd: 'e1' },
];
const LINE_PROBES: readonly HostOperation[] = [
  { operation: 'setLine', device: 'd0', level: 'asserted' },
  { operation: 'endOfInterrupt', vm: 'vm0', pin: 10 },
  { operation: 'setLine', device: 'd0', level: 'deasserted' },
  { operation: 'endOfInterrupt', vm: 'vm0', pin: 10 },
];

/** What is set up in every order on a back end. */
export function setUps(backEnd: BackEnd, profile: Profile): readonly SetUp[] {
  const setting: HostSetting = { backEnd, devices: DEVICES, profile };
  const free = backEnds[backEnd].followsRoutes;
  const make = (
    name: string,
    routes: SetRoutes,
    rest: readonly HostOperation[],
    probes: readonly HostOperation[],
  ): SetUp => {
    const [create, open] = OPENS;
    const first = free ? EVENTFDS : [...EVENTFDS, ...(create === undefined ? [] : [create]), routes];
    const any = free ? [...OPENS, routes, ...rest] : [...(open === undefined ? [] : [open]), ...rest];
    const programs = [...orders(setting, run(setting, first), any)].map(
      (order): HostProgram => ({ backEnd, devices: DEVICES, operations: [...first, ...order, ...probes] }),
    );
    return { name, programs, probes };
  };
  return [
    make('one vector', ROUTES, messages(0), RAISES),
    make('two vectors', ROUTES, [...messages(0), ...messages(1)], RAISES),
    make('a line', LINE_ROUTES, LINE, LINE_PROBES),
  ];
}

/** The orders of some calls in which each succeeds. */
function* orders(
  setting: HostSetting,
  state: HostState,
  operations: readonly HostOperation[],
): Generator<readonly HostOperation[]> {
  if (operations.length === 0) yield [];
  for (const [at, operation] of operations.entries()) {
    const step = stepHost(setting, state, operation);
    if (step.status !== 0) continue;
    for (const rest of orders(setting, step.state, operations.toSpliced(at, 1))) yield [operation, ...rest];
  }
}

function run(setting: HostSetting, operations: readonly HostOperation[]): HostState {
  return operations.reduce((state, operation) => stepHost(setting, state, operation).state, nothingDone);
}
