/**
 * A conformance run: run the programs of the suites and random ones on a target, judge their traces, make what failed
 * small, and report. It is the same for every subject.
 *
 * The run keeps several batches under way, so that a target in another process works while its last answers are
 * judged. Answers are taken in order and nothing depends on the clock, so the same seed and target give the same report.
 */
import { setImmediate } from 'node:timers/promises';
import type { BrokenRule, Exhaustive, Fault, Reach, StaleEntry } from '../../spec/formats/results.js';
import type {
  Ask,
  AskedInLanes,
  BaselineOn,
  Campaign,
  Judge,
  Planned,
  Relation,
  Setting,
  Shape,
  Subject,
  SubjectTarget,
  Suite,
  Tier,
  Variant,
} from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';
import { TargetError } from '../targets/target.js';
import { lookAtKnown, notMet } from './baseline.js';
import { findNondeterminism } from './determinism.js';
import { growing } from './growing.js';
import { investigate } from './investigate.js';
import { relationForm } from './relations.js';
import { assemble } from './report.js';
import { formBesideOthers, Samples } from './samples.js';
import { UndefinedTally } from './undefined-tally.js';

/** What a run is to do. */
export interface RunOptions<S extends Shape> extends Setting<S> {
  /** What the report says that it is of; `run` when absent. Only a run has to meet every rule often enough. */
  readonly command?: 'run' | 'observe';
  readonly target: SubjectTarget<S>;
  readonly seed: number;
  /** How many random programs to run. */
  readonly programs: number;
  readonly tier: Tier | null;
  /** What to cover completely before the random programs; what the smoke tier does when absent. */
  readonly coverage?: S['coverage'];
  /** Programs of findings of earlier runs, to be judged before all others; nothing is said of them when absent. */
  readonly stored?: readonly S['program'][];
  /** Stop at the first program that fails. */
  readonly failFast?: boolean;
  /** Also do what is undefined, and report what came of it. */
  readonly undefined?: boolean;
  readonly baseline?: BaselineOn<S>;
  /** Told now and then how far it is. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told what takes long, such as compiling. */
  readonly onNote?: (text: string) => void;
  /** A clock in milliseconds, for the duration in the report. */
  readonly now: () => number;
}

/** How far a run is. */
export interface RunProgress {
  readonly phase: 'programs' | 'shrinking';
  readonly done: number;
  readonly total: number;
  readonly operations: number;
  /** Kinds of failing programs so far. */
  readonly failing: number;
}

/** Programs handed over at once, and batches under way. */
const BATCH = 128;
const WINDOW = 4;
/**
 * Every so many programs, one is run a second time as a variant, for the rules about two runs: often until each of
 * them has been asked a number of times, then now and then.
 */
const VARIANT_EVERY = { first: 4, later: 32, asked: 30 } as const;
/** How often a target's process may die before the rest is not run; and then again, while what failed is made small. */
const MOST_DEATHS = { running: 16, shrinking: 400 } as const;
/** How many times as many random programs as asked for are run at most, to look behind known defects. */
const MOST_BEYOND = 2;
/** Faults after which a run is given up: the harness is broken, not the implementation. */
const MOST_FAULTS = 20;

/** How often each rule was exposed, over all that was judged: what one part never asks about, another may have. */
function summed(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const [rule, count] of counts.flatMap((each) => [...each])) sum.set(rule, (sum.get(rule) ?? 0) + count);
  return sum;
}

/** Run programs on a target and report. Never rejects for what the target does; see `Report.faults`. */
export async function run<S extends Shape>(subject: Subject<S>, options: RunOptions<S>): Promise<S['report']> {
  return new Run(subject, options).report();
}

interface Asked<S extends Shape> {
  readonly relation: Relation<S>;
  readonly variant: Variant<S>;
  readonly program: S['program'];
  readonly first: S['trace'];
}

class Run<S extends Shape> {
  readonly #judge: Judge<S>;
  readonly #samples = new Samples<S>();
  readonly #broken = new Map<string, number>();
  readonly #relations: readonly Relation<S>[];
  readonly #relationExposures = new Map<string, number>();
  readonly #relationsAsked = new Map<string, number>();
  readonly #faults: Fault<S['program']>[] = [];
  readonly #undefined = new UndefinedTally();
  readonly #begun = new Map<Suite<S>, number>();
  #variants: Asked<S>[] = [];
  #variantEvery: number = VARIANT_EVERY.first;
  #campaign: Campaign<S> | undefined;
  #exhausted: Exhaustive | undefined;
  #inLanes: AskedInLanes<S> | undefined;
  #reach: Reach | undefined;
  #programs = 0;
  #operations = 0;
  #events = 0;
  #died = 0;
  #storedFailing = 0;
  /** Random programs that ran to their end without a failure. */
  #unharmed = 0;
  #stopped = false;

  constructor(
    readonly subject: Subject<S>,
    readonly options: RunOptions<S>,
  ) {
    this.#judge = subject.judge(options);
    this.#relations = subject.relations(options);
  }

  async report(): Promise<S['report']> {
    const { options, subject } = this;
    const started = options.now();
    options.target.allow?.(MOST_DEATHS.running);
    let stale: readonly StaleEntry[] = [];
    try {
      if (options.baseline !== undefined) stale = await this.#lookAtKnown(options.baseline);
      if ((await this.#runSuites()) && (await this.#runRandom())) await this.#runInLanes();
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      this.#faults.push({ text: error.message });
    }
    const findings = [...(await this.#investigate()), ...(this.#inLanes?.findings ?? [])];
    if (options.baseline !== undefined && !this.#stopped)
      stale = [...stale, ...notMet(options.baseline, this.#samples)];
    return assemble(subject, {
      command: options.command ?? 'run',
      target: options.target.address,
      hello: options.target.hello,
      profile: options.profile,
      rules: options.rules,
      seed: options.seed,
      tier: options.tier,
      random: options.programs,
      volume: {
        programs: this.#programs,
        operations: this.#operations,
        events: this.#events,
        notRun: Math.max(0, this.#planned() - this.#programs),
        died: this.#died,
      },
      ...(options.stored === undefined
        ? {}
        : { stored: { programs: options.stored.length, failing: this.#storedFailing } }),
      ...(options.baseline === undefined
        ? {}
        : { beyondKnown: { covered: Math.min(this.#unharmed, options.programs), all: options.programs } }),
      certificate: this.#campaign?.certificate() ?? null,
      exposures: summed([
        this.#judge.exposures(),
        this.#campaign?.exposures() ?? new Map(),
        this.#relationExposures,
        this.#inLanes?.exposures ?? new Map(),
      ]),
      broken: new Map([...this.#broken, ...(this.#inLanes?.broken ?? [])]),
      ...(options.command === 'observe' ? { floor: 1 } : {}),
      findings,
      ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
      stale,
      faults: this.#faults,
      ...(this.#exhausted === undefined ? {} : { exhaustive: this.#exhausted }),
      ...(this.#inLanes === undefined ? {} : { inLanes: this.#inLanes.shown }),
      ...(this.#reach === undefined ? {} : { reach: this.#reach }),
      undefinedSeen: this.#undefined.seen(),
      seconds: (options.now() - started) / 1000,
    });
  }

  async #lookAtKnown(baseline: BaselineOn<S>): Promise<readonly StaleEntry[]> {
    const { stale, faults } = await lookAtKnown(this.subject, baseline, this.options.target, this.#judge.profile);
    this.#faults.push(...faults);
    return stale;
  }

  #ask(): Ask<S> {
    const { profile, rules, allRules, target, coverage = this.subject.tiers.smoke.coverage } = this.options;
    return { profile, rules, allRules, target, coverage };
  }

  /** How many programs there are to run, as far as they are planned. */
  #planned(): number {
    const { stored = [], programs } = this.options;
    return stored.length + [...this.#begun.values()].reduce((sum, count) => sum + count, 0) + programs;
  }

  #begin(suite: Suite<S>): Iterable<Planned<S>> {
    const plan = suite.plan();
    this.#begun.set(suite, plan.count);
    return plan.programs();
  }

  /** Cover what is to be covered completely; whether to go on. */
  async #runSuites(): Promise<boolean> {
    this.#campaign = await this.subject.prepare(this.#ask());
    const [first, ...others] = this.#campaign.suites;
    if (first === undefined) return false;
    // A run that ends at the first failure may never come to the other suites: it does not plan them ahead.
    for (const suite of this.options.failFast === true ? [first] : this.#campaign.suites) this.#begin(suite);
    if (!(await this.#runTwice(first))) return false;
    for (const suite of others) {
      if (this.#stopped) break;
      await this.#drive(this.#begin(suite), (planned, outcome) => this.#take(planned, outcome));
    }
    return !this.#stopped;
  }

  /**
   * The first suite is run twice and compared before anything of it is judged. A run that ends at the first failure goes
   * through it in parts.
   */
  async #runTwice(suite: Suite<S>): Promise<boolean> {
    const planned = [...this.#begin(suite)];
    const parts = this.options.failFast === true ? growing(planned) : [planned];
    for (const [index, part] of parts.entries()) {
      const outcomes = await this.#askTwice(part);
      if (outcomes === undefined) return false;
      if (index === 0) {
        await this.#runStored();
        await this.#exhaust();
      }
      await this.#takeAll(part, outcomes);
      if (this.#stopped) return false;
    }
    return true;
  }

  /** Run programs twice. @returns what came of them at first; undefined when it was something else the second time */
  async #askTwice(planned: readonly Planned<S>[]): Promise<readonly Outcome<S['trace']>[] | undefined> {
    const { target } = this.options;
    const programs = planned.map(({ program }) => program);
    const first = await target.run(programs);
    const found = findNondeterminism(this.subject, programs, first, await target.run(programs));
    if (found === undefined) return first;
    const text = `${target.address} does not do the same twice: ${found.text}. No verdict follows from it.`;
    this.#faults.push({ text, program: found.program });
    return undefined;
  }

  async #takeAll(planned: readonly Planned<S>[], outcomes: readonly Outcome<S['trace']>[]): Promise<void> {
    for (const [index, one] of planned.entries()) {
      // Judging never waits: let signals have their turn.
      if (index % BATCH === BATCH - 1) await setImmediate();
      const outcome = outcomes[index];
      if (outcome === undefined) this.#stopped = true;
      if (outcome === undefined || this.#stopped) return;
      this.#take(one, outcome);
    }
  }

  /** Explore the implementation itself, where it can be. */
  async #exhaust(): Promise<void> {
    const { subject, options } = this;
    if (options.failFast === true || options.tier === null) return;
    const exhausted = await subject.exhaust?.(this.#ask(), options.tier, (text) => options.onNote?.(text));
    if (exhausted === undefined) return;
    this.#exhausted = exhausted.shown;
    this.#faults.push(...exhausted.faults.map((text) => ({ text })));
    for (const { program, trace } of exhausted.failing) {
      const judgement = this.#judge.judge(trace);
      // What breaks only rules that were not asked for is no matter of this run.
      if (judgement.breaches.length > 0) this.#noteBreaches(program, trace, judgement, undefined);
    }
  }

  async #runStored(): Promise<void> {
    const stored = this.options.stored ?? [];
    await this.#drive(
      stored.map((program) => ({ program })),
      (planned, outcome) => {
        const judgement = this.#take(planned, outcome);
        if (judgement !== undefined && judgement.breaches.length > 0) this.#storedFailing++;
      },
    );
  }

  /** Ask the target in several lanes, where it has them. */
  async #runInLanes(): Promise<void> {
    const { subject, options } = this;
    // Where a schedule is wrong, threads with luck come to the same. What is wrong in one lane is so in several, time and again.
    if (options.tier === null || (this.#exhausted?.wrong.length ?? 0) > 0 || this.#broken.size > 0) return;
    this.#inLanes = await subject.inLanes?.(this.#ask(), options.tier, options.seed, (text) => options.onNote?.(text));
    for (const text of this.#inLanes?.faults ?? []) this.#fault({ text });
  }

  /** Run random programs in one lane; whether to go on. */
  async #runRandom(): Promise<boolean> {
    const { subject } = this;
    const { seed, programs } = this.options;
    const make = subject.random(seed, { ...this.#ask(), undefined: this.options.undefined ?? false });
    // With known defects, more programs are made until as many as asked for have met none of them.
    const most = this.options.baseline === undefined ? programs : MOST_BEYOND * programs;
    const isEnough = (made: number) => made >= most || (made >= programs && this.#unharmed >= programs);
    const random = function* (): Iterable<Planned<S>> {
      for (let made = 0; !isEnough(made); made++) yield { program: make() };
    };
    await this.#drive(random(), (planned, outcome) => {
      if (this.#take(planned, outcome)?.breaches.length === 0) this.#unharmed++;
    });
    if (!this.#stopped) await this.#runVariants();
    return !this.#stopped;
  }

  /** Run programs as they are made, several batches at once, and take what comes of each, in order. */
  async #drive(
    source: Iterable<Planned<S>>,
    take: (one: Planned<S>, outcome: Outcome<S['trace']>) => void,
  ): Promise<void> {
    const { target } = this.options;
    const underWay: { batch: readonly Planned<S>[]; answer: Promise<readonly Outcome<S['trace']>[]> }[] = [];
    const iterator = source[Symbol.iterator]();
    let made = false;
    try {
      while (!this.#stopped && (!made || underWay.length > 0)) {
        while (!made && underWay.length < WINDOW) {
          const batch: Planned<S>[] = [];
          while (batch.length < BATCH) {
            const next = iterator.next();
            made = next.done === true;
            if (next.done === true) break;
            batch.push(next.value);
          }
          if (batch.length === 0) break;
          underWay.push({ batch, answer: target.run(batch.map(({ program }) => program)) });
        }
        const next = underWay.shift();
        if (next === undefined) break;
        const outcomes = await next.answer;
        for (const [index, one] of next.batch.entries()) {
          const outcome = outcomes[index];
          if (outcome === undefined) this.#stopped = true;
          if (outcome === undefined || this.#stopped) break;
          take(one, outcome);
        }
        if (this.#variants.length >= BATCH) await this.#runVariants();
        this.#progress('programs', this.#programs, this.#planned());
        // A target in this process never waits for anything: let timers and signals have their turn.
        if (this.#programs % (BATCH * 16) < BATCH) await setImmediate();
      }
    } finally {
      await Promise.allSettled(underWay.map(({ answer }) => answer));
    }
  }

  /** Judge what came of one program; undefined when it could not be judged. */
  #take({ program, note }: Planned<S>, outcome: Outcome<S['trace']>): S['judgement'] | undefined {
    this.#programs++;
    const trace = this.subject.trace(program, outcome.events);
    const judgement = this.#judgeOutcome(program, trace, outcome);
    for (const broken of note?.(trace, judgement) ?? []) this.#noteBesideOthers(program, trace, broken);
    if (judgement === undefined) return undefined;
    if (judgement.breaches.length > 0) {
      if (this.options.failFast === true) this.#stopped = true;
    } else if (this.#programs % this.#variantEvery === 0 && this.#relations.length > 0) {
      this.#queueVariant(program, trace, judgement);
    }
    return judgement;
  }

  /** Judge what came of a program and keep count; undefined when it could not be judged. */
  #judgeOutcome(
    program: S['program'],
    trace: S['trace'],
    { events, fault, log }: Outcome<S['trace']>,
  ): S['judgement'] | undefined {
    this.#operations += this.subject.operations(program);
    this.#events += events.length;
    if (hasDied(events)) this.#died++;
    if (fault !== undefined) {
      this.#fault({ text: fault, program });
      return undefined;
    }
    const judgement = this.#judge.judge(trace);
    if (judgement.disagreement !== undefined) {
      this.#fault({ text: `The spec contradicts itself: ${judgement.disagreement}. Please report it.`, program });
      return undefined;
    }
    this.#reach = this.subject.reach?.(this.#reach, program, trace);
    const undefinedSeen = this.subject.undefinedBehaviour(program, trace, judgement);
    if (undefinedSeen !== undefined) this.#undefined.note(undefinedSeen);
    if (judgement.breaches.length > 0) this.#noteBreaches(program, trace, judgement, log);
    return judgement;
  }

  #fault(fault: Fault<S['program']>): void {
    this.#faults.push(fault);
    if (this.#faults.length >= MOST_FAULTS) this.#stopped = true;
  }

  #noteBreaches(program: S['program'], trace: S['trace'], judgement: S['judgement'], log: string | undefined): void {
    const rules = [...new Set(judgement.breaches.map((breach) => breach.rule))];
    for (const rule of rules) this.#count(rule);
    for (const form of this.#judge.formsOf(trace, judgement)) {
      this.#samples.add(form, this.subject.unusual(judgement), { program, trace, rules, log });
    }
  }

  /** Note what only shows beside other programs: it is shown as it was met, for it is about the others, too. */
  #noteBesideOthers(program: S['program'], trace: S['trace'], broken: BrokenRule): void {
    this.#count(broken.rule);
    const { rule } = broken;
    this.#samples.add(formBesideOthers(rule), 0, { program, trace, rules: [rule], besideOthers: broken });
  }

  #count(rule: string): void {
    this.#broken.set(rule, (this.#broken.get(rule) ?? 0) + 1);
  }

  /** Of the rules about two runs that speak of this program, put the variant of the one least asked in the queue. */
  #queueVariant(program: S['program'], first: S['trace'], judgement: S['judgement']): void {
    const asked = ({ id }: Relation<S>) => this.#relationsAsked.get(id) ?? 0;
    for (const relation of [...this.#relations].sort((a, b) => asked(a) - asked(b))) {
      const variant = relation.variant(program, judgement);
      if (variant === undefined) continue;
      this.#relationsAsked.set(relation.id, asked(relation) + 1);
      if (this.#relations.every((one) => asked(one) >= VARIANT_EVERY.asked)) this.#variantEvery = VARIANT_EVERY.later;
      this.#variants.push({ relation, variant, program, first });
      return;
    }
  }

  async #runVariants(): Promise<void> {
    const variants = this.#variants;
    this.#variants = [];
    if (variants.length === 0) return;
    const outcomes = await this.options.target.run(variants.map(({ variant }) => variant.program));
    for (const [index, { relation, variant, program, first }] of variants.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      const second = this.subject.trace(variant.program, outcome.events);
      const judgement = this.#judgeOutcome(variant.program, second, outcome);
      if (judgement === undefined) continue;
      const { id } = relation;
      this.#relationExposures.set(id, (this.#relationExposures.get(id) ?? 0) + 1);
      if (variant.compare(first, second) === true) continue;
      this.#count(id);
      // A variant that breaks a rule of its own is a sample already; this rule is broken as a consequence.
      const forms = judgement.breaches.length === 0 ? [] : this.#judge.formsOf(second, judgement);
      const met = { program, trace: first, rules: [id], log: outcome.log };
      if (forms.length === 0) this.#samples.add(relationForm(id), 0, met);
      for (const form of forms) this.#samples.find(form, this.subject.unusual(judgement))?.rules.add(id);
    }
  }

  async #investigate() {
    const { subject } = this;
    const { target } = this.options;
    const judge = subject.judge(this.options);
    target.allow?.(MOST_DEATHS.shrinking);
    const onProgress = (done: number, total: number) => this.#progress('shrinking', done, total);
    const { findings, faults } = await investigate(subject, this.#samples, target, judge, this.#relations, onProgress);
    this.#faults.push(...faults);
    return findings;
  }

  #progress(phase: RunProgress['phase'], done: number, total: number): void {
    const { onProgress } = this.options;
    onProgress?.({ phase, done, total, operations: this.#operations, failing: this.#samples.size });
  }
}

/** Whether a target crashed or hung at the end of a program. */
export function hasDied(events: readonly unknown[]): boolean {
  const last = events.at(-1) as { readonly type?: unknown } | undefined;
  return last?.type === 'crash' || last?.type === 'hang';
}
