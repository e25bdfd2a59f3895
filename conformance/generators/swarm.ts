/**
 * What a program favours and what it shuns, each in so many of 100 cases. If all programs did a little of everything, none
 * would ever do one thing two hundred times in a row, and what goes wrong only then would not be found.
 */
import type { Draw } from './random.js';

/** The likings of one program. */
export interface Swarm {
  /** A registered object is unregistered, and not registered a second time. */
  readonly unregister: number;
  /** An object that is not registered is unregistered all the same. */
  readonly stray: number;
  /** A newcomer takes the token of one of the other side, if there is one that waits. */
  readonly match: number;
  /** A registration has no memory. */
  readonly noMemory: number;
  /** An object has a callback that fails. */
  readonly failing: number;
  /** Interrupts and results lie at an edge. */
  readonly edges: number;
}

/** A little of everything. */
const ORDINARY: Swarm = { unregister: 65, stray: 12, match: 50, noMemory: 7, failing: 35, edges: 12 };

/** Half of the programs do a little of everything; in the others, each thing is never done, or as ever, or most of the time. */
export function drawSwarm(draw: Draw): Swarm {
  if (draw.chance(50)) return ORDINARY;
  const oneOf = (never: number, ordinary: number, often: number) => draw.of([never, ordinary, often]);
  return {
    unregister: oneOf(25, ORDINARY.unregister, 98),
    stray: oneOf(0, ORDINARY.stray, 50),
    match: oneOf(10, ORDINARY.match, 95),
    noMemory: oneOf(0, ORDINARY.noMemory, 30),
    failing: oneOf(0, ORDINARY.failing, 90),
    edges: oneOf(0, ORDINARY.edges, 80),
  };
}
