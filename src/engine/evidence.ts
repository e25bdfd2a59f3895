/** What was seen in one part of a run, while it is counted: the programs that failed, the rules that were exposed, and so on. */
import type { BrokenRule, Exhaustive, Fault, Reach, StaleEntry } from '../../spec/formats/results.js';
import type { ByRule, EvidenceOf, LanesOf } from '../../spec/formats/shard.js';
import type { AskedInLanes, FindingOn, Judge, Noted, Planned, Shape, Subject } from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';
import { formBesideOthers, type Met, Samples } from './samples.js';
import { UndefinedTally } from './undefined-tally.js';

/** What was seen in a part of a run of a subject. */
export type Evidence<S extends Shape> = EvidenceOf<S['program'], S['trace'], S['trace']['events'][number]>;

/** Faults after which a run is given up: the harness is broken, not the implementation. */
export const MOST_FAULTS = 20;

/** Takes what comes of the programs of a part, and counts. */
export class Witness<S extends Shape> {
  readonly samples = new Samples<S>();
  readonly faults: Fault<S['program']>[] = [];
  readonly #broken = new Map<string, number>();
  readonly #exposed = new Map<string, number>();
  readonly #undefined = new UndefinedTally();
  readonly #short: Evidence<S>['short'][number][] = [];
  #reach: Reach | undefined;
  #programs = 0;
  #operations = 0;
  #events = 0;
  #died = 0;
  #unharmed = 0;
  #failing = 0;
  stale: readonly StaleEntry[] | undefined;
  exhaustive: Exhaustive | undefined;
  inLanes: AskedInLanes<S> | undefined;
  notInLanes: string | undefined;
  ended: Evidence<S>['ended'];
  /** What the target's deaths cost, of what it was allowed. */
  deaths = 0;

  /**
   * @param judge judges by the rules that were asked for
   * @param wide judges by all rules, where `judge` does not: which defect a program shows does not hang on what was asked
   */
  constructor(
    readonly subject: Subject<S>,
    readonly judge: Judge<S>,
    readonly wide: Judge<S> | undefined,
  ) {}

  /** How many programs were taken, and how many of those broke no rule. */
  get programs(): number {
    return this.#programs;
  }

  get operations(): number {
    return this.#operations;
  }

  get unharmed(): number {
    return this.#unharmed;
  }

  get isSpoilt(): boolean {
    return this.faults.length >= MOST_FAULTS;
  }

  /** Judge what came of a program of the plan; undefined when it could not be judged. */
  take(
    { program, note }: Planned<S>,
    outcome: Outcome<S['trace']>,
    number: number,
  ): { readonly trace: S['trace']; readonly judgement: S['judgement'] } | undefined {
    this.#programs++;
    const trace = this.subject.trace(program, outcome.events);
    const judgement = this.judged(program, trace, outcome);
    this.#noteInSuite(note?.(trace, judgement), program, trace, number);
    if (judgement === undefined) return undefined;
    if (judgement.breaches.length === 0) this.#unharmed++;
    else this.#failing++;
    return { trace, judgement };
  }

  #noteInSuite(noted: Noted | undefined, program: S['program'], trace: S['trace'], at: number): void {
    if (noted?.short !== undefined) this.#short.push({ at, ...noted.short });
    for (const rule of noted?.exposed ?? []) this.expose(rule);
    for (const broken of noted?.broken ?? []) this.#noteBesideOthers(program, trace, broken);
  }

  /** Judge what came of any program and keep count; undefined when it could not be judged. */
  judged(
    program: S['program'],
    trace: S['trace'],
    { events, fault, log }: Outcome<S['trace']>,
  ): S['judgement'] | undefined {
    this.#operations += this.subject.operations(program);
    this.#events += events.length;
    if (deathOf(events) !== undefined) this.#died++;
    if (fault !== undefined) {
      this.faults.push({ text: fault, program });
      return undefined;
    }
    const judgement = this.judge.judge(trace);
    if (judgement.disagreement !== undefined) {
      this.faults.push({ text: `The spec contradicts itself: ${judgement.disagreement}. Please report it.`, program });
      return undefined;
    }
    this.#reach = this.subject.reach?.(this.#reach, program, trace);
    const undefinedSeen = this.subject.undefinedBehaviour(program, trace, judgement);
    if (undefinedSeen !== undefined) this.#undefined.note(undefinedSeen);
    if (judgement.breaches.length > 0) this.noteBreaches(program, trace, judgement, log);
    return judgement;
  }

  /** Note a program that failed. */
  noteBreaches(program: S['program'], trace: S['trace'], judgement: S['judgement'], log: string | undefined): void {
    const rules = [...new Set(judgement.breaches.map((breach) => breach.rule))];
    for (const rule of rules) this.count(rule);
    for (const form of this.wide?.formsOf(trace) ?? this.judge.formsOf(trace, judgement)) {
      this.samples.add(form, this.subject.unusual(judgement), { program, trace, rules, log });
    }
  }

  /** Note that a rule was broken by what a run of a program goes wrong in. @returns whether it goes wrong at all */
  noteConsequence(met: Met<S>, rule: string): boolean {
    // What it finds out is not counted as exposed.
    const judge = this.wide ?? this.judge.anew();
    const judgement = judge.judge(met.trace);
    if (judgement.breaches.length === 0) return false;
    const unusual = this.subject.unusual(judgement);
    for (const form of judge.formsOf(met.trace, judgement)) {
      const sample = this.samples.find(form, unusual);
      if (sample === undefined) this.samples.add(form, unusual, met);
      else sample.rules.add(rule);
    }
    return true;
  }

  /** Note what only shows beside other programs: it is shown as it was met, for it is about the others, too. */
  #noteBesideOthers(program: S['program'], trace: S['trace'], broken: BrokenRule): void {
    this.count(broken.rule);
    const { rule } = broken;
    this.samples.add(formBesideOthers(rule), 0, { program, trace, rules: [rule], besideOthers: broken });
  }

  /** A program broke a rule. */
  count(rule: string): void {
    this.#broken.set(rule, (this.#broken.get(rule) ?? 0) + 1);
  }

  /** A rule was exposed that the judge of single traces does not count. */
  expose(rule: string): void {
    this.#exposed.set(rule, (this.#exposed.get(rule) ?? 0) + 1);
  }

  /**
   * What was seen.
   *
   * @param part the number of the part in the plan
   * @param known kinds of failing programs that this worker has kept before; those of this part are added
   */
  evidence(part: number, known: Set<string>): Evidence<S> {
    const { stale, exhaustive, inLanes, notInLanes, ended } = this;
    return {
      part,
      programs: this.#programs,
      operations: this.#operations,
      events: this.#events,
      died: this.#died,
      deaths: this.deaths,
      unharmed: this.#unharmed,
      failing: this.#failing,
      exposures: Object.fromEntries(summed([this.judge.exposures(), this.#exposed])),
      broken: Object.fromEntries(this.#broken),
      samples: this.samples.kept(known),
      faults: this.faults,
      undefinedSeen: this.#undefined.seen(),
      ...(this.#reach === undefined ? {} : { reach: this.#reach }),
      short: this.#short,
      ...(stale === undefined ? {} : { stale }),
      ...(exhaustive === undefined ? {} : { exhaustive }),
      ...(inLanes === undefined ? {} : { inLanes: lanesOf(inLanes) }),
      ...(notInLanes === undefined ? {} : { notInLanes }),
      ...(ended === undefined ? {} : { ended }),
    };
  }
}

/** How often each rule was exposed or broken, over several counts. */
export function summed(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const [rule, count] of counts.flatMap((each) => [...each])) sum.set(rule, (sum.get(rule) ?? 0) + count);
  return sum;
}

/** The same as a map. */
export function mapOf(counts: ByRule): ReadonlyMap<string, number> {
  return new Map(Object.entries(counts));
}

function lanesOf<S extends Shape>({
  shown,
  exposures,
  broken,
  findings,
  faults,
}: AskedInLanes<S>): LanesOf<FindingOn<S>> {
  return {
    shown,
    exposures: Object.fromEntries(exposures),
    broken: Object.fromEntries(broken),
    findings: findings.map(({ finding, rules }) => ({ finding, rules: [...rules] })),
    faults,
  };
}

/** How a target died at the end of a program; undefined when it did not. */
export function deathOf(events: readonly unknown[]): 'crash' | 'hang' | undefined {
  const last = events.at(-1) as { readonly type?: unknown } | undefined;
  return last?.type === 'crash' || last?.type === 'hang' ? last.type : undefined;
}
