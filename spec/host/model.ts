/**
 * The operational model of a host: state, operation -> the call's status, what arrives at the guests, next state.
 *
 * Levels are not in it but for what their wiring is: an interrupt that stays until it is served is judged by what must
 * hold at the end of every operation, in `rules/delivery.ts`.
 */
import type { Status } from '../vocabulary.js';
import {
  addConsumer,
  addProducer,
  type Choices,
  hasProducer,
  mayStayAway,
  removeConsumer,
  removeProducer,
  reroute,
  usualChoices,
} from './pairing.js';
import type { HostSetting } from './setting.js';
import {
  entries,
  type HostState,
  irqfdOf,
  NOTHING_SET,
  put,
  registrationOf,
  routeFor,
  type VmState,
  without,
} from './state.js';
import type {
  AssignIrqfd,
  CloseEventfd,
  DeassignIrqfd,
  DeliveryPath,
  DeviceId,
  EventfdId,
  GuestTarget,
  Holder,
  HostOperation,
  Level,
  MaskLine,
  SetIrqs,
  SetStatus,
  SetUnmaskEventfd,
  TriggerIrqs,
  UnloadModule,
  VmId,
} from './vocabulary.js';
import { countOf, FIRST_WILD_GSI, irqfdHolder, mayUnmask, triggered, vectorHolder } from './vocabulary.js';

/** An interrupt that must come to a guest. */
export interface Arrival {
  readonly path: DeliveryPath;
  /** To one of these; there are several for lowest priority only. */
  readonly targets: readonly GuestTarget[];
}

/** A participant asks the manager to be registered. Whether it is accepted shows in the next state. */
export interface Attempt {
  readonly holder: Holder;
  readonly eventfd: EventfdId;
}

/** The result of an operation. */
export interface HostStep {
  readonly state: HostState;
  /** The result of a system call; undefined for what a device or a guest does. */
  readonly status?: Status;
  readonly arrivals: readonly Arrival[];
  /** Those who ask to be registered, because the call has set a vector or assigned an irqfd. */
  readonly attempts?: readonly Attempt[];
}

const OK = 0;
const ENOENT = -2;
const EBADF = -9;
const EWOULDBLOCK = -11;
const EBUSY = -16;
const EEXIST = -17;
const ENODEV = -19;
const EINVAL = -22;
const ENOTTY = -25;

/** The result of an operation in a state, given what consumers chose in it where they are free. */
export function stepHost(
  setting: HostSetting,
  state: HostState,
  operation: HostOperation,
  choices: Choices = usualChoices,
): HostStep {
  const step = doStep(setting, state, operation, choices);
  return mayUnmask(operation) ? { ...step, state: audible(step.state) } : step;
}

/** No line is silenced any more. */
function audible(state: HostState): HostState {
  let { devices } = state;
  for (const [id, device] of entries(devices)) {
    if (device.silenced) devices = put(devices, id, { ...device, silenced: false });
  }
  return devices === state.devices ? state : { ...state, devices };
}

function doStep(setting: HostSetting, state: HostState, operation: HostOperation, choices: Choices): HostStep {
  switch (operation.operation) {
    case 'createEventfd':
      return done({ ...state, eventfds: put(state.eventfds, operation.eventfd, { open: true, signalled: false }) });
    case 'closeEventfd':
      return closeEventfd(state, operation);
    case 'createVm': {
      if (state.unloaded.includes('kvm')) return failed(state, ENODEV);
      if (state.vms[operation.vm] !== undefined) return failed(state, EEXIST);
      const plain = operation.irqchip === 'emulated' ? { irqchip: operation.irqchip } : {};
      const vm: VmState = { vcpus: operation.vcpus, routes: [], irqfds: {}, held: [], ...plain };
      return done({ ...state, vms: put(state.vms, operation.vm, vm) });
    }
    case 'destroyVm':
      return destroyVm(state, operation.vm);
    case 'assignIrqfd':
      return assignIrqfd(setting, state, operation, choices);
    case 'deassignIrqfd':
      return deassignIrqfd(state, operation, choices);
    case 'setRoutes': {
      const vm = state.vms[operation.vm];
      if (vm === undefined) return failed(state, EBADF);
      const vms = put(state.vms, operation.vm, { ...vm, routes: operation.routes });
      return done(reroute(setting, { ...state, vms }, operation.vm, vm.routes, choices));
    }
    case 'openDevice':
      return openDevice(state, operation.device);
    case 'closeDevice': {
      if (state.devices[operation.device] === undefined) return failed(state, EBADF);
      const masks = Object.fromEntries(entries(state.masks).filter(([one]) => !one.startsWith(`${operation.device}.`)));
      const disabled = disable(state, operation.device);
      return done({ ...disabled, masks, devices: without(disabled.devices, operation.device) });
    }
    case 'resetDevice': {
      if (state.devices[operation.device] === undefined) return failed(state, EBADF);
      const driver = setting.devices.find(({ id }) => id === operation.device)?.driver;
      return done(driver === 'vhost-vdpa' ? disable(state, operation.device) : state);
    }
    case 'setIrqs':
      return setIrqs(setting, state, operation, choices);
    case 'disableIrqs': {
      const device = state.devices[operation.device];
      if (device === undefined) return failed(state, EBADF);
      return device.index === operation.index ? done(disable(state, operation.device)) : failed(state, EINVAL);
    }
    case 'setUnmaskEventfd':
      return setUnmaskEventfd(state, operation);
    case 'triggerIrqs':
      return triggerIrqs(setting, state, operation);
    case 'maskLine':
    case 'unmaskLine':
      return maskLine(state, operation);
    case 'setStatus':
      return setStatus(setting, state, operation, choices);
    case 'unloadModule':
      return unloadModule(state, operation);
    case 'raise': {
      const holder = vectorHolder(operation.device, operation.index, operation.vector);
      if (state.masks[holder] === undefined) return message(state, operation);
      return { state: { ...state, masks: put(state.masks, holder, { sent: true }) }, arrivals: [] };
    }
    case 'mask': {
      const holder = vectorHolder(operation.device, operation.index, operation.vector);
      const mask = state.masks[holder] ?? { sent: false };
      return { state: { ...state, masks: put(state.masks, holder, mask) }, arrivals: [] };
    }
    case 'unmask': {
      const holder = vectorHolder(operation.device, operation.index, operation.vector);
      const unmasked = { ...state, masks: without(state.masks, holder) };
      return state.masks[holder]?.sent === true ? message(unmasked, operation) : { state: unmasked, arrivals: [] };
    }
    case 'setLine':
      return { state: setLine(state, operation.device, operation.level), arrivals: [] };
    case 'endOfInterrupt':
    case 'scheduleVcpu':
      return { state, arrivals: [] };
    case 'holdInterrupts':
    case 'takeInterrupts':
      return {
        state: hold(state, operation.vm, operation.vcpu, operation.operation === 'holdInterrupts'),
        arrivals: [],
      };
  }
}

function done(state: HostState): HostStep {
  return { state, status: OK, arrivals: [] };
}

function failed(state: HostState, status: Status): HostStep {
  return { state, status, arrivals: [] };
}

/** Its irqfd waits for it, is told that it hung up, and goes. A vector that signals it does not wait, and stays. */
function closeEventfd(state: HostState, { eventfd }: CloseEventfd): HostStep {
  const known = state.eventfds[eventfd];
  if (known?.open !== true) return failed(state, EBADF);
  const found = irqfdOf(state, eventfd);
  const closed = { ...state, eventfds: put(state.eventfds, eventfd, { ...known, open: false }) };
  return done(found === undefined ? closed : withoutIrqfd(closed, found.id, eventfd));
}

function destroyVm(state: HostState, id: VmId): HostStep {
  const vm = state.vms[id];
  if (vm === undefined) return failed(state, EBADF);
  let next = state;
  for (const [eventfd] of entries(vm.irqfds)) next = withoutIrqfd(next, id, eventfd);
  return done({ ...next, vms: without(next.vms, id) });
}

function assignIrqfd(
  setting: HostSetting,
  state: HostState,
  { vm: id, eventfd, gsi, resample }: AssignIrqfd,
  choices: Choices,
): HostStep {
  if (gsi >= FIRST_WILD_GSI && choices.refusesWildGsi) return failed(state, EINVAL);
  const vm = state.vms[id];
  const isOpen = (one: EventfdId | undefined) => one === undefined || state.eventfds[one]?.open === true;
  if (vm === undefined || !isOpen(eventfd) || !isOpen(resample)) return failed(state, EBADF);
  if (irqfdOf(state, eventfd) !== undefined) return failed(state, EBUSY);
  const irqfds = put(vm.irqfds, eventfd, { gsi, resample: resample ?? null });
  const assigned = { ...state, vms: put(state.vms, id, { ...vm, irqfds }) };
  // What was signalled while nobody waited is not lost: the one that comes gets it.
  const pending = state.eventfds[eventfd]?.signalled === true ? signal(assigned, eventfd) : done(assigned);
  const heard = { ...pending.state, eventfds: put(pending.state.eventfds, eventfd, { open: true, signalled: false }) };
  const holder = irqfdHolder(id, eventfd);
  if (mayStayAway(setting, vm) && !choices.registers(holder, eventfd)) return { ...pending, state: heard, status: OK };
  return {
    ...pending,
    state: addConsumer(setting, heard, eventfd, holder, choices),
    status: OK,
    attempts: [{ holder, eventfd }],
  };
}

/** An irqfd that is not assigned is deassigned already: the call succeeds. */
function deassignIrqfd(state: HostState, { vm, eventfd, gsi }: DeassignIrqfd, choices: Choices): HostStep {
  const isAssigned = state.vms[vm]?.irqfds[eventfd]?.gsi === gsi;
  if (gsi >= FIRST_WILD_GSI && !isAssigned && choices.refusesWildGsi) return failed(state, EINVAL);
  if (state.vms[vm] === undefined) return failed(state, EBADF);
  return done(isAssigned ? withoutIrqfd(state, vm, eventfd) : state);
}

function withoutIrqfd(state: HostState, id: VmId, eventfd: EventfdId): HostState {
  const vm = state.vms[id];
  if (vm === undefined) return state;
  const parted = removeConsumer(state, eventfd, irqfdHolder(id, eventfd));
  return { ...parted, vms: put(parted.vms, id, { ...vm, irqfds: without(vm.irqfds, eventfd) }) };
}

function openDevice(state: HostState, id: DeviceId): HostStep {
  if (state.unloaded.includes('vfio')) return failed(state, ENODEV);
  if (state.devices[id] !== undefined) return failed(state, EBUSY);
  return done({ ...state, devices: put(state.devices, id, NOTHING_SET) });
}

function disable(state: HostState, id: DeviceId): HostState {
  const device = state.devices[id];
  if (device === undefined) return state;
  let next = state;
  for (const vector of Object.keys(device.triggers)) next = setTrigger(next, id, Number(vector), null);
  return { ...next, devices: put(next.devices, id, { ...NOTHING_SET, ready: device.ready }) };
}

/** Each vector in order: it lets go of what it had, then takes the new eventfd, and registers. */
function setIrqs(setting: HostSetting, state: HostState, operation: SetIrqs, choices: Choices): HostStep {
  const { device: id, index, start, eventfds } = operation;
  const device = state.devices[id];
  if (device === undefined) return failed(state, EBADF);
  const vectors = setting.devices.find((one) => one.id === id)?.vectors ?? 0;
  const most = index === 'intx' ? 1 : vectors;
  if (eventfds.length === 0 || start + eventfds.length > most) return failed(state, EINVAL);
  if (device.index !== null && device.index !== index) return failed(state, EINVAL);
  let next: HostState = { ...state, devices: put(state.devices, id, { ...device, index }) };
  const attempts: Attempt[] = [];
  for (const [at, eventfd] of eventfds.entries()) {
    const vector = start + at;
    next = setTrigger(next, id, vector, null);
    if (eventfd === null) continue;
    if (next.eventfds[eventfd]?.open !== true) {
      // All or none: those that were set before it are taken back.
      for (let back = start; back < vector; back++) next = setTrigger(next, id, back, null);
      return failed(next, EBADF);
    }
    const holder = vectorHolder(id, index, vector);
    next = setTrigger(next, id, vector, eventfd);
    if (!device.ready) continue;
    if (hasProducer(setting, holder)) attempts.push({ holder, eventfd });
    next = addProducer(setting, next, eventfd, holder, choices);
  }
  return { ...done(next), attempts };
}

function setTrigger(state: HostState, id: DeviceId, vector: number, eventfd: EventfdId | null): HostState {
  const device = state.devices[id];
  if (device === undefined || device.index === null) return state;
  const old = device.triggers[vector];
  const parted = old === undefined ? state : removeProducer(state, old, vectorHolder(id, device.index, vector));
  const triggers = eventfd === null ? without(device.triggers, vector) : put(device.triggers, vector, eventfd);
  const isLine = device.index === 'intx';
  const underWay = isLine && eventfd !== null && state.lines[id] === 'asserted';
  const deaf = isLine ? false : device.deaf;
  return { ...parted, devices: put(parted.devices, id, { ...device, triggers, underWay, deaf }) };
}

function setUnmaskEventfd(state: HostState, { device: id, eventfd }: SetUnmaskEventfd): HostStep {
  const device = state.devices[id];
  if (device === undefined) return failed(state, EBADF);
  if (device.index !== 'intx') return failed(state, EINVAL);
  const set = (unmask: EventfdId | null, deaf: boolean) => put(state.devices, id, { ...device, unmask, deaf });
  if (eventfd === null) return done({ ...state, devices: set(null, device.deaf) });
  if (state.eventfds[eventfd]?.open !== true) return failed({ ...state, devices: set(null, device.deaf) }, EBADF);
  const others = (state.unmaskers[eventfd] ?? []).filter((one) => one !== id);
  const unmaskers = put(state.unmaskers, eventfd, [...others, id]);
  const devices = set(eventfd, device.deaf || (others.length > 0 && device.underWay));
  return done({ ...state, unmaskers, devices });
}

/** The eventfds of vectors are signalled, one by one: what comes of it takes the host's path. */
function triggerIrqs(setting: HostSetting, state: HostState, operation: TriggerIrqs): HostStep {
  const { device: id, index, start } = operation;
  const device = state.devices[id];
  if (device === undefined) return failed(state, EBADF);
  const count = countOf(operation);
  const most = index === 'intx' ? 1 : (setting.devices.find((one) => one.id === id)?.vectors ?? 0);
  if (count === 0 || start + count > most || device.index !== index) return failed(state, EINVAL);
  let step: HostStep = done(state);
  for (const vector of triggered(operation)) {
    const eventfd = device.triggers[vector];
    if (eventfd === undefined) continue;
    const { state: next, arrivals } = signal(step.state, eventfd);
    step = { ...done(next), arrivals: [...step.arrivals, ...arrivals] };
  }
  return step;
}

/** A line that user space has masked is enabled again by it, or by the end of an interrupt: nobody can tell by which. */
function maskLine(state: HostState, { operation, device: id }: MaskLine): HostStep {
  const device = state.devices[id];
  if (device === undefined) return failed(state, EBADF);
  if (device.index !== 'intx') return failed(state, EINVAL);
  const masks = operation === 'maskLine' && device.triggers[0] !== undefined;
  const changed = { ...device, deaf: masks, silenced: masks };
  return done({ ...state, devices: put(state.devices, id, changed) });
}

/** The producers of vectors go when the driver is not ready any more, and come when it is, the lowest vector first. */
function setStatus(setting: HostSetting, state: HostState, operation: SetStatus, choices: Choices): HostStep {
  const { device: id, status } = operation;
  const device = state.devices[id];
  if (device === undefined) return failed(state, EBADF);
  if (setting.devices.find((one) => one.id === id)?.driver !== 'vhost-vdpa') return failed(state, ENOTTY);
  const ready = status === 'driver-ok';
  // Nobody can tell what has become of an interrupt of a line meanwhile.
  const deaf = device.index === 'intx' || device.deaf;
  let next: HostState = { ...state, devices: put(state.devices, id, { ...device, ready, deaf }) };
  const attempts: Attempt[] = [];
  if (device.index === null || ready === device.ready) return { ...done(next), attempts };
  for (const [vector, eventfd] of Object.entries(device.triggers)) {
    const holder = vectorHolder(id, device.index, Number(vector));
    if (!ready) next = removeProducer(next, eventfd, holder);
    else {
      if (hasProducer(setting, holder)) attempts.push({ holder, eventfd });
      next = addProducer(setting, next, eventfd, holder, choices);
    }
  }
  return { ...done(next), attempts };
}

function setLine(state: HostState, id: DeviceId, level: Level): HostState {
  const lines = put(state.lines, id, level);
  const device = state.devices[id];
  if (device?.index !== 'intx' || device.triggers[0] === undefined || level === 'deasserted')
    return { ...state, lines };
  return { ...state, lines, devices: put(state.devices, id, { ...device, underWay: true }) };
}

function unloadModule(state: HostState, { module }: UnloadModule): HostStep {
  if (state.unloaded.includes(module)) return failed(state, ENOENT);
  const used = {
    irqbypass: !(state.unloaded.includes('vfio') && state.unloaded.includes('kvm')),
    vfio: Object.keys(state.devices).length > 0,
    kvm: Object.keys(state.vms).length > 0,
  };
  return used[module] ? failed(state, EWOULDBLOCK) : done({ ...state, unloaded: [...state.unloaded, module] });
}

/** A message of a vector: straight to the guest if the vector's own producer is the one that is paired, else by eventfd. */
function message(
  state: HostState,
  { device: id, index, vector }: { readonly device: DeviceId; readonly index: 'msi' | 'msix'; readonly vector: number },
): HostStep {
  const device = state.devices[id];
  const eventfd = device?.index === index && device.ready ? device.triggers[vector] : undefined;
  if (eventfd === undefined) return { state, arrivals: [] };
  const { producer, shortcut } = registrationOf(state, eventfd);
  if (producer === vectorHolder(id, index, vector) && shortcut !== null) {
    return { state, arrivals: [{ path: 'bypass', targets: [shortcut] }] };
  }
  return signal(state, eventfd);
}

/** An eventfd is signalled: its irqfd triggers its GSI; without one, it stays signalled. */
function signal(state: HostState, eventfd: EventfdId): HostStep {
  const found = irqfdOf(state, eventfd);
  if (found === undefined) {
    const open = state.eventfds[eventfd]?.open === true;
    return { state: { ...state, eventfds: put(state.eventfds, eventfd, { open, signalled: true }) }, arrivals: [] };
  }
  const route = routeFor(state, eventfd);
  const to = (vcpu: number, vector: GuestTarget['vector']): GuestTarget => ({ vm: found.id, vcpu, vector });
  if (route === undefined) return { state, arrivals: [] };
  if (route.type === 'irqchip') {
    // A level is not an arrival of a message: see the head of this file.
    const edge: Arrival = { path: 'host', targets: [to(0, `pin ${route.pin}`)] };
    return { state, arrivals: found.irqfd.resample === null ? [edge] : [] };
  }
  const targets = route.vcpus.map((vcpu) => to(vcpu, route.delivery === 'nmi' ? 'nmi' : route.vector));
  if (targets.length === 0) return { state, arrivals: [] };
  const arrivals: readonly Arrival[] =
    route.delivery === 'lowest-priority'
      ? [{ path: 'host', targets }]
      : targets.map((target) => ({ path: 'host', targets: [target] }));
  return { state, arrivals };
}

function hold(state: HostState, id: VmId, vcpu: number, holds: boolean): HostState {
  const vm = state.vms[id];
  if (vm === undefined) return state;
  const rest = vm.held.filter((one) => one !== vcpu);
  return { ...state, vms: put(state.vms, id, { ...vm, held: holds ? [...rest, vcpu].sort() : rest }) };
}
