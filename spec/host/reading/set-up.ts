/**
 * What is set up on a host: which eventfd each vector signals, which irqfd waits for it, where its interrupts go. It follows
 * from the calls alone. What a target says of itself is held against it.
 */
import type { Status } from '../../vocabulary.js';
import { routeOf } from '../back-ends.js';
import type { HostSetting } from '../setting.js';
import type { DeviceId, EventfdId, Holder, HostModule, HostOperation, IrqIndex, Route, VmId } from '../vocabulary.js';
import { irqfdHolder, mayUnmask, triggered, vectorHolder } from '../vocabulary.js';
import { closedAt, dueStatus } from './results.js';
import { SnapshotMap } from './snapshot-map.js';

/** An irqfd that is assigned. */
export interface AssignedIrqfd {
  readonly holder: Holder;
  readonly vm: VmId;
  readonly gsi: number;
  /** The eventfd that is signalled at the end of its interrupt, if it is a level. */
  readonly resample: EventfdId | undefined;
}

/** What is set up at one moment. */
export interface SetUp {
  /** The eventfds that are open. */
  readonly eventfds: ReadonlyMap<EventfdId, true>;
  /** The eventfds to which a message came while no irqfd waited for it. */
  readonly signalled: ReadonlyMap<EventfdId, true>;
  /** The devices that are open, with the index that is enabled. */
  readonly devices: ReadonlyMap<DeviceId, IrqIndex | null>;
  /** The eventfd that each vector is set to. */
  readonly triggers: ReadonlyMap<Holder, EventfdId>;
  /** The eventfd that unmasks the line of each device. */
  readonly unmasks: ReadonlyMap<DeviceId, EventfdId>;
  /** The devices whose line is asserted. */
  readonly asserted: ReadonlyMap<DeviceId, true>;
  /**
   * The devices whose line may have missed the end of its interrupt: the eventfd that unmasks it was set while one may
   * have been under way, and another line had listened to that eventfd, which takes what was signalled before.
   */
  readonly deaf: ReadonlyMap<DeviceId, true>;
  /** The devices whose line user space has masked, where nothing has come since that may have unmasked it. */
  readonly silenced: ReadonlyMap<DeviceId, true>;
  /** The devices of vhost-vdpa whose driver is not ready: what is set has no producer and sends nothing. */
  readonly unready: ReadonlyMap<DeviceId, true>;
  /** The vectors that are masked in their device, and whether each has sent something meanwhile. */
  readonly masked: ReadonlyMap<Holder, boolean>;
  /** The VMs, with their tables of routes. */
  readonly vms: ReadonlyMap<VmId, readonly Route[]>;
  /** The VMs for which nothing can be shortcut, whatever the host can. */
  readonly emulated: ReadonlyMap<VmId, true>;
  /** The irqfds, each by its eventfd, which has at most one. */
  readonly irqfds: ReadonlyMap<EventfdId, AssignedIrqfd>;
  readonly unloaded: ReadonlyMap<HostModule, true>;
}

/** Where what signals an eventfd goes. */
export function routeFor(setUp: SetUp, eventfd: EventfdId): Route | undefined {
  const irqfd = setUp.irqfds.get(eventfd);
  return irqfd === undefined ? undefined : routeOf(setUp.vms.get(irqfd.vm) ?? [], irqfd.gsi);
}

/** Keeps what is set up, call by call. */
export class SetUpKeeper {
  readonly #eventfds = new SnapshotMap<EventfdId, true>();
  readonly #signalled = new SnapshotMap<EventfdId, true>();
  readonly #devices = new SnapshotMap<DeviceId, IrqIndex | null>();
  readonly #triggers = new SnapshotMap<Holder, EventfdId>();
  readonly #unmasks = new SnapshotMap<DeviceId, EventfdId>();
  readonly #asserted = new SnapshotMap<DeviceId, true>();
  readonly #deaf = new SnapshotMap<DeviceId, true>();
  readonly #silenced = new SnapshotMap<DeviceId, true>();
  readonly #unready = new SnapshotMap<DeviceId, true>();
  /** The devices whose line was asserted at some time since its vector was set. */
  readonly #underWay = new Set<DeviceId>();
  /** The devices whose line each eventfd has ever unmasked. */
  readonly #unmaskers = new Map<EventfdId, Set<DeviceId>>();
  readonly #masked = new SnapshotMap<Holder, boolean>();
  readonly #vms = new SnapshotMap<VmId, readonly Route[]>();
  readonly #emulated = new SnapshotMap<VmId, true>();
  readonly #irqfds = new SnapshotMap<EventfdId, AssignedIrqfd>();
  readonly #unloaded = new SnapshotMap<HostModule, true>();
  readonly #maps = [
    this.#eventfds,
    this.#signalled,
    this.#devices,
    this.#triggers,
    this.#unmasks,
    this.#asserted,
    this.#deaf,
    this.#silenced,
    this.#unready,
    this.#masked,
    this.#vms,
    this.#emulated,
    this.#irqfds,
    this.#unloaded,
  ];
  #current: SetUp = this.#snapshot();

  constructor(readonly setting: HostSetting) {}

  /** What is set up now. */
  get current(): SetUp {
    return this.#current;
  }

  /** Take a call, and what it returned. @returns what it has to return, if it is one of user space */
  take(operation: HostOperation, returned: Status | undefined): Status | undefined {
    const due = dueStatus(this.setting, this.#current, operation, returned);
    if (due === undefined || due === 0) this.#do(operation);
    else this.#fail(operation);
    if (mayUnmask(operation)) for (const [device] of this.#silenced) this.#silenced.delete(device);
    if (this.#maps.some(({ isChanged }) => isChanged)) this.#current = this.#snapshot();
    return due;
  }

  #do(operation: HostOperation): void {
    switch (operation.operation) {
      case 'createEventfd':
        this.#eventfds.set(operation.eventfd, true);
        this.#signalled.delete(operation.eventfd);
        break;
      case 'closeEventfd':
        this.#eventfds.delete(operation.eventfd);
        this.#irqfds.delete(operation.eventfd);
        break;
      case 'createVm':
        this.#vms.set(operation.vm, []);
        if (operation.irqchip === 'emulated') this.#emulated.set(operation.vm, true);
        break;
      case 'destroyVm':
        this.#vms.delete(operation.vm);
        this.#emulated.delete(operation.vm);
        for (const [eventfd, { vm }] of this.#irqfds) if (vm === operation.vm) this.#irqfds.delete(eventfd);
        break;
      case 'assignIrqfd': {
        const { vm, eventfd, gsi, resample } = operation;
        this.#irqfds.set(eventfd, { holder: irqfdHolder(vm, eventfd), vm, gsi, resample });
        this.#signalled.delete(eventfd);
        break;
      }
      case 'deassignIrqfd': {
        const irqfd = this.#irqfds.get(operation.eventfd);
        // What is not assigned is deassigned already.
        if (irqfd?.vm === operation.vm && irqfd.gsi === operation.gsi) this.#irqfds.delete(operation.eventfd);
        break;
      }
      case 'setRoutes':
        this.#vms.set(operation.vm, operation.routes);
        break;
      case 'openDevice':
        this.#devices.set(operation.device, null);
        break;
      case 'closeDevice':
        this.#disable(operation.device);
        this.#devices.delete(operation.device);
        this.#unready.delete(operation.device);
        for (const [vector] of this.#masked) if (isOf(operation.device, vector)) this.#masked.delete(vector);
        break;
      case 'resetDevice':
        if (this.#losesVectorsByReset(operation.device)) this.#disable(operation.device);
        break;
      case 'disableIrqs':
        this.#disable(operation.device);
        break;
      case 'setIrqs': {
        const { device, index, start, eventfds } = operation;
        this.#devices.set(device, index);
        for (const [at, eventfd] of eventfds.entries()) {
          const vector = vectorHolder(device, index, start + at);
          if (eventfd === null) this.#triggers.delete(vector);
          else this.#triggers.set(vector, eventfd);
        }
        this.#renewLine(device);
        break;
      }
      case 'setUnmaskEventfd':
        if (operation.eventfd === null) this.#unmasks.delete(operation.device);
        else this.#listen(operation.device, operation.eventfd);
        break;
      case 'triggerIrqs':
        for (const vector of triggered(operation))
          this.#signal(vectorHolder(operation.device, operation.index, vector));
        break;
      case 'maskLine':
        if (!this.#triggers.has(vectorHolder(operation.device, 'intx', 0))) this.#deaf.delete(operation.device);
        else {
          this.#deaf.set(operation.device, true);
          this.#silenced.set(operation.device, true);
        }
        break;
      case 'unmaskLine':
        this.#deaf.delete(operation.device);
        break;
      case 'setStatus':
        // Nobody can tell what has become of an interrupt of a line meanwhile.
        if (this.#devices.get(operation.device) === 'intx') this.#deaf.set(operation.device, true);
        if (operation.status === 'none') this.#unready.set(operation.device, true);
        else this.#unready.delete(operation.device);
        break;
      case 'unloadModule':
        this.#unloaded.set(operation.module, true);
        break;
      case 'raise': {
        const vector = vectorHolder(operation.device, operation.index, operation.vector);
        if (this.#masked.has(vector)) this.#masked.set(vector, true);
        else this.#send(vector);
        break;
      }
      case 'mask': {
        const vector = vectorHolder(operation.device, operation.index, operation.vector);
        if (!this.#masked.has(vector)) this.#masked.set(vector, false);
        break;
      }
      case 'unmask': {
        const vector = vectorHolder(operation.device, operation.index, operation.vector);
        if (this.#masked.get(vector) === true) this.#send(vector);
        this.#masked.delete(vector);
        break;
      }
      case 'setLine':
        if (operation.level === 'deasserted') this.#asserted.delete(operation.device);
        else {
          this.#asserted.set(operation.device, true);
          if (this.#triggers.has(vectorHolder(operation.device, 'intx', 0))) this.#underWay.add(operation.device);
        }
        break;
      case 'endOfInterrupt':
      case 'holdInterrupts':
      case 'takeInterrupts':
      case 'scheduleVcpu':
        break;
    }
  }

  /** What a call leaves that fails because an eventfd is closed: nothing of what it named is set any more. */
  #fail(operation: HostOperation): void {
    if (operation.operation === 'setUnmaskEventfd') {
      if (this.#devices.get(operation.device) === 'intx' && this.#isClosed(operation.eventfd))
        this.#unmasks.delete(operation.device);
    }
    if (operation.operation === 'setIrqs') this.#failToSet(operation);
  }

  /** The vectors are set in order: up to the one whose eventfd is closed, each has let go of its old one. */
  #failToSet(operation: Extract<HostOperation, { operation: 'setIrqs' }>): void {
    const { device, index, start, eventfds } = operation;
    const due = dueStatus(this.setting, this.#current, { ...operation, eventfds: eventfds.map(() => null) }, undefined);
    if (due !== 0) return;
    this.#devices.set(device, index);
    for (let at = 0; at <= closedAt(this.#current, eventfds); at++) {
      this.#triggers.delete(vectorHolder(device, index, start + at));
    }
    this.#renewLine(device);
  }

  #isClosed(eventfd: EventfdId | null): boolean {
    return eventfd !== null && !this.#eventfds.has(eventfd);
  }

  /** A message leaves a device: an eventfd for which no irqfd waits keeps it. */
  #send(vector: Holder): void {
    if (!this.#unready.has(vector.split('.')[0] as DeviceId)) this.#signal(vector);
  }

  #signal(vector: Holder): void {
    const eventfd = this.#triggers.get(vector);
    if (eventfd !== undefined && !this.#irqfds.has(eventfd)) this.#signalled.set(eventfd, true);
  }

  #disable(device: DeviceId): void {
    this.#devices.set(device, null);
    this.#unmasks.delete(device);
    for (const [vector] of this.#triggers) if (isOf(device, vector)) this.#triggers.delete(vector);
    this.#renewLine(device);
  }

  /** The vector of a line was set anew: nothing of before is under way. */
  #renewLine(device: DeviceId): void {
    this.#deaf.delete(device);
    const isSet = this.#triggers.has(vectorHolder(device, 'intx', 0));
    if (isSet && this.#asserted.has(device)) this.#underWay.add(device);
    else this.#underWay.delete(device);
  }

  #listen(device: DeviceId, eventfd: EventfdId): void {
    this.#unmasks.set(device, eventfd);
    const unmaskers = this.#unmaskers.get(eventfd) ?? new Set();
    this.#unmaskers.set(eventfd, unmaskers.add(device));
    if (unmaskers.size > 1 && this.#underWay.has(device)) this.#deaf.set(device, true);
  }

  #losesVectorsByReset(device: DeviceId): boolean {
    return this.setting.devices.find(({ id }) => id === device)?.driver === 'vhost-vdpa';
  }

  #snapshot(): SetUp {
    return {
      eventfds: this.#eventfds.snapshot(),
      signalled: this.#signalled.snapshot(),
      devices: this.#devices.snapshot(),
      triggers: this.#triggers.snapshot(),
      unmasks: this.#unmasks.snapshot(),
      asserted: this.#asserted.snapshot(),
      deaf: this.#deaf.snapshot(),
      silenced: this.#silenced.snapshot(),
      unready: this.#unready.snapshot(),
      masked: this.#masked.snapshot(),
      vms: this.#vms.snapshot(),
      emulated: this.#emulated.snapshot(),
      irqfds: this.#irqfds.snapshot(),
      unloaded: this.#unloaded.snapshot(),
    };
  }
}

function isOf(device: DeviceId, vector: Holder): boolean {
  return vector.startsWith(`${device}.`);
}
