/**
 * A subject is a thing that can be judged. There are two: a manager, alone (`src/manager`), and a host, or one of the
 * participants on it (`src/host`). All that the tool does with them, it does by this interface (`src/engine`):
 *
 *     suites, random ──program──> target ──trace──> judge ──failing──> simpler, lesser ──finding──> report
 *
 * A subject knows what its programs and traces are; the engine only hands them on. A target runs the programs of one
 * subject (`src/targets/target.ts`).
 */
import type {
  BaselineOf,
  BrokenRule,
  Exhaustive,
  FindingOf,
  FirstDifference,
  Form,
  InLanes,
  Reach,
  UndefinedSeen,
} from '../../spec/formats/results.js';
import type { Left } from '../../spec/formats/shard.js';
import type { Profile } from '../../spec/profile.js';
import type { RuleText } from '../../spec/rule.js';
import type { Scope } from '../explore/scope.js';
import type { Mended } from '../judge/mend.js';
import type { Target } from '../targets/target.js';
import type { AnyReport } from '../text/describe.js';
import type { Description } from '../text/description.js';

/** The types that belong to one subject. */
export interface Shape {
  readonly program: unknown;
  readonly trace: { readonly events: readonly unknown[] };
  readonly rule: SubjectRule;
  readonly judgement: Judgement;
  /** What a run is to cover completely. */
  readonly coverage: unknown;
  readonly certificate: { readonly complete: boolean };
  readonly report: AnyReport;
}

/** What the engine needs to know of a rule. */
export type SubjectRule = RuleText & {
  readonly chapter: string;
  readonly kind: string;
  readonly floor?: number;
  readonly reason?: string;
  readonly shownBy?: string;
};

/** What is said of one trace. */
export interface Judgement {
  /** The rules broken, in the order of the events. */
  readonly breaches: readonly BrokenRule[];
  /** Set when the two formulations of the spec do not agree: a fault of the spec, never of the implementation. */
  readonly disagreement?: string;
  /** Set when it cannot be judged, through no fault of the implementation: why not. */
  readonly unjudged?: string;
}

/** Judges traces under one profile, and counts how often each rule was exposed. */
export interface Judge<S extends Shape> {
  readonly profile: Profile;
  judge(trace: S['trace']): S['judgement'];
  /** A judge by the same rules that counts from nothing; it may remember what this one has judged. */
  anew(): Judge<S>;
  /** How often each rule was exposed so far, by id. */
  exposures(): ReadonlyMap<string, number>;
  /** The names of the ways in which a trace first goes wrong; none when it does not. Quicker than judging it in full. */
  formsOf(trace: S['trace'], judgement?: S['judgement']): readonly string[];
  /** Whether a trace goes wrong in the way of a form. A program that is made small may come to show it more exactly. */
  shows(trace: S['trace'], form: string): boolean;
  /** The name of the defect that a trace shows; undefined when it shows none. */
  defectOf(trace: S['trace'], judgement?: S['judgement']): string | undefined;
}

/** What a target is judged by. */
export interface Setting<S extends Shape> {
  readonly profile: Profile;
  readonly rules: readonly S['rule'][];
  /** Whether these are all the rules there are. */
  readonly allRules: boolean;
}

/** What there is to plan by. */
export interface Ask<S extends Shape> extends Setting<S> {
  readonly target: SubjectTarget<S>;
  readonly coverage: S['coverage'];
}

/** A target that runs the programs of a subject. */
export type SubjectTarget<S extends Shape> = Target<S['program'], S['trace']>;

/** A program of a suite. */
export interface Planned<S extends Shape> {
  readonly program: S['program'];
  /**
   * Told what came of the program; the judgement is undefined when it could not be judged.
   * @returns what there is to note of it as a program of its suite; undefined when it went on as planned to its end
   */
  readonly note?: (trace: S['trace'], judgement: S['judgement'] | undefined) => Noted | undefined;
}

/** What is noted of a program of a suite. */
export interface Noted {
  /** Where it left what was planned, if it did. */
  readonly short?: Left;
  /** What only shows beside the other programs of the suite. */
  readonly broken?: readonly BrokenRule[];
  /** The rules that were exposed by it and the other programs of the suite together. */
  readonly exposed?: readonly string[];
}

/** What a suite holds. */
export interface Plan<S extends Shape> {
  readonly count: number;
  /** Its programs, made one by one. */
  readonly programs: () => Iterable<Planned<S>>;
  /** Whether its programs are noted beside each other, so that whoever runs one runs all. */
  readonly isWhole?: boolean;
}

/** Programs that belong together. They are planned when they are first asked for: a run may end before. */
export interface Suite<S extends Shape> {
  readonly name: string;
  readonly plan: () => Plan<S>;
}

/** What a run covers before it goes on at random, and the record of what was covered. */
export interface Campaign<S extends Shape> {
  /** In this order. The programs of the first are run twice, to see whether the target does the same twice. */
  readonly suites: readonly Suite<S>[];
  /** What could not be judged of what the target was asked meanwhile. */
  readonly faults?: readonly string[];
  /** What was covered, by what ran of the suites that were begun, by name; null where nothing was to be covered. */
  readonly certificate: (begun: ReadonlyMap<string, SuiteRun>) => S['certificate'] | null;
}

/** What ran of a suite. */
export interface SuiteRun {
  /** The stretches of its programs that ran. */
  readonly stretches: readonly Stretch[];
  /** The programs that left what was planned, by their number in the suite. */
  readonly short: ReadonlyMap<number, Left>;
}

/** So many programs of a suite, from one on. */
export interface Stretch {
  readonly from: number;
  readonly ran: number;
}

/** How many wrong schedules are looked for. */
export interface BoundsOfSchedules {
  /** The names of those that are known. */
  readonly known: ReadonlySet<string>;
  /** So many are enough, known ones among them. */
  readonly most: number;
  /** Whether more lanes are asked, too, where fewer do something wrong that is not known. */
  readonly all: boolean;
}

/** What exploring an implementation showed. */
export interface Exhausted<S extends Shape> {
  readonly shown: Exhaustive;
  /** The shortest programs that fail in its closure. */
  readonly failing: readonly { readonly program: S['program']; readonly trace: S['trace'] }[];
  /** Where the spec contradicts itself. */
  readonly faults: readonly string[];
}

/** What came of asking a target in several lanes. */
export interface AskedInLanes<S extends Shape> {
  readonly shown: InLanes;
  readonly exposures: ReadonlyMap<string, number>;
  /** How many programs broke each rule, those set aside that go wrong in one lane as well. */
  readonly broken: ReadonlyMap<string, number>;
  readonly findings: readonly { readonly finding: FindingOn<S>; readonly rules: ReadonlySet<string> }[];
  readonly faults: readonly string[];
}

/** A rule about two runs. */
export interface Relation<S extends Shape> {
  readonly id: string;
  /** The other program, given what the first one did; undefined where the rule does not speak of it. */
  readonly variant: (program: S['program'], judgement: S['judgement']) => Variant<S> | undefined;
}

/** A second program, and what must be the same about the two. */
export interface Variant<S extends Shape> {
  readonly program: S['program'];
  readonly compare: (first: S['trace'], second: S['trace']) => true | string;
}

/** The names of the tiers, from a look to a night. */
export type Tier = 'smoke' | 'pr' | 'nightly';

/** All tiers. */
export const TIER_NAMES: readonly Tier[] = ['smoke', 'pr', 'nightly'];

/** How much a tier does: what it covers completely, and how many random programs come after that. */
export interface TierPlan<S extends Shape> {
  readonly coverage: S['coverage'];
  readonly programs: number;
}

/** One question to an adapter and its answer: undefined when all is well, else what is wrong and what to do. */
export interface SmokeResult {
  readonly name: string;
  readonly problem: string | undefined;
}

/** A finding of a subject. */
export type FindingOn<S extends Shape> = FindingOf<S['program'], S['trace'], S['trace']['events'][number]>;

/** The known failures of a target that runs a subject's programs. */
export type BaselineOn<S extends Shape> = BaselineOf<S['program'], S['trace']['events'][number]>;

/** A form of a finding. */
export type FormOn<S extends Shape> = Form<S['program'], S['trace'], S['trace']['events'][number]>;

/** The first difference of a trace. */
export type DifferenceOn<S extends Shape> = FirstDifference<S['trace']['events'][number]>;

/** A thing that can be judged. */
export interface Subject<S extends Shape> {
  readonly name: 'manager' | 'host';
  /** All its rules. */
  readonly rules: readonly S['rule'][];
  readonly tiers: Readonly<Record<Tier, TierPlan<S>>>;
  /** What its files say that they are, and what else stands at their head. */
  readonly heads: {
    readonly finding: Head;
    readonly report: Head;
    readonly baseline: Head;
    readonly shard: Head;
  };
  /** What a tier covers, with what was asked for beside it. */
  coverage(tier: Tier, asked: { readonly scope?: Scope; readonly extraStates?: number }): S['coverage'];
  /** What a target conforms to, as the end of a sentence: `to core`, `as producer under core`. */
  conformance(profile: Profile['name']): string;

  /** Plan what is covered completely. It may ask the target. */
  prepare(ask: Ask<S>): Promise<Campaign<S>>;
  /**
   * The certificate of a run that covered everything that the certificate of a report is about; undefined where it is
   * about nothing that this kit knows.
   */
  wholeCertificate(report: S['report'], profile: Profile): S['certificate'] | undefined;
  /**
   * Explore the implementation itself, where it can be taken apart; undefined where it cannot.
   *
   * @param schedules which wrong schedules are known, and after how many it is enough
   * @throws {TargetError} when exploring breaks off, through no fault of the implementation
   */
  exhaust?(
    ask: Ask<S>,
    tier: Tier,
    onProgress: (text: string) => void,
    schedules: BoundsOfSchedules,
  ): Promise<Exhausted<S> | undefined>;
  /**
   * Ask the target in several lanes, where it has them; undefined where it cannot be asked, and a text that says why where it
   * is better not.
   *
   * @param programs the most random programs that the run has
   * @throws {TargetError} when the target cannot go on, through no fault of the implementation
   */
  inLanes?(
    ask: Ask<S>,
    tier: Tier,
    programs: number,
    seed: number,
    onProgress: (text: string) => void,
  ): Promise<AskedInLanes<S> | string | undefined>;
  /** How often a program is run before it is said not to fail: real threads may need luck. Once where it is absent. */
  tries?(program: S['program']): number;
  /** A source of random programs, from the one of a number on, each made from what the target can be asked. */
  random(seed: number, ask: Ask<S> & { readonly undefined: boolean; readonly from: number }): () => S['program'];
  relations(setting: Setting<S>): readonly Relation<S>[];
  judge(setting: Setting<S>): Judge<S>;

  /** The trace of a program in which something happened. */
  trace(program: S['program'], events: S['trace']['events']): S['trace'];
  operations(program: S['program']): number;
  /** How far the programs of a run went, with one more of them; absent where that is not measured. */
  reach?(before: Reach | undefined, program: S['program'], trace: S['trace']): Reach;

  /** The programs that are the beginning of a program, the shortest first; with its trace, those that may do. */
  beginnings(program: S['program'], trace?: S['trace']): Iterable<S['program']>;
  /**
   * Where one run of a program costs much: how many are asked at most to make one small, one at a time; and how often in a
   * row one has to fail to take the place of another, where a program may fail by luck.
   */
  readonly frugal?: { readonly most: number; readonly times: number };
  /** Programs that are simpler, the boldest first, then the same in a lesser spelling. */
  simpler(program: S['program']): Iterable<S['program']>;
  /** Programs near a small one that are less in the order of programs, the least first. */
  lesser(program: S['program']): Iterable<S['program']>;
  /** One spelling for one program. */
  canonical(program: S['program']): S['program'];
  /** Whether a program can be run rightly at all: what not even the reference can is no evidence. */
  isFair(program: S['program'], judge: Judge<S>): boolean;
  /**
   * The same program without what may be beside the point, and what it does if that is so; undefined where there is
   * nothing of the kind.
   */
  plainer(program: S['program'], trace: S['trace']): { program: S['program']; trace: S['trace'] } | undefined;

  /**
   * A trace without what known defects did in it, where the state behind that is known; undefined where there is nothing of
   * the kind. Absent where it cannot be said.
   */
  mend?(trace: S['trace'], profile: Profile, isKnown: (form: string) => boolean): Mended<S['trace']> | undefined;

  /** A mask of what is unusual in a program that failed, to tell samples of one form apart before they are made small. */
  unusual(judgement: S['judgement']): number;
  /**
   * What a small program that failed needs out of the common, in words that follow "with", the most telling first: two
   * that need the same show one cause. Absent where that cannot be said.
   */
  needs?(trace: S['trace'], judgement: S['judgement']): readonly string[];
  /** The rules broken in a trace, the most telling first. */
  broken(trace: S['trace'], judgement: S['judgement']): readonly BrokenRule[];
  /** How special a rule is: the lower the number, the more it says about what breaks it. */
  specificity(rule: string): number;
  /** Where a trace first leaves what the spec allows, as reports show it. */
  difference(
    program: S['program'],
    trace: S['trace'],
    judgement: S['judgement'],
    profile: Profile,
  ): DifferenceOn<S> | undefined;
  /** The rule that a finding is filed under when none is broken in its smallest program. */
  readonly lastResort: string;
  /** Its programs and traces in words. */
  readonly describe: Description<S['program'], S['trace']>;
  /** What came of doing what the spec leaves undefined; undefined where nothing of the kind was done. */
  undefinedBehaviour(
    program: S['program'],
    trace: S['trace'],
    judgement: S['judgement'],
  ): Omit<UndefinedSeen, 'times'> | undefined;

  /** Is the adapter of a target right? A few programs whose answers say so, whatever the implementation does. */
  smoke(target: SubjectTarget<S>): Promise<readonly SmokeResult[]>;
}

/** What stands at the head of a file. */
export type Head = { readonly format: string } & Readonly<Record<string, string>>;
