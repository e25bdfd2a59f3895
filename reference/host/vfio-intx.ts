/**
 * The line of a device (INTx) as VFIO drives it, with its producer where lines can be forwarded (IRQ forwarding of Arm).
 *
 * On the host's path it is a level: it is masked when it comes, and unmasked when the guest has ended it, which KVM says
 * by signalling the unmask eventfd. While it is forwarded, it is modelled as an edge instead: the guest's own end of
 * interrupt deactivates it, and nobody would unmask it. That is what the producer's callbacks are for.
 *
 *     host path:  interrupt -> mask -> signal -> ... guest ends -> KVM signals the unmask eventfd -> unmask
 *     forwarded:  interrupt -> guest ends
 */
import type { ProducerEnvironment } from '../../spec/host/roles.js';
import type { DeviceId, EventfdId } from '../../spec/host/vocabulary.js';
import type { Producer } from '../../spec/manager.js';
import { OK, type Status } from '../../spec/vocabulary.js';
import { EBADF, type Trigger, Vector } from './vfio-msi.js';

/** The line of a device. */
export class IntxVector extends Vector {
  /** True while a consumer is added. The line is treated as an edge for that time. */
  protected forwarded = false;
  /** Masked because it came, and not ended by the guest yet. */
  protected inFlight = false;
  #unmask: { readonly eventfd: EventfdId; readonly endWaiting: () => void } | undefined;

  constructor(
    environment: ProducerEnvironment,
    device: DeviceId,
    readonly registers: boolean,
  ) {
    super(environment, device, 'intx', 0);
  }

  override interrupt(): void {
    if (!this.forwarded) this.maskInFlight();
    super.interrupt();
  }

  /** This eventfd unmasks the line from now on, instead of the one before. */
  setUnmask(eventfd: EventfdId | null): Status {
    if (this.#unmask !== undefined) {
      this.#unmask.endWaiting();
      this.environment.dropReference(this.#unmask.eventfd, this.holder);
      this.#unmask = undefined;
    }
    if (eventfd === null) return OK;
    if (!this.takeReference(eventfd)) return EBADF;
    const endWaiting = this.environment.wait(eventfd, { signalled: () => this.ended() });
    this.#unmask = { eventfd, endWaiting };
    return OK;
  }

  protected override makeProducer(): Producer {
    return {
      stop: () => this.stop(),
      start: () => this.start(),
      addConsumer: () => this.addConsumer(),
      delConsumer: () => this.delConsumer(),
    };
  }

  protected override register(trigger: Trigger): void {
    if (this.registers) super.register(trigger);
  }

  protected override tearDown(trigger: Trigger): void {
    super.tearDown(trigger);
    this.inFlight = false;
  }

  protected override suspend(trigger: Trigger): void {
    super.suspend(trigger);
    this.inFlight = false;
  }

  /** User space masks the line: it is as if an interrupt were under way, and ends in the same ways. */
  mask(): void {
    this.maskInFlight();
  }

  unmask(): void {
    this.ended();
  }

  /** An interrupt that is under way when the mode changes stays masked until the guest has ended it. */
  protected addConsumer(): Status {
    this.forwarded = true;
    return OK;
  }

  protected delConsumer(): void {
    this.forwarded = false;
  }

  /** No interrupt comes while the two are joined or parted. */
  protected stop(): void {
    if (this.trigger !== undefined) this.environment.maskIrq(this.trigger.irq);
  }

  protected start(): void {
    if (this.trigger !== undefined && !this.inFlight) this.environment.unmaskIrq(this.trigger.irq);
  }

  protected maskInFlight(): void {
    if (this.trigger === undefined) return;
    this.inFlight = true;
    this.environment.maskIrq(this.trigger.irq);
  }

  /** The guest has ended it. */
  protected ended(): void {
    if (!this.inFlight || this.trigger === undefined) return;
    this.inFlight = false;
    this.environment.unmaskIrq(this.trigger.irq);
  }
}
