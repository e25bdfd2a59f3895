/** Reach every state of a space, breadth first, so that the way to each is a shortest one. */
import type { Key, Space, Transition } from './space.js';
import { States } from './states.js';
import { orbitName } from './symmetry.js';

/** How a space is explored. */
export interface Reaching {
  /** Only one state of each orbit: the first that is reached. */
  readonly symmetry?: boolean;
  /** Told of every transition that is taken. */
  readonly visit?: (transition: Transition) => void;
  /** Told of every state before its transitions are taken. */
  readonly onState?: (key: Key) => void;
  /** The most memory for states, in bytes. */
  readonly most?: number;
}

/** The states that were reached. */
export interface Reached {
  readonly size: number;
  /** The states, those reached first first. */
  keys(): Iterable<Key>;
  /** The state that was reached as the n-th, counted from 0. */
  key(number: number): Key;
  /** A shortest way from the empty state to one that was reached. */
  pathTo(key: Key): readonly Transition[];
}

/** @throws ScopeTooLarge when the states would take too much memory */
export function reach(space: Space, { symmetry, visit, onState, most }: Reaching = {}): Reached {
  const states = new States(most);
  const name = symmetry === true ? (key: Key) => orbitName(space, key) : (key: Key) => key;
  states.add(name(0), 0, 0, 0);
  for (let number = 0; number < states.size; number++) {
    let way = 0;
    onState?.(states.key(number));
    for (const transition of space.transitions(states.key(number))) {
      visit?.(transition);
      // Most lead back to where they start.
      if (transition.to !== transition.from) states.add(name(transition.to), transition.to, number, way);
      way++;
    }
  }
  return {
    get size() {
      return states.size;
    },
    *keys() {
      for (let number = 0; number < states.size; number++) yield states.key(number);
    },
    key: (number) => states.key(number),
    pathTo: (key) => {
      const path: Transition[] = [];
      for (let number = states.find(name(key)); number > 0; number = states.before(number)) {
        const before = states.key(states.before(number));
        const transition = space.transitions(before)[states.way(number)];
        if (transition !== undefined) path.unshift(transition);
      }
      return path;
    },
  };
}
