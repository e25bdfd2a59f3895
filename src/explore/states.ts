/**
 * States, packed: 30 bytes each and the free room of the tables, so that millions fit.
 *
 *     number   0      1      2      3
 *     key      0      5      12     7       the state itself (space.ts)
 *     before   -      0      0      1       from which state it was first reached
 *     way      -      3      8      2       by which of that state's transitions
 *
 * A state is found again by its name: its key, or what it has in common with all states that only differ in how
 * objects and tokens are called (symmetry.ts). The first state that comes stands for all of its name.
 */

/** The most memory that states may take, in bytes. */
export const MOST_MEMORY = 2_000_000_000;

/** Bytes for one place of the tables: key, name, before, way; and two slots to find it by. */
const BYTES_A_PLACE = 8 + 8 + 4 + 2 + 2 * 4;

/** A scope has more states than can be kept. The message says how many, and what to do. */
export class ScopeTooLarge extends Error {
  override readonly name = 'ScopeTooLarge';
}

/** The memory that so many states take while they are collected, in bytes. */
export function memoryFor(states: number): number {
  // The tables double, and the old ones are there until they are copied.
  const places = 2 ** Math.ceil(Math.log2(Math.max(states, FEWEST_PLACES)));
  return places * BYTES_A_PLACE * (places > FEWEST_PLACES ? 1.5 : 1);
}

const FEWEST_PLACES = 1024;

/** A growing list of states without repetition. */
export class States {
  #count = 0;
  #keys = new Float64Array(FEWEST_PLACES);
  #names = new Float64Array(FEWEST_PLACES);
  #before = new Uint32Array(FEWEST_PLACES);
  #ways = new Uint16Array(FEWEST_PLACES);
  /** Numbers of states plus one, where the hash of their name puts them; 0 is free. */
  #slots = new Uint32Array(2 * FEWEST_PLACES);

  /** @param most the most memory that may be taken, in bytes */
  constructor(readonly most: number = MOST_MEMORY) {}

  /** How many there are. */
  get size(): number {
    return this.#count;
  }

  /**
   * Add a state, unless one of its name is there.
   *
   * @returns whether it was added
   * @throws ScopeTooLarge when that would take too much memory
   */
  add(name: number, key: number, before: number, way: number): boolean {
    let slot = this.#slotOf(name);
    if ((this.#slots[slot] ?? 0) !== 0) return false;
    if (this.#count === this.#keys.length) {
      this.#grow();
      slot = this.#slotOf(name);
    }
    const number = this.#count++;
    this.#keys[number] = key;
    this.#names[number] = name;
    this.#before[number] = before;
    this.#ways[number] = way;
    this.#slots[slot] = number + 1;
    return true;
  }

  /** Whether there is a state of this name. */
  has(name: number): boolean {
    return (this.#slots[this.#slotOf(name)] ?? 0) !== 0;
  }

  /** The number of the state of this name; -1 where there is none. */
  find(name: number): number {
    return (this.#slots[this.#slotOf(name)] ?? 0) - 1;
  }

  /** The key of a state, by its number. */
  key(number: number): number {
    return this.#keys[number] ?? 0;
  }

  /** The number of the state from which a state was first reached. */
  before(number: number): number {
    return this.#before[number] ?? 0;
  }

  /** By which transition of that state, counted from 0. */
  way(number: number): number {
    return this.#ways[number] ?? 0;
  }

  /** The slot in which a name is, or would be. */
  #slotOf(name: number): number {
    const mask = this.#slots.length - 1;
    // The halves of a key of up to 53 bits, mixed.
    let hash = Math.imul((name % 4_294_967_296) | 0, 0x9e3779b1) ^ Math.imul(name / 4_294_967_296, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (;;) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0 || this.#names[number - 1] === name) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const places = 2 * this.#keys.length;
    const needed = memoryFor(places);
    if (needed > this.most) {
      throw new ScopeTooLarge(
        `more than ${this.#count} states would take ${needed} bytes of memory, and ${this.most} are allowed`,
      );
    }
    const copy = <T extends Float64Array | Uint32Array | Uint16Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#keys = copy(new Float64Array(places), this.#keys);
    this.#names = copy(new Float64Array(places), this.#names);
    this.#before = copy(new Uint32Array(places), this.#before);
    this.#ways = copy(new Uint16Array(places), this.#ways);
    this.#slots = new Uint32Array(2 * places);
    for (let number = 0; number < this.#count; number++) {
      this.#slots[this.#slotOf(this.#names[number] ?? 0)] = number + 1;
    }
  }
}
