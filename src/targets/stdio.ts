/**
 * Targets in another process: any language, JSON lines on standard input and output (`spec/protocol.md`).
 *
 * A target may die, hang or talk nonsense in the middle of a batch. Then it is started anew, the first program that was
 * not answered is run alone with its events streamed one by one, so that the operation is known to which the trouble
 * belongs, and the rest of the batch goes on.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Hello, Request, Response } from '../../spec/protocol.js';
import { PROTOCOL } from '../../spec/protocol.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { describe } from '../formats/problems.js';
import { validate } from '../formats/validate.js';
import { unfaithful } from './faithful.js';
import { LineSplitter } from './lines.js';
import type { Outcome, Target } from './target.js';
import { TargetError } from './target.js';

/** How to start a target. */
export interface StdioOptions {
  readonly address: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds without an answer after which it counts as hung. */
  readonly patience?: number;
  /** Facts to add to what the target says of itself. */
  readonly facts?: Readonly<Record<string, string>>;
}

const PATIENCE = 10_000;
/** How much of the log is kept, in characters. */
const LOG_KEPT = 4_000;
/** How often a target is started anew in one run. */
const MOST_RESTARTS = 200;

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

/** What a target must do first, for those who write one. */
const GREETING =
  'A target answers {"type":"hello","protocol":1} with a line such as {"type":"hello","protocol":1,"name":"mine","version":"1","language":"c","capabilities":[]} (spec/protocol.md).';

type End =
  | { readonly kind: 'died'; readonly detail: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'malformed'; readonly text: string }
  | { readonly kind: 'gave-up'; readonly text: string };

interface Pending {
  readonly id: number;
  readonly programs: readonly Program[];
  readonly outcomes: Outcome[];
  streamed: Event[];
  readonly settle: (end: End | undefined) => void;
}

class StdioTarget implements Target {
  readonly address: string;
  hello: Hello = { type: 'hello', protocol: PROTOCOL, name: '', version: '', language: '', capabilities: [] };
  #process: Session | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #restarts = 0;

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

  async #answer(programs: readonly Program[], sent: Promise<Batch> | undefined): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    let batch = await sent;
    while (outcomes.length < programs.length) {
      const rest = programs.slice(outcomes.length);
      batch ??= await (await this.#session()).send(rest, false);
      for (const outcome of batch.outcomes) outcomes.push(this.#checked(programs[outcomes.length], outcome));
      const [culprit] = programs.slice(outcomes.length);
      if (batch.end === undefined || culprit === undefined) break;
      if (batch.end.kind === 'gave-up') throw new TargetError(`${this.address} gave up: ${batch.end.text}`);
      outcomes.push(await this.#runAlone(culprit, batch));
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
    return wrong === undefined ? outcome : { events: outcome.events, fault: `${this.address}: ${wrong}` };
  }

  /** Run the program that a batch broke off in once more, alone, and see at which event it breaks off. */
  async #runAlone(program: Program, before: Batch): Promise<Outcome> {
    const session = await this.#session();
    const { outcomes, end, streamed, log } = await session.send([program], true);
    const [whole] = outcomes;
    if (end === undefined && whole !== undefined) {
      const what = before.end === undefined ? 'broke off' : endText(before.end);
      return {
        events: [],
        fault: `${this.address} ${what} in a batch, but not when the program ran alone: it depends on what ran before`,
      };
    }
    const kept = log === '' ? {} : { log };
    switch (end?.kind) {
      case undefined:
      case 'died':
        return { events: [...streamed, { type: 'crash', detail: end?.detail ?? 'no answer' }], ...kept };
      case 'silent':
        return { events: [...streamed, { type: 'hang', detail: 'no answer' }], ...kept };
      case 'malformed':
        return { events: streamed, fault: `${this.address}: ${end.text}, after ${lastCall(streamed)}`, ...kept };
      case 'gave-up':
        throw new TargetError(`${this.address} gave up: ${end.text}`);
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

/** What came of a batch: the programs answered, and how it broke off, if it did. */
interface Batch {
  readonly outcomes: readonly Outcome[];
  readonly end: End | undefined;
  /** The events streamed of the first program that was not answered. */
  readonly streamed: readonly Event[];
  readonly log: string;
}

/** One life of a target's process. */
class Session {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<void>;
  #pending: Pending[] = [];
  #greeting: ((answer: Hello | End) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #log = '';
  #ended: End | undefined;

  constructor(readonly options: StdioOptions) {
    this.#child = spawn(options.command, [...options.args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    const lines = new LineSplitter((line) => this.#line(line));
    this.#child.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-LOG_KEPT);
    });
    // A target that exits while it is written to; its exit is what is reported.
    this.#child.stdin.on('error', () => undefined);
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end({ kind: 'gave-up', text: `it cannot be started: ${error.message}` });
        resolve();
      });
      this.#child.once('close', (code, signal) => {
        this.#end({ kind: 'died', detail: this.#deathOf(code, signal) });
        resolve();
      });
    });
    live.add(this.#child);
    this.#child.once('close', () => live.delete(this.#child));
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  async greet(): Promise<Hello> {
    const answer = await new Promise<Hello | End>((resolve) => {
      this.#greeting = resolve;
      if (this.#ended !== undefined) resolve(this.#ended);
      else this.#write({ type: 'hello', protocol: PROTOCOL });
    });
    if (!('kind' in answer)) return answer;
    throw new TargetError(`${this.options.address} ${endText(answer)} when it was greeted. ${GREETING}`);
  }

  send(programs: readonly Program[], stream: boolean): Promise<Batch> {
    return new Promise((resolve) => {
      const outcomes: Outcome[] = [];
      const pending: Pending = {
        id: this.#nextId++,
        programs,
        outcomes,
        streamed: [],
        settle: (end) => resolve({ outcomes, end, streamed: pending.streamed, log: this.#log }),
      };
      if (programs.length === 0) return pending.settle(undefined);
      if (this.#ended !== undefined) return pending.settle(this.#ended);
      this.#pending.push(pending);
      this.#write({ type: 'run', id: pending.id, programs, ...(stream ? { stream } : {}) });
    });
  }

  /** Say goodbye and wait for the exit; a target that does not go is killed. */
  async end(): Promise<void> {
    if (this.alive) {
      this.#write({ type: 'bye' });
      this.#child.stdin.end();
    }
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), this.options.patience ?? PATIENCE);
    if (this.#ended?.kind === 'malformed' || this.#ended?.kind === 'silent') this.#child.kill('SIGKILL');
    await this.#exited;
    clearTimeout(kill);
    this.#watch();
  }

  #write(request: Request): void {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    this.#watch();
  }

  #line(line: string): void {
    if (line === '' || this.#ended !== undefined) return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return this.#malformed(`a line of its standard output is not JSON: ${clip(line)}`);
    }
    const checked = validate(this.#greeting === undefined ? 'target-message' : 'hello', value);
    if (!checked.ok) {
      const error = value as Partial<Response> | null;
      if (error?.type === 'error' && 'message' in error)
        return this.#end({ kind: 'gave-up', text: String(error.message) });
      return this.#malformed(describe(checked.problems));
    }
    this.#answer(checked.value);
    this.#watch();
  }

  #answer(message: Response): void {
    const [pending] = this.#pending;
    switch (message.type) {
      case 'hello': {
        const greeting = this.#greeting;
        this.#greeting = undefined;
        return greeting === undefined ? this.#malformed('it said hello twice') : greeting(message);
      }
      case 'error':
        return this.#end({ kind: 'gave-up', text: message.message });
      case 'event':
      case 'trace': {
        const index = pending?.outcomes.length;
        if (pending === undefined || message.id !== pending.id || message.index !== index) {
          const due = pending === undefined ? 'no answer was due' : `run ${pending.id}, program ${index} was due`;
          return this.#malformed(`it answered run ${message.id}, program ${message.index}, but ${due}`);
        }
        if (message.type === 'event') {
          pending.streamed.push(message.event);
          return;
        }
        pending.outcomes.push({ events: pending.streamed.length > 0 ? pending.streamed : message.events });
        pending.streamed = [];
        if (pending.outcomes.length < pending.programs.length) return;
        this.#pending.shift();
        pending.settle(undefined);
      }
    }
  }

  #malformed(text: string): void {
    this.#end({ kind: 'malformed', text });
    this.#child.kill('SIGKILL');
  }

  #end(end: End): void {
    this.#ended ??= end;
    clearTimeout(this.#timer);
    this.#greeting?.(this.#ended);
    this.#greeting = undefined;
    const pending = this.#pending;
    this.#pending = [];
    for (const one of pending) one.settle(this.#ended);
  }

  /** Start the clock anew while an answer is due. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#ended !== undefined || (this.#pending.length === 0 && this.#greeting === undefined)) return;
    this.#timer = setTimeout(() => {
      this.#end({ kind: 'silent' });
      this.#child.kill('SIGKILL');
    }, this.options.patience ?? PATIENCE);
  }

  #deathOf(code: number | null, signal: NodeJS.Signals | null): string {
    const summary = this.#log
      .split('\n')
      .findLast((line) => line.startsWith('SUMMARY:') || line.includes('runtime error:'));
    const how = signal === null ? `exit status ${code}` : signal;
    return summary === undefined ? how : `${how}, ${summary.trim()}`;
  }
}

/** The processes that run, so that none outlives the tool. */
const live = new Set<ChildProcessWithoutNullStreams>();

process.on('exit', () => {
  for (const child of live) child.kill('SIGKILL');
});

function endText(end: End): string {
  switch (end.kind) {
    case 'died':
      return `ended (${end.detail})`;
    case 'silent':
      return 'did not answer';
    case 'malformed':
      return `gave a wrong answer: ${end.text}`;
    case 'gave-up':
      return `gave up: ${end.text}`;
  }
}

function lastCall(events: readonly Event[]): string {
  const call = events.findLast((event) => event.type === 'call');
  return call?.type === 'call' ? `${call.operation}(${call.object})` : 'nothing';
}

function clip(line: string): string {
  return line.length > 80 ? `${line.slice(0, 80)}...` : line;
}
