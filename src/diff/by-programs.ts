/**
 * The smallest programs on which two targets of any subject part, found by running the same programs on both: those of
 * the suites, then random ones. Of each kind of difference one program is kept and made small; a difference is of a kind
 * by the operation and the two events in which the traces part first, whatever their names and numbers are.
 */

import { setImmediate } from 'node:timers/promises';
import { shrink } from '../engine/shrink.js';
import { deal, type Runner } from '../jobs/deal.js';
import { spell } from '../subject/spelling.js';
import type { FormOn, Judge, Setting, Shape, Subject, SubjectTarget } from '../subject/subject.js';
import { TargetError } from '../targets/target.js';

/** A smallest program that two targets answer differently. */
export interface PartingProgram<S extends Shape> {
  readonly program: S['program'];
  readonly left: Answer<S>;
  readonly right: Answer<S>;
}

/** What one of them did with it, and the rules that it breaks. */
export interface Answer<S extends Shape> {
  readonly trace: S['trace'];
  readonly broken: FormOn<S>['broken'];
}

/** How many programs are run at once, and how many kinds of difference are made small. */
const BATCH = 128;
const MOST_KINDS = 20;

/** How far to look. */
export interface Reach<S extends Shape> extends Setting<S> {
  readonly seed: number;
  /** How many random programs to run after those of the smoke tier's suites. */
  readonly programs: number;
}

/** The kinds of difference that a batch of programs showed, and how many programs it had. */
export interface BatchSeen {
  readonly kinds: readonly { readonly kind: string; readonly program: unknown }[];
  readonly programs: number;
}

/** Runs batches of programs on two targets, by their numbers, which grow. */
export class Batches<S extends Shape> implements Runner<undefined, BatchSeen | undefined> {
  readonly #batches: AsyncIterator<readonly S['program'][]>;
  #next = 0;

  constructor(
    readonly comparison: Comparison<S>,
    reach: Reach<S>,
  ) {
    this.#batches = batches(comparison.subject, comparison.left, reach)[Symbol.asyncIterator]();
  }

  /** @returns undefined where there are no so many batches */
  async run(_: undefined, number: number): Promise<BatchSeen | undefined> {
    for (;;) {
      const { value: batch, done } = await this.#batches.next();
      if (done === true) return undefined;
      if (this.#next++ < number) continue;
      const seen = await this.comparison.kinds(batch);
      // Targets in this process never wait for anything: let timers and signals have their turn.
      await setImmediate();
      const kinds = seen.flatMap((kind, index) => (kind === undefined ? [] : [{ kind, program: batch[index] }]));
      return { kinds, programs: batch.length };
    }
  }
}

/**
 * Compare two targets.
 *
 * @param onProgress told how many programs were run
 * @param helpers run some of the programs; the result is the same
 * @throws {TargetError} when one of them cannot be asked
 */
export async function diffByPrograms<S extends Shape>(
  subject: Subject<S>,
  left: SubjectTarget<S>,
  right: SubjectTarget<S>,
  reach: Reach<S>,
  onProgress: (done: number) => void = () => undefined,
  helpers: readonly Runner<undefined, BatchSeen | undefined>[] = [],
): Promise<readonly PartingProgram<S>[]> {
  const compare = new Comparison(subject, left, right, subject.judge(reach));
  const kinds = new Map<string, S['program']>();
  const seen: (BatchSeen | undefined)[] = [];
  let [next, taken, done, isEnd] = [0, 0, 0, false];
  await deal(
    () => (isEnd || kinds.size >= MOST_KINDS ? undefined : { piece: undefined, number: next++ }),
    new Batches(compare, reach),
    helpers,
    (_, number, batch) => {
      isEnd ||= batch === undefined;
      seen[number] = batch;
      // In the order of the batches, whoever was first; what comes after the last that is needed shows nothing.
      for (let due = seen[taken]; due !== undefined && kinds.size < MOST_KINDS; due = seen[++taken]) {
        for (const { kind, program } of due.kinds) if (!kinds.has(kind)) kinds.set(kind, program);
        done += due.programs;
        onProgress(done);
      }
    },
  );
  const found = new Map<string, PartingProgram<S>>();
  for (const [kind, program] of kinds) {
    const small = await shrink(subject, program, async (programs) =>
      (await compare.kinds(programs)).map((one) => one === kind),
    );
    found.set(spell(small), await compare.answers(small));
  }
  const size = ({ program }: PartingProgram<S>) => subject.operations(program) * 10_000 + spell(program).length;
  return [...found.values()].sort((a, b) => size(a) - size(b));
}

/** The programs to run, in batches. */
async function* batches<S extends Shape>(
  subject: Subject<S>,
  target: SubjectTarget<S>,
  { seed, programs, ...setting }: Reach<S>,
): AsyncIterable<readonly S['program'][]> {
  const ask = { ...setting, target, coverage: subject.coverage('smoke', {}) };
  const { suites } = await subject.prepare(ask);
  const make = subject.random(seed, { ...ask, undefined: false, from: 0 });
  const all = function* (): Iterable<S['program']> {
    for (const suite of suites) for (const { program } of suite.plan().programs()) yield program;
    for (let made = 0; made < programs; made++) yield make();
  };
  let batch: S['program'][] = [];
  for (const program of all()) {
    batch.push(program);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Two targets, and how they are compared. */
export class Comparison<S extends Shape> {
  constructor(
    readonly subject: Subject<S>,
    readonly left: SubjectTarget<S>,
    readonly right: SubjectTarget<S>,
    readonly judge: Judge<S>,
  ) {}

  /** In what way the two part on each of some programs; undefined where they do not. */
  async kinds(programs: readonly S['program'][]): Promise<readonly (string | undefined)[]> {
    const [left, right] = await this.#run(programs);
    return programs.map((_, index) => kindOf(left[index] ?? [], right[index] ?? []));
  }

  /** What both do with a program. */
  async answers(program: S['program']): Promise<PartingProgram<S>> {
    const answers = (await this.#run([program])).map(([events = []]) => {
      const trace = this.subject.trace(program, events);
      return { trace, broken: this.subject.broken(trace, this.judge.judge(trace)) };
    });
    const [left, right] = answers;
    if (left === undefined || right === undefined) throw new TargetError('a program was not answered');
    return { program, left, right };
  }

  async #run(programs: readonly S['program'][]): Promise<readonly [Events, Events]> {
    return Promise.all([eventsOf(this.left, programs), eventsOf(this.right, programs)]);
  }
}

/** The events of each of some programs. */
type Events = readonly (readonly unknown[])[];

async function eventsOf<S extends Shape>(target: SubjectTarget<S>, programs: readonly S['program'][]): Promise<Events> {
  const outcomes = await target.run(programs);
  return outcomes.map(({ events, fault }) => {
    if (fault !== undefined) throw new TargetError(`${target.address} could not be compared: ${fault}`);
    return events.filter((event) => typeOf(event) !== 'log');
  });
}

/** The operation and the two events in which two traces part, without names and numbers. */
function kindOf(left: readonly unknown[], right: readonly unknown[]): string | undefined {
  const at = left.findIndex((event, index) => spell(event) !== spell(right[index]));
  if (at === -1 && left.length === right.length) return undefined;
  const place = at === -1 ? left.length : at;
  const call = left.slice(0, place + 1).findLast((event) => typeOf(event) === 'call') as
    | { readonly operation?: unknown }
    | undefined;
  const bare = (event: unknown) => spell(event ?? 'the end').replaceAll(/(?<=[a-z:[,])-?\d+/g, '#');
  return [call?.operation, bare(left[place]), bare(right[place])].join(' | ');
}

function typeOf(event: unknown): unknown {
  return (event as { readonly type?: unknown } | undefined)?.type;
}
