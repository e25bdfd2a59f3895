/** What `explore` proves, and a part of it, as it is kept until all parts are merged. */

import type { ProfileName } from '../profile.js';
import type { Program } from '../vocabulary.js';
import type { Count } from './count.js';
import type { ByRule, ShardedOf } from './shard.js';

/** A rule that the model breaks: the spec contradicts itself. */
export interface Contradiction {
  readonly rule: string;
  readonly text: string;
  /** A shortest program that shows it. */
  readonly program: Program;
}

/** A statement about sets of runs, and in how many cases it was proved. */
export interface Proved {
  readonly statement: string;
  readonly cases: Count;
  /** The first case in which it does not hold, in words. */
  readonly counterexample?: string;
}

/** What was judged on a scope, or on a part of it. */
export interface Proofs {
  /** Pairs of transitions, one after the other. */
  readonly pairs: Count;
  /** Transitions with other sets of callbacks. */
  readonly subsets: Count;
  /** How often each rule was exposed; those that are exposed by two runs are among the statements. */
  readonly exposures: ByRule;
  readonly contradictions: readonly Contradiction[];
  readonly statements: readonly Proved[];
}

/** The states of a scope under one profile. */
export interface ReachedStates {
  readonly profile: ProfileName;
  /** All states and transitions; with symmetry, those that the orbits stand for. */
  readonly states: Count;
  readonly transitions: Count;
  /** With symmetry: how many orbits there are. */
  readonly orbits?: Count;
}

/** What an exploration is asked for. All shards of one exploration are asked for the same. */
export interface AskedExploration {
  /** The version of this tool. */
  readonly version: string;
  /** The hash of all rules. */
  readonly rulesHash: string;
  /** Producers x consumers x tokens. */
  readonly scope: string;
  /** Whether one state of each orbit is enough. */
  readonly symmetry: boolean;
  /** What is left out, as it was given; null for nothing. */
  readonly without: string | null;
}

/** What came of one profile. */
export interface Explored extends ReachedStates {
  /** Null where nothing was to be proved. */
  readonly proofs: Proofs | null;
  /** What does not hold. */
  readonly broken: readonly string[];
  /** What was never met on the scope, and so is neither proved nor broken. */
  readonly unexposed: readonly string[];
  /** How long it took to reach every state, and then to prove. */
  readonly seconds: { readonly reaching: number; readonly proving: number };
}

/** What `explore --report json` writes. */
export interface ExplorationReport extends AskedExploration {
  readonly format: 'irqbypass-spec/exploration/1';
  readonly explorations: readonly Explored[];
  /** The exit status: 0, everything is proved; 1, something does not hold; 2, something was never met. */
  readonly exit: 0 | 1 | 2;
}

/** What a part of an exploration has shown: some states, of one profile. */
export interface ExploredPart extends Proofs {
  /** The number of the part, counted from 0 over all profiles.
   * @asType integer */
  readonly part: number;
}

/** One shard of an exploration: every n-th part of its proofs. Each reaches all states for itself. */
export interface ExplorationShard
  extends ShardedOf<AskedExploration & { readonly reached: readonly ReachedStates[] }, ExploredPart> {
  readonly format: 'irqbypass-spec/exploration-shard/1';
  /** How long it took, for each profile. */
  readonly seconds: readonly Explored['seconds'][];
}
