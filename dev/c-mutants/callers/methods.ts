/**
 * The methods that are held against a mutant with several callers. What one of them does not see is seen by another, or
 * by none: that is what the matrix is for.
 */

import type { Profile } from '../../../spec/profile.js';
import { closeOver } from '../../../src/closure/index.js';
import type { Scope } from '../../../src/explore/scope.js';
import { ruleOfSchedule } from '../../../src/manager/exhaust.js';
import { brokenRules } from '../../../src/manager/manager.js';
import { exploreSchedules, type Schedules } from '../../../src/scheduler/index.js';
import type { BuildInput } from '../../../src/targets/linux-source/build.js';
import type { Edited } from '../editor/edits.js';
import { TEXT } from '../marked.js';
import type { CMutant, Version } from '../table/index.js';
import { type ByThreads, readMeasured } from './measure.js';

/** What a method shows of a mutant. */
export type Shown =
  | { readonly is: 'killed'; readonly by: readonly string[] }
  | { readonly is: 'passed' }
  | { readonly is: 'not run'; readonly why: string };

/** What a method is held against. */
export interface Subject {
  readonly version: Version;
  readonly mutant: CMutant;
  /** How the original is built. */
  readonly build: BuildInput;
  readonly profile: Profile;
  readonly edited: Edited;
  /** To be called when the changed place is seen to run. */
  readonly onReached: () => void;
}

export interface Method {
  readonly name: string;
  /** What it does, in a sentence of the page. */
  readonly does: string;
  /** Undefined where this kit cannot do it yet. */
  readonly run?: (subject: Subject) => Promise<Shown>;
}

/** Two objects a side under two tokens, used as they should be. */
const ONE_CALLER: Scope = {
  producers: 2,
  consumers: 2,
  tokens: 2,
  without: { misuse: true, nullToken: true, memoryFailure: true, subsets: true },
};

/** Under one token everything meets; only under two are there two entries of one side. */
const TWO_CALLERS: readonly [Scope, Scope] = [
  { producers: 2, consumers: 2, tokens: 1 },
  { producers: 2, consumers: 2, tokens: 2 },
];

/** More findings than a mutant has, so that none stops the others from being seen. */
const MOST_FINDINGS = 256;

export const methods: readonly Method[] = [
  {
    name: 'closure',
    does: 'one caller after another, every state and every step: 2x2x2, used as it should be',
    run: oneCaller,
  },
  {
    name: 'scheduler',
    does: 'two callers with one operation each, every interleaving from every state: 2x2x1, and 2x2x2 where that shows nothing',
    run: twoCallers,
  },
  {
    name: 'ThreadSanitizer',
    does: '300 random programs in threads in which nothing is refused and nothing fails, watched for data races; depends on luck, and was measured',
    run: (subject) => measuredBefore('tsan', subject),
  },
  {
    name: 'gates',
    does: '150 random programs in threads in which callbacks wait for another lane; depends on luck, and was measured',
    run: (subject) => measuredBefore('gates', subject),
  },
  {
    name: 'threads',
    does: '150 random programs in threads without gates; depends on luck, and was measured',
    run: (subject) => measuredBefore('threads', subject),
  },
];

async function oneCaller({ build, profile, edited, onReached }: Subject): Promise<Shown> {
  const closure = await closeOver({ ...build, source: edited.marked }, profile, ONE_CALLER, {
    onRun: ({ trace }) => {
      if (trace.events.some((event) => event.type === 'log' && event.text === TEXT)) onReached();
    },
  });
  const broken = closure.wrong.flatMap(({ trace, judgement }) => brokenRules(trace, judgement).slice(0, 1));
  if (broken.length > 0) return killed(broken.map(({ rule }) => rule));
  return closure.closed ? { is: 'passed' } : { is: 'not run', why: closure.reason ?? 'it did not close' };
}

async function twoCallers({ build, profile, edited }: Subject): Promise<Shown> {
  const schedules = await interleavingsOf({ ...build, source: edited.plain }, profile, MOST_FINDINGS);
  if (schedules.findings.length > 0) return killed(schedules.findings.map(({ what }) => ruleOfSchedule(what)));
  return schedules.complete ? { is: 'passed' } : { is: 'not run', why: schedules.reason ?? 'it did not end' };
}

/** The interleavings by which a mutant is judged: of the first scope that shows anything, or of the last. */
export async function interleavingsOf(build: BuildInput, profile: Profile, mostFindings: number): Promise<Schedules> {
  const options = { lanes: 2, operations: 1, mostFindings };
  const [first, second] = TWO_CALLERS;
  const schedules = await exploreSchedules(build, profile, first, options);
  return schedules.findings.length > 0 ? schedules : exploreSchedules(build, profile, second, options);
}

async function measuredBefore(how: ByThreads, { version, mutant }: Subject): Promise<Shown> {
  const rules = (await readMeasured())[version]?.[mutant.what]?.[how];
  if (rules === undefined) return { is: 'not run', why: 'it was not measured' };
  return rules.length === 0 ? { is: 'passed' } : killed(rules);
}

function killed(rules: readonly string[]): Shown {
  return { is: 'killed', by: [...new Set(rules)].sort() };
}
