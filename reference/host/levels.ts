/**
 * The levels of the pins of VMs. Several irqfds may lead to one pin, each of a line of its own: the pin is asserted as long
 * as one of them asserts it.
 */
import type { ConsumerEnvironment } from '../../spec/host/roles.js';
import type { Holder, VmId } from '../../spec/host/vocabulary.js';

/** Who asserts each pin. */
export class Levels {
  readonly #asserting = new Map<string, Set<Holder>>();

  constructor(readonly environment: Pick<ConsumerEnvironment, 'setPin'>) {}

  /** An irqfd asserts a pin, or goes on to. */
  assert(irqfd: Holder, vm: VmId, pin: number): void {
    const asserting = this.#assertingOn(vm, pin);
    const isFirst = asserting.size === 0;
    asserting.add(irqfd);
    if (isFirst) this.environment.setPin(vm, pin, 'asserted');
  }

  /** An irqfd does not assert a pin any more. */
  release(irqfd: Holder, vm: VmId, pin: number): void {
    const asserting = this.#assertingOn(vm, pin);
    if (asserting.delete(irqfd) && asserting.size === 0) this.environment.setPin(vm, pin, 'deasserted');
  }

  #assertingOn(vm: VmId, pin: number): Set<Holder> {
    const key = `${vm} ${pin}`;
    const known = this.#asserting.get(key);
    if (known !== undefined) return known;
    const asserting = new Set<Holder>();
    this.#asserting.set(key, asserting);
    return asserting;
  }
}

const known = new WeakMap<ConsumerEnvironment, Levels>();

/** The levels of the pins of one host. */
export function levelsOf(environment: ConsumerEnvironment): Levels {
  const levels = known.get(environment) ?? new Levels(environment);
  known.set(environment, levels);
  return levels;
}
