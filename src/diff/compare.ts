/** Where and how two traces of one program part. */

import type { DiffTopic } from '../../spec/formats/diff.js';
import { core } from '../../spec/profiles/core.js';
import { enact } from '../../spec/reading/enact.js';
import { follow } from '../../spec/reading/follow.js';
import { rules } from '../../spec/rules/index.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { isSameEvent } from '../engine/differing.js';
import { defectKey } from '../judge/defect.js';
import { Judge } from '../judge/judge.js';
import { generality } from '../judge/specificity.js';

/** What was seen of one program on two sides. */
export interface Seen {
  /** The operations that both began and answered differently. */
  readonly differing: readonly number[];
  /** Whether both came to the end of the program. */
  readonly ended: boolean;
  /** Whether both are in the same state there, as far as the spec can tell; and before the last operation. */
  readonly level: boolean;
  readonly levelBefore: boolean;
}

/** Compare two traces of a program, operation by operation. */
export function compare(length: number, left: readonly Event[], right: readonly Event[]): Seen {
  const [mine, theirs] = [byCall(left), byCall(right)];
  const differing: number[] = [];
  for (let call = 0; call < Math.min(mine.length, theirs.length); call++) {
    if (!isSameCall(mine[call], theirs[call])) differing.push(call);
  }
  const ended = [mine, theirs].every((calls) => calls.length === length && calls.at(-1)?.at(-1)?.type === 'return');
  const parted = differing.filter((call) => !refused(mine[call]) || !refused(theirs[call]));
  return {
    differing,
    ended,
    level: ended && parted.length === 0,
    levelBefore: parted.every((call) => call === length - 1),
  };
}

function isSameCall(mine: readonly Event[] = [], theirs: readonly Event[] = []): boolean {
  return mine.length === theirs.length && mine.every((event, at) => isSameEvent(event, theirs[at]));
}

/** Whether an operation was refused without a callback: with whatever status, that must change nothing. */
function refused(events: readonly Event[] = []): boolean {
  const last = events.at(-1);
  return events.every(({ type }) => type !== 'enter') && last?.type === 'return' && (last.status ?? 0) !== 0;
}

/** The events of each operation. Operations called in a callback belong to the one that made it. */
export function byCall(events: readonly Event[]): readonly (readonly Event[])[] {
  const calls: Event[][] = [];
  let depth = 0;
  for (const event of events) {
    if (event.type === 'call' && depth === 0) calls.push([]);
    if (event.type === 'enter') depth++;
    if (event.type === 'leave') depth--;
    calls.at(-1)?.push(event);
  }
  return calls;
}

/** What the last operation of a program is about. */
export function topicOf({ objects, lanes }: Program): DiffTopic {
  const lane = lanes[0] ?? [];
  for (const { operation } of lane) if (operation === 'overwriteToken' || operation === 'wipeObject') return operation;
  if (objects.some(({ reenters }) => reenters !== undefined)) return 'reentry';
  const last = lane.at(-1);
  if (last !== undefined && 'token' in last && last.token === null) return 'null-token';
  const { situations } = follow(enact({ objects, lanes }, core), core);
  return situations[lane.length - 1] ?? 'not-registered';
}

/**
 * What makes two differences the same one: what the operation found, and the defect and the most telling rule where one
 * side breaks a rule of core; else how each side ends the operation.
 */
export function kindOf(
  about: DiffTopic,
  program: Program,
  left: readonly Event[],
  right: readonly Event[],
  call: number,
): string {
  const defects = [left, right].map((events) => defectIn(program, events, call));
  if (defects.some((defect) => defect !== '')) return [about, ...defects].join(', ');
  const [mine, theirs] = [byCall(left)[call] ?? [], byCall(right)[call] ?? []];
  const ends = [mine, theirs].map((events) => endOf(events));
  if (ends[0] !== ends[1]) return [about, ...ends].join(', ');
  const at = mine.findIndex((event, index) => JSON.stringify(event) !== JSON.stringify(theirs[index]));
  return [about, mine[at]?.type ?? 'nothing', theirs[at]?.type ?? 'nothing'].join(', ');
}

/** How an operation ends: with callbacks or without, and with what. */
function endOf(events: readonly Event[]): string {
  const last = events.at(-1);
  const how = events.some(({ type }) => type === 'enter') ? 'callbacks and ' : '';
  return `${how}${last?.type === 'return' ? `return ${last.status ?? ''}`.trim() : last?.type}`;
}

/** Whether an operation was called inside a callback of the last operation. */
export function reenters(events: readonly Event[], call: number): boolean {
  return (byCall(events)[call] ?? []).filter(({ type }) => type === 'call').length > 1;
}

const judge = new Judge(core, rules, true);

/** The rules of core that a trace breaks in one operation, the most telling first. */
export function brokenIn(program: Program, events: readonly Event[], call: number): readonly string[] {
  const starts = events.flatMap((event, at) => (event.type === 'call' ? [at] : []));
  const { breaches } = judge.judge({ objects: program.objects, events });
  const here = breaches.filter(({ at }) => at === starts[call]).map(({ rule }) => rule);
  return [...new Set(here)].sort((a, b) => generality(a) - generality(b));
}

/** The defect that a trace first shows in one operation, and the rule that tells most; empty where there is none. */
function defectIn(program: Program, events: readonly Event[], call: number): string {
  const trace = { objects: program.objects, events };
  const { followed } = judge.judge(trace);
  if (followed.divergence?.call !== call) return '';
  return `${brokenIn(program, events, call)[0]}: ${defectKey(trace, followed)}`;
}
