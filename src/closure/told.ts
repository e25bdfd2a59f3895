/** What the walk tells: a record is the shortest run to a step, as numbers. Here it becomes a program and its trace. */
import type {
  CallbackName,
  Event,
  ManagerOperation,
  ObjectId,
  Program,
  ProgramObject,
  Role,
  Status,
  Trace,
} from '../../spec/vocabulary.js';
import { isRegistration, roleOf } from '../../spec/vocabulary.js';
import type { Plan } from './plan.js';

/** A record, as `closure/main.c` writes it. */
export interface ToldRecord {
  readonly record: number;
  /** The number of its beginning. */
  readonly callbacks: number;
  readonly steps: readonly ToldStep[];
}

/** An operation's number, its events, and how it ended: with a status, or for a reason in words. */
type ToldStep = readonly [number, readonly ToldEvent[], 'return' | 'crash' | 'hang', number | string];

/** A callback's number, its object, its counterpart or -1, the interrupt and the result; or what was logged. */
type ToldEvent = readonly [number, number, number, number, number] | readonly [4, LogLevel, string];
type LogLevel = 'info' | 'warning' | 'error';

/** How the walk ended, as `closure/main.c` writes it. */
export interface ToldEnd {
  readonly closed: boolean;
  readonly states: number;
  readonly withAccount: number;
  readonly steps: number;
  readonly wrong: number;
  readonly records: number;
  readonly depth: number;
  readonly again: number;
  readonly pristine: number;
  readonly bytes: number;
  /** Why it is not closed, and the address of the memory that has ever more values. */
  readonly outgrown?: string;
  readonly at?: string;
  /** What shows that there is state outside of the memory that was walked. */
  readonly unstable?: string;
}

/** A run: what was asked for and what happened. */
export interface Run {
  readonly program: Program;
  readonly trace: Trace;
}

const CALLBACKS: Readonly<Record<Role, readonly CallbackName[]>> = {
  producer: ['stop', 'start', 'addConsumer', 'delConsumer'],
  consumer: ['stop', 'start', 'addProducer', 'delProducer'],
};

/** The run of a record. */
export function runOf(plan: Plan, told: ToldRecord): Run {
  const reader = new Reader(plan);
  const operations = told.steps.map((step) => reader.read(step));
  const objects = (plan.beginnings[told.callbacks]?.objects ?? []).map((object) => reader.withResults(object));
  const used = new Set<ObjectId>(reader.named);
  const kept = objects.filter(({ id }) => used.has(id));
  return { program: { objects: kept, lanes: [operations] }, trace: { objects: kept, events: reader.events } };
}

class Reader {
  readonly events: Event[] = [];
  readonly named = new Set<ObjectId>();
  readonly #results = new Map<ObjectId, Status[]>();

  constructor(readonly plan: Plan) {}

  read([number, events, end, how]: ToldStep): ManagerOperation {
    const operation = this.plan.operations[number];
    if (operation === undefined) throw new Error(`the walk tells of an operation ${number}, which is not in its plan`);
    this.named.add(operation.object);
    this.events.push({ type: 'call', ...operation });
    for (const event of events) this.#readEvent(event);
    if (end !== 'return') this.events.push({ type: end, detail: String(how) });
    else if (isRegistration(operation)) this.events.push({ type: 'return', status: Number(how) });
    else this.events.push({ type: 'return' });
    return operation;
  }

  withResults(object: ProgramObject): ProgramObject {
    const results = [...(this.#results.get(object.id) ?? [])];
    while (results.at(-1) === 0) results.pop();
    return results.length === 0 ? object : { ...object, results };
  }

  #readEvent(told: ToldEvent): void {
    if (told[0] === 4) {
      const [, level, text] = told as Extract<ToldEvent, readonly [4, LogLevel, string]>;
      this.events.push({ type: 'log', level, text });
      return;
    }
    const [number, objectNumber, counterpartNumber, irq, result] = told as Exclude<
      ToldEvent,
      readonly [4, LogLevel, string]
    >;
    const object = this.#id(objectNumber);
    const callback = CALLBACKS[roleOf(object)][number];
    if (callback === undefined) throw new Error(`the walk tells of a callback ${number}, which there is not`);
    const counterpart = counterpartNumber === -1 ? {} : { counterpart: this.#id(counterpartNumber) };
    const interrupt = callback === 'addProducer' ? { irq } : {};
    this.events.push({ type: 'enter', callback, object, ...counterpart, ...interrupt });
    const fallible = callback === 'addProducer' || callback === 'addConsumer';
    if (fallible) this.#resultsOf(object).push(result);
    this.events.push({ type: 'leave', callback, object, ...(fallible ? { result } : {}) });
  }

  #resultsOf(object: ObjectId): Status[] {
    const known = this.#results.get(object) ?? [];
    this.#results.set(object, known);
    return known;
  }

  #id(number: number): ObjectId {
    const id = this.plan.ids[number];
    if (id === undefined) throw new Error(`the walk tells of an object ${number}, which is not in its plan`);
    this.named.add(id);
    return id;
  }
}
