/**
 * A conformance run: generate programs, run them on a target, judge their traces, make what failed small, and report.
 *
 * The run keeps several batches under way, so that a target in another process works while its last answers are
 * judged. Answers are taken in order and nothing depends on the clock, so the same seed and target give the same report.
 */
import { setImmediate } from 'node:timers/promises';
import { generateProgram } from '../../conformance/generators/program.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import type { Baseline, Certificate, Fault, Report, StaleEntry } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule, RelationRule, Variant } from '../../spec/rule.js';
import { holdsIn } from '../../spec/rule.js';
import type { Program, Trace } from '../../spec/vocabulary.js';
import type { Judgement } from '../judge/judge.js';
import { Judge } from '../judge/judge.js';
import { Certification, NOT_ASKED } from '../manager/certificate.js';
import { formKey, unusual } from '../manager/defect.js';
import { askNullToken } from '../manager/null-token.js';
import { relationForm } from '../manager/relations.js';
import { UndefinedTally } from '../manager/undefined-tally.js';
import type { Coverage, Suite } from '../suites/suites.js';
import { makeSuites } from '../suites/suites.js';
import type { Outcome, Target } from '../targets/target.js';
import { TargetError } from '../targets/target.js';
import { findStale } from './baseline.js';
import { findNondeterminism } from './determinism.js';
import { investigate } from './investigate.js';
import { assemble } from './report.js';
import { Samples } from './samples.js';
import { coverageOf, type Tier } from './tiers.js';

/** What a run is to do. */
export interface RunOptions {
  readonly target: Target;
  readonly profile: Profile;
  /** The rules to hold against the traces, and whether these are all there are. */
  readonly rules: readonly ChapterRule[];
  readonly allRules: boolean;
  readonly seed: number;
  /** How many random programs to run. */
  readonly programs: number;
  readonly tier: Tier | null;
  /** What to cover completely before the random programs; what the smoke tier does when absent. */
  readonly coverage?: Coverage;
  /** Programs of findings of earlier runs, to be judged before all others; nothing is said of them when absent. */
  readonly stored?: readonly Program[];
  /** Stop at the first program that fails. */
  readonly failFast?: boolean;
  /** Also do what is undefined, and report what came of it. */
  readonly undefined?: boolean;
  readonly baseline?: Baseline;
  /** Told now and then how far it is. */
  readonly onProgress?: (progress: RunProgress) => void;
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
/** Faults after which a run is given up: the harness is broken, not the implementation. */
const MOST_FAULTS = 20;

/** Run programs on a target and report. Never rejects for what the target does; see `Report.faults`. */
export async function run(options: RunOptions): Promise<Report> {
  return new Run(options).report();
}

interface Relation {
  readonly rule: RelationRule;
  readonly variant: Variant;
  readonly program: Program;
  readonly first: Trace;
}

class Run {
  readonly #judge: Judge;
  readonly #samples = new Samples();
  readonly #broken = new Map<string, number>();
  readonly #relationRules: readonly RelationRule[];
  readonly #relationExposures = new Map<string, number>();
  readonly #relationsAsked = new Map<string, number>();
  readonly #faults: Fault[] = [];
  readonly #undefined = new UndefinedTally();
  #relations: Relation[] = [];
  #variantEvery: number = VARIANT_EVERY.first;
  #certification: Certification | undefined;
  #programs = 0;
  #operations = 0;
  #events = 0;
  #died = 0;
  #storedFailing = 0;
  #stopped = false;

  constructor(readonly options: RunOptions) {
    const { profile, rules, allRules } = options;
    this.#judge = new Judge(profile, rules, allRules);
    this.#relationRules = rules.filter((rule) => rule.kind === 'relation').filter((rule) => holdsIn(rule, profile));
  }

  async report(): Promise<Report> {
    const { options } = this;
    const started = options.now();
    let stale: readonly StaleEntry[] = [];
    try {
      if (options.baseline !== undefined)
        stale = await findStale(options.baseline, options.target, this.#judge.profile);
      if (await this.#runSuites()) await this.#runRandom();
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      this.#faults.push({ text: error.message });
    }
    const findings = await this.#investigate();
    const exposures = new Map([...this.#judge.exposures(), ...this.#relationExposures]);
    return assemble({
      command: 'run',
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
        notRun: this.#planned() - this.#programs,
        died: this.#died,
      },
      ...(options.stored === undefined
        ? {}
        : { stored: { programs: options.stored.length, failing: this.#storedFailing } }),
      ...this.#certificate(),
      exposures,
      broken: this.#broken,
      findings,
      ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
      stale,
      faults: this.#faults,
      undefinedSeen: this.#undefined.seen(),
      seconds: (options.now() - started) / 1000,
    });
  }

  /** How many programs there are to run, as far as they are planned. */
  #planned(): number {
    const { stored = [], programs } = this.options;
    return stored.length + (this.#certification?.planned ?? 0) + programs;
  }

  #certificate(): { certificate: Certificate } | undefined {
    return this.#certification === undefined ? undefined : { certificate: this.#certification.certificate() };
  }

  /** Cover what is to be covered completely; whether to go on. */
  async #runSuites(): Promise<boolean> {
    const { target, profile, coverage = coverageOf('smoke'), failFast = false } = this.options;
    const capabilities = new Set(target.hello.capabilities);
    const nullToken = await askNullToken(target, profile);
    const made = makeSuites(profile, capabilities, nullToken ?? NOT_ASKED, coverage);
    const certification = new Certification(made, coverage, nullToken);
    this.#certification = certification;
    const [tour, ...others] = made.suites;
    if (tour === undefined) return false;
    // A run that ends at the first failure may never come to the other suites: it does not plan them ahead.
    for (const suite of failFast ? [tour] : made.suites) certification.begin(suite);
    if (!(await this.#runTour(certification, tour))) return false;
    for (const suite of others) {
      if (this.#stopped) break;
      await this.#runSuite(certification, suite);
    }
    return !this.#stopped;
  }

  /** The tour is run twice and compared before anything is judged. */
  async #runTour(certification: Certification, tour: Suite): Promise<boolean> {
    const { target } = this.options;
    const planned = [...certification.begin(tour).programs()];
    const programs = planned.map(({ program }) => program);
    const first = await target.run(programs);
    const found = findNondeterminism(programs, first, await target.run(programs));
    if (found !== undefined) {
      const text = `${target.address} does not do the same twice: ${found.text}. Nothing was judged.`;
      this.#faults.push({ text, program: found.program });
      return false;
    }
    await this.#runStored();
    for (const [index, one] of planned.entries()) {
      const outcome = first[index];
      if (outcome === undefined || this.#stopped) break;
      certification.note(tour.name, one, this.#takeOne(one.program, outcome)?.followed);
    }
    return !this.#stopped;
  }

  async #runStored(): Promise<void> {
    const stored = this.options.stored ?? [];
    await this.#drive(
      stored.map((program) => ({ program })),
      ({ program }, outcome) => {
        const judgement = this.#takeOne(program, outcome);
        if (judgement !== undefined && judgement.breaches.length > 0) this.#storedFailing++;
      },
    );
  }

  async #runSuite(certification: Certification, suite: Suite): Promise<void> {
    await this.#drive(certification.begin(suite).programs(), (planned, outcome) =>
      certification.note(suite.name, planned, this.#takeOne(planned.program, outcome)?.followed),
    );
  }

  async #runRandom(): Promise<void> {
    const { target, profile, programs } = this.options;
    const capabilities = new Set(target.hello.capabilities);
    const bits = bitsFrom(this.options.seed);
    const generatorOptions = { profile, capabilities, undefined: this.options.undefined ?? false };
    const random = function* (): Iterable<{ program: Program }> {
      for (let made = 0; made < programs; made++) yield { program: generateProgram(bits, generatorOptions) };
    };
    await this.#drive(random(), ({ program }, outcome) => this.#takeOne(program, outcome));
    if (!this.#stopped) await this.#runRelations();
  }

  /** Run programs as they are made, several batches at once, and take what comes of each, in order. */
  async #drive<T extends { readonly program: Program }>(
    source: Iterable<T>,
    take: (one: T, outcome: Outcome) => void,
  ): Promise<void> {
    const { target } = this.options;
    const underWay: { batch: readonly T[]; answer: Promise<readonly Outcome[]> }[] = [];
    const iterator = source[Symbol.iterator]();
    let made = false;
    try {
      while (!this.#stopped && (!made || underWay.length > 0)) {
        while (!made && underWay.length < WINDOW) {
          const batch: T[] = [];
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
          if (outcome === undefined || this.#stopped) break;
          take(one, outcome);
        }
        if (this.#relations.length >= BATCH) await this.#runRelations();
        this.#progress('programs', this.#programs, this.#planned());
        // A target in this process never waits for anything: let timers and signals have their turn.
        if (this.#programs % (BATCH * 16) < BATCH) await setImmediate();
      }
    } finally {
      await Promise.allSettled(underWay.map(({ answer }) => answer));
    }
  }

  /** Judge what came of one program; undefined when it could not be judged. */
  #takeOne(program: Program, outcome: Outcome): Judgement | undefined {
    this.#programs++;
    const judgement = this.#judgeOutcome(program, outcome);
    if (judgement === undefined) return undefined;
    if (judgement.breaches.length > 0) {
      if (this.options.failFast === true) this.#stopped = true;
    } else if (this.#programs % this.#variantEvery === 0 && judgement.followed.undefinedFrom === undefined) {
      this.#queueRelation(program, { objects: program.objects, events: outcome.events }, judgement);
    }
    return judgement;
  }

  /** Judge what came of a program and keep count; undefined when it could not be judged. */
  #judgeOutcome(program: Program, outcome: Outcome): Judgement | undefined {
    for (const lane of program.lanes) this.#operations += lane.length;
    this.#events += outcome.events.length;
    const last = outcome.events.at(-1);
    if (last?.type === 'crash' || last?.type === 'hang') this.#died++;
    if (outcome.fault !== undefined) {
      this.#fault({ text: outcome.fault, program });
      return undefined;
    }
    const trace: Trace = { objects: program.objects, events: outcome.events };
    const judgement = this.#judge.judge(trace);
    if (judgement.disagreement !== undefined) {
      this.#fault({ text: `The spec contradicts itself: ${judgement.disagreement}. Please report it.`, program });
      return undefined;
    }
    if (judgement.followed.undefinedFrom !== undefined) this.#undefined.note(program, outcome.events);
    if (judgement.breaches.length > 0) this.#noteBreaches(program, trace, judgement, outcome.log);
    return judgement;
  }

  #fault(fault: Fault): void {
    this.#faults.push(fault);
    if (this.#faults.length >= MOST_FAULTS) this.#stopped = true;
  }

  #noteBreaches(program: Program, trace: Trace, judgement: Judgement, log: string | undefined): void {
    const rules = [...new Set(judgement.breaches.map((breach) => breach.rule))];
    for (const rule of rules) this.#broken.set(rule, (this.#broken.get(rule) ?? 0) + 1);
    const { divergence } = judgement.followed;
    if (divergence === undefined) return;
    this.#samples.add(formKey(trace, divergence), unusual(judgement.followed), program, rules, log);
  }

  /** Of the rules about two runs that speak of this program, put the variant of the one least asked in the queue. */
  #queueRelation(program: Program, first: Trace, judgement: Judgement): void {
    const asked = (rule: RelationRule) => this.#relationsAsked.get(rule.id) ?? 0;
    for (const rule of [...this.#relationRules].sort((a, b) => asked(a) - asked(b))) {
      const variant = rule.variant(program, judgement.history);
      if (variant === undefined) continue;
      this.#relationsAsked.set(rule.id, asked(rule) + 1);
      if (this.#relationRules.every((one) => asked(one) >= VARIANT_EVERY.asked))
        this.#variantEvery = VARIANT_EVERY.later;
      this.#relations.push({ rule, variant, program, first });
      return;
    }
  }

  async #runRelations(): Promise<void> {
    const relations = this.#relations;
    this.#relations = [];
    if (relations.length === 0) return;
    const outcomes = await this.options.target.run(relations.map(({ variant }) => variant.program));
    for (const [index, { rule, variant, program, first }] of relations.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      const judgement = this.#judgeOutcome(variant.program, outcome);
      if (judgement === undefined) continue;
      this.#relationExposures.set(rule.id, (this.#relationExposures.get(rule.id) ?? 0) + 1);
      const second: Trace = { objects: variant.program.objects, events: outcome.events };
      const result = variant.compare(first, second);
      if (result === true) continue;
      this.#broken.set(rule.id, (this.#broken.get(rule.id) ?? 0) + 1);
      // A variant that breaks a rule of its own is a sample already; this rule is broken as a consequence.
      const { divergence } = judgement.followed;
      if (judgement.breaches.length > 0 && divergence !== undefined) {
        this.#samples.find(formKey(second, divergence), unusual(judgement.followed))?.rules.add(rule.id);
        continue;
      }
      this.#samples.add(relationForm(rule), 0, program, [rule.id], outcome.log);
    }
  }

  async #investigate(): ReturnType<typeof investigate> {
    const { target, profile, rules, allRules } = this.options;
    try {
      return await investigate(this.#samples, target, new Judge(profile, rules, allRules), (done, total) =>
        this.#progress('shrinking', done, total),
      );
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      this.#faults.push({ text: error.message });
      return [];
    }
  }

  #progress(phase: RunProgress['phase'], done: number, total: number): void {
    this.options.onProgress?.({ phase, done, total, operations: this.#operations, failing: this.#samples.size });
  }
}
