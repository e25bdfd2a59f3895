/** What the rules find of mutants of the reference and of named ones; a part of it, as it is kept until all parts are merged. */

import type { ProfileName } from '../profile.js';
import type { Count } from './count.js';
import type { ShardedOf } from './shard.js';

/** A small change of the reference's source. */
export interface SourceMutant {
  /** What the switch knows it by. It changes with the sources, so nothing lasting may refer to it. */
  readonly id: string;
  readonly file: string;
  /** Counted from 1.
   * @asType integer */
  readonly line: number;
  /** The text of the line on which the changed place begins, without blanks at its ends. */
  readonly within: string;
  /** The kind of change, in Stryker's words. */
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  /** From which to which character of the file's text the original stands. */
  readonly range: readonly [number, number];
}

/**
 * What became of a mutant of the reference.
 * - `killed`: a rule is broken.
 * - `survived`: no rule is, in any program.
 * - `unbuilt`: void, since the compiler refuses it, so that nobody could have written it. It runs as JavaScript, and the
 *   rules that find it there are noted; it counts as killed nowhere.
 * - `unreached`: void, since no program comes by the changed place.
 */
export type Fate = 'killed' | 'survived' | 'unbuilt' | 'unreached';

/** One mutant of the reference. */
export interface SourceRow {
  readonly mutant: SourceMutant;
  readonly fate: Fate;
  /** The rules that are broken, in the order of reading. Of an unbuilt one: those of the first that was found. */
  readonly killers: readonly string[];
  /** Whether one of its programs never came to an end. */
  readonly hung: boolean;
  /** Why it is void. */
  readonly reason?: string;
  /** Set when it makes nothing that a program could be played against. */
  readonly unplayable?: boolean;
}

/** One named mutant. */
export interface NamedRow {
  readonly name: string;
  readonly profile: ProfileName;
  /** The rule that it was made for. */
  readonly meantFor: string;
  readonly killers: readonly string[];
  /** What the rule that it was made for says of it, if it says anything. */
  readonly message?: string;
}

/** What was found of one mutant. */
export interface JudgedMutant {
  /** Its number: those of the reference first, then the named ones, counted from 0.
   * @asType integer */
  readonly part: number;
  readonly source?: SourceRow;
  readonly named?: NamedRow;
  /** Where rules and model do not agree about it; a defect of the spec. */
  readonly disagreements: readonly string[];
}

/** The programs that mutants are run on. */
export interface MatrixWorld {
  readonly name: string;
  /** Variants included. */
  readonly programs: Count;
}

/** What a kill matrix is made of. All shards of one have the same. */
export interface AskedMatrix {
  /** The version of this tool. */
  readonly version: string;
  /** The hash of all rules. */
  readonly rulesHash: string;
  /** The hash of all mutants. */
  readonly mutantsHash: string;
  readonly worlds: readonly MatrixWorld[];
}

/** One shard of a kill matrix: every n-th mutant. */
export interface KillMatrixShard extends ShardedOf<AskedMatrix, JudgedMutant> {
  readonly format: 'irqbypass-spec/kill-matrix-shard/1';
  readonly seconds: number;
}
