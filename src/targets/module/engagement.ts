/** What the tool and the process in which a module lives have to agree on. */
import type { Assignment } from './player.js';

/** The descriptor on which the process reads what the kit says. */
export const REQUESTS = 3;
/** The descriptor on which it answers. */
export const ANSWERS = 4;

/** What the process is told as it is started. */
export interface Engagement {
  /** The module's file. */
  readonly path: string;
  /** The file of the player. */
  readonly playerFile: string;
  readonly assignment: Assignment;
}
