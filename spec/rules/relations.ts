/**
 * Some rules are about two runs (metamorphic relations). Here, the second program is made from the first, and the two
 * traces are compared. What such a rule states of all runs is proved on the model.
 */
import type { Call, History } from '../reading/history.js';
import type { Variant } from '../rule.js';
import type {
  Event,
  ManagerOperation,
  ObjectId,
  Operation,
  Program,
  ProgramObject,
  Token,
  Trace,
} from '../vocabulary.js';
import { isManagerOperation } from '../vocabulary.js';

/** The same program with every token called something else. */
export function renameTokens(program: Program): Variant | undefined {
  const lane = onlyLane(program);
  const names = [...new Set(lane?.flatMap((operation) => ('token' in operation ? [operation.token] : [])))].filter(
    (token) => token !== null,
  );
  if (lane === undefined || names.length === 0) return undefined;
  // New names in the opposite order, so that an implementation that sorts tokens is found out.
  const renamed = new Map<Token, Token>(names.map((token, index) => [token, `t${100 + names.length - index}`]));
  const operations = lane.map((operation) =>
    'token' in operation ? { ...operation, token: renamed.get(operation.token) ?? operation.token } : operation,
  );
  return {
    program: { ...program, lanes: [operations] },
    compare: (first, second) =>
      sameEvents(withoutCalls(first.events), withoutCalls(second.events), 'after all tokens were renamed'),
  };
}

/** The same program with every object called something else. */
export function renameObjects(program: Program): Variant | undefined {
  if (onlyLane(program) === undefined || program.objects.length < 2) return undefined;
  const count = program.objects.length;
  const to = (id: ObjectId): ObjectId => rename(id, (number) => 100 + count - number);
  const back = (id: ObjectId): ObjectId => rename(id, (number) => 100 + count - number);
  const objects = program.objects.map((object): ProgramObject => {
    const reenters = object.reenters?.map((one) => ({ ...one, operation: renameIn(one.operation, to) }));
    return { ...object, id: to(object.id), ...(reenters === undefined ? {} : { reenters }) } as ProgramObject;
  });
  const lanes = program.lanes.map((lane) => lane.map((operation) => renameIn(operation, to)));
  return {
    program: { objects: objects.reverse(), lanes },
    compare: (first, second) =>
      sameEvents(
        first.events,
        second.events.map((event) => renameIn(event, back)),
        'after all objects were renamed',
      ),
  };
}

/** The same program with a producer's and a consumer's registration, next to each other, the other way round. */
export function swapRegistrations(program: Program, history: History): Variant | undefined {
  return swapNeighbours(
    program,
    history,
    (first, second) =>
      first.registers && second.registers && first.status === 0 && second.status === 0 && second.peer === first.object,
    'whichever registers first',
    withoutCalls,
  );
}

/** The same program with the unregistrations of a pair, next to each other, the other way round. */
export function swapUnregistrations(program: Program, history: History): Variant | undefined {
  return swapNeighbours(
    program,
    history,
    (first, second) => !first.registers && !second.registers && first.peer === second.object,
    'whichever leaves first',
    withoutCalls,
  );
}

/** The same program with two operations, next to each other, of different objects under different tokens, swapped. */
export function swapStrangers(program: Program, history: History): Variant | undefined {
  return swapNeighbours(
    program,
    history,
    (first, second) =>
      first.object !== second.object &&
      tokensOf(first).every((token) => !tokensOf(second).includes(token)) &&
      tokensOf(first).length > 0 &&
      tokensOf(second).length > 0,
    'in either order',
    (events) => sortByCall(events),
  );
}

/** The tokens that a call has to do with: the one asked for and the one held. */
function tokensOf(call: Call): readonly Token[] {
  const found: Token[] = [];
  if (call.token !== undefined) found.push(call.token);
  if (call.heldToken !== undefined && call.heldToken !== call.token) found.push(call.heldToken);
  return found;
}

/**
 * Swap the first two neighbouring operations that fit. The two runs must agree before them and after them, and in
 * what `essence` keeps of the two operations themselves.
 */
function swapNeighbours(
  program: Program,
  history: History,
  fits: (first: Call, second: Call) => boolean,
  when: string,
  essence: (events: readonly Event[]) => readonly Event[],
): Variant | undefined {
  const lane = onlyLane(program);
  const { calls } = history;
  if (lane === undefined || calls.length !== lane.length) return undefined;
  for (let index = 0; index + 1 < calls.length; index++) {
    const [first, second] = [calls[index], calls[index + 1]];
    if (first === undefined || second === undefined || !fits(first, second)) continue;
    if (first.outcome !== 'returned' || second.outcome !== 'returned') continue;
    const operations = [...lane];
    operations.splice(index, 2, ...[lane[index + 1], lane[index]].filter((one) => one !== undefined));
    const compare = (one: Trace, other: Trace): true | string => {
      const [a, b] = [splitAt(one.events, index), splitAt(other.events, index)];
      const names = `${first.operation.operation}(${first.object}) and ${second.operation.operation}(${second.object})`;
      const inside = sameEvents(essence(a.inside), essence(b.inside), `${when}: ${names}`);
      if (inside !== true) return inside;
      return sameEvents(a.after, b.after, `after ${names} were called the other way round`);
    };
    return { program: { ...program, lanes: [operations] }, compare };
  }
  return undefined;
}

/** Split the events of a trace: those of two calls, and all that come after. */
function splitAt(events: readonly Event[], index: number): { inside: readonly Event[]; after: readonly Event[] } {
  const starts = events.flatMap((event, at) => (event.type === 'call' ? [at] : []));
  const from = starts[index] ?? events.length;
  const to = starts[index + 2] ?? events.length;
  return { inside: events.slice(from, to), after: events.slice(to) };
}

/** The two calls in the order of their objects. */
function sortByCall(events: readonly Event[]): readonly Event[] {
  const second = events.findIndex((event, at) => at > 0 && event.type === 'call');
  const [first, other] = [events[0], events[second]];
  if (first?.type !== 'call' || other?.type !== 'call') return events;
  return first.object < other.object ? events : [...events.slice(second), ...events.slice(0, second)];
}

function sameEvents(first: readonly Event[], second: readonly Event[], when: string): true | string {
  const [a, b] = [withoutLogs(first), withoutLogs(second)];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [one, other] = [a[at], b[at]];
    if (isSame(one, other)) continue;
    return `the run differs ${when}: ${eventText(one)} became ${eventText(other)}`;
  }
  return true;
}

function isSame(one: Event | undefined, other: Event | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const [a, b] = [one as unknown as Fields, other as unknown as Fields];
  for (const field in a) if (a[field] !== b[field]) return false;
  for (const field in b) if (!(field in a)) return false;
  return true;
}

/** An event as fields of plain values. */
type Fields = Readonly<Record<string, unknown>>;

function eventText(event: Event | undefined): string {
  if (event === undefined) return 'the end';
  switch (event.type) {
    case 'call':
      return `${event.operation}(${event.object})`;
    case 'enter':
      return `${event.object}.${event.callback}(${event.counterpart ?? ''})`;
    case 'leave':
      return `the return of ${event.object}.${event.callback}${event.result === undefined ? '' : ` with ${event.result}`}`;
    case 'return':
      return event.status === undefined ? 'the return' : `the return of ${event.status}`;
    default:
      return event.type;
  }
}

function withoutLogs(events: readonly Event[]): readonly Event[] {
  return events.filter((event) => event.type !== 'log');
}

/** Callbacks and returns: the same for two calls that come in another order. */
function withoutCalls(events: readonly Event[]): readonly Event[] {
  return events.filter((event) => event.type !== 'call');
}

function onlyLane(program: Program): readonly ManagerOperation[] | undefined {
  const [lane, ...others] = program.lanes;
  if (lane === undefined || others.length > 0) return undefined;
  return lane.every(isManagerOperation) ? lane : undefined;
}

function rename(id: ObjectId, number: (before: number) => number): ObjectId {
  return `${id[0]}${number(Number(id.slice(1)))}` as ObjectId;
}

/** Rename whatever objects an operation or an event names. */
function renameIn<T extends Operation | Event | ManagerOperation>(value: T, to: (id: ObjectId) => ObjectId): T {
  const named = value as { object?: ObjectId; counterpart?: ObjectId };
  return {
    ...value,
    ...(named.object === undefined ? {} : { object: to(named.object) }),
    ...(named.counterpart === undefined ? {} : { counterpart: to(named.counterpart) }),
  };
}
