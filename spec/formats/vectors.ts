/** Programs with what is expected of them, for harnesses of others. */
import type { ProfileName } from '../profile.js';
import type { EnterEvent, Program, Status } from '../vocabulary.js';

/** The suites of one profile. */
export interface Vectors {
  readonly format: 'irqbypass-spec/vectors/1';
  readonly profile: ProfileName;
  /** The hash of the rules that they were made by. */
  readonly rulesHash: string;
  readonly vectors: readonly Vector[];
}

/** A program and what is expected of it. It starts with nothing registered. */
export interface Vector {
  /** The suite that it belongs to. */
  readonly suite: string;
  readonly program: Program;
  /** What is expected of each operation of its one lane. */
  readonly calls: readonly ExpectedCall[];
}

/** What is expected of an operation. */
export interface ExpectedCall {
  /** What a registration returns; absent for an unregistration. */
  readonly status?: Status;
  /** The callbacks, in their order. */
  readonly callbacks: readonly EnterEvent[];
  /** The rules about one call that it exposes. */
  readonly rules: readonly string[];
}
