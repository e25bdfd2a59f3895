/** What every kind of target is to the rest of the tool: programs in, traces out. */
import type { Hello } from '../../spec/formats/protocol.js';
import type { HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import type { Program, Trace } from '../../spec/vocabulary.js';

/** What came of one program whose trace is a `T`. */
export type Outcome<T extends { readonly events: readonly unknown[] } = Trace> = Came<T['events']>;

/** What came of one program. */
export interface Came<Events> {
  /** What happened, in one sequence. */
  readonly events: Events;
  /** Set when the program could not be judged, through no fault of the implementation: what happened instead. */
  readonly fault?: string;
  /** What the target wrote to its log, where it died. */
  readonly log?: string;
}

/** Something that programs `P` can be run on, which then have traces `T`; those of a manager where nothing else is said. */
export interface Target<P = Program, T extends { readonly events: readonly unknown[] } = Trace> {
  /** Its address, as the user gave it. */
  readonly address: string;
  /** Who it says it is. */
  readonly hello: Hello;
  /**
   * Run programs, each where nothing was done before. Batches may be handed in before earlier ones are done;
   * they are answered in order. Fewer answers than programs mean that the last ones were not run.
   *
   * @throws {TargetError} when the target cannot go on
   */
  run(programs: readonly P[]): Promise<readonly Outcome<T>[]>;
  /** Whether it runs programs in this process: nothing is gained by handing in more before earlier ones are judged. */
  readonly isHere?: boolean;
  /** Run one program with its events streamed one by one, where the target can be asked to. */
  stream?(program: P): Promise<Outcome<T>>;
  /**
   * Run one program in which it hung with all the patience there is: once a target has hung, less is waited for its
   * answers. Absent where none is waited for; undefined when it is not run any more.
   */
  confirm?(program: P): Promise<Outcome<T> | undefined>;
  /**
   * How many more times its process may die, or fall silent, from now on. After that it answers fewer programs than it
   * was asked: the rest was not run. Absent where no process of its own can die.
   */
  allow?(deaths: number): void;
  /** How many of these are left; fewer than none where one death counted as several. */
  readonly allowance?: number;
  /** End it. Nothing of it is left running afterwards. */
  close(): Promise<void>;
}

/** A target that falls silent costs its user's patience: it counts as so many that die. */
export const SILENCE_COUNTS = 8;

/** A host on which one of the roles is under test, or all. */
export type HostTarget = Target<HostProgram, HostTrace>;

/** A target cannot be started or cannot go on; the message says what to do. Never the implementation's fault. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** The address names no target that there is: wrong usage. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}
