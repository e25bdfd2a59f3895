/**
 * A simulated host: user space's calls go to VFIO and KVM, devices and guests are simulated, and everything that happens
 * is noted. Any of the three roles can be another's; the reference plays those that are not given.
 */

import type {
  ConsumerDriver,
  ConsumerFactory,
  ParticipantEnvironment,
  ProducerDriver,
  ProducerFactory,
} from '../../spec/host/roles.js';
import type {
  CreateVm,
  DeviceId,
  Holder,
  HostEvent,
  HostModule,
  HostOperation,
  HostProgram,
  HostTrace,
  VmId,
} from '../../spec/host/vocabulary.js';
import { vectorHolder } from '../../spec/host/vocabulary.js';
import type { ManagerFactory } from '../../spec/manager.js';
import type { Profile } from '../../spec/profile.js';
import type { Status } from '../../spec/vocabulary.js';
import { createReferenceManager } from '../manager.js';
import { SimulatedDevice } from './device.js';
import { Eventfds } from './eventfds.js';
import { SimulatedGuest } from './guest.js';
import { SimulatedInterrupts } from './interrupts.js';
import { Kvm } from './kvm.js';
import { Modules } from './modules.js';
import { RecordedManager } from './recorded-manager.js';
import { Vfio } from './vfio.js';
import { EBADF } from './vfio-msi.js';

/** Who plays the roles of a host; the reference, where nobody is named. */
export interface Participants {
  readonly manager?: ManagerFactory;
  readonly producer?: ProducerFactory;
  readonly consumer?: ConsumerFactory;
  readonly modules?: (note: (event: HostEvent) => void) => Modules;
}

/** A host on which one program runs. */
export class SimulatedHost {
  readonly #eventfds: Eventfds;
  readonly #interrupts: SimulatedInterrupts;
  readonly #devices = new Map<DeviceId, SimulatedDevice>();
  readonly #open = new Set<DeviceId>();
  readonly #guests = new Map<VmId, SimulatedGuest>();
  readonly #modules: Modules;
  readonly #producers: ProducerDriver;
  readonly #consumers: ConsumerDriver;
  /** The operation that runs, by which a new consumer is known. */
  #operation: HostOperation | undefined;
  /** The vector whose interrupt was requested last in it, by which a new producer is known. */
  #lastRequested: Holder | undefined;

  constructor(
    readonly program: HostProgram,
    profile: Profile,
    participants: Participants = {},
    readonly events: HostEvent[] = [],
  ) {
    const note = (event: HostEvent) => {
      this.events.push(event);
    };
    this.#modules = participants.modules?.(note) ?? new Modules();
    this.#eventfds = new Eventfds(note);
    this.#interrupts = new SimulatedInterrupts(program.backEnd, {
      note,
      guest: (vm) => this.#guests.get(vm),
      handler: (irq) => this.#producers.interrupt(irq),
    });
    for (const device of program.devices) this.#devices.set(device.id, new SimulatedDevice(device, this.#interrupts));
    const create = participants.manager ?? ((environment) => createReferenceManager(profile, environment));
    const warn = (text: string) => note({ type: 'log', level: 'warning', text });
    const manager = new RecordedManager(create({ allocate: () => true, warn }), {
      note,
      producerHolder: (irq) => this.#lastRequested ?? this.#interrupts.holderOf(irq),
      consumerHolder: () => this.#irqfdUnderWay(),
    });
    const shared: ParticipantEnvironment = {
      manager,
      backEnd: program.backEnd,
      canRefuse: profile.fallible,
      takeReference: (eventfd, holder) => this.#eventfds.take(eventfd, holder),
      dropReference: (eventfd, holder) => this.#eventfds.drop(eventfd, holder),
      signal: (eventfd) => this.#eventfds.signal(eventfd),
      wait: (eventfd, waiter) => this.#eventfds.wait(eventfd, waiter),
      log: (text) => note({ type: 'log', level: 'info', text }),
    };
    const makeProducers = participants.producer ?? ((environment) => new Vfio(environment));
    const makeConsumers = participants.consumer ?? ((environment) => new Kvm(environment));
    this.#producers = makeProducers({
      ...shared,
      mandatory: profile.mandatory.producer,
      wait: (eventfd, waiter) => this.#eventfds.listen(eventfd, waiter),
      requestIrq: (device, index, vector) => {
        this.#lastRequested = vectorHolder(device, index, vector);
        return this.#interrupts.request(this.#lastRequested);
      },
      freeIrq: (irq) => this.#interrupts.free(irq),
      maskIrq: (irq) => this.#interrupts.mask(irq),
      unmaskIrq: (irq) => this.#interrupts.unmask(irq),
    });
    this.#consumers = makeConsumers({
      ...shared,
      inject: (target) => this.#guests.get(target.vm)?.arrive(target, 'host'),
      setPin: (vm, pin, level) => this.#guests.get(vm)?.setPin(pin, level),
      injectForwarded: (irq) => this.#interrupts.injectForwarded(irq),
      isLine: (irq) => this.#interrupts.isLine(irq),
      map: (irq, target) => this.#interrupts.map(irq, target),
      unmap: (irq) => this.#interrupts.unmap(irq),
      announce: (vm, vcpu, cpu) => this.#interrupts.announce(vm, vcpu, cpu),
      halt: (vm) => this.#guests.get(vm)?.halt(),
      resume: (vm) => this.#guests.get(vm)?.resume(),
    });
  }

  /** Do one operation. @throws whatever a participant throws */
  step(operation: HostOperation): void {
    this.#operation = operation;
    this.#lastRequested = undefined;
    this.events.push({ type: 'call', ...operation });
    const status = this.#do(operation);
    this.#interrupts.settle();
    this.events.push(status === undefined ? { type: 'return' } : { type: 'return', status });
  }

  #do(operation: HostOperation): Status | undefined {
    switch (operation.operation) {
      case 'createEventfd':
        this.#eventfds.create(operation.eventfd);
        return 0;
      case 'closeEventfd':
        return this.#eventfds.close(operation.eventfd) ? 0 : EBADF;
      case 'createVm':
        return this.#createVm(operation);
      case 'destroyVm':
        return this.#destroyVm(operation.vm);
      case 'assignIrqfd':
        return this.#consumers.assignIrqfd(operation.vm, operation.eventfd, operation.gsi, operation.resample);
      case 'deassignIrqfd':
        return this.#consumers.deassignIrqfd(operation.vm, operation.eventfd, operation.gsi);
      case 'setRoutes':
        return this.#consumers.setRoutes(operation.vm, operation.routes);
      case 'openDevice':
        return this.#openDevice(operation.device);
      case 'closeDevice':
        return this.#closeDevice(operation.device);
      case 'resetDevice':
        return this.#producers.resetDevice(operation.device);
      case 'setIrqs':
        return this.#producers.setIrqs(operation.device, operation.index, operation.start, operation.eventfds);
      case 'disableIrqs':
        return this.#producers.disableIrqs(operation.device, operation.index);
      case 'setUnmaskEventfd':
        return this.#producers.setUnmaskEventfd(operation.device, operation.eventfd);
      case 'triggerIrqs':
        return (
          this.#producers.triggerIrqs?.(operation.device, operation.index, operation.start, operation.vectors) ?? ENOTTY
        );
      case 'maskLine':
      case 'unmaskLine':
        return this.#producers[operation.operation]?.(operation.device) ?? ENOTTY;
      case 'setStatus':
        return this.#producers.setStatus?.(operation.device, operation.status) ?? ENOTTY;
      case 'unloadModule':
        return this.#unload(operation.module);
      case 'raise':
        this.#devices.get(operation.device)?.raise(operation.index, operation.vector);
        return undefined;
      case 'mask':
      case 'unmask':
        this.#devices.get(operation.device)?.[operation.operation](operation.index, operation.vector);
        return undefined;
      case 'setLine':
        this.#devices.get(operation.device)?.setLine(operation.level);
        return undefined;
      case 'endOfInterrupt':
        this.#end(operation.vm, operation.pin);
        return undefined;
      case 'holdInterrupts':
        this.#guests.get(operation.vm)?.hold(operation.vcpu);
        return undefined;
      case 'takeInterrupts':
        this.#interrupts.collect(operation.vm, operation.vcpu);
        this.#guests.get(operation.vm)?.take(operation.vcpu);
        return undefined;
      case 'scheduleVcpu':
        this.#schedule(operation.vm, operation.vcpu, operation.cpu);
        return undefined;
    }
  }

  #createVm({ vm, vcpus, irqchip }: CreateVm): Status {
    if (!this.#modules.isLoaded('kvm')) return ENODEV;
    if (this.#guests.has(vm)) return EEXIST;
    const wake = (vcpu: number) => this.#schedule(vm, vcpu, WOKEN_ON);
    this.#guests.set(vm, new SimulatedGuest(vm, (event) => this.events.push(event), wake));
    this.#interrupts.forgetAnnounced(vm);
    const consumers = this.#consumers;
    if (irqchip === 'emulated' && consumers.createVmWithEmulatedIrqchip !== undefined) {
      return consumers.createVmWithEmulatedIrqchip(vm, vcpus);
    }
    return consumers.createVm(vm, vcpus);
  }

  /** A vCPU runs elsewhere from now on, and KVM hears of it; a driver that hears of nothing leaves that to the host. */
  #schedule(vm: VmId, vcpu: number, cpu: number | null): void {
    const guest = this.#guests.get(vm);
    if (guest === undefined) return;
    guest.schedule(vcpu, cpu);
    if (this.#consumers.scheduled === undefined) this.#interrupts.announce(vm, vcpu, cpu);
    else this.#consumers.scheduled(vm, vcpu, cpu);
  }

  #destroyVm(vm: VmId): Status {
    const status = this.#consumers.destroyVm(vm);
    this.#guests.delete(vm);
    return status;
  }

  #openDevice(id: DeviceId): Status {
    const device = this.#devices.get(id);
    if (device === undefined || !this.#modules.isLoaded('vfio')) return ENODEV;
    const status = this.#producers.openDevice(device.description);
    if (status === 0) this.#open.add(id);
    return status;
  }

  #closeDevice(id: DeviceId): Status {
    const status = this.#producers.closeDevice(id);
    if (this.#open.delete(id)) this.#devices.get(id)?.unmaskAll();
    return status;
  }

  #unload(module: HostModule): Status {
    return this.#modules.unload(module, { vfio: this.#open.size > 0, kvm: this.#guests.size > 0 });
  }

  /** The guest ends a pin: what was forwarded is deactivated by that, what the host asserted by KVM. */
  #end(vm: VmId, pin: number): void {
    const guest = this.#guests.get(vm);
    if (guest?.serves(pin) !== true) return;
    const byHost = guest.end(pin);
    this.#interrupts.ended(vm, pin);
    if (byHost) this.#consumers.endOfInterrupt(vm, pin);
  }

  #irqfdUnderWay(): Holder {
    const operation = this.#operation;
    if (operation?.operation === 'assignIrqfd') return `${operation.vm}.${operation.eventfd}`;
    throw new Error(`a consumer is registered for the first time in ${operation?.operation}, which assigns none`);
  }
}

/** The CPU on which a vCPU runs that was woken. */
const WOKEN_ON = 0;

/** The status of what a driver does not do. */
const ENOTTY = -25;

/** The status of a system call whose module is not loaded. */
const ENODEV = -19;

/** The status of making what is there already under that name. */
const EEXIST = -17;

/**
 * Run a program on a simulated host. What a participant throws is a crash, and the end of the trace; so is a hang.
 *
 * @param events is given each event as it happens
 * @throws what is called TargetError: the fault of whoever carries messages to a participant, and not the participant's
 */
export function runOnHost(
  program: HostProgram,
  profile: Profile,
  participants: Participants = {},
  events: HostEvent[] = [],
): HostTrace {
  const { backEnd, devices } = program;
  let host: SimulatedHost | undefined;
  try {
    host = new SimulatedHost(program, profile, participants, events);
    for (const operation of program.operations) host.step(operation);
  } catch (error) {
    const last = lastEvent(error);
    // Who cannot even be made fails the first operation.
    const [first] = program.operations;
    if (host === undefined && first !== undefined) events.push({ type: 'call', ...first });
    events.push(last);
  }
  return { backEnd, devices, events };
}

/** The end of a trace in which something was thrown: by anybody, so it may be anything, and an error of another realm. */
function lastEvent(error: unknown): HostEvent {
  const { name, detail } = wordsOf(error);
  if (name === 'TargetError') throw error;
  return { type: name === 'ParticipantHung' ? 'hang' : 'crash', detail };
}

function wordsOf(error: unknown): { readonly name?: string; readonly detail: string } {
  try {
    if (typeof error !== 'object' || error === null || !('name' in error && 'message' in error)) {
      return { detail: String(error) };
    }
    const name = String(error.name);
    return { name, detail: `${name}: ${error.message}` };
  } catch {
    return { detail: 'something was thrown that cannot be looked at' };
  }
}
