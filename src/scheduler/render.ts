/** A schedule for people: a column a lane, a row a move, with the line of the source. */
import { dirname } from 'node:path';
import { execa } from 'execa';
import type { CallbackName, ObjectId } from '../../spec/vocabulary.js';
import { isRegistration, roleOf } from '../../spec/vocabulary.js';
import type { Plan } from '../closure/plan.js';
import { operationOf, type ScheduleFinding, type Schedules } from './schedules.js';
import type { ToldPoint, ToldStep } from './told.js';

const WIDTH = 46;

/** A finding as it is told. */
export interface ToldSchedule {
  /** What is wrong, what came before, and the interleaving, lane beside lane. */
  readonly text: string;
  /**
   * What stays when lines move: what each lane called, and where it stood when it went wrong, by its function and the number
   * of its moves. Where lanes stand in each other's way, only those do count.
   */
  readonly essence: readonly string[];
}

/** Tell a finding. */
export async function tellSchedule(
  { plan, program, lanes }: Pick<Schedules, 'plan' | 'program' | 'lanes'>,
  finding: ScheduleFinding,
): Promise<ToldSchedule> {
  const { steps, waiting } = finding.told;
  const places = await sourceLines(program, [...steps, ...waiting]);
  const row = (lane: number, text: string) => `${' '.repeat(lane * WIDTH)}${text}`.trimEnd();
  const heading = Array.from({ length: lanes }, (_, lane) => `lane ${lane}`.padEnd(WIDTH))
    .join('')
    .trimEnd();
  const before = finding.way.map(([number]) => callText(plan, number));
  const text = [
    finding.what,
    ...(before.length === 0 ? [] : [`after ${before.join(', ')}`]),
    '',
    heading,
    ...steps.flatMap((step) => stepTexts(plan, step, places).map((text) => row(step.lane, text))),
    ...waiting.map((point) => row(point.lane, `> ${pointText(point, places)}`)),
  ].join('\n');
  return { text, essence: essenceOf(plan, finding, places) };
}

function essenceOf(plan: Plan, { told }: ScheduleFinding, places: ReadonlyMap<string, string>): readonly string[] {
  const standing = new Map(told.waiting.map((point) => [point.lane, pointText(point, places).replace(/:\d+/, '')]));
  const lanes = [...new Set(told.steps.map(({ lane }) => lane))];
  const counted = standing.size === 0 ? lanes : lanes.filter((lane) => standing.has(lane));
  return counted.map((lane) => {
    const own = told.steps.filter((step) => step.lane === lane);
    const called = own.flatMap(({ call }) => (call === undefined ? [] : [callText(plan, call)]));
    return [...called, ...(standing.has(lane) ? [`${own.length} moves`, standing.get(lane)] : [])].join(', ');
  });
}

function stepTexts(plan: Plan, step: ToldStep, places: ReadonlyMap<string, string>): readonly string[] {
  const text = step.call === undefined ? moveText(plan, step, places) : callText(plan, step.call);
  const returned = step.status === undefined ? [] : [`returns ${step.status}`];
  return text === undefined ? returned : [text, ...returned];
}

/** What a move did; nothing where it only came back from a callback. */
function moveText(plan: Plan, step: ToldStep, places: ReadonlyMap<string, string>): string | undefined {
  switch (step.point) {
    case 'callback': {
      const object = plan.ids[step.object ?? -1];
      if (object === undefined) return 'a callback';
      const counterpart = plan.ids[step.counterpart ?? -1];
      return `  ${object}.${callbackOf(object, step.callback ?? 0)}(${counterpart ?? ''})`;
    }
    case 'result':
      return `  which returns ${step.result}`;
    case 'left':
      return undefined;
    default:
      return pointText(step, places);
  }
}

const VERBS = {
  lock: 'locks',
  unlock: 'unlocks',
  array: 'array',
  read: 'reads',
  write: 'writes',
  callback: 'callback',
  left: 'callback',
  result: 'callback',
} as const;

function pointText({ point, from }: ToldPoint, places: ReadonlyMap<string, string>): string {
  const place = from === undefined ? '' : (places.get(from) ?? from);
  return `${point === undefined ? 'goes on' : VERBS[point]} ${place}`.trimEnd();
}

function callText(plan: Plan, number: number): string {
  const operation = operationOf(plan, number);
  const token = isRegistration(operation) ? `, ${operation.token ?? 'null'}` : '';
  return `${operation.operation}(${operation.object}${token})`;
}

const CALLBACKS: Readonly<Record<'producer' | 'consumer', readonly CallbackName[]>> = {
  producer: ['stop', 'start', 'addConsumer', 'delConsumer'],
  consumer: ['stop', 'start', 'addProducer', 'delProducer'],
};

function callbackOf(object: ObjectId, number: number): string {
  return CALLBACKS[roleOf(object)][number] ?? 'callback';
}

/** For each place in the code its file and line, of the manager where it is inlined there. */
async function sourceLines(program: string, points: readonly ToldPoint[]): Promise<ReadonlyMap<string, string>> {
  const addresses = [...new Set(points.flatMap(({ from }) => (from === undefined ? [] : [from])))];
  if (addresses.length === 0) return new Map();
  // A return address is behind the call that it belongs to.
  const calls = addresses.map((address) => (BigInt(`0x${address}`) - 1n).toString(16));
  const { stdout } = await execa('addr2line', ['-a', '-i', '-f', '-e', program, ...calls], {
    cwd: dirname(program),
    reject: false,
  });
  const places = new Map<string, string>();
  let current = -1;
  let name = '';
  for (const line of (stdout ?? '').split('\n')) {
    const place = /([^/]+):(\d+)(?: \(.*\))?$/.exec(line);
    if (/^0x[0-9a-f]+$/.test(line)) current++;
    else if (place === null) name = line;
    else {
      const address = addresses[current];
      const known = places.get(address ?? '');
      // The innermost frame comes first; what is inlined into the manager is shown at the manager's line.
      if (
        address !== undefined &&
        (known === undefined || place[1] === 'irqbypass.c') &&
        !known?.includes('irqbypass.c:')
      ) {
        places.set(address, `${place[1]}:${place[2]} ${name.replace(/^irq_bypass_/, '')}`);
      }
    }
  }
  return places;
}
