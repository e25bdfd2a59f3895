/**
 * Targets in another process: any language, JSON lines on standard input and output (`spec/protocol.md`).
 *
 * A target may die, hang or talk nonsense in the middle of a batch. Then it is started anew, the first program that was
 * not answered is run alone with its events streamed one by one, so that the operation is known to which the trouble
 * belongs, and the rest of the batch goes on.
 */
import type { Hello } from '../../spec/formats/protocol.js';
import { PROTOCOL } from '../../spec/formats/protocol.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { describe } from '../formats/problems.js';
import { validate } from '../formats/validate.js';
import { unfaithful } from './faithful.js';
import { type End, endText, PATIENCE, parseLine, type StdioOptions } from './life.js';
import { isPlainAnswer } from './plain.js';
import { type Batch, isHang, type Read, Session } from './session.js';
import type { Came, Target } from './target.js';
import { SILENCE_COUNTS, TargetError } from './target.js';
import { Waits } from './waits.js';

/** Restarts after which a target is given up, where nobody has said how often it may die. */
const MOST_RESTARTS = 200;
/** Deaths after which programs are sent one by one, their events streamed: then a death costs one restart, and not two. */
const CAREFUL_FROM = 2;

/** How programs are spoken of with a target, whose events are `E`. */
export interface Dialogue<P, E> {
  readonly read: Read<P, E>;
  readonly operations: (program: P) => number;
  /** Why a trace is not the answer to its program; undefined when it is. */
  readonly unfaithful: (program: P, events: readonly E[]) => string | undefined;
  /** The event that the kit adds, where a target breaks off. */
  readonly ending: (event: Ending) => E;
}

type Ending = Extract<Event, { type: 'crash' | 'hang' }>;

type OutcomeOf<E> = Came<readonly E[]>;

/** How programs are spoken of with a manager. */
function ofManagers(): Dialogue<Program, Event> {
  /** What was seen to be the answer to its program when it was read. */
  const answers = new WeakMap<readonly Event[], Program>();
  return {
    read: (line, due) => {
      const value = parseLine(line);
      if (typeof value === 'string') return value;
      const { json } = value;
      if (due !== undefined && isPlainAnswer(due, json)) {
        answers.set(json.events, due);
        return json;
      }
      const checked = validate('target-message', json);
      return checked.ok ? checked.value : describe(checked.problems);
    },
    operations: ({ lanes }) => lanes.reduce((sum, lane) => sum + lane.length, 0),
    unfaithful: (program, events) => (answers.get(events) === program ? undefined : unfaithful(program, events)),
    ending: (event) => event,
  };
}

/** Start a target that plays a manager and greet it. @throws {TargetError} when it does not answer as it must */
export async function startStdioTarget(options: StdioOptions): Promise<Target> {
  return started(new StdioTarget(options, ofManagers()));
}

/** Greet a target. @throws {TargetError} when it does not answer as it must */
export async function started<T extends { start(): Promise<void>; close(): Promise<void> }>(target: T): Promise<T> {
  try {
    await target.start();
  } catch (error) {
    await target.close();
    throw error;
  }
  return target;
}

/** A target in another process, whose programs are `P` and whose events are `E`. */
export class StdioTarget<P, E extends { readonly type: string }> {
  readonly address: string;
  hello: Hello = { type: 'hello', protocol: PROTOCOL, name: '', version: '', language: '', capabilities: [] };
  #process: Session<P, E> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #restarts = 0;
  #deaths = 0;
  #allowance = Number.POSITIVE_INFINITY;
  readonly options: StdioOptions;
  readonly #waits: Waits;

  constructor(
    options: StdioOptions,
    readonly dialogue: Dialogue<P, E>,
  ) {
    this.address = options.address;
    this.#waits = new Waits(options.patience ?? PATIENCE);
    this.options = { ...options, waits: this.#waits };
  }

  async start(): Promise<void> {
    const session = new Session<P, E>(this.options, this.dialogue.read, this.dialogue.operations);
    this.#process = session;
    const hello = await session.greet();
    this.hello =
      this.options.facts === undefined ? hello : { ...hello, facts: { ...hello.facts, ...this.options.facts } };
  }

  run(programs: readonly P[]): Promise<readonly OutcomeOf<E>[]> {
    // Sent at once, so that the target has work while earlier answers are judged; awaited in order. One program alone is
    // run carefully just as fast.
    const isCareful = this.#deaths >= CAREFUL_FROM && programs.length === 1;
    const sent = this.#process?.alive === true && !isCareful ? this.#process.send(programs, false) : undefined;
    const answer = this.#turn.then(() => this.#answer(programs, sent));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async confirm(program: P): Promise<OutcomeOf<E> | undefined> {
    await this.#turn;
    // A target that watches itself is less patient once it has hung: a new one is as patient as ever.
    await this.#process?.end();
    const [outcome] = await this.#waits.patiently(() => this.run([program]));
    return outcome;
  }

  get allowance(): number {
    return this.#allowance;
  }

  allow(deaths: number): void {
    this.#allowance = deaths;
    this.#restarts = Number.NEGATIVE_INFINITY;
  }

  async #answer(programs: readonly P[], sent: Promise<Batch<E>> | undefined): Promise<readonly OutcomeOf<E>[]> {
    const outcomes: OutcomeOf<E>[] = [];
    let batch: Batch<E> | undefined = await sent;
    while (outcomes.length < programs.length && this.#allowance > 0) {
      if (batch === undefined && this.#deaths >= CAREFUL_FROM) {
        const [next] = programs.slice(outcomes.length);
        if (next === undefined) break;
        outcomes.push(await this.#runCarefully(next));
        continue;
      }
      const rest = programs.slice(outcomes.length);
      batch ??= await (await this.#session()).send(rest, false);
      for (const outcome of batch.outcomes) {
        outcomes.push(this.#checked(programs[outcomes.length], outcome));
        if (isHang(outcome.events.at(-1))) this.#allowance -= SILENCE_COUNTS;
      }
      const [culprit] = programs.slice(outcomes.length);
      if (batch.end === undefined || culprit === undefined) break;
      if (batch.end.kind === 'gave-up') throw new TargetError(`${this.address} ${endText(batch.end)}`);
      if (batch.end.kind !== 'not-begun') outcomes.push(await this.#runAlone(culprit, batch));
      batch = undefined;
    }
    return outcomes;
  }

  async stream(program: P): Promise<OutcomeOf<E>> {
    const { outcomes, end } = await (await this.#session()).send([program], true);
    return outcomes[0] ?? { events: [], fault: end === undefined ? 'no answer' : endText(end) };
  }

  #checked(program: P | undefined, outcome: Batch<E>['outcomes'][number]): OutcomeOf<E> {
    const { fault, events } = outcome;
    const wrong = fault ?? (program === undefined ? undefined : this.dialogue.unfaithful(program, events));
    return wrong === undefined ? outcome : { ...outcome, fault: `${this.address}: ${wrong}` };
  }

  /** Run a program alone, and see at which event it breaks off, if it does. */
  async #runCarefully(program: P): Promise<OutcomeOf<E>> {
    const session = await this.#session();
    const batch = await session.send([program], true);
    const [whole] = batch.outcomes;
    if (batch.end === undefined && whole !== undefined) return this.#checked(program, whole);
    return this.#brokenOff(batch);
  }

  /** Run the program that a batch broke off in once more, alone. */
  async #runAlone(program: P, before: Batch<E>): Promise<OutcomeOf<E>> {
    const session = await this.#session();
    const batch = await session.send([program], true);
    const [whole] = batch.outcomes;
    if (batch.end === undefined && whole !== undefined) {
      this.#died(before.end);
      const what = before.end === undefined ? 'broke off' : endText(before.end);
      return {
        events: [],
        fault: `${this.address} ${what} in a batch, but not when the program ran alone: it depends on what ran before`,
      };
    }
    return this.#brokenOff(batch);
  }

  #brokenOff({ end, streamed, log }: Batch<E>): OutcomeOf<E> {
    const kept = log === '' ? {} : { log };
    this.#died(end);
    switch (end?.kind) {
      case undefined:
      case 'not-started':
      case 'not-begun':
        throw new TargetError(`${this.address} ended before it began.`);
      case 'died':
      case 'silent': {
        if (!insideCall(streamed)) {
          return {
            events: streamed,
            fault: `${this.address} ${endText(end)} outside any operation: ${where(streamed)}`,
            ...kept,
          };
        }
        const last: Ending =
          end.kind === 'died' ? { type: 'crash', detail: end.detail } : { type: 'hang', detail: 'no answer' };
        return { events: [...streamed, this.dialogue.ending(last)], ...kept };
      }
      case 'malformed':
        return { events: streamed, fault: `${this.address}: ${end.text}, ${where(streamed)}`, ...kept };
      case 'gave-up':
        throw new TargetError(`${this.address} ${endText(end)}`);
    }
  }

  #died(end: End | undefined): void {
    this.#deaths++;
    this.#allowance -= end?.kind === 'silent' ? SILENCE_COUNTS : 1;
  }

  async #session(): Promise<Session<P, E>> {
    if (this.#process?.alive === true) return this.#process;
    if (++this.#restarts > MOST_RESTARTS) {
      throw new TargetError(`${this.address} had to be started anew ${MOST_RESTARTS} times; the rest was not run.`);
    }
    await this.#process?.end();
    const session = new Session<P, E>(this.options, this.dialogue.read, this.dialogue.operations);
    this.#process = session;
    await session.greet();
    return session;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#process?.end();
    this.#process = undefined;
  }
}

/** Whether an operation was called that has not returned. */
function insideCall(events: readonly { readonly type: string }[]): boolean {
  const call = events.findLastIndex((event) => event.type === 'call');
  return call > events.findLastIndex((event) => event.type === 'return');
}

function where(events: readonly { readonly type: string }[]): string {
  const call = events.findLast((event) => event.type === 'call');
  if (call === undefined) return 'before the first operation';
  const { operation, object } = call as { readonly operation?: string; readonly object?: string };
  return `after ${operation}${object === undefined ? '' : `(${object})`}`;
}
