/** From what the parts of a run have shown to its report: what failed is made small, and each rule gets its verdict. */
import type { Fault } from '../../spec/formats/results.js';
import type { Campaign, Shape, Subject } from '../subject/subject.js';
import { notMet } from './baseline.js';
import { type Behind, lookBehind } from './behind.js';
import { mapOf, summed } from './evidence.js';
import type { Investigated } from './finding.js';
import { type Done, Gathering } from './gather.js';
import { investigate } from './investigate.js';
import { byAllRules, type RunOptions } from './options.js';
import { assemble } from './report.js';
import { schedulesNotMet } from './schedules.js';

/** How often a target's process may die while what failed is made small. */
const MOST_DEATHS = 400;

/** What was done of a run. */
export interface Worked<S extends Shape> {
  /** Undefined where planning failed. */
  readonly campaign: Campaign<S> | undefined;
  /** The parts that were run, in the order of the plan. */
  readonly done: readonly Done<S>[];
  /** What kept all of it from being done. */
  readonly faults: readonly Fault<S['program']>[];
  /** Whether the target has become another one: then nothing that failed is charged to it. */
  readonly hasChanged?: boolean;
}

/**
 * The report of what was done.
 *
 * @param seconds how long it took so far, once what failed was made small
 */
export async function conclude<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  { campaign, done, faults, hasChanged = false }: Worked<S>,
  seconds: () => number,
): Promise<S['report']> {
  const seen = new Gathering(options, campaign?.suites ?? [], done);
  seen.faults.unshift(...faults);
  const investigated = hasChanged ? [] : await makeSmall(subject, options, seen);
  const behind = await lookBehindKnown(subject, options, campaign, seen, investigated);
  const { inLanes } = seen;
  const stale =
    options.baseline === undefined || seen.isGivenUp
      ? seen.stale
      : [
          ...seen.stale,
          ...notMet(options.baseline, seen.samples),
          ...(seen.exhaustive === undefined ? [] : schedulesNotMet(seen.exhaustive, options.baseline, options.rules)),
        ];
  return assemble(subject, {
    command: options.command ?? 'run',
    target: options.target.address,
    hello: options.target.hello,
    profile: options.profile,
    rules: options.rules,
    seed: options.seed,
    tier: options.tier,
    random: options.programs,
    volume: seen.volume,
    ...(options.stored === undefined
      ? {}
      : { stored: { programs: options.stored.length, failing: seen.storedFailing } }),
    ...(options.baseline === undefined
      ? {}
      : { beyondKnown: { covered: Math.min(seen.unharmed, options.programs), all: options.programs } }),
    ...(behind === undefined ? {} : { behindKnown: behind.programs }),
    certificate: campaign?.certificate(seen.suites) ?? null,
    exposures: summed([seen.exposures, mapOf(inLanes?.exposures ?? {})]),
    broken: new Map([...seen.broken, ...mapOf(inLanes?.broken ?? {})]),
    ...(options.command === 'observe' ? { floor: 1 } : {}),
    findings: [
      ...investigated,
      ...(behind?.findings ?? []),
      ...(inLanes?.findings ?? []).map(({ finding, rules }) => ({ finding, rules: new Set(rules) })),
    ],
    ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
    stale,
    faults: seen.faults,
    hasChanged,
    ...(seen.exhaustive === undefined ? {} : { exhaustive: seen.exhaustive }),
    ...(inLanes === undefined ? {} : { inLanes: inLanes.shown }),
    ...(seen.notInLanes === undefined ? {} : { notInLanes: seen.notInLanes }),
    ...(seen.reach === undefined ? {} : { reach: seen.reach }),
    undefinedSeen: seen.undefinedSeen.seen(),
    seconds: seconds(),
  });
}

/** Where defects are known, or are to be: what shows only behind them. */
async function lookBehindKnown<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  campaign: Campaign<S> | undefined,
  seen: Gathering<S>,
  found: readonly Investigated<S>[],
): Promise<Behind<S> | undefined> {
  const isAsked = options.baseline !== undefined || options.everyDefect === true;
  if (!isAsked || campaign === undefined || seen.isGivenUp || found.length === 0) return undefined;
  const behind = await lookBehind(subject, options, campaign, found);
  seen.faults.push(...behind.faults);
  return behind;
}

async function makeSmall<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  seen: Gathering<S>,
): Promise<readonly Investigated<S>[]> {
  const { target, onProgress } = options;
  const { operations } = seen.volume;
  const failing = seen.samples.size;
  if (failing === 0) return [];
  target.allow?.(MOST_DEATHS);
  const { findings, faults } = await investigate(
    subject,
    seen.samples,
    target,
    subject.judge(byAllRules(subject, options.profile)),
    subject.relations(options),
    (done, total) => onProgress?.({ phase: 'shrinking', done, total, operations, failing }),
  );
  seen.faults.push(...faults);
  return findings;
}
