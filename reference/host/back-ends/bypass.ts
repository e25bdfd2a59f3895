/** The work of a back end for a pair: the consumer's half of the shortcut. */
import type { ConsumerEnvironment } from '../../../spec/host/roles.js';
import type { Route, VmId } from '../../../spec/host/vocabulary.js';
import type { Status } from '../../../spec/vocabulary.js';

/** The irqfd of a pair, as far as a back end needs to know it. */
export interface Paired {
  readonly vm: VmId;
  /** The route of its GSI at this moment. */
  readonly route: Route | undefined;
  /** The host's interrupt of the producer that it is paired with. */
  irq: number | undefined;
}

/** A back end. */
export interface Bypass {
  /** addProducer: shortcut the interrupt if it can be. @returns 0, or why there is no pair */
  add(irqfd: Paired, irq: number): Status;
  /** delProducer: back to the host's path, whatever the route has become. */
  del(irqfd: Paired): void;
  /**
   * The route of a pair has changed from `old`.
   *
   * @returns false when the pair must be parted and joined anew, because the producer has to hear of it
   */
  routeChanged(irqfd: Paired, old: Route | undefined): boolean;
  /** Whether a line is forwarded; absent where none can be. */
  forwards?(irq: number): boolean;
  stop?(vm: VmId): void;
  start?(vm: VmId): void;
}

/** Makes a back end. */
export type BypassFactory = (environment: ConsumerEnvironment) => Bypass;
