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
import type { Campaign, Shape, Subject } from '../subject/subject.js';
import { TargetError } from '../targets/target.js';
import { conclude } from './conclude.js';
import { type Done, Gathering, mayAskInLanes, Spent } from './gather.js';
import type { RunOptions } from './options.js';
import { Progress } from './progress.js';
import { askOf, Worker } from './worker.js';

export type { RunOptions, RunProgress } from './options.js';

/** Run programs on a target and report. Never rejects for what the target does; see `Report.faults`. */
export async function run<S extends Shape>(subject: Subject<S>, options: RunOptions<S>): Promise<S['report']> {
  const started = options.now();
  const seconds = () => (options.now() - started) / 1000;
  let campaign: Campaign<S>;
  try {
    campaign = await subject.prepare(askOf(subject, options));
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return conclude(subject, options, { campaign: undefined, done: [], faults: [{ text: error.message }] }, seconds);
  }
  const { done } = await work(subject, options, campaign);
  return conclude(subject, options, { campaign, done, faults: [] }, seconds);
}

/**
 * Work through the parts of a run, in their order; also says how many there are.
 *
 * @param isMine whether a part is to be worked through here, by its number in the plan; all are when absent
 */
export async function work<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  campaign: Campaign<S>,
  isMine: (number: number) => boolean = () => true,
): Promise<{ readonly done: readonly Done<S>[]; readonly parts: number }> {
  const done: Done<S>[] = [];
  const spent = new Spent();
  const total = new Progress(options, campaign);
  const worker = new Worker(subject, options, campaign, (now) => total.tell(now));
  let isGivenUp = false;
  let parts = 0;
  for (const part of worker.parts()) {
    const number = parts++;
    if (isGivenUp || !isMine(number)) continue;
    if (part.kind === 'lanes' && !isWorthAskingInLanes(options, campaign, done)) continue;
    const evidence = await worker.run(part, number);
    done.push({ part, evidence });
    total.add(evidence);
    spent.add(evidence);
    isGivenUp = spent.isTooMuch;
    // What a run that ends at the first failure does not come to is not even planned.
    if (isGivenUp && options.failFast === true) break;
  }
  return { done, parts };
}

/** Whether the target is asked in several lanes, after all that was seen of it here. */
export function isWorthAskingInLanes<S extends Shape>(
  options: RunOptions<S>,
  campaign: Campaign<S>,
  done: readonly Done<S>[],
): boolean {
  return mayAskInLanes(new Gathering(options, campaign.suites, done));
}
