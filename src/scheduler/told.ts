/** What the scheduler tells, as `scheduler/main.c` and `scheduler/replay.c` write it. */

/** Operations one after the other, each with its number and what its callbacks return. */
export type ToldWay = readonly (readonly [operation: number, choices: number])[];

/** A lane calls an operation (from 0), or goes on with a choice (-1 less the choice). */
export type ToldMove = readonly [lane: number, what: number];

/** What a lane is about to do when it stands at a point. Addresses are hexadecimal. */
export interface ToldPoint {
  readonly lane: number;
  readonly point?: 'lock' | 'unlock' | 'array' | 'read' | 'write' | 'callback' | 'left' | 'result';
  /** The memory, and the place in the code. */
  readonly at?: string;
  readonly from?: string;
}

/** What a move did. */
export interface ToldStep extends ToldPoint {
  /** The operation that the lane called. */
  readonly call?: number;
  /** The callback that was entered, its object and counterpart, by number; -1 for none. */
  readonly callback?: number;
  readonly object?: number;
  readonly counterpart?: number;
  /** What a fallible callback is to return. */
  readonly result?: number;
  /** What the operation returned, where it did. */
  readonly status?: number;
}

export interface ToldFinding {
  readonly what: string;
  readonly way: ToldWay;
  readonly moves: readonly ToldMove[];
  readonly steps: readonly ToldStep[];
  /** What each lane was about to do in the end. */
  readonly waiting: readonly ToldPoint[];
  /** What is wrong when it is run again. */
  readonly again: string;
}

export interface Told {
  readonly complete: boolean;
  readonly reason?: string;
  readonly roots: number;
  readonly states: number;
  readonly schedules: number;
  readonly programs: number;
  readonly depth: number;
  readonly findings: readonly ToldFinding[];
}

export interface ToldReplay {
  readonly steps: readonly ToldStep[];
  readonly waiting: readonly ToldPoint[];
  readonly again: string;
  readonly times: number;
  readonly same: number;
}
