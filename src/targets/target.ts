/** What every kind of target is to the rest of the tool: programs in, traces out. */
import type { Hello } from '../../spec/formats/protocol.js';
import type { Event, Program } from '../../spec/vocabulary.js';

/** What came of one program. */
export interface Outcome {
  /** What happened, in one sequence. */
  readonly events: readonly Event[];
  /** Set when the program could not be judged, through no fault of the implementation: what happened instead. */
  readonly fault?: string;
  /** What the target wrote to its log, where it died. */
  readonly log?: string;
}

/** Something that programs can be run on. */
export interface Target {
  /** Its address, as the user gave it. */
  readonly address: string;
  /** Who it says it is. */
  readonly hello: Hello;
  /**
   * Run programs, each on a manager with nothing registered. Batches may be handed in before earlier ones are done;
   * they are answered in order.
   *
   * @throws {TargetError} when the target cannot go on
   */
  run(programs: readonly Program[]): Promise<readonly Outcome[]>;
  /** Run one program with its events streamed one by one, where the target can be asked to. */
  stream?(program: Program): Promise<Outcome>;
  /** End it. Nothing of it is left running afterwards. */
  close(): Promise<void>;
}

/** A target cannot be started or cannot go on; the message says what to do. Never the implementation's fault. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** The address names no target that there is: wrong usage. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}
