/** The interrupt hardware and the guests of a host with lanes. What it does is one step, of whoever makes it do that. */
import type { GuestTarget, Holder, Level, Route, VmId } from '../../../spec/host/vocabulary.js';
import type { LaneHost } from './host.js';
import type { LaneIrqfd, LanePin } from './world.js';

export class LaneHardware {
  constructor(protected readonly host: LaneHost) {}

  numberOf(holder: Holder): number {
    const { holders, lines } = this.host.world;
    const known = holders.indexOf(holder);
    if (known !== -1) return known;
    const irq = holders.push(holder) - 1;
    if (holder.includes('.intx.')) lines[irq] = { level: 'deasserted', masked: false };
    return irq;
  }

  request(holder: Holder): number {
    const irq = this.numberOf(holder);
    const { requested, lines } = this.host.world;
    requested[irq] = true;
    this.host.note({ type: 'irqRequested', holder, irq });
    const line = lines[irq];
    if (line !== undefined) line.masked = false;
    return irq;
  }

  free(irq: number, holder: Holder): void {
    delete this.host.world.requested[irq];
    this.host.note({ type: 'irqFreed', holder, irq });
  }

  map(irq: number, target: GuestTarget): void {
    this.host.world.table[irq] = target;
    this.host.note({ type: 'mapped', irq, target });
  }

  unmap(irq: number): void {
    const { table } = this.host.world;
    if (table[irq] === undefined) return;
    delete table[irq];
    this.host.note({ type: 'unmapped', irq });
  }

  mask(irq: number): void {
    const line = this.host.world.lines[irq];
    if (line !== undefined) line.masked = true;
    this.host.note({ type: 'irqMasked', irq });
  }

  unmask(irq: number): void {
    const line = this.host.world.lines[irq];
    if (line !== undefined) line.masked = false;
    this.host.note({ type: 'irqUnmasked', irq });
  }

  /** Whether a line interrupts the host now. */
  fires(irq: number): boolean {
    const { lines, requested } = this.host.world;
    const line = lines[irq];
    return line !== undefined && line.level === 'asserted' && !line.masked && requested[irq] === true;
  }

  arrive(target: GuestTarget, path: 'host' | 'bypass'): void {
    this.host.note({ type: 'delivered', path, target });
  }

  /** An irqfd injects along its route. */
  inject(number: number, irqfd: LaneIrqfd): void {
    const { vm, route } = irqfd;
    if (route === null) return;
    if (route.type === 'irqchip') {
      if (irqfd.asserts) this.#assert(number, vm, route.pin);
      else this.arrive({ vm, vcpu: 0, vector: `pin ${route.pin}` }, 'host');
      return;
    }
    const [first] = route.vcpus;
    const vcpus = route.delivery === 'lowest-priority' && first !== undefined ? [first] : route.vcpus;
    const vector = route.delivery === 'nmi' ? 'nmi' : route.vector;
    for (const vcpu of vcpus) this.arrive({ vm, vcpu, vector }, 'host');
  }

  release(number: number, { vm, route }: LaneIrqfd): void {
    if (route?.type === 'irqchip') this.#release(number, vm, route.pin);
  }

  /** A level that is asserted goes where its route goes. */
  moveLevel(number: number, irqfd: LaneIrqfd, route: Route | null): void {
    if (!irqfd.asserts) return;
    this.release(number, irqfd);
    if (route?.type === 'irqchip') this.#assert(number, irqfd.vm, route.pin);
  }

  /** The guest ends a pin. @returns whether the host asserts it; undefined when there is nothing to end */
  end(vm: VmId, pin: number): boolean | undefined {
    const one = this.#pin(vm, pin);
    if (!one.inService) return undefined;
    one.inService = false;
    return one.asserting.length > 0;
  }

  #assert(number: number, vm: VmId, pin: number): void {
    const one = this.#pin(vm, pin);
    if (one.asserting.includes(number)) return;
    one.asserting.push(number);
    if (one.asserting.length === 1) this.#level(vm, pin, 'asserted');
    if (one.asserting.length > 1 || one.inService) return;
    one.inService = true;
    this.arrive({ vm, vcpu: 0, vector: `pin ${pin}` }, 'host');
  }

  #release(number: number, vm: VmId, pin: number): void {
    const one = this.#pin(vm, pin);
    if (!one.asserting.includes(number)) return;
    one.asserting = one.asserting.filter((other) => other !== number);
    if (one.asserting.length === 0) this.#level(vm, pin, 'deasserted');
  }

  #level(vm: VmId, pin: number, level: Level): void {
    this.host.note({ type: 'level', vm, pin, level });
  }

  #pin(vm: VmId, pin: number): LanePin {
    const { pins } = this.host.world;
    const key = `${vm} ${pin}`;
    const known = pins[key] ?? { asserting: [], inService: false };
    pins[key] = known;
    return known;
  }
}
