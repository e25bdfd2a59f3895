/** A map of which a copy can be kept at any moment; the copy is made anew only where something has changed since. */
export class SnapshotMap<K, V> {
  readonly #map = new Map<K, V>();
  #copy: ReadonlyMap<K, V> | undefined;

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  set(key: K, value: V): void {
    if (this.#map.has(key) && this.#map.get(key) === value) return;
    this.#map.set(key, value);
    this.#copy = undefined;
  }

  delete(key: K): boolean {
    const was = this.#map.delete(key);
    if (was) this.#copy = undefined;
    return was;
  }

  /** Whether it has changed since the last copy. */
  get isChanged(): boolean {
    return this.#copy === undefined;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#map[Symbol.iterator]();
  }

  /** What is in it now. */
  snapshot(): ReadonlyMap<K, V> {
    this.#copy ??= new Map(this.#map);
    return this.#copy;
  }
}
