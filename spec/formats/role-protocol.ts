/**
 * By these messages a producer or a consumer in another process is judged. Each is one JSON object on a line. Every message
 * of one side is answered by the other before anything else, and messages nest: while a target does what it was told, it
 * may ask for something, and before it gets its answer it may be told something more.
 *
 *     kit                                     target
 *      ── { type: hello } ───────────────────────>
 *      <─ { type: hello, capabilities: [producer] }
 *      ── { type: begin, role, backEnd, ... } ───>     a driver with nothing open
 *      <────────────────────── { type: done } ──
 *      ── { type: do, operation: setIrqs, ... } ─>     a system call
 *      <─── { type: ask, what: requestIrq, ... } ──
 *      ── { type: answer, value: 3 } ────────────>
 *      <─── { type: ask, what: registerProducer } ──
 *      ── { type: tell, what: addConsumer } ─────>     a callback of the manager
 *      <──────────── { type: done, status: 0 } ──
 *      ── { type: answer, value: 0 } ────────────>
 *      <──────────── { type: done, status: 0 } ──
 *      ── { type: bye } ─────────────────────────>     the target exits with 0
 */

import type {
  BackEnd,
  DeviceId,
  EventfdId,
  GuestTarget,
  Holder,
  HostDevice,
  IrqIndex,
  Level,
  UserOperation,
  VmId,
} from '../host/vocabulary.js';
import type { CallbackName, Status, TokenName } from '../vocabulary.js';
import type { ErrorMessage } from './protocol.js';

/** Begin anew: a driver with nothing open. */
export interface RoleBegin {
  readonly type: 'begin';
  readonly role: 'producer' | 'consumer';
  readonly backEnd: BackEnd;
  readonly devices: readonly HostDevice[];
  /** The producer callbacks without which the manager refuses. */
  readonly mandatory: readonly CallbackName[];
  /** Whether the manager heeds what addConsumer and addProducer return; in rfc-2015 it does not. */
  readonly canRefuse: boolean;
}

/** Do a system call; the answer's status is what it returns. */
export type RoleDo = { readonly type: 'do' } & UserOperation;

/** Something happened to what the target has asked for; `object` and `waiter` are numbers that it has chosen. */
export type RoleTell =
  | { readonly type: 'tell'; readonly what: 'interrupt'; readonly irq: number }
  | { readonly type: 'tell'; readonly what: 'endOfInterrupt'; readonly vm: VmId; readonly pin: number }
  | { readonly type: 'tell'; readonly what: 'signalled' | 'hungUp'; readonly waiter: number }
  | {
      readonly type: 'tell';
      readonly what: Exclude<CallbackName, 'addProducer'>;
      readonly object: number;
    }
  | { readonly type: 'tell'; readonly what: 'addProducer'; readonly object: number; readonly irq: number };

/** The answer to what the target asked: a status, a number, yes or no; null where there is nothing to say. */
export interface RoleAnswer {
  readonly type: 'answer';
  readonly value: number | boolean | GuestTarget | null;
}

/** Everything that the kit says, beside hello and bye. */
export type RoleRequest = RoleBegin | RoleDo | RoleTell | RoleAnswer;

/** The target has done what it was asked to do or was told; the status where there is one. */
export interface RoleDone {
  readonly type: 'done';
  readonly status?: Status;
}

/** The questions of a target: the functions of `ProducerEnvironment` and `ConsumerEnvironment`, and of the manager. */
export type RoleAsk =
  | {
      readonly type: 'ask';
      readonly what: 'registerProducer';
      readonly object: number;
      readonly callbacks: readonly CallbackName[];
      readonly token: TokenName;
      readonly irq: number;
    }
  | {
      readonly type: 'ask';
      readonly what: 'registerConsumer';
      readonly object: number;
      readonly callbacks: readonly CallbackName[];
      readonly token: TokenName;
    }
  | { readonly type: 'ask'; readonly what: 'unregisterProducer'; readonly object: number }
  | { readonly type: 'ask'; readonly what: 'unregisterConsumer'; readonly object: number }
  | { readonly type: 'ask'; readonly what: 'takeReference'; readonly eventfd: EventfdId; readonly holder: Holder }
  | { readonly type: 'ask'; readonly what: 'dropReference'; readonly eventfd: EventfdId; readonly holder: Holder }
  | { readonly type: 'ask'; readonly what: 'signal'; readonly eventfd: EventfdId }
  | { readonly type: 'ask'; readonly what: 'wait'; readonly eventfd: EventfdId; readonly waiter: number }
  | { readonly type: 'ask'; readonly what: 'endWaiting'; readonly waiter: number }
  | { readonly type: 'ask'; readonly what: 'log'; readonly text: string }
  | {
      readonly type: 'ask';
      readonly what: 'requestIrq';
      readonly device: DeviceId;
      readonly index: IrqIndex;
      readonly vector: number;
    }
  | { readonly type: 'ask'; readonly what: 'freeIrq'; readonly irq: number }
  | { readonly type: 'ask'; readonly what: 'maskIrq'; readonly irq: number }
  | { readonly type: 'ask'; readonly what: 'unmaskIrq'; readonly irq: number }
  | { readonly type: 'ask'; readonly what: 'isLine'; readonly irq: number }
  | { readonly type: 'ask'; readonly what: 'injectForwarded'; readonly irq: number }
  | { readonly type: 'ask'; readonly what: 'unmap'; readonly irq: number }
  | { readonly type: 'ask'; readonly what: 'map'; readonly irq: number; readonly target: GuestTarget }
  | { readonly type: 'ask'; readonly what: 'inject'; readonly target: GuestTarget }
  | {
      readonly type: 'ask';
      readonly what: 'setPin';
      readonly vm: VmId;
      readonly pin: number;
      readonly level: Level;
    }
  | { readonly type: 'ask'; readonly what: 'halt'; readonly vm: VmId }
  | { readonly type: 'ask'; readonly what: 'resume'; readonly vm: VmId };

/**
 * What the target was to do ended it, or never ends: in place of `done`. A target that can tell so lives on, and the next
 * that it hears is `begin`; one that cannot simply dies, or says nothing.
 */
export interface RoleEnd {
  readonly type: 'crash' | 'hang';
  readonly detail: string;
}

/** Everything that a target says, beside hello. */
export type RoleResponse = RoleDone | RoleAsk | RoleEnd | ErrorMessage;
