/**
 * One order of the calls explains what lanes came to: with all events of a call put together, one call after another, there
 * is a trace that the rules and the model accept. The order keeps which call had returned before another began.
 */
import type { LaneProgram } from '../../conformance/host/lanes/programs.js';
import type { LaneEvent } from '../../reference/host/lanes/host.js';
import type { HostEvent, HostTrace } from '../../spec/host/vocabulary.js';
import type { HostJudge, HostJudgement } from '../judge/host-judge.js';

/** Why no order explains it: what is wrong in the order in which least is. */
export interface Unexplained {
  readonly rules: readonly string[];
  readonly text: string;
  readonly trace: HostTrace;
}

/** The calls of the lanes: the number of each, and of those that had returned before it. */
export type Begun = readonly { readonly call: number; readonly after: readonly number[] }[];

/** @returns undefined when an order explains it */
export function unexplained(
  program: LaneProgram,
  events: readonly LaneEvent[],
  begun: Begun,
  judge: HostJudge,
): Unexplained | undefined {
  const byCall = new Map<number, HostEvent[]>();
  for (const { call, event } of events) byCall.set(call, [...(byCall.get(call) ?? []), event]);
  const lanes = new Set(begun.map(({ call }) => call));
  const others = [...byCall.keys()].filter((call) => !lanes.has(call)).sort((a, b) => a - b);
  const before = others.filter((call) => call < program.before.length);
  const after = others.filter((call) => call >= program.before.length);
  let best: { readonly judgement: HostJudgement; readonly trace: HostTrace } | undefined;
  for (const order of orders(begun)) {
    const all = [...before, ...order, ...after].flatMap((call) => returningLast(byCall.get(call) ?? []));
    const trace: HostTrace = { backEnd: program.backEnd, devices: program.devices, events: all };
    const judgement = judge.judge(trace);
    if (judgement.disagreement !== undefined)
      throw new Error(`The spec contradicts itself: ${judgement.disagreement}.`);
    if (judgement.breaches.length === 0) return undefined;
    if (best === undefined || judgement.breaches.length < best.judgement.breaches.length) best = { judgement, trace };
  }
  const breaches = best?.judgement.breaches ?? [];
  return {
    rules: [...new Set(breaches.map(({ rule }) => rule))],
    text: breaches[0]?.text ?? '',
    trace: best?.trace ?? { backEnd: program.backEnd, devices: program.devices, events: [] },
  };
}

/** What a worker does for a call after it has returned belongs to it. */
function returningLast(events: readonly HostEvent[]): readonly HostEvent[] {
  const returns = (event: HostEvent) => event.type === 'return';
  return [...events.filter((event) => !returns(event)), ...events.filter(returns)];
}

/** Every order of the calls in which none comes before one that had returned when it began. */
function* orders(begun: Begun, taken: readonly number[] = []): Generator<readonly number[]> {
  if (taken.length === begun.length) {
    yield taken;
    return;
  }
  const lanes = new Set(begun.map(({ call }) => call));
  for (const { call, after } of begun) {
    if (taken.includes(call)) continue;
    if (after.some((before) => lanes.has(before) && !taken.includes(before))) continue;
    yield* orders(begun, [...taken, call]);
  }
}
