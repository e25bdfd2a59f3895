import type { Capability } from '../../spec/formats/protocol.js';
import type { ManagerFactory } from '../../spec/manager.js';

/** A manager that is right and is built in a way of its own. */
export interface Design {
  readonly name: string;
  /** How it is built, in one sentence. */
  readonly summary: string;
  readonly capabilities: readonly Capability[];
  readonly create: ManagerFactory;
}
