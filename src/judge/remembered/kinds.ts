/**
 * Kinds of call: a tree that a walk goes down, from what a call found through each thing that happened in it.
 *
 *     what it found ── enters stop of the object ── leaves ── ... ── returns 0 : a kind, with a sample
 *                  └── returns -16 : another kind
 *
 * Most of what a manager is asked it has been asked before, under other names. A kind is all that the model can tell one call
 * from another by. Rules also look at what had become of its objects before: of each kind there are as many verdicts as
 * there were different pasts.
 */
import type { Situation } from '../../../spec/model.js';
import type { Sample } from './sample.js';

/** The most places of a tree, and the most verdicts. What does not fit in is judged afresh each time. */
const MOST = 200_000;

/** What rules and model said of calls of a kind with one past. */
export interface Verdict {
  readonly situation: Situation;
  /** The rules that are exposed, by number. */
  readonly exposed: readonly number[];
  /** Its own number. */
  readonly number: number;
}

/** A place in the tree. Where a call returned is its kind. */
export class Kind {
  /** Undefined until a call of the kind was judged. */
  sample: Sample | undefined = undefined;
  /** By past; 'broken' where a rule is broken. */
  #verdicts: Map<number, Verdict | 'broken'> | undefined = undefined;
  /** The first of the places that follow, and the next of those that follow the same one. */
  #first: Kind | undefined = undefined;
  #sibling: Kind | undefined = undefined;

  constructor(readonly code: number) {}

  /** What is said of the calls of this kind with a past; undefined where that is not known. */
  verdict(past: number): Verdict | 'broken' | undefined {
    return this.#verdicts?.get(past);
  }

  /** Remember that. */
  remember(past: number, verdict: Verdict | 'broken'): void {
    this.#verdicts ??= new Map();
    this.#verdicts.set(past, verdict);
  }

  /** The place that a code leads to, which is made where there is none. @returns undefined when there is no room for it */
  after(code: number, kinds: Kinds): Kind | undefined {
    for (let place = this.#first; place !== undefined; place = place.#sibling) if (place.code === code) return place;
    const made = kinds.makePlace(code);
    if (made === undefined) return undefined;
    made.#sibling = this.#first;
    this.#first = made;
    return made;
  }
}

/** All kinds that were met, with what was judged of them. */
export class Kinds {
  readonly #beginnings = new Map<number, Kind>();
  readonly #verdicts = new Map<string, Verdict>();
  #left: number;

  /** @param most the most places of the tree, and the most verdicts */
  constructor(most: number = MOST) {
    this.#left = most;
  }

  /** The place at which calls begin that find the same; undefined when there is no room for it. */
  beginning(found: number): Kind | undefined {
    let place = this.#beginnings.get(found);
    if (place === undefined) {
      place = this.makePlace(found);
      if (place !== undefined) this.#beginnings.set(found, place);
    }
    return place;
  }

  /** A new place; undefined when there is no room for it. */
  makePlace(code: number): Kind | undefined {
    return this.#hasRoom() ? new Kind(code) : undefined;
  }

  /** Remember what is said of the calls of a kind with a past. @param exposed undefined where a rule is broken */
  remember(kind: Kind, past: number, situation: Situation, exposed: readonly number[] | undefined): Verdict | 'broken' {
    const verdict = exposed === undefined ? 'broken' : this.#verdict(situation, exposed);
    if (this.#hasRoom()) kind.remember(past, verdict);
    return verdict;
  }

  /** How many different verdicts there are; their numbers are below that. */
  get size(): number {
    return this.#verdicts.size;
  }

  /** Every verdict, in order of their numbers. */
  all(): Iterable<Verdict> {
    return this.#verdicts.values();
  }

  #verdict(situation: Situation, exposed: readonly number[]): Verdict {
    const key = `${situation}: ${exposed.join()}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = { situation, exposed, number: this.#verdicts.size };
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  #hasRoom(): boolean {
    return this.#left-- > 0;
  }
}
