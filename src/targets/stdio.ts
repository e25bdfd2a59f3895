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
import { unfaithful } from './faithful.js';
import { endText, type StdioOptions } from './life.js';
import { type Batch, Session } from './session.js';
import type { Outcome, Target } from './target.js';
import { SILENCE_COUNTS, TargetError } from './target.js';

/** Restarts after which a target is given up, where nobody has said how often it may die. */
const MOST_RESTARTS = 200;
/** Deaths after which programs are sent one by one, their events streamed: then a death costs one restart, and not two. */
const CAREFUL_FROM = 2;

/** Start a target and greet it. @throws {TargetError} when it does not answer as it must */
export async function startStdioTarget(options: StdioOptions): Promise<Target> {
  const target = new StdioTarget(options);
  try {
    await target.start();
  } catch (error) {
    await target.close();
    throw error;
  }
  return target;
}

class StdioTarget implements Target {
  readonly address: string;
  hello: Hello = { type: 'hello', protocol: PROTOCOL, name: '', version: '', language: '', capabilities: [] };
  #process: Session | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #restarts = 0;
  #deaths = 0;
  #allowance = Number.POSITIVE_INFINITY;

  constructor(readonly options: StdioOptions) {
    this.address = options.address;
  }

  async start(): Promise<void> {
    const session = new Session(this.options);
    this.#process = session;
    const hello = await session.greet();
    this.hello =
      this.options.facts === undefined ? hello : { ...hello, facts: { ...hello.facts, ...this.options.facts } };
  }

  run(programs: readonly Program[]): Promise<readonly Outcome[]> {
    // Sent at once, so that the target has work while earlier answers are judged; awaited in order.
    const sent = this.#process?.alive === true ? this.#process.send(programs, false) : undefined;
    const answer = this.#turn.then(() => this.#answer(programs, sent));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  allow(deaths: number): void {
    this.#allowance = deaths;
    this.#restarts = Number.NEGATIVE_INFINITY;
  }

  async #answer(programs: readonly Program[], sent: Promise<Batch> | undefined): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    let batch = await sent;
    while (outcomes.length < programs.length && this.#allowance > 0) {
      if (batch === undefined && this.#deaths >= CAREFUL_FROM) {
        const [next] = programs.slice(outcomes.length);
        if (next === undefined) break;
        outcomes.push(await this.#runCarefully(next));
        continue;
      }
      const rest = programs.slice(outcomes.length);
      batch ??= await (await this.#session()).send(rest, false);
      for (const outcome of batch.outcomes) outcomes.push(this.#checked(programs[outcomes.length], outcome));
      const [culprit] = programs.slice(outcomes.length);
      if (batch.end === undefined || culprit === undefined) break;
      if (batch.end.kind === 'gave-up') throw new TargetError(`${this.address} ${endText(batch.end)}`);
      if (batch.end.kind !== 'not-begun') outcomes.push(await this.#runAlone(culprit, batch));
      batch = undefined;
    }
    return outcomes;
  }

  async stream(program: Program): Promise<Outcome> {
    const { outcomes, end } = await (await this.#session()).send([program], true);
    return outcomes[0] ?? { events: [], fault: end === undefined ? 'no answer' : endText(end) };
  }

  #checked(program: Program | undefined, outcome: Outcome): Outcome {
    const wrong = program === undefined ? undefined : unfaithful(program, outcome.events);
    return wrong === undefined ? outcome : { ...outcome, fault: `${this.address}: ${wrong}` };
  }

  /** Run a program alone, and see at which event it breaks off, if it does. */
  async #runCarefully(program: Program): Promise<Outcome> {
    const session = await this.#session();
    const batch = await session.send([program], true);
    const [whole] = batch.outcomes;
    if (batch.end === undefined && whole !== undefined) return this.#checked(program, whole);
    return this.#brokenOff(batch);
  }

  /** Run the program that a batch broke off in once more, alone. */
  async #runAlone(program: Program, before: Batch): Promise<Outcome> {
    const session = await this.#session();
    const batch = await session.send([program], true);
    const [whole] = batch.outcomes;
    if (batch.end === undefined && whole !== undefined) {
      const what = before.end === undefined ? 'broke off' : endText(before.end);
      return {
        events: [],
        fault: `${this.address} ${what} in a batch, but not when the program ran alone: it depends on what ran before`,
      };
    }
    return this.#brokenOff(batch);
  }

  #brokenOff({ end, streamed, log }: Batch): Outcome {
    const kept = log === '' ? {} : { log };
    this.#deaths++;
    this.#allowance -= end?.kind === 'silent' ? SILENCE_COUNTS : 1;
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
        const last: Event =
          end.kind === 'died' ? { type: 'crash', detail: end.detail } : { type: 'hang', detail: 'no answer' };
        return { events: [...streamed, last], ...kept };
      }
      case 'malformed':
        return { events: streamed, fault: `${this.address}: ${end.text}, ${where(streamed)}`, ...kept };
      case 'gave-up':
        throw new TargetError(`${this.address} ${endText(end)}`);
    }
  }

  async #session(): Promise<Session> {
    if (this.#process?.alive === true) return this.#process;
    if (++this.#restarts > MOST_RESTARTS) {
      throw new TargetError(`${this.address} had to be started anew ${MOST_RESTARTS} times; the rest was not run.`);
    }
    await this.#process?.end();
    const session = new Session(this.options);
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
function insideCall(events: readonly Event[]): boolean {
  const call = events.findLastIndex((event) => event.type === 'call');
  return call > events.findLastIndex((event) => event.type === 'return');
}

function where(events: readonly Event[]): string {
  const call = events.findLast((event) => event.type === 'call');
  return call?.type === 'call' ? `after ${call.operation}(${call.object})` : 'before the first operation';
}
