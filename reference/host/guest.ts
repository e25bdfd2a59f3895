/** A simulated guest: vCPUs that take interrupts or hold them, and the pins of an interrupt controller. */
import type { DeliveryPath, GuestTarget, HostEvent, Level, VmId } from '../../spec/host/vocabulary.js';

/** The vCPU that the pins of the interrupt controller lead to. */
const PIN_VCPU = 0;

interface Pin {
  level: Level;
  /** Taken by the guest and not ended yet: it does not interrupt again before that. */
  inService: boolean;
}

/** One virtual machine as the hardware sees it. */
export class SimulatedGuest {
  readonly #held = new Set<number>();
  readonly #pending = new Map<string, { readonly target: GuestTarget; readonly path: DeliveryPath }>();
  readonly #pins = new Map<number, Pin>();
  /** The CPU of the host on which each vCPU runs, null where it runs nowhere; CPU 0 where nothing was said. */
  readonly #cpus = new Map<number, number | null>();
  #halts = 0;

  constructor(
    readonly vm: VmId,
    readonly note: (event: HostEvent) => void,
    /** Lets a vCPU run that runs nowhere. */
    readonly wake: (vcpu: number) => void = () => undefined,
  ) {}

  /** True when a vCPU takes no interrupts now. */
  holds(vcpu: number): boolean {
    return this.#halts > 0 || this.#held.has(vcpu);
  }

  /** The CPU on which a vCPU runs; null where it runs nowhere. */
  cpuOf(vcpu: number): number | null {
    const cpu = this.#cpus.get(vcpu);
    return cpu === undefined ? 0 : cpu;
  }

  schedule(vcpu: number, cpu: number | null): void {
    this.#cpus.set(vcpu, cpu);
  }

  /** An interrupt reaches a vCPU: it is taken at once, or stays pending there. A pending one is not pending twice. */
  arrive(target: GuestTarget, path: DeliveryPath): void {
    if (this.cpuOf(target.vcpu) === null) this.wake(target.vcpu);
    if (this.holds(target.vcpu)) {
      this.keep(target, path);
      this.note({ type: 'pending', path, target });
    } else {
      this.note({ type: 'delivered', path, target });
    }
  }

  /** An interrupt is pending at a vCPU: one that is pending already is the same. */
  keep(target: GuestTarget, path: DeliveryPath): void {
    this.#pending.set(`${target.vcpu} ${target.vector}`, { target, path });
  }

  hold(vcpu: number): void {
    this.#held.add(vcpu);
  }

  take(vcpu: number): void {
    this.#held.delete(vcpu);
    this.#flush();
  }

  /** Halts nest: the guest runs again when each has been taken back. */
  halt(): void {
    this.#halts++;
    this.note({ type: 'guestHalted', vm: this.vm });
  }

  resume(): void {
    this.#halts--;
    this.note({ type: 'guestResumed', vm: this.vm });
    if (this.#halts <= 0) this.#flush();
  }

  /** The host drives a pin. */
  setPin(number: number, level: Level): void {
    const pin = this.#pin(number);
    if (pin.level === level) return;
    pin.level = level;
    this.note({ type: 'level', vm: this.vm, pin: number, level });
    if (level === 'asserted') this.interruptOn(number, 'host');
  }

  /** A level interrupts, unless the one before is not ended. @returns whether it did */
  interruptOn(number: number, path: DeliveryPath): boolean {
    const pin = this.#pin(number);
    if (pin.inService) return false;
    pin.inService = true;
    this.arrive({ vm: this.vm, vcpu: PIN_VCPU, vector: `pin ${number}` }, path);
    return true;
  }

  /** True when the guest has taken the interrupt of a pin and has not ended it. */
  serves(number: number): boolean {
    return this.#pin(number).inService && !this.#pending.has(`${PIN_VCPU} pin ${number}`);
  }

  /** The guest ends the interrupt of a pin. @returns whether the host has it asserted */
  end(number: number): boolean {
    const pin = this.#pin(number);
    pin.inService = false;
    return pin.level === 'asserted';
  }

  #flush(): void {
    for (const [key, { target, path }] of this.#pending) {
      if (this.holds(target.vcpu)) continue;
      this.#pending.delete(key);
      this.note({ type: 'delivered', path, target });
    }
  }

  #pin(number: number): Pin {
    const known = this.#pins.get(number);
    if (known !== undefined) return known;
    const pin: Pin = { level: 'deasserted', inService: false };
    this.#pins.set(number, pin);
    return pin;
  }
}
