/** A simulated device: vectors that can be masked in the device itself, and a line. */
import type { HostDevice, Level } from '../../spec/host/vocabulary.js';
import { vectorHolder } from '../../spec/host/vocabulary.js';
import type { SimulatedInterrupts } from './interrupts.js';

/** One device. */
export class SimulatedDevice {
  /** The masked vectors, and whether each sent something meanwhile. */
  readonly #masked = new Map<string, boolean>();

  constructor(
    readonly description: HostDevice,
    readonly interrupts: SimulatedInterrupts,
  ) {}

  raise(index: 'msi' | 'msix', vector: number): void {
    const holder = vectorHolder(this.description.id, index, vector);
    if (this.#masked.has(holder)) this.#masked.set(holder, true);
    else this.interrupts.message(this.interrupts.numberOf(holder));
  }

  mask(index: 'msi' | 'msix', vector: number): void {
    const holder = vectorHolder(this.description.id, index, vector);
    if (!this.#masked.has(holder)) this.#masked.set(holder, false);
  }

  unmask(index: 'msi' | 'msix', vector: number): void {
    const holder = vectorHolder(this.description.id, index, vector);
    const sent = this.#masked.get(holder);
    this.#masked.delete(holder);
    if (sent === true) this.interrupts.message(this.interrupts.numberOf(holder));
  }

  /** Its file was closed, which resets it. */
  unmaskAll(): void {
    this.#masked.clear();
  }

  setLine(level: Level): void {
    this.interrupts.setLine(vectorHolder(this.description.id, 'intx', 0), level);
  }
}
