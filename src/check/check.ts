/** Judge recorded traces. Nothing is run. */

import { passesCounterpart } from '../../spec/callbacks.js';
import type { Fault, Form, Recorded, Report } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import type { CallbackName, Trace } from '../../spec/vocabulary.js';
import { isManagerOperation } from '../../spec/vocabulary.js';
import { formOf, type Investigated, toFinding } from '../engine/finding.js';
import type { Gathered } from '../engine/report.js';
import { assemble } from '../engine/report.js';
import { defectKey, formsOf, showsForm } from '../judge/defect.js';
import type { Judgement } from '../judge/judge.js';
import { Judge } from '../judge/judge.js';
import { inOneLane } from '../judge/order.js';
import { manager } from '../manager/manager.js';
import type { ManagerShape } from '../manager/shape.js';
import type { Impossible } from '../recording/ftrace.js';
import type { Gap } from '../recording/gaps.js';
import { GAP_TEXTS } from '../recording/gaps.js';
import type { Evidence, NamedTrace, RecordedSource, RecordedTrace } from '../recording/read.js';
import { badRecording } from '../recording/read.js';
import { incoherence } from '../targets/coherent.js';
import { type Focused, focusOn } from './focus.js';

/** What the report says beside the verdicts. */
export type Heading = Pick<Gathered<ManagerShape>, 'command' | 'target' | 'hello' | 'seed'>;

/** Rules that say when stop and start come. Without a record of those, what they say was not seen. */
const RULES_OF_STOP_AND_START = ['BAL-1', 'CALL-1', 'CALL-2', 'CALL-4', 'FAIL-1', 'FAIL-2'];

/**
 * Judge traces as they are. A rule holds if a trace exposes it, were it once; those that none exposes stay
 * inconclusive, which does not make the check fail: a recording shows what it shows.
 *
 * A recording is judged while it is read. What it says at its end may be that nothing of it can be relied on, so what
 * came of it counts only then.
 *
 * @param all whether `rules` are all the rules there are
 * @param faults what kept some of the evidence from being judged
 */
export function check(
  { traces, recordings }: Evidence,
  profile: Profile,
  rules: readonly ChapterRule[],
  all: boolean,
  now: () => number,
  heading: Heading,
  faults: readonly Fault[] = [],
): Report {
  const started = now();
  const judging: Judging = { profile, rules, all };
  const results: Result[] = [];
  for (const { name, trace } of traces) {
    const fault = incoherence(trace, { fallible: profile.fallible, statuses: true });
    results.push(
      fault === undefined
        ? judgeTrace({ name, trace }, judging)
        : { ...NOTHING, ...sizeOf(trace), faults: [{ text: `${name} cannot be judged: ${fault}` }] },
    );
  }
  const summaries: Summary[] = [];
  for (const recording of recordings) {
    const { judged, summary } = judgeRecording(recording, judging);
    results.push(...judged);
    summaries.push(summary);
  }
  const exposures = new Map<string, number>();
  const broken = new Map<string, number>();
  for (const result of results) {
    for (const [rule, count] of result.exposures) exposures.set(rule, (exposures.get(rule) ?? 0) + count);
    for (const rule of result.broken) broken.set(rule, (broken.get(rule) ?? 0) + 1);
  }
  return assemble(manager, {
    ...heading,
    profile,
    rules: rules.filter((rule) => rule.kind !== 'relation'),
    tier: null,
    volume: {
      programs: traces.length + recordings.length,
      operations: results.reduce((sum, { calls }) => sum + calls, 0),
      events: results.reduce((sum, { events }) => sum + events, 0),
      notRun: 0,
      died: 0,
    },
    certificate: null,
    exposures,
    broken,
    findings: distinct(results.flatMap(({ found }) => (found === undefined ? [] : [found]))),
    stale: [],
    faults: [...faults, ...results.flatMap((result) => result.faults)],
    undefinedSeen: [],
    floor: 1,
    unsure: unsureRules(summaries),
    ...(recordings.length === 0 ? {} : { recorded: recordedIn(summaries) }),
    seconds: (now() - started) / 1000,
  });
}

/** What traces are judged under. */
interface Judging {
  readonly profile: Profile;
  readonly rules: readonly ChapterRule[];
  readonly all: boolean;
}

/** What came of one trace. */
interface Result {
  readonly exposures: ReadonlyMap<string, number>;
  readonly broken: ReadonlySet<string>;
  readonly found?: Investigated<ManagerShape>;
  readonly faults: readonly Fault[];
  readonly calls: number;
  readonly events: number;
}

const NOTHING: Pick<Result, 'exposures' | 'broken' | 'faults'> = {
  exposures: new Map(),
  broken: new Set(),
  faults: [],
};

function sizeOf(trace: Trace): Pick<Result, 'calls' | 'events'> {
  return { calls: callsIn(trace), events: trace.events.length };
}

/** A trace, with the lines behind events of it where a kernel recorded it. */
interface Part extends NamedTrace {
  readonly quote?: (events: readonly number[]) => string;
}

function judgeTrace({ name, trace, quote }: Part, { profile, rules, all }: Judging): Result {
  const size = sizeOf(trace);
  const ordered = inOneLane(trace, profile);
  if ('unordered' in ordered) {
    return { ...NOTHING, ...size, faults: [{ text: `${name} cannot be judged: ${ordered.unordered}` }] };
  }
  const judge = new Judge(profile, rules, all);
  const judgement = judge.judge(ordered.trace);
  if (judgement.disagreement !== undefined) {
    const text = `${name}: the spec contradicts itself: ${judgement.disagreement}. Please report it.`;
    return { ...NOTHING, ...size, faults: [{ text }] };
  }
  const broken = new Set(judgement.breaches.map(({ rule }) => rule));
  const result = { ...NOTHING, ...size, exposures: judge.exposures(), broken };
  const { divergence } = judgement.followed;
  if (divergence === undefined || judgement.breaches.length === 0) return result;
  const [symptom = ''] = formsOf(ordered.trace, judgement.followed);
  const shown = shorter(ordered, judgement, symptom, profile, rules, all);
  const form = formOf(manager, symptom, programOf(shown.trace), shown.trace, shown.judgement, profile, 1);
  const log = quote?.(shown.from.slice(callBefore(shown.trace, shown.at), shown.at + 1));
  const key = defectKey(shown.trace, shown.judgement.followed);
  return {
    ...result,
    found: { finding: toFinding(manager, `${name}: ${key}`, [form], name, profile.name, log), rules: broken },
  };
}

/** What came of a recording beside its verdicts. */
interface Summary {
  readonly tasks: number;
  readonly lost: number | undefined;
  readonly judged: number;
  readonly withheld: ReadonlyMap<Gap, number>;
  readonly unseen: ReadonlySet<CallbackName>;
}

function judgeRecording(
  recording: RecordedSource,
  judging: Judging,
): { readonly judged: readonly Result[]; readonly summary: Summary } {
  const { name } = recording;
  let kept: { readonly last: number; readonly result: Result }[] = [];
  const withheld = new Map<Gap, number>();
  const withhold = (gap: Gap, count: number) => withheld.set(gap, (withheld.get(gap) ?? 0) + count);
  const unseen = new Set<CallbackName>();
  for (const piece of recording.pieces()) {
    if ('doubtFrom' in piece) {
      const doubtful = kept.filter(({ last }) => last >= piece.doubtFrom);
      for (const { result } of doubtful) withhold('lost', result.calls);
      kept = kept.filter(({ last }) => last < piece.doubtFrom);
      continue;
    }
    for (const { gap } of piece.withheld) withhold(gap, 1);
    for (const callback of piece.unseen) unseen.add(callback);
    const { trace, last } = piece;
    kept.push({ last, result: judgeTrace({ name, trace, quote: (events) => quoted(piece, events) }, judging) });
  }
  const { tasks, lost, missed, impossible } = recording.ending();
  const results = kept.map(({ result }) => result);
  const judged = results.reduce((sum, { calls }) => sum + calls, 0);
  const summary = { tasks, lost, judged, withheld, unseen };
  const fault =
    missed > 0 ? missedText(name, missed) : impossible === undefined ? undefined : faultText(name, impossible);
  if (fault === undefined) return { judged: results, summary };
  const size = { calls: judged, events: results.reduce((sum, { events }) => sum + events, 0) };
  // A line that cannot be true takes with it what is behind it, and the stretch that it stands in. Missed hits may be anywhere.
  const isReliable = missed === 0 && impossible?.isOfAll !== true;
  if (isReliable)
    return { judged: [...results, { ...NOTHING, calls: 0, events: 0, faults: [{ text: fault }] }], summary };
  return { judged: [{ ...NOTHING, ...size, faults: [{ text: fault }] }], summary };
}

function missedText(name: string, missed: number): string {
  return `${name} cannot be judged: the kernel missed ${missed} hits of its kprobes, and does not say where. Record again, on a host that is less busy`;
}

function faultText(name: string, impossible: Impossible): string {
  return badRecording(name, impossible).message.replaceAll('\n', ' ');
}

/** The lines of a recording behind events of a trace. */
function quoted({ lines, texts }: RecordedTrace, events: readonly number[]): string {
  const numbers = [...new Set(events.map((event) => lines[event] ?? 0))].filter((line) => line > 0);
  return numbers.map((line) => `line ${line}: ${texts.get(line) ?? ''}`).join('\n');
}

/** One defect that shows in several stretches is one finding. */
function distinct(found: readonly Investigated<ManagerShape>[]): readonly Investigated<ManagerShape>[] {
  const byName = new Map<string, Investigated<ManagerShape>>();
  for (const one of found) {
    const known = byName.get(one.finding.name);
    byName.set(
      one.finding.name,
      known === undefined ? one : { ...known, rules: new Set([...known.rules, ...one.rules]) },
    );
  }
  return [...byName.values()];
}

interface Shown extends Focused {
  readonly judgement: Judgement;
  /** Where the trace leaves the model. */
  readonly at: number;
}

/** What the defect is about, if it shows there as well; else the whole trace. */
function shorter(
  whole: Focused,
  judgement: Judgement,
  symptom: string,
  profile: Profile,
  rules: readonly ChapterRule[],
  all: boolean,
): Shown {
  const at = judgement.followed.divergence?.at ?? whole.trace.events.length;
  const focused = focusOn(whole.trace, at);
  const again = new Judge(profile, rules, all).judge(focused.trace);
  const { divergence } = again.followed;
  if (divergence === undefined || again.breaches.length === 0 || !showsForm(focused.trace, again.followed, symptom)) {
    return { ...whole, judgement, at };
  }
  const from = focused.from.map((place) => whole.from[place] ?? 0);
  return { trace: focused.trace, from, judgement: again, at: divergence.at };
}

/** The call in which an event stands, as the kernel recorded it: with the task, and with who called. */
function callBefore({ events }: Trace, until: number): number {
  return Math.max(
    0,
    events.findLastIndex(({ type }, at) => type === 'call' && at <= until),
  );
}

/** The rules about which a recording says too little, because callbacks were not recorded. */
function unsureRules(summaries: readonly Summary[]): ReadonlyMap<string, string> {
  const unseen = new Set(
    summaries.flatMap((summary) => [...summary.unseen].filter((callback) => !passesCounterpart(callback))),
  );
  if (unseen.size === 0) return new Map();
  const reason = `${[...unseen].sort().join(' and ')} of some objects could not be recorded`;
  return new Map(RULES_OF_STOP_AND_START.map((rule) => [rule, reason]));
}

function recordedIn(summaries: readonly Summary[]): Recorded {
  const counts = new Map<Gap, number>();
  for (const { withheld } of summaries) {
    for (const [gap, count] of withheld) counts.set(gap, (counts.get(gap) ?? 0) + count);
  }
  const withheld = [...counts].map(([gap, operations]) => ({ reason: GAP_TEXTS[gap], operations }));
  const judged = summaries.reduce((sum, summary) => sum + summary.judged, 0);
  const lost = summaries.map((summary) => summary.lost);
  return {
    operations: judged + withheld.reduce((sum, { operations }) => sum + operations, 0),
    tasks: summaries.reduce((sum, { tasks }) => sum + tasks, 0),
    withheld,
    lost: lost.includes(undefined) ? null : lost.reduce<number>((sum, one) => sum + (one ?? 0), 0),
  };
}

function callsIn({ events }: Trace): number {
  return events.filter(({ type }) => type === 'call').length;
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
