/** What a kernel tells of a defect of its own, among the events of a trace: in which calls, and how a finding shows it. */
import type { HostEvent, HostTrace } from '../../spec/host/vocabulary.js';
import type { HostShape } from '../host/shape.js';
import type { HostJudgement } from '../judge/host-judge.js';
import type { DifferenceOn } from '../subject/subject.js';

/** An event in which a kernel tells of a defect of its own. */
type Report = Extract<HostEvent, { readonly type: 'crash' | 'hang' | 'log' }>;

function isReport(event: HostEvent): event is Report {
  return event.type === 'crash' || event.type === 'hang' || (event.type === 'log' && event.level !== 'info');
}

/** What a kernel reports of itself, each once: what it died of before what it lived through. */
export function reportsOf({ events }: HostTrace): readonly string[] {
  const deaths: string[] = [];
  const warnings: string[] = [];
  for (const event of events.filter(isReport)) {
    if (event.type === 'log') warnings.push(event.text);
    else deaths.push(event.detail);
  }
  return [...new Set([...deaths, ...warnings])];
}

/** The numbers of the calls, from 1 on, in which the kernel reported a defect or died. */
export function callsReported({ events }: HostTrace): readonly number[] {
  const reported = new Set<number>();
  let calls = 0;
  for (const event of events) {
    if (event.type === 'call') calls++;
    if (isReport(event)) reported.add(calls);
  }
  return [...reported];
}

/** The places of the calls, from 0 on, that returned an error. */
export function callsRefused({ events }: HostTrace): readonly number[] {
  const refused: number[] = [];
  let calls = 0;
  for (const event of events) {
    if (event.type === 'call') calls++;
    if (event.type === 'return' && (event.status ?? 0) < 0) refused.push(calls - 1);
  }
  return refused;
}

/** What is said of a trace in which the kernel died: what it died of, whatever it warned of before. */
export function deadliest(trace: HostTrace, judgement: HostJudgement): HostJudgement {
  if (!isDeath(trace.events.at(-1))) return judgement;
  const last = Math.max(...judgement.breaches.map(({ call }) => call));
  return { ...judgement, breaches: judgement.breaches.filter(({ call }) => call === last) };
}

/** Where all that is wrong with a call is what the kernel reports in it, it is its report that is marked. */
export function atReport(
  { events }: HostTrace,
  { breaches }: HostJudgement,
  found: DifferenceOn<HostShape> | undefined,
): DifferenceOn<HostShape> | undefined {
  if (found === undefined) return undefined;
  if (breaches.some(({ rule, call }) => call === found.call && rule !== 'HOST-1')) return found;
  let call = -1;
  const at = events.findIndex((event) => {
    if (event.type === 'call') call++;
    return call === found.call && isReport(event);
  });
  if (at === -1) return found;
  // A kernel that dies takes its recording along: of its call there is no more than this to compare.
  const allowed = isDeath(events[at]) ? found.allowed.map((one) => one.filter(isOfUserSpace)) : found.allowed;
  return {
    ...found,
    at,
    expected: allowed
      .flat()
      .filter(({ type }) => type === 'return')
      .slice(0, 1),
    allowed,
  };
}

function isDeath(event: HostEvent | undefined): boolean {
  return event?.type === 'crash' || event?.type === 'hang';
}

function isOfUserSpace({ type }: HostEvent): boolean {
  return type === 'call' || type === 'return';
}
