/**
 * A part of a run, as it is kept until all parts are merged into the report: what was seen, and no verdict. The same is
 * gathered by a run in one piece, so that the merged report is that of the run in one piece.
 */

import type { HostEvent, HostProgram, HostTrace } from '../host/vocabulary.js';
import type { ProfileName } from '../profile.js';
import type { Event, Program, Trace } from '../vocabulary.js';
import type { Count } from './count.js';
import type { JudgedRole } from './host-results.js';
import type { Hello } from './protocol.js';
import type {
  BaselineOf,
  BrokenRule,
  Exhaustive,
  Fault,
  FindingOf,
  InLanes,
  Reach,
  ReportOf,
  StaleEntry,
  UndefinedSeen,
} from './results.js';

/** Where a program of a suite left the way that was planned for it. */
export interface Left {
  /** How many operations went as planned before. */
  readonly steps: Count;
  /** Set when it was right all the same: the target refuses a null token in some states and accepts it in others. */
  readonly strayed?: true;
}

/** A number for each rule, by its id. */
export type ByRule = Readonly<Record<string, number>>;

/** A kind of failing program that was met in a part of a run. */
export interface SampleOf<P, T> {
  /** The form of its first difference. */
  readonly form: string;
  /** A mask of what is unusual in it. */
  readonly unusual: Count;
  /** How many programs of this kind were met. */
  readonly met: Count;
  /** The rules broken in any of them. */
  readonly rules: readonly string[];
  /** The first of them, and what it did; absent where an earlier part of the same shard has it. */
  readonly first?: {
    readonly program: P;
    readonly trace: T;
    /** What the target wrote to its log. */
    readonly log?: string;
    /** The rule that it breaks beside other programs only. */
    readonly besideOthers?: BrokenRule;
  };
}

/** What came of asking a target in several lanes. */
export interface LanesOf<F> {
  readonly shown: InLanes;
  readonly exposures: ByRule;
  readonly broken: ByRule;
  readonly findings: readonly { readonly finding: F; readonly rules: readonly string[] }[];
  readonly faults: readonly string[];
}

/** What a part of a run has shown, of programs `P` with traces `T` of events `E`. */
export interface EvidenceOf<P, T, E> {
  /** The number of the part in the plan of the run, counted from 0.
   * @asType integer */
  readonly part: number;
  /** Programs that were run and judged. */
  readonly programs: Count;
  readonly operations: Count;
  readonly events: Count;
  /** Programs in which the target crashed or hung. */
  readonly died: Count;
  /** What these deaths cost, of what a run may cost before it is given up. */
  readonly deaths: Count;
  /** Programs of the plan that broke no rule, and that broke one. */
  readonly unharmed: Count;
  readonly failing: Count;
  readonly exposures: ByRule;
  /** How many programs broke each rule, those first that were broken first. */
  readonly broken: ByRule;
  /** In the order in which they were first met. */
  readonly samples: readonly SampleOf<P, T>[];
  readonly faults: readonly Fault<P>[];
  readonly undefinedSeen: readonly UndefinedSeen[];
  readonly reach?: Reach;
  /** Of a suite: the programs that left what was planned, by their number in it. */
  readonly short: readonly (Left & {
    /** @asType integer */
    readonly at: number;
  })[];
  /** Of a baseline: its entries that are not true any more. */
  readonly stale?: readonly StaleEntry[];
  /** What was explored of the implementation itself. */
  readonly exhaustive?: Exhaustive;
  readonly inLanes?: LanesOf<FindingOf<P, T, E>>;
  /** Why it was not asked in several lanes, though it has them. */
  readonly notInLanes?: string;
  /** `unsteady`: the target did not do the same twice, so nothing follows; `given-up`: the run goes no farther. */
  readonly ended?: 'unsteady' | 'given-up';
}

/** What a run is asked for. All shards of one run are asked for the same. */
export interface AskedRun<P, E> {
  /** The version of this tool. */
  readonly version: string;
  /** The hash of all rules. */
  readonly rulesHash: string;
  readonly target: string;
  /** How the target is opened: the patience in milliseconds, folders of headers, and whether ThreadSanitizer watches. */
  readonly opened: { readonly patience?: number; readonly includes?: readonly string[]; readonly tsan?: boolean };
  /** What the target said that it is. */
  readonly hello: Hello;
  /** The profile that was judged under, and the one that was asked for, if one was. */
  readonly profile: ProfileName;
  readonly profileAsked: string | null;
  /** The rules that were asked for, as they were given; null for all. */
  readonly rules: string | null;
  readonly tier: Exclude<ReportOf<P, FindingOf<P, unknown, E>, unknown>['tier'], null>;
  /** @asType integer */
  readonly seed: number;
  /** How many random programs. */
  readonly programs: Count;
  /** Producers x consumers x tokens, where the tier's own are not covered. */
  readonly scope: string | null;
  /** The states more than the model has, where the tier's number is not meant. */
  readonly extraStates: number | null;
  /** Whether what is undefined is done, too. */
  readonly undefined: boolean;
  readonly baseline: BaselineOf<P, E> | null;
  /** Programs of findings of earlier runs; null where there is no store. */
  readonly stored: readonly P[] | null;
}

/** One shard of some work in parts, of which it does every n-th: what is asked for is `A`, and what a part shows is `E`. */
export interface ShardedOf<A, E> {
  readonly format: string;
  /** Which of them it is, counted from 1.
   * @asType integer */
  readonly shard: number;
  /** How many there are.
   * @asType integer */
  readonly of: number;
  readonly run: A;
  /** How many parts the whole has. */
  readonly parts: Count;
  /** The command that does the whole of it. */
  readonly again: string;
  /** In the order of the parts. */
  readonly evidence: readonly E[];
}

/** One shard of a run: every n-th part of its plan. */
export interface ShardOf<P, T, E> extends ShardedOf<AskedRun<P, E>, EvidenceOf<P, T, E>> {
  /** The options by which the target was opened. */
  readonly opened: string;
  readonly seconds: number;
}

/** A shard of a run on a manager. */
export interface Shard extends ShardOf<Program, Trace, Event> {
  readonly format: 'irqbypass-spec/shard/1';
}

/** A shard of a run on hosts. */
export interface HostShard extends ShardOf<HostProgram, HostTrace, HostEvent> {
  readonly format: 'irqbypass-spec/host-shard/1';
  readonly role: JudgedRole;
}
