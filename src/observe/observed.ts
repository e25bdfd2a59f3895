/** What was seen of one program. */
import type { HostTrace } from '../../spec/host/vocabulary.js';
import type { Recording } from '../recording/read.js';
import type { ObservedProgram } from './commands.js';
import type { Observation, Pace } from './guest.js';

/** One program that ran to its end, what it did, and the kernel's own record of it. */
export interface Observed {
  /** How many programs the target had run with this one. */
  readonly number: number;
  readonly program: ObservedProgram;
  readonly pace: Pace;
  readonly observation: Observation;
  readonly recording: Recording;
  readonly trace: HostTrace;
}
