/**
 * Observe the real VFIO, KVM and manager of a kernel: generated programs of user space, in a guest, and the manager's
 * rules over what was recorded.
 */
import { bitsFrom, Draw } from '../../conformance/generators/random.js';
import type { HostReport } from '../../spec/formats/host-results.js';
import type { Fault, Report } from '../../spec/formats/results.js';
import type { HostChapterRule } from '../../spec/host/rule.js';
import type { HostProgram, HostTrace } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import { check } from '../check/check.js';
import { type RunProgress, run } from '../engine/run.js';
import type { HostShape } from '../host/shape.js';
import type { Recording } from '../recording/read.js';
import type { BaselineOn } from '../subject/subject.js';
import type { ObservedProgram } from './commands.js';
import { compareHosts, differenceText } from './compare.js';
import { generateObserved } from './generate.js';
import type { Pace } from './guest.js';
import { knownDifferences } from './known-differences.js';
import type { Observed } from './observed.js';
import { userText } from './render.js';
import type { ObservedBackEnd } from './stages.js';
import { observedHost, writtenFor } from './subject.js';
import type { ObservedTarget } from './target.js';

/** What is asked for. */
export interface ObserveOptions {
  readonly target: ObservedTarget;
  readonly profile: Profile;
  /** The rules of the manager, and those about a host, that are held against what is seen. */
  readonly rules: readonly ChapterRule[];
  readonly hostRules: readonly HostChapterRule[];
  readonly allRules: boolean;
  readonly seed: number;
  /** How many programs, and how many operations each before it closes all. */
  readonly programs: number;
  readonly length: number;
  /** Known failures, and programs of findings of earlier runs. */
  readonly baseline?: BaselineOn<HostShape>;
  readonly stored?: readonly HostProgram[];
  /** What another host does with a program, to be laid beside the kernel's. Every program is then run settled. */
  readonly beside?: (program: ObservedProgram) => HostTrace;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly now: () => number;
}

/** The programs of a seed: the n-th is the same whatever their number. */
export function programsOf(
  seed: number,
  count: number,
  length: number,
  backEnd: ObservedBackEnd,
): readonly ObservedProgram[] {
  return Array.from({ length: count }, (_, index) => {
    return generateObserved(new Draw(bitsFrom(seed * 0x10001 + index)), length, backEnd);
  });
}

/** Every other program does not wait for what it sets off. */
export function paceOf(index: number): Pace {
  return index % 2 === 0 ? 'settled' : 'hasty';
}

/**
 * Run programs on a kernel, and judge what was recorded: the manager by its own rules, and the host around it by those
 * that a recording shows all about. What is wrong with the host is made small and becomes a finding.
 */
export async function observe(options: ObserveOptions): Promise<{
  readonly report: Report | HostReport;
  readonly observed: readonly Observed[];
  readonly beside: Beside | undefined;
}> {
  const { target, profile, rules, allRules, seed, now, beside } = options;
  const started = now();
  const subject = observedHost(target.first.stage.backEnd, options.length);
  const hostReport = await run(subject, {
    command: 'observe',
    target,
    profile,
    rules: options.hostRules,
    allRules,
    seed,
    programs: options.programs,
    tier: null,
    ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
    ...(options.stored === undefined ? {} : { stored: options.stored }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    now,
  });
  // What came after those was run to make programs small.
  const asked = options.programs + writtenFor(target.first.stage.backEnd).length + (options.stored?.length ?? 0);
  const observed = target.seen.filter(({ number }) => number <= asked);
  const recordings = observed.map(({ recording }) => recording);
  const heading = { command: 'observe', target: target.address, hello: target.hello, seed } as const;
  const compared = beside === undefined ? undefined : layBeside(observed, beside, profile);
  const faults = [...(hostReport.exit === 1 ? [] : noPairs(recordings)), ...(compared?.faults ?? [])];
  const managerReport = check({ traces: [], recordings }, profile, rules, allRules, now, heading, faults);
  const report = together(managerReport, hostReport, (now() - started) / 1000);
  return { report, observed, beside: compared };
}

/** One report of both: that of the host, with what the manager's rules say; the manager's own where that alone is wrong. */
function together(manager: Report, host: HostReport, seconds: number): Report | HostReport {
  if (manager.exit === 1 && host.exit !== 1) return { ...manager, seconds };
  const own = new Set(host.rules.map(({ rule }) => rule));
  const worse = host.exit === 1 || host.exit >= manager.exit ? host : manager;
  return {
    ...host,
    exit: worse.exit,
    summary: worse === host && host.exit === 0 ? manager.summary : worse.summary,
    rules: [...manager.rules.filter(({ rule }) => !own.has(rule)), ...host.rules],
    faults: [...host.faults, ...manager.faults.map(({ text }) => ({ text }))],
    ...(manager.recorded === undefined ? {} : { recorded: manager.recorded }),
    seconds,
  };
}

/** What came of laying another host beside the kernel's. */
export interface Beside {
  /** The programs that did the same on both. */
  readonly same: number;
  /** Those that part where it is known that they do, by the reason. */
  readonly explained: ReadonlyMap<string, number>;
  /** Those that part otherwise. Which of the two is wrong is for people to find out: nothing is charged. */
  readonly faults: readonly Fault[];
}

function layBeside(
  observed: readonly Observed[],
  other: (program: ObservedProgram) => HostTrace,
  profile: Profile,
): Beside {
  const explained = new Map<string, number>();
  const faults: Fault[] = [];
  let same = 0;
  for (const [index, { program, trace }] of observed.entries()) {
    const difference = compareHosts(trace, other(program));
    if (difference === undefined) {
      same++;
      continue;
    }
    const known = knownDifferences.find(({ explains }) =>
      explains(difference, profile.generation !== 'token-as-argument'),
    );
    if (known !== undefined) explained.set(known.text, (explained.get(known.text) ?? 0) + 1);
    else {
      const what = `in program ${index + 1} the kernel and the reference host part at operation ${difference.at + 1}, ${userText(difference.operation)}`;
      faults.push({ text: `${what}: ${differenceText(difference, ['the kernel', 'the reference']).join(' ')}` });
    }
  }
  return { same, explained, faults };
}

/** Without a single pair nothing was seen of what the manager is for. */
export function noPairs(recordings: readonly Recording[]): readonly Fault[] {
  const events = recordings.flatMap(({ parts }) => parts.flatMap(({ trace }) => trace.events));
  if (events.some(({ type }) => type === 'enter')) return [];
  const registered = (name: string) => events.some((event) => event.type === 'call' && event.operation === name);
  const [producers, consumers] = [registered('registerProducer'), registered('registerConsumer')];
  if (producers && !consumers) {
    return [
      {
        text: 'KVM registered no consumer, so no pair was made. Newer kernels (6.12.117 and 7.3.4 are two) register one only where the hardware can post interrupts, which QEMU does not emulate',
      },
    ];
  }
  return [
    {
      text: `no pair was made: ${producers ? 'producers' : 'no producer'} and ${consumers ? 'consumers' : 'no consumer'} registered`,
    },
  ];
}
