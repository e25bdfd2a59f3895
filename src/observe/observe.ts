/**
 * Observe the real VFIO, KVM and manager of a kernel: generated programs of user space, in a guest, and the manager's
 * rules over what was recorded.
 */
import { bitsFrom, Draw } from '../../conformance/generators/random.js';
import type { Hello } from '../../spec/formats/protocol.js';
import type { Fault, Report } from '../../spec/formats/results.js';
import type { HostTrace } from '../../spec/host/vocabulary.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import { check } from '../check/check.js';
import type { Recording } from '../recording/read.js';
import { readRecording } from '../recording/read.js';
import { compareHosts, differenceText } from './compare.js';
import type { ObservedProgram } from './generate.js';
import { generateObserved } from './generate.js';
import type { Guest, Observation, Pace } from './guest.js';
import { knownDifferences } from './known-differences.js';
import { userText } from './render.js';
import type { ObservedBackEnd } from './stages.js';
import { traceOf } from './trace.js';

/** One program, what it did, and the kernel's own record of it. */
export interface Observed {
  readonly program: ObservedProgram;
  readonly pace: Pace;
  readonly observation: Observation;
  readonly recording: Recording;
  readonly trace: HostTrace;
}

/** What is asked for. */
export interface ObserveOptions {
  /** The target as the user gave it. */
  readonly address: string;
  readonly hello: Hello;
  readonly profile: Profile;
  readonly rules: readonly ChapterRule[];
  readonly allRules: boolean;
  readonly seed: number;
  /** How many programs, and how many operations each before it closes all. */
  readonly programs: number;
  readonly length: number;
  /** What another host does with a program, to be laid beside the kernel's. Every program is then run settled. */
  readonly beside?: (program: ObservedProgram) => HostTrace;
  readonly onProgress?: (done: number) => void;
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

/** Run programs on a guest, and judge what was recorded. */
export async function observe(
  guest: Guest,
  options: ObserveOptions,
): Promise<{ readonly report: Report; readonly observed: readonly Observed[]; readonly beside: Beside | undefined }> {
  const { address, hello, profile, rules, allRules, seed, now } = options;
  const started = now();
  const observed: Observed[] = [];
  for (const [index, program] of programsOf(seed, options.programs, options.length, guest.stage.backEnd).entries()) {
    const pace = options.beside === undefined ? paceOf(index) : 'settled';
    const observation = await guest.run(program, pace);
    const recording = readRecording(observation.text, `program ${index + 1}`);
    observed.push({ program, pace, observation, recording, trace: traceOf(program, observation, recording) });
    options.onProgress?.(index + 1);
  }
  const recordings = observed.map(({ recording }) => recording);
  const heading = { command: 'observe', target: address, hello, seed } as const;
  const clock = () => now() - started;
  const { beside } = options;
  const compared = beside === undefined ? undefined : layBeside(observed, beside, profile);
  const faults = [...noPairs(recordings), ...(compared?.faults ?? [])];
  const report = check({ traces: [], recordings }, profile, rules, allRules, clock, heading, faults);
  return { report: { ...report, seconds: clock() / 1000 }, observed, beside: compared };
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
