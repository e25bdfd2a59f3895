/** Judge recorded traces. Nothing is run. */

import { passesCounterpart } from '../../spec/callbacks.js';
import type { Fault, Form, Recorded, Report } from '../../spec/formats/results.js';
import type { Profile } from '../../spec/profile.js';
import type { ChapterRule } from '../../spec/rule.js';
import type { CallbackName, Trace } from '../../spec/vocabulary.js';
import { isManagerOperation } from '../../spec/vocabulary.js';
import type { Investigated } from '../engine/investigate.js';
import { formOf, toFinding } from '../engine/investigate.js';
import type { Gathered } from '../engine/report.js';
import { assemble } from '../engine/report.js';
import { defectKey, formsOf, showsForm } from '../judge/defect.js';
import type { Judgement } from '../judge/judge.js';
import { Judge } from '../judge/judge.js';
import { inOneLane } from '../judge/order.js';
import { manager } from '../manager/manager.js';
import type { ManagerShape } from '../manager/shape.js';
import type { Gap } from '../recording/gaps.js';
import { GAP_TEXTS } from '../recording/gaps.js';
import type { Evidence, NamedTrace, Recording } from '../recording/read.js';
import { type Focused, focusOn } from './focus.js';

/** What the report says beside the verdicts. */
export type Heading = Pick<Gathered<ManagerShape>, 'command' | 'target' | 'hello' | 'seed'>;

/** Rules that say when stop and start come. Without a record of those, what they say was not seen. */
const RULES_OF_STOP_AND_START = ['BAL-1', 'CALL-1', 'CALL-2', 'CALL-4', 'FAIL-1', 'FAIL-2'];

/**
 * Judge traces as they are. A rule holds if a trace exposes it, were it once; those that none exposes stay
 * inconclusive, which does not make the check fail: a recording shows what it shows.
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
  const judge = new Judge(profile, rules, all);
  const found: Investigated<ManagerShape>[] = [];
  const allFaults: Fault[] = [...faults];
  const broken = new Map<string, number>();
  const everything: readonly Part[] = [...traces, ...recordings.flatMap(partsOf)];
  for (const { name, trace, quote } of everything) {
    const ordered = inOneLane(trace, profile);
    if ('unordered' in ordered) {
      allFaults.push({ text: `${name} cannot be judged: ${ordered.unordered}` });
      continue;
    }
    const judgement = judge.judge(ordered.trace);
    if (judgement.disagreement !== undefined) {
      allFaults.push({ text: `${name}: the spec contradicts itself: ${judgement.disagreement}. Please report it.` });
      continue;
    }
    for (const { rule } of judgement.breaches) broken.set(rule, (broken.get(rule) ?? 0) + 1);
    const { divergence } = judgement.followed;
    if (divergence === undefined || judgement.breaches.length === 0) continue;
    const [symptom = ''] = formsOf(ordered.trace, judgement.followed);
    const shown = shorter(ordered, judgement, symptom, profile, rules, all);
    const form = formOf(manager, symptom, programOf(shown.trace), shown.trace, shown.judgement, profile, 1);
    const log = quote?.(shown.from.slice(callBefore(shown.trace, shown.at), shown.at + 1));
    const key = defectKey(shown.trace, shown.judgement.followed);
    const finding = toFinding(manager, `${name}: ${key}`, [form], name, profile.name, log);
    found.push({ finding, rules: new Set(judgement.breaches.map(({ rule }) => rule)) });
  }
  const events = everything.reduce((sum, { trace }) => sum + trace.events.length, 0);
  const calls = everything.reduce((sum, { trace }) => sum + callsIn(trace), 0);
  return assemble(manager, {
    ...heading,
    profile,
    rules: rules.filter((rule) => rule.kind !== 'relation'),
    tier: null,
    volume: { programs: traces.length + recordings.length, operations: calls, events, notRun: 0, died: 0 },
    certificate: null,
    exposures: judge.exposures(),
    broken,
    findings: found,
    stale: [],
    faults: [...allFaults, ...recordings.flatMap(faultsOf)],
    undefinedSeen: [],
    floor: 1,
    unsure: unsureRules(recordings),
    ...(recordings.length === 0 ? {} : { recorded: summary(recordings) }),
    seconds: (now() - started) / 1000,
  });
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

/** A trace, with the lines behind events of it where a kernel recorded it. */
interface Part extends NamedTrace {
  readonly quote?: (events: readonly number[]) => string;
}

/** The stretches of a recording; none where the kernel missed events at no known place. */
function partsOf({ name, parts, missed, text }: Recording): readonly Part[] {
  if (missed > 0) return [];
  return parts.map(({ trace, lines }, index) => ({
    name: parts.length === 1 ? name : `${name}, part ${index + 1} of ${parts.length}`,
    trace,
    quote: (events) => {
      const numbers = [...new Set(events.map((event) => lines[event] ?? 0))].filter((line) => line > 0);
      return numbers.map((line) => `line ${line}: ${(text[line - 1] ?? '').trim()}`).join('\n');
    },
  }));
}

function faultsOf({ name, missed }: Recording): readonly Fault[] {
  if (missed === 0) return [];
  return [
    {
      text: `${name} cannot be judged: the kernel missed ${missed} hits of its kprobes, and does not say where. Record again, on a host that is less busy`,
    },
  ];
}

/** The rules about which a recording says too little, because callbacks were not recorded. */
function unsureRules(recordings: readonly Recording[]): ReadonlyMap<string, string> {
  const unseen = new Set<CallbackName>(
    recordings.flatMap(({ parts }) =>
      parts.flatMap((part) => [...part.unseen].filter((callback) => !passesCounterpart(callback))),
    ),
  );
  if (unseen.size === 0) return new Map();
  const reason = `${[...unseen].sort().join(' and ')} of some objects could not be recorded`;
  return new Map(RULES_OF_STOP_AND_START.map((rule) => [rule, reason]));
}

function summary(recordings: readonly Recording[]): Recorded {
  const counts = new Map<Gap, number>();
  for (const { gap } of recordings.flatMap(({ parts }) => parts.flatMap(({ withheld }) => withheld))) {
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  const withheld = [...counts].map(([gap, operations]) => ({ reason: GAP_TEXTS[gap], operations }));
  const parts = recordings.flatMap((recording) => recording.parts);
  const judged = parts.reduce((sum, { trace }) => sum + callsIn(trace), 0);
  const lost = recordings.map((recording) => recording.lost);
  return {
    operations: judged + withheld.reduce((sum, { operations }) => sum + operations, 0),
    tasks: recordings.reduce((sum, { tasks }) => sum + tasks, 0),
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
