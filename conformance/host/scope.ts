/**
 * The small scope of the host that is covered completely: one VM with two vCPUs, one device with two vectors, two
 * eventfds, two GSIs, and tables of routes. Every state that can be reached, and every operation in each of them;
 * after each, both vectors are raised.
 */
import { backEnds } from '../../spec/host/back-ends.js';
import { stepHost } from '../../spec/host/model.js';
import type { HostSetting } from '../../spec/host/setting.js';
import { type HostState, nothingDone, stateKey } from '../../spec/host/state.js';
import type { BackEnd, EventfdId, HostDevice, HostOperation, HostProgram, Route } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';

/** The scope, as reports name it: VMs x devices x vectors x eventfds x GSIs. */
export const SCOPE = '1 VM, 1 device with 2 vectors, 2 eventfds, 2 GSIs';

const DEVICES: readonly HostDevice[] = [{ id: 'd0', driver: 'vfio-pci', vectors: 2 }];
const EVENTFDS: readonly EventfdId[] = ['e0', 'e1'];

/** The second eventfd leads to the second GSI only: that both may lead to either shows nothing more. */
const IRQFDS = [
  { eventfd: 'e0', gsi: 0 },
  { eventfd: 'e0', gsi: 1 },
  { eventfd: 'e1', gsi: 1 },
] as const;

const message = (gsi: number, vcpus: readonly number[], vector: number): Route => ({
  type: 'msi',
  gsi,
  vcpus,
  vector,
  delivery: 'fixed',
});

/** Among them, every field of a message changes alone, and the type. */
const TABLES: readonly (readonly Route[])[] = [
  [],
  [message(0, [0], 48), message(1, [1], 49)],
  [message(0, [1], 48), { type: 'irqchip', gsi: 1, pin: 4 }],
  [message(0, [0, 1], 48), message(1, [1], 50)],
];

/** Where a change of route only ends the bypass, fewer tables show all of it; in the last, the guest has mapped nothing. */
const FEWER_TABLES: readonly (readonly Route[])[] = [
  [],
  [message(0, [0], 48), message(1, [1], 49)],
  [message(0, [], 48), message(1, [1], 50)],
];

const START: readonly HostOperation[] = [
  ...EVENTFDS.map((eventfd): HostOperation => ({ operation: 'createEventfd', eventfd })),
  { operation: 'createVm', vm: 'vm0', vcpus: 2 },
  { operation: 'openDevice', device: 'd0' },
];

const alphabet = (backEnd: BackEnd): readonly HostOperation[] => [
  ...[0, 1].flatMap((start) =>
    [...EVENTFDS, null].map(
      (eventfd): HostOperation => ({ operation: 'setIrqs', device: 'd0', index: 'msix', start, eventfds: [eventfd] }),
    ),
  ),
  ...IRQFDS.flatMap(({ eventfd, gsi }): readonly HostOperation[] => [
    { operation: 'assignIrqfd', vm: 'vm0', eventfd, gsi },
    { operation: 'deassignIrqfd', vm: 'vm0', eventfd, gsi },
  ]),
  ...(backEnds[backEnd].followsRoutes ? TABLES : FEWER_TABLES).map(
    (routes): HostOperation => ({ operation: 'setRoutes', vm: 'vm0', routes }),
  ),
  { operation: 'disableIrqs', device: 'd0', index: 'msix' },
  { operation: 'resetDevice', device: 'd0' },
  { operation: 'closeDevice', device: 'd0' },
  { operation: 'openDevice', device: 'd0' },
  { operation: 'destroyVm', vm: 'vm0' },
  { operation: 'createVm', vm: 'vm0', vcpus: 2 },
];

/** What shows what an operation came to. */
const PROBES: readonly HostOperation[] = [0, 1].map((vector) => ({
  operation: 'raise',
  device: 'd0',
  index: 'msix',
  vector,
}));

/** One operation in one state, with its probes. */
export interface HostTransition {
  readonly from: number;
  readonly operation: HostOperation;
  readonly to: number;
}

/** Every state of the scope, and every transition. State 0 is where each program is after `START`. */
export interface HostMachine {
  readonly setting: HostSetting;
  readonly states: readonly HostState[];
  readonly transitions: readonly HostTransition[];
  /** The numbers of the transitions from each state. */
  readonly from: readonly (readonly number[])[];
}

/** Build the machine of the scope for a back end. */
export function hostMachine(backEnd: BackEnd, profile: Profile): HostMachine {
  const setting: HostSetting = { backEnd, devices: DEVICES, profile };
  const operations = alphabet(backEnd);
  const start = run(setting, nothingDone, START);
  const numbers = new Map<string, number>([[stateKey(start), 0]]);
  /** The same by a text that is made faster, of which a state may have several. */
  const known = new Map<string, number>();
  const states: HostState[] = [start];
  const transitions: HostTransition[] = [];
  const from: number[][] = [[]];
  for (let number = 0; number < states.length; number++) {
    const state = states[number];
    if (state === undefined) break;
    for (const operation of operations) {
      if (isMeaningless(state, operation)) continue;
      const next = run(setting, state, [operation, ...PROBES]);
      const text = JSON.stringify(next);
      let to = known.get(text);
      if (to === undefined) {
        const key = stateKey(next);
        to = numbers.get(key);
        if (to === undefined) {
          to = states.push(next) - 1;
          numbers.set(key, to);
          from.push([]);
        }
        known.set(text, to);
      }
      from[number]?.push(transitions.push({ from: number, operation, to }) - 1);
    }
  }
  return { setting, states, transitions, from };
}

/** A program of the scope, and which transitions it takes. */
export interface HostWalk {
  readonly program: HostProgram;
  readonly path: readonly number[];
}

/** Programs of at most so many transitions are easily made small. */
const LONGEST = 40;

/** The transitions that no program has taken yet. */
class Open {
  readonly #isTaken: Uint8Array;
  /** How many of the first transitions from each state are taken. */
  readonly #passed: Int32Array;
  #left: number;

  constructor(readonly machine: HostMachine) {
    this.#left = machine.transitions.length;
    this.#isTaken = new Uint8Array(this.#left);
    this.#passed = new Int32Array(machine.states.length);
  }

  get isEmpty(): boolean {
    return this.#left === 0;
  }

  take(number: number): void {
    if (this.#isTaken[number] === 0) this.#left--;
    this.#isTaken[number] = 1;
  }

  /** The first of those from a state. */
  firstFrom(state: number): number | undefined {
    const numbers = this.machine.from[state] ?? [];
    let at = this.#passed[state] ?? 0;
    while (this.#isTaken[numbers[at] ?? -1] === 1) at++;
    this.#passed[state] = at;
    return numbers[at];
  }
}

/** Programs that take every transition: each goes on to the nearest transition that none has taken yet. */
export function* hostWalks(machine: HostMachine): Generator<HostWalk> {
  const open = new Open(machine);
  while (!open.isEmpty) {
    const path: number[] = [];
    let state = 0;
    while (path.length < LONGEST) {
      const way = nearest(machine, state, open);
      if (way === undefined || (path.length > 0 && path.length + way.length > LONGEST)) break;
      for (const number of way) {
        path.push(number);
        open.take(number);
        state = machine.transitions[number]?.to ?? 0;
      }
    }
    yield { program: programOf(machine, path), path };
  }
}

/** The shortest way from a state to the end of a transition that is open. */
function nearest(machine: HostMachine, start: number, open: Open): readonly number[] | undefined {
  /** The transition by which each state was reached first. */
  const cameBy = new Int32Array(machine.states.length).fill(-1);
  const queue = [start];
  for (const state of queue) {
    const found = open.firstFrom(state);
    if (found !== undefined) return [...wayTo(machine, cameBy, start, state), found];
    for (const number of machine.from[state] ?? []) {
      const to = machine.transitions[number]?.to ?? start;
      if (to === start || cameBy[to] !== -1) continue;
      cameBy[to] = number;
      queue.push(to);
    }
  }
  return undefined;
}

function wayTo(machine: HostMachine, cameBy: Int32Array, start: number, state: number): readonly number[] {
  const way: number[] = [];
  for (let at = state; at !== start; ) {
    const number = cameBy[at] ?? -1;
    way.push(number);
    at = machine.transitions[number]?.from ?? start;
  }
  return way.reverse();
}

function programOf(machine: HostMachine, path: readonly number[]): HostProgram {
  const steps = path.flatMap((number) => {
    const operation = machine.transitions[number]?.operation;
    return operation === undefined ? [] : [operation, ...PROBES];
  });
  return { backEnd: machine.setting.backEnd, devices: DEVICES, operations: [...START, ...steps] };
}

function run(setting: HostSetting, state: HostState, operations: readonly HostOperation[]): HostState {
  return operations.reduce((now, operation) => stepHost(setting, now, operation).state, state);
}

/** What user space cannot do for want of a file descriptor. */
function isMeaningless(state: HostState, operation: HostOperation): boolean {
  if (operation.operation === 'openDevice') return state.devices[operation.device] !== undefined;
  if (operation.operation === 'createVm') return state.vms[operation.vm] !== undefined;
  if ('device' in operation) return state.devices[operation.device] === undefined;
  if ('vm' in operation) return state.vms[operation.vm] === undefined;
  return false;
}
