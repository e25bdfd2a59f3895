/**
 * What a run ends in: verdicts, findings, a report; and the baseline of known failures.
 * All of it is plain data with a schema, so that one version's report can be read by another tool.
 */

import type { ProfileName } from '../profile.js';
import type { Event, Program, Trace } from '../vocabulary.js';
import type { Count } from './count.js';
import type { Hello } from './protocol.js';

/**
 * What is said of a rule after a run.
 * - `pass`: exposed at least as often as its floor, and never broken.
 * - `fail`: broken.
 * - `known`: broken, but only by defects that the baseline lists.
 * - `follows`: broken only in programs that show a defect, which is found by other rules; the reason names the findings.
 * - `inconclusive`: not broken, but exposed less than its floor. Never a pass.
 * - `not-applicable`: the profile or the target's capabilities take it out.
 * - `untestable`: no trace can show it.
 */
export type RuleVerdict = 'pass' | 'fail' | 'known' | 'follows' | 'inconclusive' | 'not-applicable' | 'untestable';

/** One rule's line in a report. */
export interface RuleResult {
  readonly rule: string;
  readonly verdict: RuleVerdict;
  /** How often its precondition was met. */
  readonly exposures: Count;
  /** The exposures below which it is inconclusive. */
  readonly floor: Count;
  /** The programs in which it was broken. */
  readonly broken: Count;
  /** Why it is not applicable or untestable. */
  readonly reason?: string;
  /** The names of the findings in which it is broken. */
  readonly findings: readonly string[];
}

/** A rule broken in a finding, and how. */
export interface BrokenRule {
  readonly rule: string;
  /** What the trace shows, in a sentence. */
  readonly text: string;
}

/** Where a trace of events `E` first leaves what the spec allows. */
export interface FirstDifference<E = Event> {
  /** The index of the event in the trace; its length when the trace ends too early.
   * @asType integer */
  readonly at: number;
  /** The operation in which it happened, counted from 0; -1 outside any.
   * @asType integer */
  readonly call: number;
  /** What was allowed instead; one of these. */
  readonly expected: readonly E[];
  /** All that is allowed for this operation, event by event; one of these. */
  readonly allowed: readonly (readonly E[])[];
}

/** One way in which a defect shows, in a program `P` whose trace `T` has events `E`. */
export interface Form<P = Program, T = Trace, E = Event> {
  /** What identifies it across runs, seeds and targets: what the operation found, what was due and what came. */
  readonly key: string;
  /** The smallest program found that shows it, in canonical form. */
  readonly program: P;
  /** What that program did. */
  readonly trace: T;
  /** The rules that it breaks; the most telling one first. */
  readonly broken: readonly BrokenRule[];
  readonly difference?: FirstDifference<E>;
  /** How many programs of the run showed it. */
  readonly met: Count;
  /**
   * The forms of other defects that its program shows first. The trace has what is due in place of what those did, since
   * behind them the state is known.
   */
  readonly behind?: readonly string[];
  /** How often its program showed it when it was run again and again; only of a program of several lanes. */
  readonly often?: Often;
}

/** How often a program went wrong. Real threads need luck for that, unless a gate makes them meet. */
export interface Often {
  readonly failed: Count;
  readonly tries: Count;
}

/** A defect: a rule broken, with the smallest program that breaks it and its trace; of whatever subject. */
export interface FindingOf<P, T, E> {
  readonly format: string;
  /** Its name: twelve hexadecimal digits of the hash of its key. */
  readonly name: string;
  /** What identifies the defect across runs, seeds and targets. */
  readonly key: string;
  /** The rule that it is filed under. */
  readonly rule: string;
  /** The most telling form first, and of those that tell as much, the smallest. */
  readonly forms: readonly Form<P, T, E>[];
  /** The target on which it was found, and the profile it was judged under. */
  readonly target: string;
  readonly profile: ProfileName;
  /** What the target wrote to its log while the smallest program ran. */
  readonly log?: string;
}

/** A defect of a manager. */
export interface Finding extends FindingOf<Program, Trace, Event> {
  readonly format: 'irqbypass-spec/finding/1';
}

/** What a baseline says of a finding that it explains. */
export interface Explanation {
  /** Why it is as it is, from the baseline. */
  readonly reason: string;
  /** The version in which it was mended; null where it never was. */
  readonly fixedIn: string | null;
}

/** A finding about a manager that the baseline explains. */
export type KnownFinding = Finding & Explanation;

/** A known failure: a finding with the reason why it is known. */
export interface BaselineEntry<P = Program, E = Event> {
  /** The key of the defect. */
  readonly key: string;
  readonly rule: string;
  /** Why it is as it is, for people. */
  readonly reason: string;
  /** The version in which it was mended; null where it never was. */
  readonly fixedIn: string | null;
  /** The targets of which it is known, by their addresses; all of them where it is absent. */
  readonly only?: readonly string[];
  /** Each known form, pinned to the program that shows it. */
  readonly forms: readonly BaselineForm<P, E>[];
}

/** One form of a known failure. */
export interface BaselineForm<P = Program, E = Event> {
  readonly key: string;
  readonly rules: readonly string[];
  readonly program: P;
  /** What that program did when it was stored; what it does otherwise makes the run red. */
  readonly events?: readonly E[];
  /** The forms of other known failures that the program shows first; the events are those without them. */
  readonly behind?: readonly string[];
  /** Of a program of several lanes: how often it went wrong. Where it was not always, a run in which it does not is no news. */
  readonly often?: Often;
}

/** A known failure that shows in a schedule of a few lanes. */
export interface BaselineSchedule
  extends Pick<WrongSchedule, 'name' | 'rule' | 'what' | 'lanes' | 'operations'>,
    Explanation {
  /** The targets of which it is known, by their addresses; all of them where it is absent. */
  readonly only?: readonly string[];
}

/** The known failures of one target, of whatever subject. */
export interface BaselineOf<P, E> {
  readonly format: string;
  /** The target it was written for, for people. */
  readonly target: string;
  readonly profile: ProfileName;
  readonly entries: readonly BaselineEntry<P, E>[];
  /** Of a manager whose C is at hand: schedules that are known to go wrong. */
  readonly schedules?: readonly BaselineSchedule[];
}

/** The known failures of a manager. */
export interface Baseline extends BaselineOf<Program, Event> {
  readonly format: 'irqbypass-spec/baseline/1';
}

/** An entry of a baseline that is no longer true. The run is red until it is taken out, or looked at. */
export interface StaleEntry {
  readonly key: string;
  readonly form: string;
  /** `gone`: it no longer fails. `changed`: it fails otherwise than when it was stored. */
  readonly is: 'gone' | 'changed';
  /** What happened instead, in a sentence. */
  readonly text: string;
}

/** Something that kept a program from being judged, and that is not the implementation's fault. */
export interface Fault<P = Program> {
  /** What happened and what was expected. */
  readonly text: string;
  readonly program?: P;
}

/** A crash, a hang, or another thing seen on undefined behaviour, which is never charged. */
export interface UndefinedSeen {
  /** What was done, such as "unregisterProducer in addProducer". */
  readonly what: string;
  readonly outcome: 'returned' | 'crash' | 'hang' | 'warning';
  readonly times: Count;
}

/** How much was run. */
export interface Volume {
  readonly programs: Count;
  readonly operations: Count;
  readonly events: Count;
  /** Programs that were planned and not run. What a run that ends at the first failure did not come to is not planned. */
  readonly notRun: Count;
  /** Programs in which the target crashed or hung. */
  readonly died: Count;
}

/** The suites that are derived from the model. */
export type SuiteName = 'transition tour' | 'callback sets' | 'transition pairs' | 'distinguishing';

/** So many of so many. */
export interface Covered {
  readonly covered: Count;
  readonly all: Count;
}

/**
 * What was covered exhaustively on this target. It is complete only if every program of every suite ran to its end, as
 * the model does.
 */
export interface Certificate {
  readonly complete: boolean;
  /** Why it is not. */
  readonly reason?: string;
  /** Producers x consumers x tokens. */
  readonly scope: string;
  /** What the target does with a null token, by role, where its profile leaves that open; else null. */
  readonly nullToken: {
    readonly producer: 'accepted' | 'refused';
    readonly consumer: 'accepted' | 'refused';
  } | null;
  readonly states: Covered;
  readonly transitions: Covered;
  /** Pairs of transitions in a row; null where they were not asked for. */
  readonly pairs: Covered | null;
  /**
   * No wrong deterministic implementation with up to so many states more than the model has would have passed; null
   * where that cannot be said.
   */
  readonly extraStates: Count | null;
  /** The extra states that were asked about; null where they were left out. */
  readonly extraStatesAsked: Count | null;
  /** Pairs of states that nothing which the profile defines tells apart. If there are any, extraStates is null. */
  readonly inseparable: Count;
  readonly programs: Covered;
  /** The suites that the run came to. */
  readonly suites: readonly { readonly name: SuiteName; readonly programs: Covered }[];
  /** The states in a picture: how many of each class were reached, and what leads from one to the next. */
  readonly graph?: readonly StateClass[];
}

/** The states in which so many producers and consumers are registered, and so many of them are pairs. */
export interface StateClass {
  readonly producers: Count;
  readonly consumers: Count;
  readonly pairs: Count;
  readonly states: Covered;
  /** The transitions from these states, by the class that they lead to. */
  readonly transitions: readonly TransitionClass[];
}

/** Transitions from the states of one class to those of another, or back to themselves. */
export interface TransitionClass extends Covered {
  /** The place of the other class in the list.
   * @asType integer */
  readonly to: number;
}

/** What a walk of the implementation's own states showed: it needs no assumption about how many there are. */
export interface Closed {
  /** Whether every state was reached that there is: then every program of any length over the scope was judged. */
  readonly closed: boolean;
  /** Why not. */
  readonly reason?: string;
  /** Producers x consumers x tokens. */
  readonly scope: string;
  readonly states: Count;
  /** Operations, each from one state with one choice of what its callbacks return. */
  readonly steps: Count;
  /** Of those, the ones behind which the walk did not go on: they were wrong, or undefined. */
  readonly stopped: Count;
}

/** What the schedules of a few lanes showed. */
export interface Interleavings {
  /** Whether every order of going on was explored. */
  readonly complete: boolean;
  /** Why not. */
  readonly reason?: string;
  readonly lanes: Count;
  /** Operations of each lane. */
  readonly operations: Count;
  /** States without an operation under way, from each of which the lanes ran. */
  readonly roots: Count;
  readonly states: Count;
  /** Orders of going on; more than can be written exactly. */
  readonly schedules: number;
  readonly programs: Count;
}

/** Something wrong in one schedule. */
export interface WrongSchedule {
  /** Twelve hexadecimal digits of the rule, what goes wrong, what the lanes called, and where they stood then. */
  readonly name: string;
  readonly rule: string;
  /** What is wrong, in a few words. */
  readonly what: string;
  /** The schedule for people, lane beside lane, with the lines of the source. */
  readonly text: string;
  /** Producers x consumers x tokens. */
  readonly scope: string;
  readonly lanes: Count;
  /** Operations of each lane. */
  readonly operations: Count;
  /** The operations before and the moves of the lanes, which replay it. */
  readonly schedule: string;
}

/** A wrong schedule that is known. */
export type KnownSchedule = WrongSchedule & Explanation;

/** A wrong schedule in a file of its own, to be run again. */
export interface StoredSchedule extends WrongSchedule {
  readonly format: 'irqbypass-spec/schedule/1';
  readonly target: string;
  readonly profile: ProfileName;
}

/** What was explored of an implementation that can be taken apart, beyond running programs on it. */
export interface Exhaustive {
  readonly closed: Closed;
  /** Of more objects and tokens, used as they should be, with all of their callbacks. */
  readonly wider?: Closed;
  readonly interleavings: readonly Interleavings[];
  readonly wrong: readonly WrongSchedule[];
  /** Schedules that are wrong as the baseline says. */
  readonly known?: readonly KnownSchedule[];
}

/** What a target was asked in several lanes, which are real threads. */
export interface InLanes {
  readonly programs: Count;
  readonly operations: Count;
  /** The gates of the programs, and how many gave up since no lane could go on, as where a lock is held in callbacks. */
  readonly gates: GateCounts;
  /** Failing programs that go wrong in one lane as well, and so say nothing about lanes. */
  readonly inOneLaneToo: Count;
  /** Whether the programs were only such in which nothing is refused and nothing fails, since others go wrong in one lane. */
  readonly asItShouldBe?: boolean;
}

/** Gates of programs. */
export interface GateCounts {
  readonly held: Count;
  readonly gaveUp: Count;
}

/** The most that any program of a run did. */
export interface Reach {
  /** Objects registered at once. */
  readonly objects: Count;
  /** Tokens held at once. */
  readonly tokens: Count;
  /** Operations in one program. */
  readonly operations: Count;
}

/** Programs of findings of earlier runs. */
export interface Stored {
  readonly programs: Count;
  readonly failing: Count;
}

/** What recordings of a kernel showed, and what they could not show. */
export interface Recorded {
  /** The operations that were recorded, and the tasks that called them. */
  readonly operations: Count;
  readonly tasks: Count;
  /** The operations that are not judged, by the reason: something about them was not recorded. */
  readonly withheld: readonly { readonly reason: string; readonly operations: number }[];
  /** The events that the kernel lost; null where it does not say how many. */
  readonly lost: Count | null;
}

/** The outcome of a run, of a replay, of a check or of an observation; of whatever subject. */
export interface ReportOf<P, F extends FindingOf<unknown, unknown, unknown>, C> {
  readonly format: string;
  readonly command: 'run' | 'check' | 'replay' | 'observe';
  readonly target: string;
  readonly hello: Hello | null;
  readonly profile: ProfileName;
  /** The hash of all rules, their texts included: what was judged against. */
  readonly rulesHash: string;
  /** @asType integer */
  readonly seed: number | null;
  readonly tier: 'smoke' | 'pr' | 'nightly' | null;
  /** How many random programs were asked for; null where none could be. */
  readonly random: number | null;
  readonly volume: Volume;
  /** The stored programs that were run first, and how many of them fail; null where there is no store. */
  readonly stored: Stored | null;
  /**
   * Random programs that ran to their end without a failure, known or not, of so many asked for: what lies behind the known
   * defects was looked for in these. Absent without a baseline.
   */
  readonly beyondKnown?: Covered;
  /** How many programs of the suites were judged on behind a known defect, as if it were mended. */
  readonly behindKnown?: Count;
  /** What was covered exhaustively; null where no suites were run. */
  readonly certificate: C | null;
  /** How wide and how long its programs were; absent where that is not measured. */
  readonly reach?: Reach;
  /** What was explored of the implementation itself; absent where it cannot be. */
  readonly exhaustive?: Exhaustive;
  /** What was asked in several lanes; absent where the target has none. */
  readonly inLanes?: InLanes;
  /** What recordings could show; absent where nothing was recorded in a kernel. */
  readonly recorded?: Recorded;
  /** 0 conforms, 1 does not, 2 could not be judged. */
  readonly exit: 0 | 1 | 2;
  /** The verdict in a sentence. */
  readonly summary: string;
  /** The command that makes the same run again, with every option that it was given; absent where no command made it. */
  readonly again?: string;
  /** The options by which the target was opened, for whoever replays a finding; absent or empty where there were none. */
  readonly opened?: string;
  /** The version of this tool; absent where no command made the report. */
  readonly version?: string;
  readonly rules: readonly RuleResult[];
  /** What was found and is not known, smallest first. */
  readonly findings: readonly F[];
  /** What was found and is in the baseline. */
  readonly known: readonly (F & Explanation)[];
  readonly stale: readonly StaleEntry[];
  readonly faults: readonly Fault<P>[];
  readonly undefinedSeen: readonly UndefinedSeen[];
  /** Seconds; the only part that differs between two runs of the same seed and target. */
  readonly seconds: number;
}

/** The report on a manager. */
export interface Report extends ReportOf<Program, Finding, Certificate> {
  readonly format: 'irqbypass-spec/report/1';
}
