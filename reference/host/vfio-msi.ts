/**
 * A vector of MSI or MSI-X as VFIO drives it (vfio_msi_set_vector_signal), with its producer.
 *
 *     to an eventfd:  reference  ->  request the interrupt  ->  register the producer
 *     to none:        unregister the producer  ->  free the interrupt  ->  drop the reference
 *
 * An interrupt that comes to the host is handed on by signalling the eventfd. The producer has no callbacks, since nothing
 * is different for VFIO while it is bypassed.
 */
import type { ProducerEnvironment } from '../../spec/host/roles.js';
import type { DeviceId, EventfdId, IrqIndex } from '../../spec/host/vocabulary.js';
import { tokenOf, vectorHolder } from '../../spec/host/vocabulary.js';
import type { Producer } from '../../spec/manager.js';
import { OK, type Status } from '../../spec/vocabulary.js';

/** The status of a file descriptor that is not open. */
export const EBADF = -9;

/** A vector that signals an eventfd. */
export interface Trigger {
  readonly eventfd: EventfdId;
  readonly irq: number;
}

/** One vector. */
export class Vector {
  readonly holder;
  protected trigger: Trigger | undefined;
  protected registered = false;
  /** The eventfd that it is set to while the driver is not ready. A reference is held to it. */
  protected waiting: EventfdId | undefined;
  protected ready = true;
  protected readonly producer: Producer;

  constructor(
    protected readonly environment: ProducerEnvironment,
    readonly device: DeviceId,
    readonly index: IrqIndex,
    readonly number: number,
  ) {
    this.holder = vectorHolder(device, index, number);
    this.producer = this.makeProducer();
  }

  /** The number of its interrupt, while it has one. */
  get irq(): number | undefined {
    return this.trigger?.irq;
  }

  /** Signal another eventfd, or none, from now on: the old one is let go whatever becomes of the new one. */
  setTrigger(eventfd: EventfdId | null): Status {
    if (this.trigger !== undefined) this.tearDown(this.trigger);
    if (this.waiting !== undefined) this.environment.dropReference(this.waiting, this.holder);
    this.waiting = undefined;
    if (eventfd === null) return OK;
    if (this.ready) return this.setUp(eventfd);
    if (!this.takeReference(eventfd)) return EBADF;
    this.waiting = eventfd;
    return OK;
  }

  /** The driver is ready, or not any more: what is set stays set, and has a producer and an interrupt only if it is. */
  setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    if (!ready && this.trigger !== undefined) this.suspend(this.trigger);
    else if (ready && this.waiting !== undefined) {
      const eventfd = this.waiting;
      this.waiting = undefined;
      this.begin(eventfd);
    }
  }

  /** User space has it signal its eventfd. */
  signal(): void {
    const eventfd = this.trigger?.eventfd ?? this.waiting;
    if (eventfd !== undefined) this.environment.signal(eventfd);
  }

  /** Its interrupt came to the host. */
  interrupt(): void {
    if (this.trigger !== undefined) this.environment.signal(this.trigger.eventfd);
  }

  protected makeProducer(): Producer {
    const producer: Producer = {};
    for (const callback of this.environment.mandatory) {
      if (callback === 'addConsumer') producer.addConsumer = () => OK;
      if (callback === 'delConsumer') producer.delConsumer = () => {};
    }
    return producer;
  }

  protected setUp(eventfd: EventfdId): Status {
    if (!this.takeReference(eventfd)) return EBADF;
    this.begin(eventfd);
    return OK;
  }

  protected begin(eventfd: EventfdId): void {
    this.trigger = { eventfd, irq: this.requestIrq() };
    this.register(this.trigger);
  }

  protected suspend(trigger: Trigger): void {
    this.unregister();
    this.freeIrq(trigger);
    this.waiting = trigger.eventfd;
    this.trigger = undefined;
  }

  protected tearDown(trigger: Trigger): void {
    this.unregister();
    this.freeIrq(trigger);
    this.dropReference(trigger);
    this.trigger = undefined;
  }

  /** A refusal is no failure of user space's call: the interrupt goes on through the host. */
  protected register({ eventfd, irq }: Trigger): void {
    const status = this.environment.manager.registerProducer(this.producer, tokenOf(eventfd), irq);
    this.registered = status === OK;
    if (!this.registered) this.environment.log(`${this.holder}: producer registration fails: ${status}`);
  }

  protected unregister(): void {
    if (this.registered) this.environment.manager.unregisterProducer(this.producer);
    this.registered = false;
  }

  protected takeReference(eventfd: EventfdId): boolean {
    return this.environment.takeReference(eventfd, this.holder);
  }

  protected dropReference({ eventfd }: Trigger): void {
    this.environment.dropReference(eventfd, this.holder);
  }

  protected requestIrq(): number {
    return this.environment.requestIrq(this.device, this.index, this.number);
  }

  protected freeIrq({ irq }: Trigger): void {
    this.environment.freeIrq(irq);
  }
}
