/**
 * What a manager is asked to find out what it is: a handful of programs, and what their traces say. How its source is
 * written makes no difference.
 */
import type { Event, Operation, Program, Status } from '../../../spec/vocabulary.js';

/** What came of a registration; undefined where it did not return. */
export type Answer = Status | undefined;

/** What a manager does. */
export interface Answers {
  /** Registering without a token, as a producer and as a consumer. */
  readonly nullToken: readonly Answer[];
  /** Registering under a token that another object of that side has. */
  readonly duplicate: readonly Answer[];
  /** Registering once more what is registered. */
  readonly again: readonly Answer[];
  /** Registering a producer that has no callbacks. */
  readonly bareProducer: Answer;
  /** Whether both sides are started after they failed to connect. */
  readonly startsAfterFailure: boolean;
  /** Whether the producer's delConsumer is called when connecting has succeeded. */
  readonly deletesAfterSuccess: boolean;
  /** Whether registering asks for memory: each time, at times, or never. */
  readonly allocates: 'always' | 'sometimes' | 'never';
  /** A duplicate for which there is no memory, where it was asked. */
  readonly starvedDuplicate?: Answer;
  /** Whether a pair is joined all the same when there is no memory for either of its sides, where it was asked. */
  readonly pairsWithoutMemory?: boolean;
}

const PRODUCER = ['stop', 'start', 'addConsumer', 'delConsumer'] as const;
const CONSUMER = ['stop', 'start', 'addProducer', 'delProducer'] as const;

type Objects = Program['objects'];

const producer = (id: `p${number}`, results: readonly Status[] = []): Objects[number] => ({
  id,
  callbacks: PRODUCER,
  ...(results.length === 0 ? {} : { results }),
});
const consumer = (id: `c${number}`): Objects[number] => ({ id, callbacks: CONSUMER });
const registerProducer = (object: `p${number}`, token: `t${number}` | null): Operation => ({
  operation: 'registerProducer',
  object,
  token,
  irq: 32,
});
const registerConsumer = (object: `c${number}`, token: `t${number}` | null): Operation => ({
  operation: 'registerConsumer',
  object,
  token,
});

/** So many of each side for the question about memory: a manager that allocates for several at once is found out. */
const MANY = 40;

const many: Program = {
  objects: Array.from({ length: MANY }, (_, at) => [producer(`p${at}`), consumer(`c${at}`)]).flat(),
  lanes: [
    Array.from({ length: MANY }, (_, at): readonly Operation[] => {
      const [p, c] = [registerProducer(`p${at}`, `t${at}`), registerConsumer(`c${at}`, `t${at}`)];
      return at % 2 === 0 ? [p, c] : [c, p];
    }).flat(),
  ],
};

/** The programs, by what they ask. */
const programs = {
  nullProducer: { objects: [producer('p0')], lanes: [[registerProducer('p0', null)]] },
  nullConsumer: { objects: [consumer('c0')], lanes: [[registerConsumer('c0', null)]] },
  duplicateProducer: {
    objects: [producer('p0'), producer('p1')],
    lanes: [[registerProducer('p0', 't0'), registerProducer('p1', 't0')]],
  },
  duplicateConsumer: {
    objects: [consumer('c0'), consumer('c1')],
    lanes: [[registerConsumer('c0', 't0'), registerConsumer('c1', 't0')]],
  },
  producerAgain: {
    objects: [producer('p0')],
    lanes: [[registerProducer('p0', 't0'), registerProducer('p0', 't0')]],
  },
  consumerAgain: {
    objects: [consumer('c0')],
    lanes: [[registerConsumer('c0', 't0'), registerConsumer('c0', 't0')]],
  },
  bareProducer: { objects: [{ id: 'p0', callbacks: [] }], lanes: [[registerProducer('p0', 't0')]] },
  failure: {
    objects: [producer('p0', [-5]), consumer('c0')],
    lanes: [[registerConsumer('c0', 't0'), registerProducer('p0', 't0')]],
  },
  success: {
    objects: [producer('p0'), consumer('c0')],
    lanes: [[registerConsumer('c0', 't0'), registerProducer('p0', 't0')]],
  },
  many,
} as const satisfies Readonly<Record<string, Program>>;

const NAMES = Object.keys(programs) as readonly (keyof typeof programs)[];

/** The programs to run, in this order. */
export const questions: readonly Program[] = NAMES.map((name) => programs[name]);

/** A duplicate for which there is no memory: to be asked of who allocates. */
export const starvedDuplicate: Program = {
  objects: [producer('p0'), producer('p1')],
  lanes: [
    [
      registerProducer('p0', 't0'),
      { operation: 'registerProducer', object: 'p1', token: 't0', irq: 33, memory: 'none' },
    ],
  ],
};

/** A pair for which there is no memory: who has another place to keep it needs none. */
export const starvedPair: Program = {
  objects: [producer('p0'), consumer('c0')],
  lanes: [
    [
      { operation: 'registerConsumer', object: 'c0', token: 't0', memory: 'none' },
      { operation: 'registerProducer', object: 'p0', token: 't0', irq: 32, memory: 'none' },
    ],
  ],
};

/** Whether both sides of the pair were accepted and joined, given the trace of `starvedPair`. */
export function pairsWithoutMemory(events: readonly Event[]): boolean {
  const refused = events.some((event) => event.type === 'return' && event.status !== 0);
  return !refused && events.some((event) => event.type === 'enter' && event.callback === 'addProducer');
}

/**
 * What the traces of the questions say.
 *
 * @param allocation the text of the log event of an allocation
 */
export function readAnswers(traces: readonly (readonly Event[])[], allocation: string): Answers {
  const eventsOf = (name: keyof typeof programs) => traces[NAMES.indexOf(name)] ?? [];
  const last = (name: keyof typeof programs) => lastAnswer(eventsOf(name));
  const calls = (name: keyof typeof programs, callback: string) =>
    eventsOf(name).filter((event) => event.type === 'enter' && event.callback === callback).length;
  return {
    nullToken: [last('nullProducer'), last('nullConsumer')],
    duplicate: [second('duplicateProducer'), second('duplicateConsumer')],
    again: [second('producerAgain'), second('consumerAgain')],
    bareProducer: last('bareProducer'),
    startsAfterFailure: calls('failure', 'start') > 0,
    deletesAfterSuccess: calls('success', 'delConsumer') > 0,
    allocates: allocates(eventsOf('many'), allocation),
  };

  /** What came of the second registration, where there was one: of a target that died in the first nothing is known. */
  function second(name: keyof typeof programs): Answer {
    const events = eventsOf(name);
    return events.filter(({ type }) => type === 'call').length < 2 ? undefined : lastAnswer(events);
  }
}

/** What the last operation of a trace returned. */
export function lastAnswer(events: readonly Event[]): Answer {
  const last = events.at(-1);
  return last?.type === 'return' ? last.status : undefined;
}

function allocates(events: readonly Event[], allocation: string): Answers['allocates'] {
  let [asked, accepted, since] = [0, 0, false];
  for (const event of events) {
    if (event.type === 'call') since = false;
    if (event.type === 'log' && event.text === allocation) since = true;
    if (event.type !== 'return' || event.status !== 0) continue;
    accepted++;
    if (since) asked++;
  }
  if (asked === 0) return 'never';
  return asked === accepted ? 'always' : 'sometimes';
}
