/** Producers and consumers in another process, with the faces of those in this one. */
import type { RoleAnswer, RoleAsk, RoleRequest } from '../../../../spec/formats/role-protocol.js';
import type {
  ConsumerDriver,
  ConsumerEnvironment,
  ParticipantEnvironment,
  ProducerDriver,
  ProducerEnvironment,
} from '../../../../spec/host/roles.js';
import type {
  DeviceId,
  EventfdId,
  HostDevice,
  IrqIndex,
  Route,
  SetStatus,
  UserOperation,
  VmId,
} from '../../../../spec/host/vocabulary.js';
import type { Consumer, Producer } from '../../../../spec/manager.js';
import type { CallbackName, Status } from '../../../../spec/vocabulary.js';
import { TargetError } from '../../target.js';
import type { Conversation } from './conversation.js';

/** What both have in common: being told, and being asked meanwhile. */
class Remote {
  readonly #objects = new Map<number, Producer & Consumer>();
  readonly #waits = new Map<number, () => void>();

  constructor(
    protected readonly conversation: Conversation,
    readonly environment: ParticipantEnvironment,
  ) {}

  /** Say something, answer what is asked until it is done. @returns the status, where there is one */
  protected request(message: RoleRequest): Status | undefined {
    return this.conversation.request(message, (ask) => this.answer(ask));
  }

  protected call(operation: UserOperation): Status {
    const status = this.request({ type: 'do', ...operation });
    if (status !== undefined) return status;
    throw new TargetError(`${this.conversation.address}: ${operation.operation} is done without a status.`);
  }

  protected answer(ask: RoleAsk): RoleAnswer['value'] {
    const { environment } = this;
    switch (ask.what) {
      case 'registerProducer':
        return environment.manager.registerProducer(this.#object(ask.object, ask.callbacks), ask.token, ask.irq);
      case 'registerConsumer':
        return environment.manager.registerConsumer(this.#object(ask.object, ask.callbacks), ask.token);
      case 'unregisterProducer':
        return nothing(environment.manager.unregisterProducer(this.#object(ask.object, [])));
      case 'unregisterConsumer':
        return nothing(environment.manager.unregisterConsumer(this.#object(ask.object, [])));
      case 'takeReference':
        return environment.takeReference(ask.eventfd, ask.holder);
      case 'dropReference':
        return nothing(environment.dropReference(ask.eventfd, ask.holder));
      case 'signal':
        return nothing(environment.signal(ask.eventfd));
      case 'wait':
        return nothing(this.#wait(ask.eventfd, ask.waiter));
      case 'endWaiting':
        return nothing(this.#waits.get(ask.waiter)?.());
      case 'log':
        return nothing(environment.log(ask.text));
      default:
        throw new TargetError(`${this.conversation.address} asks for ${ask.what}, which its role does not have.`);
    }
  }

  #wait(eventfd: EventfdId, waiter: number): void {
    const end = this.environment.wait(eventfd, {
      signalled: () => nothing(this.request({ type: 'tell', what: 'signalled', waiter })),
      hungUp: () => nothing(this.request({ type: 'tell', what: 'hungUp', waiter })),
    });
    this.#waits.set(waiter, end);
  }

  /** The object of a number, which the target has chosen. */
  #object(object: number, callbacks: readonly CallbackName[]): Producer & Consumer {
    const known = this.#objects.get(object);
    if (known !== undefined) return known;
    const made: Producer & Consumer = {};
    for (const what of callbacks) {
      if (what === 'addProducer') made[what] = (_, irq) => this.request({ type: 'tell', what, object, irq }) ?? 0;
      else made[what] = () => this.request({ type: 'tell', what, object }) ?? 0;
    }
    this.#objects.set(object, made);
    return made;
  }
}

/** A producer's driver in another process. */
export class RemoteProducers extends Remote implements ProducerDriver {
  constructor(
    conversation: Conversation,
    override readonly environment: ProducerEnvironment,
    devices: readonly HostDevice[],
  ) {
    super(conversation, environment);
    const { backEnd, mandatory, canRefuse } = environment;
    this.request({ type: 'begin', role: 'producer', backEnd, devices, mandatory, canRefuse });
  }

  openDevice({ id }: HostDevice): Status {
    return this.call({ operation: 'openDevice', device: id });
  }

  closeDevice(device: DeviceId): Status {
    return this.call({ operation: 'closeDevice', device });
  }

  resetDevice(device: DeviceId): Status {
    return this.call({ operation: 'resetDevice', device });
  }

  setIrqs(device: DeviceId, index: IrqIndex, start: number, eventfds: readonly (EventfdId | null)[]): Status {
    return this.call({ operation: 'setIrqs', device, index, start, eventfds });
  }

  disableIrqs(device: DeviceId, index: IrqIndex): Status {
    return this.call({ operation: 'disableIrqs', device, index });
  }

  setUnmaskEventfd(device: DeviceId, eventfd: EventfdId | null): Status {
    return this.call({ operation: 'setUnmaskEventfd', device, eventfd });
  }

  triggerIrqs(device: DeviceId, index: IrqIndex, start: number, vectors: number | readonly boolean[]): Status {
    return this.call({ operation: 'triggerIrqs', device, index, start, vectors });
  }

  maskLine(device: DeviceId): Status {
    return this.call({ operation: 'maskLine', device });
  }

  unmaskLine(device: DeviceId): Status {
    return this.call({ operation: 'unmaskLine', device });
  }

  setStatus(device: DeviceId, status: SetStatus['status']): Status {
    return this.call({ operation: 'setStatus', device, status });
  }

  interrupt(irq: number): void {
    this.request({ type: 'tell', what: 'interrupt', irq });
  }

  protected override answer(ask: RoleAsk): RoleAnswer['value'] {
    const { environment } = this;
    switch (ask.what) {
      case 'requestIrq':
        return environment.requestIrq(ask.device, ask.index, ask.vector);
      case 'freeIrq':
        return nothing(environment.freeIrq(ask.irq));
      case 'maskIrq':
        return nothing(environment.maskIrq(ask.irq));
      case 'unmaskIrq':
        return nothing(environment.unmaskIrq(ask.irq));
      default:
        return super.answer(ask);
    }
  }
}

/** A consumer's driver in another process. */
export class RemoteConsumers extends Remote implements ConsumerDriver {
  constructor(
    conversation: Conversation,
    override readonly environment: ConsumerEnvironment,
    devices: readonly HostDevice[],
  ) {
    super(conversation, environment);
    const { backEnd, canRefuse } = environment;
    this.request({ type: 'begin', role: 'consumer', backEnd, devices, mandatory: [], canRefuse });
  }

  createVm(vm: VmId, vcpus: number): Status {
    return this.call({ operation: 'createVm', vm, vcpus });
  }

  destroyVm(vm: VmId): Status {
    return this.call({ operation: 'destroyVm', vm });
  }

  assignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number, resample?: EventfdId): Status {
    return this.call({ operation: 'assignIrqfd', vm, eventfd, gsi, ...(resample === undefined ? {} : { resample }) });
  }

  deassignIrqfd(vm: VmId, eventfd: EventfdId, gsi: number): Status {
    return this.call({ operation: 'deassignIrqfd', vm, eventfd, gsi });
  }

  setRoutes(vm: VmId, routes: readonly Route[]): Status {
    return this.call({ operation: 'setRoutes', vm, routes });
  }

  endOfInterrupt(vm: VmId, pin: number): void {
    this.request({ type: 'tell', what: 'endOfInterrupt', vm, pin });
  }

  protected override answer(ask: RoleAsk): RoleAnswer['value'] {
    const { environment } = this;
    switch (ask.what) {
      case 'inject':
        return nothing(environment.inject(ask.target));
      case 'setPin':
        return nothing(environment.setPin(ask.vm, ask.pin, ask.level));
      case 'injectForwarded':
        return nothing(environment.injectForwarded(ask.irq));
      case 'isLine':
        return environment.isLine(ask.irq);
      case 'map':
        return nothing(environment.map(ask.irq, ask.target));
      case 'unmap':
        return environment.unmap(ask.irq) ?? null;
      case 'halt':
        return nothing(environment.halt(ask.vm));
      case 'resume':
        return nothing(environment.resume(ask.vm));
      default:
        return super.answer(ask);
    }
  }
}

/** What is said where there is nothing to say. */
function nothing(_: unknown): null {
  return null;
}
