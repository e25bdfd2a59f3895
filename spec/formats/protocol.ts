/**
 * The messages of the stdio protocol, one JSON object a line; `protocol.md` is the page for people.
 *
 *     kit                               target
 *      ── { type: hello } ─────────────────>
 *      <───────────── { type: hello, ... } ──
 *      ── { type: run, id, programs } ─────>     (more may follow before the answers arrive)
 *      <─── { type: trace, id, index: 0 } ──     (one a program, in order)
 *      <─── { type: trace, id, index: 1 } ──
 *      ── { type: bye } ───────────────────>     (the target exits with 0)
 */
import type { Event, Program } from '../vocabulary.js';

/** The version of the protocol that this kit speaks. */
export const PROTOCOL = 1;

/**
 * The things that a target may be able to do beyond the base.
 * - `allocation-failure`: honours `memory: 'none'`, because it allocates when it registers.
 * - `null-token`: can be given a null token.
 * - `missing-mandatory`: can be given a consumer that lacks a mandatory callback.
 * - `object-memory`: objects lie in memory that the caller can write (overwriteToken, wipeObject).
 * - `reentry`: callbacks can call operations (undefined behaviour).
 * - `lanes`: runs each lane in a thread of its own, and holds lanes at gates.
 * - `data-races`: a data race is told by a log event in an operation, whose text begins with `data race: `.
 * - `producer`, `consumer`: plays that role of a host (`role-protocol.ts`).
 * - `irq-actions`: a producer that does `triggerIrqs`, `maskLine`, `unmaskLine` and `setStatus` as well.
 * - `emulated-irqchip`: a consumer that can have VMs for which nothing can be shortcut.
 */
export type Capability =
  | 'allocation-failure'
  | 'null-token'
  | 'missing-mandatory'
  | 'object-memory'
  | 'reentry'
  | 'lanes'
  | 'data-races'
  | 'producer'
  | 'consumer'
  | 'irq-actions'
  | 'emulated-irqchip';

/** The first message of the kit. */
export interface HelloRequest {
  readonly type: 'hello';
  readonly protocol: 1;
}

/** The answer of a target to hello: it says who it is. What it says is checked against what it then does. */
export interface Hello {
  readonly type: 'hello';
  readonly protocol: 1;
  /** The implementation's name. */
  readonly name: string;
  /** The implementation's version. */
  readonly version: string;
  /** The language it is written in. */
  readonly language: string;
  /** The profile it claims; `core` when absent. */
  readonly profile?: string;
  readonly capabilities: readonly Capability[];
  /** Facts worth keeping in a report, such as a kernel release. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Run programs, each on a manager with nothing registered. */
export interface RunRequest {
  readonly type: 'run';
  /** Repeated in every answer.
   * @asType integer */
  readonly id: number;
  readonly programs: readonly Program[];
  /** Send each event in a message of its own as soon as it happens, flushed, before the trace message. */
  readonly stream?: boolean;
}

/** The trace of one program. */
export interface TraceMessage {
  readonly type: 'trace';
  /** The id of the run.
   * @asType integer */
  readonly id: number;
  /** The program's place in the run, counted from 0.
   * @asType integer */
  readonly index: number;
  /** All events, in order; empty when they were streamed. */
  readonly events: readonly Event[];
  /** The implementation's log of the program, at length, if it says more than the events. */
  readonly log?: string;
  /** Why the program cannot be judged, where the target can tell: something happened that belongs to no operation. */
  readonly fault?: string;
}

/** One event of a streamed program. */
export interface EventMessage {
  readonly type: 'event';
  /** @asType integer */
  readonly id: number;
  /** @asType integer */
  readonly index: number;
  readonly event: Event;
}

/** The target cannot go on for a reason of its own; never the implementation's fault. */
export interface ErrorMessage {
  readonly type: 'error';
  /** A sentence that says what happened and what to do. */
  readonly message: string;
}

/** The kit is done; the target exits with 0. */
export interface ByeRequest {
  readonly type: 'bye';
}

/** Everything that the kit says. */
export type Request = HelloRequest | RunRequest | ByeRequest;

/** Everything that a target says. */
export type Response = Hello | TraceMessage | EventMessage | ErrorMessage;
