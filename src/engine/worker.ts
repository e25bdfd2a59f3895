/**
 * Works through parts of a plan on one target. Whatever comes of a part is in its evidence: a worker keeps nothing from one
 * part to the next that another worker would not know.
 */

import { setImmediate } from 'node:timers/promises';
import type { Fault } from '../../spec/formats/results.js';
import type { Ask, Campaign, Judge, Planned, Relation, Shape, Subject, Suite } from '../subject/subject.js';
import type { Outcome } from '../targets/target.js';
import { TargetError } from '../targets/target.js';
import { lookAtKnown } from './baseline.js';
import { findNondeterminism, Spread } from './determinism.js';
import { BATCH, drive } from './drive.js';
import { deathOf, type Evidence, Witness } from './evidence.js';
import { byAllRules, type RunOptions } from './options.js';
import { type Part, partsOf } from './plan.js';
import { boundsOfSchedules } from './schedules.js';
import { Variants } from './variants.js';

/** How often a target's process may die in a part, and in a run, before the rest is not run. */
export const MOST_DEATHS = 16;
/** How many times as many random programs as asked for are run at most, to look behind known defects. */
const MOST_BEYOND = 2;

/** How far a worker is with a part. */
export interface WorkProgress {
  readonly programs: number;
  readonly operations: number;
  readonly failing: number;
}

/** Works through parts, one at a time, in the order of their numbers. */
export class Worker<S extends Shape> {
  readonly #relations: readonly Relation<S>[];
  readonly #known = new Set<string>();
  #cursor: Cursor<S> | undefined;
  readonly #spread = new Spread<S>();
  readonly #judge: Judge<S>;
  readonly #wide: Judge<S> | undefined;
  #hangs = false;

  constructor(
    readonly subject: Subject<S>,
    readonly options: RunOptions<S>,
    readonly campaign: Campaign<S>,
    readonly onProgress: (progress: WorkProgress) => void = () => undefined,
  ) {
    this.#relations = subject.relations(options);
    this.#judge = subject.judge(options);
    this.#wide = options.allRules ? undefined : subject.judge(byAllRules(subject, options.profile));
  }

  /** The parts of the plan. */
  parts(): Generator<Part<S>> {
    return partsOf(this.campaign.suites, this.options);
  }

  /** Run a part. Never rejects for what the target does. @param number its number in the plan */
  async run(part: Part<S>, number: number): Promise<Evidence<S>> {
    const { subject, options } = this;
    const witness = new Witness(subject, this.#judge.anew(), this.#wide);
    options.target.allow?.(MOST_DEATHS);
    try {
      if (!(await this.#run(part, witness))) witness.ended ??= 'given-up';
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      witness.faults.push({ text: error.message });
      witness.ended = 'given-up';
    }
    witness.deaths = MOST_DEATHS - (options.target.allowance ?? MOST_DEATHS);
    return witness.evidence(number, this.#known);
  }

  /** @returns whether the run may go on after it */
  async #run(part: Part<S>, witness: Witness<S>): Promise<boolean> {
    switch (part.kind) {
      case 'baseline':
        return this.#lookAtKnown(witness);
      case 'stored':
        return this.#runStored(witness);
      case 'suite':
        return part.isTwice ? this.#runTwice(part, witness) : this.#runOnce(part, witness);
      case 'exhaust':
        return this.#exhaust(witness);
      case 'random':
        return this.#runRandom(part, witness);
      case 'lanes':
        return this.#runInLanes(witness);
    }
  }

  async #lookAtKnown(witness: Witness<S>): Promise<boolean> {
    const { baseline, target } = this.options;
    if (baseline === undefined) return true;
    const { stale, faults } = await lookAtKnown(this.subject, baseline, target, witness.judge.profile);
    witness.stale = stale;
    witness.faults.push(...faults);
    return true;
  }

  async #runStored(witness: Witness<S>): Promise<boolean> {
    const stored = this.options.stored ?? [];
    return this.#drive(
      stored.map((program) => ({ program })),
      witness,
      this.#variants(witness, false),
      0,
    );
  }

  async #runOnce({ suite, from, count }: SuitePart<S>, witness: Witness<S>): Promise<boolean> {
    return this.#drive(this.#stretch(suite, from, count), witness, this.#variants(witness, from === 0), from);
  }

  /**
   * Programs are run twice and compared before anything of them is judged: a target that does not do the same twice cannot
   * be judged by what it did once.
   */
  async #runTwice({ suite, from, count }: SuitePart<S>, witness: Witness<S>): Promise<boolean> {
    const { target } = this.options;
    const planned = [...this.#stretch(suite, from, count)];
    const programs = planned.map(({ program }) => program);
    const first = await target.run(programs);
    const second = await target.run(programs);
    const found = findNondeterminism(this.subject, programs, first, second);
    if (found !== undefined) {
      const text = `${target.address} does not do the same twice: ${found.text}. No verdict follows from it.`;
      witness.faults.push({ text, program: found.program });
      witness.ended = 'unsteady';
      return false;
    }
    const variants = this.#variants(witness, from === 0);
    for (const [index, one] of planned.entries()) {
      // Judging never waits: let signals have their turn.
      if (index % BATCH === BATCH - 1) await setImmediate();
      // What could not be judged the second time is told as well.
      const outcome = second[index]?.fault === undefined ? first[index] : second[index];
      if (outcome === undefined || !this.#take(one, outcome, witness, variants, from)) return false;
    }
    this.#tell(witness);
    await variants.run();
    return this.#goesOn(variants);
  }

  /** Explore the implementation itself, where it can be. */
  async #exhaust(witness: Witness<S>): Promise<boolean> {
    const { subject, options } = this;
    // One that hangs would do so in every state that is explored.
    if (options.tier === null || this.#hangs) return true;
    const exhausted = await subject.exhaust?.(
      this.#ask(),
      options.tier,
      (text) => options.onNote?.(text),
      boundsOfSchedules(options.baseline, options.everyDefect === true),
    );
    if (exhausted === undefined) return true;
    witness.exhaustive = exhausted.shown;
    witness.faults.push(...exhausted.faults.map((text) => ({ text })));
    for (const { program, trace } of exhausted.failing) {
      const judgement = witness.judge.judge(trace);
      // What breaks only rules that were not asked for is no matter of this run.
      if (judgement.breaches.length > 0) witness.noteBreaches(program, trace, judgement, undefined);
    }
    return true;
  }

  /** Ask the target in several lanes, where it has them. */
  async #runInLanes(witness: Witness<S>): Promise<boolean> {
    const { tier, programs, seed, onNote } = this.options;
    if (tier === null) return true;
    const asked = await this.subject.inLanes?.(this.#ask(), tier, programs, seed, (text) => onNote?.(text));
    if (typeof asked === 'string') witness.notInLanes = asked;
    else witness.inLanes = asked;
    return true;
  }

  /** Run random programs in one lane. With known defects, more until as many as asked for have met none of them. */
  async #runRandom({ from, count }: { readonly from: number; readonly count: number }, witness: Witness<S>) {
    const { seed, baseline } = this.options;
    const make = this.subject.random(seed, { ...this.#ask(), undefined: this.options.undefined ?? false, from });
    const most = baseline === undefined ? count : MOST_BEYOND * count;
    const isEnough = (made: number) => made >= most || (made >= count && witness.unharmed >= count);
    const random = function* (): Iterable<Planned<S>> {
      for (let made = 0; !isEnough(made); made++) yield { program: make() };
    };
    return this.#drive(random(), witness, this.#variants(witness, from === 0), 0);
  }

  /**
   * Ask some of what was asked once more, at the end. A target of which each program costs much is not asked.
   *
   * @returns that it does not do the same twice, and whether it has become another one
   */
  async askSomeAgain(): Promise<{ readonly fault: Fault<S['program']>; readonly isLasting: boolean } | undefined> {
    const { subject, options } = this;
    if (subject.frugal !== undefined) return undefined;
    const { target } = options;
    try {
      const found = await this.#spread.differing(subject, target);
      if (found === undefined) return undefined;
      const text = `${target.address} does not do the same twice: ${found.text}. No verdict follows from it.`;
      return { fault: { text, program: found.program }, isLasting: found.isLasting };
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      return { fault: { text: error.message }, isLasting: false };
    }
  }

  #variants(witness: Witness<S>, isFirst: boolean): Variants<S> {
    const { target, failFast = false } = this.options;
    return new Variants(this.#relations, witness, target, isFirst, failFast);
  }

  /** Run programs and take what comes of each. @param from the number of the first, in its suite */
  async #drive(
    source: Iterable<Planned<S>>,
    witness: Witness<S>,
    variants: Variants<S>,
    from: number,
  ): Promise<boolean> {
    const isDone = await drive(this.options.target, source, {
      take: (planned, outcome) => this.#take(planned, outcome, witness, variants, from),
      afterBatch: async () => {
        await variants.runSome();
        this.#tell(witness);
        return this.#goesOn(variants);
      },
    });
    if (isDone) await variants.run();
    return isDone && !witness.isSpoilt && this.#goesOn(variants);
  }

  /** Whether no variant ends the run. */
  #goesOn({ failing }: Variants<S>): boolean {
    return failing === 0 || this.options.failFast !== true;
  }

  /** Take what came of one program. @returns whether to go on */
  #take(
    planned: Planned<S>,
    outcome: Outcome<S['trace']>,
    witness: Witness<S>,
    variants: Variants<S>,
    from: number,
  ): boolean {
    if (deathOf(outcome.events) === 'hang') this.#hangs = true;
    const taken = witness.take(planned, outcome, from + witness.programs);
    if (taken === undefined) return !witness.isSpoilt;
    this.#spread.add(planned.program, outcome);
    const { trace, judgement } = taken;
    if (judgement.breaches.length > 0) return this.options.failFast !== true;
    variants.consider(planned.program, trace, judgement);
    return true;
  }

  #tell({ programs, operations, samples }: Witness<S>): void {
    this.onProgress({ programs, operations, failing: samples.size });
  }

  #ask(): Ask<S> {
    return askOf(this.subject, this.options);
  }

  /** So many programs of a suite, from one on. Those of one suite are passed by once. */
  #stretch(suite: Suite<S>, from: number, count: number): Iterable<Planned<S>> {
    if (this.#cursor?.suite !== suite || this.#cursor.at > from) this.#cursor = new Cursor(suite);
    return this.#cursor.stretch(from, count);
  }
}

type SuitePart<S extends Shape> = Extract<Part<S>, { readonly kind: 'suite' }>;

/** What there is to plan by. */
export function askOf<S extends Shape>(subject: Subject<S>, options: RunOptions<S>): Ask<S> {
  const { profile, rules, allRules, target, coverage = subject.tiers.smoke.coverage } = options;
  return { profile, rules, allRules, target, coverage };
}

/** A place in the row of a suite's programs. */
class Cursor<S extends Shape> {
  readonly #programs: Iterator<Planned<S>>;
  at = 0;

  constructor(readonly suite: Suite<S>) {
    this.#programs = suite.plan().programs()[Symbol.iterator]();
  }

  *stretch(from: number, count: number): Generator<Planned<S>> {
    while (this.at < from + count) {
      const next = this.#programs.next();
      if (next.done === true) return;
      if (this.at++ >= from) yield next.value;
    }
  }
}
