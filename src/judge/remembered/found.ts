/** More than this, and a map is made to find one. */
const FEW = 8;

/** Some things, each of which is found by its name. */
export class Found<Name, Thing> {
  readonly #names: Name[] = [];
  readonly #things: Thing[] = [];
  #byName: Map<Name, Thing> | undefined;

  find(name: Name): Thing | undefined {
    if (this.#byName !== undefined) return this.#byName.get(name);
    const at = this.#names.indexOf(name);
    return at < 0 ? undefined : this.#things[at];
  }

  /** Add one that is not there yet. */
  add(name: Name, thing: Thing): Thing {
    this.#names.push(name);
    this.#things.push(thing);
    this.#byName?.set(name, thing);
    if (this.#byName === undefined && this.#names.length > FEW) {
      this.#byName = new Map(this.#names.map((one, at) => [one, this.#things[at] as Thing]));
    }
    return thing;
  }
}
