/** A map of which a copy can be kept at any observer; the copy is made anew only where something has changed since. */
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
    this.#map.set(key, value);
    this.#copy = undefined;
  }

  delete(key: K): boolean {
    const was = this.#map.delete(key);
    if (was) this.#copy = undefined;
    return was;
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
