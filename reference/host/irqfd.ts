/**
 * An irqfd (kvm_kernel_irqfd): when its eventfd is signalled, its GSI is triggered. With its consumer.
 *
 *     assign:    reference  ->  wait for the eventfd  ->  register the consumer
 *     deassign:  unregister the consumer  ->  wait no more  ->  drop the reference
 */
import type { ConsumerEnvironment } from '../../spec/host/roles.js';
import type { EventfdId, Route, VmId } from '../../spec/host/vocabulary.js';
import { irqfdHolder, tokenOf } from '../../spec/host/vocabulary.js';
import type { Consumer } from '../../spec/manager.js';
import { OK, type Status } from '../../spec/vocabulary.js';
import type { Bypass, Paired } from './back-ends/bypass.js';
import { levelsOf } from './levels.js';

/** The arguments of KVM_IRQFD. */
export interface IrqfdDescription {
  readonly vm: VmId;
  readonly eventfd: EventfdId;
  readonly gsi: number;
  /** Its GSI is a level, and this is signalled when the guest has ended it. */
  readonly resample: EventfdId | undefined;
}

/** One irqfd. */
export class Irqfd implements Paired {
  readonly vm: VmId;
  readonly holder;
  irq: number | undefined;
  protected registered = false;
  protected readonly consumer: Consumer;
  #route: Route | undefined;
  #endWaiting: (() => void) | undefined;
  /** It is a level, and asserted until the guest has ended it. */
  #asserts = false;

  constructor(
    protected readonly environment: ConsumerEnvironment,
    protected readonly bypass: Bypass,
    readonly description: IrqfdDescription,
    route: Route | undefined,
    protected readonly hungUp: () => void,
  ) {
    this.vm = description.vm;
    this.holder = irqfdHolder(description.vm, description.eventfd);
    this.#route = route;
    this.consumer = this.makeConsumer();
  }

  get route(): Route | undefined {
    return this.#route;
  }

  /** True when the manager has accepted its consumer. */
  get isRegistered(): boolean {
    return this.registered;
  }

  /** References were taken; wait, which injects what was signalled before, and then register. */
  assign(): void {
    this.#endWaiting = this.environment.wait(this.description.eventfd, {
      signalled: () => this.inject(),
      hungUp: () => this.hungUp(),
    });
    this.register();
  }

  deassign(): void {
    this.unregister();
    this.#endWaiting?.();
    this.endLevel();
    this.dropReferences();
  }

  /** The GSI goes elsewhere from now on. */
  setRoute(route: Route | undefined): void {
    const old = this.#route;
    this.#route = route;
    if (!this.changed(old, route)) return;
    this.moveLevel(old);
    this.routeChanged(old);
  }

  /**
   * The guest has ended the interrupt of a pin: if it was this one, it is deasserted.
   *
   * @returns whether it was, so that whoever resamples has to be told
   */
  ended(pin: number): boolean {
    if (this.#route?.type !== 'irqchip' || this.#route.pin !== pin) return false;
    return this.deassert();
  }

  /** The level that this irqfd asserts ends here: whoever resamples asserts it again, if there is still cause. */
  protected endLevel(): void {
    const { resample } = this.description;
    if (this.deassert() && resample !== undefined) this.environment.signal(resample);
  }

  /** @returns whether it was asserted */
  protected deassert(): boolean {
    if (!this.#asserts) return false;
    this.#asserts = false;
    if (this.#route?.type === 'irqchip') levelsOf(this.environment).release(this.holder, this.vm, this.#route.pin);
    return true;
  }

  /** A level that is asserted goes where its route goes. */
  protected moveLevel(old: Route | undefined): void {
    if (!this.#asserts) return;
    const levels = levelsOf(this.environment);
    if (old?.type === 'irqchip') levels.release(this.holder, this.vm, old.pin);
    if (this.#route?.type === 'irqchip') levels.assert(this.holder, this.vm, this.#route.pin);
  }

  protected makeConsumer(): Consumer {
    const { bypass, vm } = this;
    return {
      ...(bypass.stop === undefined ? {} : { stop: () => bypass.stop?.(vm) }),
      ...(bypass.start === undefined ? {} : { start: () => bypass.start?.(vm) }),
      addProducer: (_producer, irq) => this.addProducer(irq),
      delProducer: () => this.delProducer(),
    };
  }

  protected addProducer(irq: number): Status {
    return this.bypass.add(this, irq);
  }

  protected delProducer(): void {
    this.bypass.del(this);
  }

  /** A refusal is no failure of user space's call: the interrupt goes through the host. */
  protected register(): void {
    const status = this.environment.manager.registerConsumer(this.consumer, tokenOf(this.description.eventfd));
    this.registered = status === OK;
    if (!this.registered) this.environment.log(`${this.holder}: consumer registration fails: ${status}`);
  }

  protected unregister(): void {
    if (this.registered) this.environment.manager.unregisterConsumer(this.consumer);
    this.registered = false;
  }

  protected dropReferences(): void {
    const { eventfd, resample } = this.description;
    if (resample !== undefined) this.environment.dropReference(resample, this.holder);
    this.environment.dropReference(eventfd, this.holder);
  }

  /** True when two routes differ in any field. */
  protected changed(old: Route | undefined, route: Route | undefined): boolean {
    return JSON.stringify(old) !== JSON.stringify(route);
  }

  protected routeChanged(old: Route | undefined): void {
    if (!this.registered || this.bypass.routeChanged(this, old)) return;
    this.unregister();
    this.register();
  }

  /** The eventfd was signalled: trigger the GSI. */
  protected inject(): void {
    this.injectAlong(this.#route);
  }

  protected injectAlong(route: Route | undefined): void {
    const { environment, vm } = this;
    if (this.irq !== undefined && environment.isLine(this.irq) && this.bypass.forwards?.(this.irq) === true) {
      environment.injectForwarded(this.irq);
      return;
    }
    this.#asserts = this.description.resample !== undefined;
    if (route === undefined) return;
    if (route.type === 'irqchip') {
      if (this.#asserts) levelsOf(environment).assert(this.holder, vm, route.pin);
      else environment.inject({ vm, vcpu: 0, vector: `pin ${route.pin}` });
      return;
    }
    const [first] = route.vcpus;
    const vcpus = route.delivery === 'lowest-priority' && first !== undefined ? [first] : route.vcpus;
    const vector = route.delivery === 'nmi' ? 'nmi' : route.vector;
    for (const vcpu of vcpus) environment.inject({ vm, vcpu, vector });
  }
}
