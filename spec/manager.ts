/**
 * The interface of a manager written in JavaScript or TypeScript. The reference implements it, a `module:FILE` target
 * exports it, and the kit calls it. It is the kernel's `include/linux/irqbypass.h` of 6.17 in the words
 * of this spec: the token is an argument, and nothing of the manager lies in the caller's objects.
 */
import type { Status, Token } from './vocabulary.js';

/** An interrupt producer as the manager sees it. Each callback is optional. */
export interface Producer {
  /** Before connecting or disconnecting: hold the interrupt back. */
  stop?(): void;
  /** After connecting or disconnecting, also after a failure: let it go on. */
  start?(): void;
  /** Connect to `consumer`. Any result but 0 refuses. */
  addConsumer?(consumer: Consumer): Status;
  /** Disconnect from `consumer`, which was added. */
  delConsumer?(consumer: Consumer): void;
}

/** An interrupt consumer as the manager sees it. addProducer and delProducer are mandatory; a manager refuses a consumer without them. */
export interface Consumer {
  /** Before connecting or disconnecting: hold the guest's interrupts back. */
  stop?(): void;
  /** After connecting or disconnecting, also after a failure: let them go on. */
  start?(): void;
  /** Connect to `producer`, whose host interrupt is `irq`. Any result but 0 refuses. */
  addProducer?(producer: Producer, irq: number): Status;
  /** Disconnect from `producer`, which was added. */
  delProducer?(producer: Producer): void;
}

/**
 * A manager. Tokens are strings or `null`; they are compared, never looked into.
 * Objects are compared by identity.
 */
export interface Manager {
  /** Register `producer` under `token`, with host interrupt `irq`. Returns 0 or what went wrong. */
  registerProducer(producer: Producer, token: Token, irq: number): Status;
  /** Take the registration back. Does nothing for a producer that is not registered. */
  unregisterProducer(producer: Producer): void;
  /** Register `consumer` under `token`. Returns 0 or what went wrong. */
  registerConsumer(consumer: Consumer, token: Token): Status;
  /** Take the registration back. Does nothing for a consumer that is not registered. */
  unregisterConsumer(consumer: Consumer): void;
}

/** The kit gives this to a manager to work with. */
export interface ManagerEnvironment {
  /**
   * Called by a manager before each allocation that it can survive; `false` means that there is no memory.
   * A manager that never calls it declares no capability `allocation-failure`.
   */
  readonly allocate: () => boolean;
  /** Called by a manager that warns about misuse. */
  readonly warn: (text: string) => void;
}

/** Makes a manager with nothing registered. This is what a `module:` target exports. */
export type ManagerFactory = (environment: ManagerEnvironment) => Manager;
