/** Judge recorded traces. Nothing is run. */
import type { Profile } from '../../spec/profile.js';
import type { Fault, Form, Report } from '../../spec/results.js';
import type { ChapterRule } from '../../spec/rule.js';
import type { Trace } from '../../spec/vocabulary.js';
import { isManagerOperation } from '../../spec/vocabulary.js';
import { defectKey, formKey } from '../findings/defect.js';
import { Judge } from '../judge/judge.js';
import type { Investigated } from './investigate.js';
import { differenceOf, tellingFirst, toFinding } from './investigate.js';
import { assemble } from './report.js';

/** A trace and where it came from. */
export interface Recorded {
  readonly name: string;
  readonly trace: Trace;
}

/**
 * Judge traces as they are. A rule holds if a trace exposes it, were it once; those that none exposes stay
 * inconclusive, which does not make the check fail: a recording shows what it shows.
 */
export function check(
  recorded: readonly Recorded[],
  profile: Profile,
  rules: readonly ChapterRule[],
  all: boolean,
  now: () => number,
): Report {
  const started = now();
  const judge = new Judge(profile, rules, all);
  const found: Investigated[] = [];
  const faults: Fault[] = [];
  const broken = new Map<string, number>();
  for (const { name, trace } of recorded) {
    if (trace.events.some((event) => (event.lane ?? 0) !== 0)) {
      faults.push({ text: `${name} has events in more than one lane, which this version cannot judge` });
      continue;
    }
    const judgement = judge.judge(trace);
    if (judgement.disagreement !== undefined) {
      faults.push({ text: `${name}: the spec contradicts itself: ${judgement.disagreement}. Please report it.` });
      continue;
    }
    for (const { rule } of judgement.breaches) broken.set(rule, (broken.get(rule) ?? 0) + 1);
    const { divergence } = judgement.followed;
    if (divergence === undefined || judgement.breaches.length === 0) continue;
    const form: Form = {
      key: formKey(trace, divergence),
      program: programOf(trace),
      trace,
      broken: tellingFirst(judgement, trace),
      difference: differenceOf(judgement),
      met: 1,
    };
    const finding = toFinding(
      `${name}: ${defectKey(trace, judgement.followed)}`,
      [form],
      name,
      profile.name,
      undefined,
    );
    found.push({ finding, rules: new Set(judgement.breaches.map(({ rule }) => rule)) });
  }
  const events = recorded.reduce((sum, { trace }) => sum + trace.events.length, 0);
  const calls = recorded.reduce((sum, { trace }) => sum + trace.events.filter(({ type }) => type === 'call').length, 0);
  return assemble({
    command: 'check',
    target: recorded.map(({ name }) => name).join(' '),
    hello: null,
    profile,
    rules: rules.filter((rule) => rule.kind !== 'relation'),
    seed: null,
    tier: null,
    volume: { programs: recorded.length, operations: calls, events, notRun: 0, died: 0 },
    exposures: judge.exposures(),
    broken,
    findings: found,
    stale: [],
    faults,
    undefinedSeen: [],
    floor: 1,
    seconds: (now() - started) / 1000,
  });
}

/** The program that a trace shows: its calls, in order. */
function programOf(trace: Trace): Form['program'] {
  const lane = trace.events.flatMap((event) => {
    if (event.type !== 'call' || !isManagerOperation(event)) return [];
    const { type: _, lane: __, ...operation } = event;
    return [operation as Form['program']['lanes'][number][number]];
  });
  return { objects: trace.objects, lanes: [lane] };
}
