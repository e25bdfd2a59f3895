/** How many histories of several lanes are judged in a second, right ones and wrong ones, by size. */
import { bitsFrom, Draw } from '../../conformance/generators/random.js';
import { bareCallbacks } from '../../spec/callbacks.js';
import { branches, commit } from '../../spec/model.js';
import { linux617 } from '../../spec/profiles/linux-6.17.js';
import { allowedEvents, objectsById } from '../../spec/reading/follow.js';
import { Registrations } from '../../spec/reading/registrations.js';
import type { Event, ManagerOperation, ObjectId, ProgramObject } from '../../spec/vocabulary.js';
import { objectWith, registering, roleOf, unregistering } from '../../spec/vocabulary.js';
import { explain } from '../../src/linear/explain.js';
import { spansOf } from '../../src/linear/span.js';
import type { MadeHistory, Porcupine } from './porcupine.js';

/** What is wrong with the manager that a history is of: nothing; it forgets an entry; it removes one after the return. */
type Defect = 'none' | 'lost' | 'late';

/** A size of histories. */
interface Size {
  readonly defect: Defect;
  readonly lanes: number;
  /** Of each lane. */
  readonly operations: number;
  readonly tokens: number;
  /** Histories a second that Porcupine judged of this size when it was tried beside us, on another day. */
  readonly porcupine: number;
}

const SIZES: readonly Size[] = [
  { defect: 'none', lanes: 2, operations: 4, tokens: 2, porcupine: 48_000 },
  { defect: 'none', lanes: 4, operations: 8, tokens: 2, porcupine: 14_000 },
  { defect: 'none', lanes: 8, operations: 64, tokens: 8, porcupine: 700 },
  { defect: 'late', lanes: 8, operations: 64, tokens: 8, porcupine: 128 },
  { defect: 'lost', lanes: 8, operations: 64, tokens: 2, porcupine: 131 },
];

const NAMES: Readonly<Record<Defect, string>> = {
  none: 'right',
  late: 'an entry removed after the return',
  lost: 'a lost entry',
};

/** Operations of all histories of one measurement. */
const OPERATIONS = 20_000;

/** A rate, beside that of Porcupine. */
export interface LaneRate {
  readonly what: string;
  readonly rate: number;
  readonly porcupine: { readonly rate: number; readonly rejected?: number };
  /** Of the wrong ones, the share that was rejected: not every defect shows in every history. */
  readonly rejected: number;
}

/** Measure every size; the best of some rounds. Porcupine is measured, too, where there is one. */
export async function measureLanes(rounds: number, porcupine?: Porcupine): Promise<readonly LaneRate[]> {
  const rates: LaneRate[] = [];
  for (const size of SIZES) rates.push(await measureSize(size, rounds, porcupine));
  return rates;
}

async function measureSize(size: Size, rounds: number, theirs?: Porcupine): Promise<LaneRate> {
  const { lanes, operations, tokens, defect, porcupine } = size;
  const count = Math.ceil(OPERATIONS / (lanes * operations));
  const histories = Array.from({ length: count }, (_, seed) => history(size, seed + 1));
  let seconds = Number.POSITIVE_INFINITY;
  let rejected = 0;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const answers = histories.map(({ spans, objects }) => explain(spans, linux617, objects).is);
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
    rejected = answers.filter((is) => is === 'unexplained').length;
    const wrong = answers.some((is) => is === 'too many' || is === 'undefined');
    if (wrong || (defect === 'none' && rejected > 0)) throw new Error(`a history of ${NAMES[defect]} was not judged`);
  }
  const what = `histories judged: ${NAMES[defect]}, ${lanes} lanes of ${operations} operations, ${tokens} tokens`;
  const other = await theirs?.(histories, rounds);
  const measured =
    other === undefined ? { rate: porcupine } : { rate: count / other.seconds, rejected: other.rejected / count };
  return { what, rate: count / seconds, porcupine: measured, rejected: rejected / count };
}

/** A history of a manager with one lock, whose lanes go on in any order. */
function history({ lanes, operations, tokens, defect }: Size, seed: number): MadeHistory {
  const draw = new Draw(bitsFrom(seed));
  const objects = Array.from({ length: lanes }, (_, lane) => own(lane)).flat();
  const byId = objectsById(objects);
  const state = new Registrations();
  const late: { readonly object: ObjectId; readonly at: number }[] = [];
  const events: Event[] = [];
  const under = new Map<number, { operation: ManagerOperation; end: Event | undefined }>();
  const left = Array.from({ length: lanes }, () => operations);
  const act = (lane: number, operation: ManagerOperation): Event => {
    const branch = branches(state, operation, linux617, byId).at(-1);
    if (branch === undefined) throw new Error('an operation without a branch');
    const made = allowedEvents({ type: 'call', ...operation }, branch, [], linux617, byId);
    events.push(...made.slice(1, -1).map((event) => ({ ...event, lane })));
    const forgets = defect === 'lost' && branch.change === 'register' && draw.chance(5);
    const delays = defect === 'late' && branch.situation === 'unpaired' && draw.chance(20);
    if (delays) late.push({ object: operation.object, at: events.length + 6 + draw.below(10) });
    else if (!forgets) commit(state, operation, branch);
    return { ...(made.at(-1) ?? { type: 'return' }), lane };
  };
  while (left.some((count) => count > 0) || under.size > 0) {
    for (const { object } of late.filter(({ at }) => at <= events.length)) state.unregister(object);
    const lane = draw.below(lanes);
    const current = under.get(lane);
    if (current?.end !== undefined) {
      events.push(current.end);
      under.delete(lane);
    } else if (current !== undefined) {
      current.end = act(lane, current.operation);
    } else if ((left[lane] ?? 0) > 0) {
      left[lane] = (left[lane] ?? 0) - 1;
      const { id } = draw.of(own(lane));
      const operation =
        state.tokenOf(id) === undefined ? registering(id, `t${draw.below(tokens)}`, 1) : unregistering(id);
      events.push({ type: 'call', lane, ...operation });
      under.set(lane, { operation, end: undefined });
    }
  }
  const spans = spansOf(events);
  if (typeof spans === 'string') throw new Error(spans);
  return { spans: spans.spans, objects };
}

/** Two producers and two consumers of a lane. */
function own(lane: number): readonly ProgramObject[] {
  const ids = [0, 1].flatMap((index) => [`p${2 * lane + index}`, `c${2 * lane + index}`] as const) as ObjectId[];
  return ids.map((id) => objectWith(id, bareCallbacks[roleOf(id)]));
}
