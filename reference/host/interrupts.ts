/**
 * The simulated interrupt hardware of a host: which interrupts were requested, and the table that says where each goes:
 * to the host's handler, or straight to a guest (an IRTE in posted or guest mode, a vLPI, a forwarded line).
 */
import { backEnds } from '../../spec/host/back-ends.js';
import type { BackEnd, GuestTarget, Holder, HostEvent, Level, VmId } from '../../spec/host/vocabulary.js';
import type { SimulatedGuest } from './guest.js';

interface Entry {
  readonly target: GuestTarget;
  /** Arm: it is pending here, in hardware, for a vCPU that holds its interrupts. */
  pending: boolean;
}

interface Line {
  level: Level;
  masked: boolean;
  /** Forwarded, and not ended by the guest yet. */
  active: boolean;
}

/** The hardware hands interrupts to a guest or to the handler of the host, and notes what it does. */
export interface Wiring {
  readonly note: (event: HostEvent) => void;
  readonly guest: (vm: VmId) => SimulatedGuest | undefined;
  readonly handler: (irq: number) => void;
}

/** All interrupts of a host, by number. */
export class SimulatedInterrupts {
  readonly #numbers = new Map<Holder, number>();
  readonly #holders: Holder[] = [];
  readonly #requested = new Set<number>();
  readonly #table = new Map<number, Entry>();
  readonly #lines = new Map<number, Line>();
  /** Where what is posted to a vCPU is announced; at CPU 0 where nothing was said. */
  readonly #announced = new Map<string, number | null>();

  constructor(
    readonly backEnd: BackEnd,
    readonly wiring: Wiring,
  ) {}

  /** A vector has the same number each time. The first number is 0, for 0 is a number like any other. */
  request(holder: Holder): number {
    const irq = this.numberOf(holder);
    this.#requested.add(irq);
    this.wiring.note({ type: 'irqRequested', holder, irq });
    const line = this.#lines.get(irq);
    if (line !== undefined) line.masked = false;
    return irq;
  }

  /** A line that was asserted when its interrupt was requested comes as soon as whoever requested it is done. */
  settle(): void {
    for (const [irq, line] of this.#lines) this.#fire(irq, line);
  }

  free(irq: number): void {
    this.#requested.delete(irq);
    this.wiring.note({ type: 'irqFreed', holder: this.holderOf(irq), irq });
  }

  numberOf(holder: Holder): number {
    const known = this.#numbers.get(holder);
    if (known !== undefined) return known;
    const irq = this.#holders.push(holder) - 1;
    this.#numbers.set(holder, irq);
    if (holder.includes('.intx.')) this.#lines.set(irq, { level: 'deasserted', masked: false, active: false });
    return irq;
  }

  holderOf(irq: number): Holder {
    const holder = this.#holders[irq];
    if (holder === undefined) throw new Error(`there is no interrupt ${irq}`);
    return holder;
  }

  isLine(irq: number): boolean {
    return this.#lines.has(irq);
  }

  map(irq: number, target: GuestTarget): void {
    this.#table.set(irq, { target, pending: false });
    this.wiring.note({ type: 'mapped', irq, target });
  }

  unmap(irq: number): GuestTarget | undefined {
    const entry = this.#table.get(irq);
    this.#table.delete(irq);
    this.wiring.note({ type: 'unmapped', irq });
    const line = this.#lines.get(irq);
    if (line !== undefined) line.active = false;
    return entry?.pending === true ? entry.target : undefined;
  }

  /** A message comes from a device. */
  message(irq: number): void {
    if (!this.#requested.has(irq)) return;
    const entry = this.#table.get(irq);
    if (entry === undefined) {
      this.wiring.handler(irq);
      return;
    }
    const { vm, vcpu } = entry.target;
    const guest = this.wiring.guest(vm);
    const announced = this.#announced.get(`${vm} ${vcpu}`);
    // It lies in the vCPU's descriptor, and the vCPU is not told.
    if (guest !== undefined && guest.cpuOf(vcpu) !== (announced === undefined ? 0 : announced)) return;
    entry.pending = backEnds[this.backEnd].pendingInHardware && guest?.holds(entry.target.vcpu) === true;
    if (entry.pending) this.wiring.note({ type: 'pending', path: 'bypass', target: entry.target });
    else guest?.arrive(entry.target, 'bypass');
  }

  /** From now on, what is posted to a vCPU is announced at a CPU, or at the host. */
  announce(vm: VmId, vcpu: number, cpu: number | null): void {
    this.#announced.set(`${vm} ${vcpu}`, cpu);
  }

  /** A VM is new: nothing was said of its vCPUs. */
  forgetAnnounced(vm: VmId): void {
    for (const key of this.#announced.keys()) if (key.startsWith(`${vm} `)) this.#announced.delete(key);
  }

  /** A vCPU is to take interrupts again: those that are pending in the table are pending at it. */
  collect(vm: VmId, vcpu: number): void {
    for (const entry of this.#table.values()) {
      if (!entry.pending || entry.target.vm !== vm || entry.target.vcpu !== vcpu) continue;
      entry.pending = false;
      this.wiring.guest(vm)?.keep(entry.target, 'bypass');
    }
  }

  /** A device changes the level of its line. */
  setLine(holder: Holder, level: Level): void {
    const irq = this.numberOf(holder);
    const line = this.#lines.get(irq);
    if (line === undefined || line.level === level) return;
    line.level = level;
    this.#fire(irq, line);
  }

  mask(irq: number): void {
    const line = this.#lines.get(irq);
    if (line !== undefined) line.masked = true;
    this.wiring.note({ type: 'irqMasked', irq });
  }

  unmask(irq: number): void {
    const line = this.#lines.get(irq);
    this.wiring.note({ type: 'irqUnmasked', irq });
    if (line === undefined) return;
    line.masked = false;
    this.#fire(irq, line);
  }

  /** The guest ended the interrupt of a pin: a forwarded line is deactivated by that, and may interrupt again. */
  ended(vm: VmId, pin: number): void {
    for (const [irq, line] of this.#lines) {
      const target = this.#table.get(irq)?.target;
      if (!line.active || target?.vm !== vm || target.vector !== `pin ${pin}`) continue;
      line.active = false;
      this.#fire(irq, line);
    }
  }

  #fire(irq: number, line: Line): void {
    if (line.level === 'deasserted' || line.masked || line.active || !this.#requested.has(irq)) return;
    // Forwarded or not, the host's handler hands it on; what is bypassed is the way back, the end of interrupt.
    line.active = this.#table.has(irq);
    this.wiring.handler(irq);
  }

  /** The guest gets the interrupt of a line that is forwarded: it deactivates the line itself, when it ends it. */
  injectForwarded(irq: number): void {
    const target = this.#table.get(irq)?.target;
    if (target === undefined) return;
    this.wiring.guest(target.vm)?.interruptOn(Number(String(target.vector).slice('pin '.length)), 'bypass');
  }
}
