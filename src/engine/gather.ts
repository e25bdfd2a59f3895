/**
 * Gathers what the parts of a run have shown, in the order of the plan, whoever ran them: one process, several, or machines
 * far apart. So it does not matter to the report.
 */
import type { Hello } from '../../spec/formats/protocol.js';
import type { Exhaustive, Fault, Reach, StaleEntry, Volume } from '../../spec/formats/results.js';
import type { LanesOf } from '../../spec/formats/shard.js';
import type { FindingOn, Shape, Stretch, Suite, SuiteRun } from '../subject/subject.js';
import { type Evidence, MOST_FAULTS, mapOf, summed } from './evidence.js';
import type { RunOptions } from './options.js';
import type { Part } from './plan.js';
import { Samples } from './samples.js';
import { UndefinedTally } from './undefined-tally.js';
import { MOST_DEATHS } from './worker.js';

/** What was spent on faults and deaths, of what a run may spend on them. */
export class Spent {
  #faults = 0;
  #deaths = 0;
  #hasEnded = false;

  add({ faults, deaths, ended }: Pick<Evidence<Shape>, 'faults' | 'deaths' | 'ended'>): void {
    this.#faults += faults.length;
    this.#deaths += deaths;
    this.#hasEnded ||= ended !== undefined;
  }

  /** Whether nothing more is asked at all. */
  get isOver(): boolean {
    return this.#hasEnded || this.#faults >= MOST_FAULTS;
  }

  /** Whether the run goes no farther in one lane. Several are asked by what does not end the target in one. */
  get isTooMuch(): boolean {
    return this.isOver || this.#deaths >= MOST_DEATHS;
  }
}

/** A part of a plan, and what it showed. */
export interface Done<S extends Shape> {
  readonly part: Part<S>;
  readonly evidence: Evidence<S>;
}

/** What was seen of a plan, in its order, each beside its part. */
export function inOrder<S extends Shape>(
  parts: readonly Part<S>[],
  evidence: readonly Evidence<S>[],
): readonly Done<S>[] {
  return evidence
    .toSorted((a, b) => a.part - b.part)
    .flatMap((one) => {
      const part = parts[one.part];
      return part === undefined ? [] : [{ part, evidence: one }];
    });
}

/** What all parts showed together. */
export class Gathering<S extends Shape> {
  readonly samples = new Samples<S>();
  readonly faults: Fault<S['program']>[] = [];
  readonly undefinedSeen = new UndefinedTally();
  readonly #suites = new Map<string, { readonly stretches: Stretch[]; readonly short: Map<number, Short<S>> }>();
  readonly #begun = new Set<Suite<S>>();
  #exposures: ReadonlyMap<string, number> = new Map();
  #broken: ReadonlyMap<string, number> = new Map();
  #programs = 0;
  #operations = 0;
  #events = 0;
  #died = 0;
  readonly #spent = new Spent();
  /** How many stored programs failed, and how many random ones ran without a failure. */
  storedFailing = 0;
  unharmed = 0;
  stale: readonly StaleEntry[] = [];
  exhaustive: Exhaustive | undefined;
  inLanes: LanesOf<FindingOn<S>> | undefined;
  notInLanes: string | undefined;
  reach: Reach | undefined;
  /** Whether the run was given up before the end of its plan. */
  isGivenUp = false;

  /** @param done the parts that were run, in the order of the plan */
  constructor(
    readonly options: Pick<RunOptions<S>, 'failFast' | 'stored' | 'programs' | 'target'>,
    readonly all: readonly Suite<S>[],
    done: readonly Done<S>[],
  ) {
    if (options.failFast !== true) for (const suite of all) this.#begin(suite);
    const unsteady = done.find(({ evidence }) => evidence.ended === 'unsteady');
    for (const one of unsteady === undefined ? done : onlyKnown(done, unsteady)) {
      if (one.part.kind === 'lanes' ? this.#spent.isOver : this.isGivenUp) continue;
      this.#take(one);
    }
  }

  get exposures(): ReadonlyMap<string, number> {
    return this.#exposures;
  }

  get broken(): ReadonlyMap<string, number> {
    return this.#broken;
  }

  get volume(): Volume {
    const { stored = [], programs } = this.options;
    const planned = [...this.#begun].reduce((sum, suite) => sum + suite.plan().count, stored.length + programs);
    return {
      programs: this.#programs,
      operations: this.#operations,
      events: this.#events,
      notRun: Math.max(0, planned - this.#programs),
      died: this.#died,
    };
  }

  /** What ran of the suites that were begun. */
  get suites(): ReadonlyMap<string, SuiteRun> {
    return this.#suites;
  }

  #take({ part, evidence }: Done<S>): void {
    if (part.kind === 'lanes') this.#takeLanes(evidence);
    this.#programs += evidence.programs;
    this.#operations += evidence.operations;
    this.#events += evidence.events;
    this.#died += evidence.died;
    this.#exposures = summed([this.#exposures, mapOf(evidence.exposures)]);
    this.#broken = summed([this.#broken, mapOf(evidence.broken)]);
    this.samples.take(evidence.samples);
    this.faults.push(...evidence.faults);
    for (const seen of evidence.undefinedSeen) this.undefinedSeen.note(seen, seen.times);
    this.reach = farthest(this.reach, evidence.reach);
    this.stale = evidence.stale ?? this.stale;
    this.exhaustive = evidence.exhaustive ?? this.exhaustive;
    if (part.kind === 'stored') this.storedFailing += evidence.failing;
    if (part.kind === 'random') this.unharmed += evidence.unharmed;
    if (part.kind === 'suite') this.#takeSuite(part, evidence);
    this.#spent.add(evidence);
    this.isGivenUp = this.#spent.isTooMuch;
  }

  #takeLanes({ inLanes, notInLanes }: Evidence<S>): void {
    this.notInLanes = notInLanes;
    if (inLanes === undefined || !mayAskInLanes(this, this.options.target)) return;
    this.inLanes = inLanes;
    this.faults.push(...inLanes.faults.map((text) => ({ text })));
  }

  #takeSuite({ suite, from }: Extract<Part<S>, { readonly kind: 'suite' }>, { programs, short }: Evidence<S>): void {
    const run = this.#begin(suite);
    run.stretches.push({ from, ran: programs });
    for (const { at, ...left } of short) run.short.set(at, left);
  }

  #begin(suite: Suite<S>): { readonly stretches: Stretch[]; readonly short: Map<number, Short<S>> } {
    this.#begun.add(suite);
    const run = this.#suites.get(suite.name) ?? { stretches: [], short: new Map<number, Short<S>>() };
    this.#suites.set(suite.name, run);
    return run;
  }
}

type Short<S extends Shape> = Omit<Evidence<S>['short'][number], 'at'>;

/**
 * Whether a target that has shown so much is asked in several lanes as well. What threads come to with luck, every interleaving
 * shows, but what a sanitizer tells of them.
 */
export function mayAskInLanes(
  { exhaustive }: { readonly exhaustive: Exhaustive | undefined },
  { hello }: { readonly hello: Hello },
): boolean {
  if (exhaustive === undefined || hello.capabilities.includes('data-races')) return true;
  const { interleavings, wrong } = exhaustive;
  return wrong.length === 0 && (interleavings.length === 0 || interleavings.some(({ complete }) => !complete));
}

/** No verdict follows from what a target did that does not do the same twice. */
function onlyKnown<S extends Shape>(done: readonly Done<S>[], unsteady: Done<S>): readonly Done<S>[] {
  return [...done.filter(({ part }) => part.kind === 'baseline'), unsteady];
}

function farthest(a: Reach | undefined, b: Reach | undefined): Reach | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    objects: Math.max(a.objects, b.objects),
    tokens: Math.max(a.tokens, b.tokens),
    operations: Math.max(a.operations, b.operations),
  };
}
