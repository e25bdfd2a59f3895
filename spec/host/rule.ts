/** The parts of a rule about a host. The rules themselves are in `rules/producer.ts`, `consumer.ts`, `delivery.ts`,
 * `modules.ts`, `safety.ts`. */
import type { InChapter, Judged, UntestableRule, Verdict } from '../rule.js';
import type { HostCall, HostHistory } from './reading/history.js';
import type { HostOperation } from './vocabulary.js';

/** The chapters of the rules about a host. */
export type HostChapter = 'producer' | 'consumer' | 'delivery' | 'modules' | 'safety';

/** A rule that each operation of a host is held against. */
export interface HostCallRule extends Judged {
  readonly kind: 'host';
  /** True when a recording of a real kernel, with its hardware's side, shows all that the rule looks at. */
  readonly recorded?: true;
  readonly check: (call: HostCall, history: HostHistory) => Verdict;
}

/** A rule about every order of some operations that set up a host. */
export interface HostOrderRule extends Judged {
  readonly kind: 'host-order';
  /** Puts in words what must be the same after every order. The last operations of the program, `probes`, look at it. */
  readonly outcome: (history: HostHistory, probes: readonly HostOperation[]) => string;
}

/** A rule about a host. */
export type HostRule = HostCallRule | HostOrderRule | UntestableRule;

/** A rule about a host as it stands in its chapter. */
export type HostChapterRule = InChapter<HostRule, HostChapter>;
