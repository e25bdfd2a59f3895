/** More than this, and a map is made to find one. */
const FEW = 8;

/** A few things or many, each of which is found by its name. Of few, going through them is the quickest way. */
export class Found<Name, Thing extends object> {
  readonly #names: Name[] = [];
  readonly #things: Thing[] = [];
  #byName: Map<Name, Thing> | undefined;

  find(name: Name): Thing | undefined {
    if (this.#byName !== undefined) return this.#byName.get(name);
    const names = this.#names;
    for (let at = 0; at < names.length; at++) if (names[at] === name) return this.#things[at];
    return undefined;
  }

  /** Add one that is not there yet. */
  add(name: Name, thing: Thing): Thing {
    this.#names.push(name);
    this.#things.push(thing);
    if (this.#byName !== undefined) this.#byName.set(name, thing);
    else if (this.#names.length > FEW) {
      this.#byName = new Map();
      for (const [at, one] of this.#things.entries()) this.#byName.set(this.#names[at] as Name, one);
    }
    return thing;
  }

  /** Forget all of them. */
  clear(): void {
    this.#names.length = 0;
    this.#things.length = 0;
    this.#byName = undefined;
  }
}
