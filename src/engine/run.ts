/**
 * A conformance run: run the programs of the suites and random ones on a target, judge their traces, make what failed
 * small, and report. It is the same for every subject.
 *
 *     plan ──part──> worker ──evidence──> gathering ──samples──> investigation ──findings──> report
 *
 * A part of the plan (`plan.ts`) can be run by any worker (`worker.ts`), here, in another thread or on another machine: what
 * it showed is plain data (`evidence.ts`), which is gathered in the order of the plan (`gather.ts`, `conclude.ts`). Nothing
 * depends on the clock. So the same seed and target give the same report, by however many the work was done.
 */
import type { Fault } from '../../spec/formats/results.js';
import { deal, type Runner } from '../jobs/deal.js';
import type { Campaign, Shape, Subject } from '../subject/subject.js';
import { TargetError } from '../targets/target.js';
import { conclude } from './conclude.js';
import type { Evidence } from './evidence.js';
import { type Done, Gathering, mayAskInLanes, Spent } from './gather.js';
import type { RunOptions } from './options.js';
import type { Part } from './plan.js';
import { Progress } from './progress.js';
import { askOf, Worker } from './worker.js';

export type { RunOptions, RunProgress } from './options.js';

/** Run programs on a target and report. Never rejects for what the target does; see `Report.faults`. */
export async function run<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  by: WorkedBy<S> = {},
): Promise<S['report']> {
  const started = options.now();
  const seconds = () => (options.now() - started) / 1000;
  let campaign: Campaign<S>;
  try {
    campaign = await subject.prepare(askOf(subject, options));
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return conclude(subject, options, { campaign: undefined, done: [], faults: [{ text: error.message }] }, seconds);
  }
  const { done, differed } = await work(subject, options, campaign, by);
  // What could not be judged while it was planned is told where nothing else tells of it.
  const isFaultless = done.every(({ evidence }) => evidence.faults.length === 0);
  const faults = [
    ...(differed === undefined ? [] : [differed.fault]),
    ...(isFaultless ? (campaign.faults ?? []) : []).map((text) => ({ text })),
  ];
  const hasChanged = differed?.isLasting ?? false;
  return conclude(subject, options, { campaign, done, faults, hasChanged }, seconds);
}

/** By whom the work of a run is done. */
export interface WorkedBy<S extends Shape> {
  /** Whether a part is to be worked through, by its number in the plan; all are when absent. */
  readonly isMine?: (number: number) => boolean;
  /** Who works beside this process. */
  readonly helpers?: readonly Runner<Part<S>, Evidence<S>>[];
}

/** Work through the parts of a run; also says how many there are. */
export async function work<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  campaign: Campaign<S>,
  { isMine = () => true, helpers = [] }: WorkedBy<S>,
): Promise<{
  readonly done: readonly Done<S>[];
  readonly parts: number;
  readonly differed: { readonly fault: Fault<S['program']>; readonly isLasting: boolean } | undefined;
}> {
  const done: (Done<S> & { readonly number: number })[] = [];
  const spent = new Spent();
  const progress = new Progress(options, campaign);
  const worker = new Worker(subject, options, campaign, (now) => progress.tell(now));
  const plan = worker.parts();
  let parts = 0;
  let inLanes: Numbered<S> | undefined;
  const next = (): Numbered<S> | undefined => {
    // What a run that ends at the first failure does not come to is not even planned.
    while (!(spent.isTooMuch && options.failFast === true)) {
      const { value: piece, done: isEnd } = plan.next();
      if (isEnd === true) return undefined;
      const number = parts++;
      if (!isMine(number)) continue;
      if (piece.kind === 'lanes') inLanes = { piece, number };
      else if (!spent.isTooMuch) return { piece, number };
    }
    return undefined;
  };
  const take = (part: Part<S>, number: number, evidence: Evidence<S>): void => {
    done.push({ part, number, evidence });
    progress.add(evidence);
    spent.add(evidence);
  };
  await deal(next, worker, helpers, take);
  done.sort((a, b) => a.number - b.number);
  // Whether the target is asked in several lanes depends on all that was seen.
  if (
    inLanes !== undefined &&
    !spent.isOver &&
    mayAskInLanes(new Gathering(options, campaign.suites, done), options.target)
  ) {
    take(inLanes.piece, inLanes.number, await worker.run(inLanes.piece, inLanes.number));
  }
  const differed = spent.isTooMuch || options.failFast === true ? undefined : await worker.askSomeAgain();
  return { done, parts, differed };
}

interface Numbered<S extends Shape> {
  readonly piece: Part<S>;
  readonly number: number;
}
