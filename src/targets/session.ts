/** One life of a target's process: greet it, send it programs, take its answers, see how it ends. */
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import type { Hello, Request, Response } from '../../spec/formats/protocol.js';
import { PROTOCOL } from '../../spec/formats/protocol.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { describe } from '../formats/problems.js';
import { validate } from '../formats/validate.js';
import { harmless } from '../text/text.js';
import { LineSplitter } from './lines.js';
import type { Outcome } from './target.js';
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
  /** For targets whose process is not the implementation's, such as a guest. */
  readonly guest?: GuestOptions;
}

/** A target that lives in a guest: what ends its process is seldom the implementation. */
export interface GuestOptions {
  /** Milliseconds until it must have said hello: it boots first. */
  readonly bootPatience: number;
  /** What the end of the process means, by what the guest logged. Descriptor 3 of the process is the guest's log. */
  readonly explain: (exit: ProcessExit) => End;
  /** Why it did not say hello, in a sentence. */
  readonly explainGreeting: (end: End) => string;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what it logged. */
  readonly log: string;
}

const PATIENCE = 10_000;
/** How much of the log is kept, in characters. */
const LOG_KEPT = 4_000;

/** What a target must do first, for those who write one. */
const GREETING =
  'A target answers {"type":"hello","protocol":1} with a line such as {"type":"hello","protocol":1,"name":"mine","version":"1","language":"c","capabilities":[]} (spec/protocol.md).';

/** How a session, or a batch of it, ended before its time. */
export type End =
  | { readonly kind: 'died'; readonly detail: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'malformed'; readonly text: string }
  | { readonly kind: 'gave-up'; readonly text: string }
  | { readonly kind: 'not-started'; readonly text: string }
  /** The session ended while an earlier batch was being answered, or in good order between two programs. */
  | { readonly kind: 'not-begun' };

interface Pending {
  readonly id: number;
  readonly programs: readonly Program[];
  readonly outcomes: Outcome[];
  streamed: Event[];
  readonly settle: (end: End | undefined) => void;
}

/** What came of a batch: the programs answered, and how it broke off, if it did. */
export interface Batch {
  readonly outcomes: readonly Outcome[];
  readonly end: End | undefined;
  /** The events streamed of the first program that was not answered. */
  readonly streamed: readonly Event[];
  readonly log: string;
}

/** A target's process, from its start to its end. */
export class Session {
  readonly #child: ChildProcess & Pick<ChildProcessWithoutNullStreams, 'stdin' | 'stdout' | 'stderr'>;
  readonly #exited: Promise<void>;
  #pending: Pending[] = [];
  #greeting: ((answer: Hello | End) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #log = '';
  #ended: End | undefined;

  constructor(readonly options: StdioOptions) {
    this.#child = spawn(options.command, [...options.args], {
      stdio: ['pipe', 'pipe', 'pipe', options.guest === undefined ? 'ignore' : 'pipe'],
      env: { ...process.env, ...options.env },
    }) as ChildProcessWithoutNullStreams;
    const lines = new LineSplitter((line) => this.#line(line));
    this.#child.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    for (const log of [this.#child.stderr, options.guest === undefined ? undefined : this.#child.stdio[3]]) {
      if (!(log instanceof Readable)) continue;
      log.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_KEPT);
      });
      log.on('error', () => undefined);
    }
    // A target that exits while it is written to; its exit is what is reported.
    this.#child.stdin.on('error', () => undefined);
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end({ kind: 'not-started', text: error.message });
        resolve();
      });
      this.#child.once('close', (code, signal) => {
        const { guest } = this.options;
        this.#end(
          guest === undefined
            ? { kind: 'died', detail: this.#deathOf(code, signal) }
            : guest.explain({ code, signal, log: this.#log }),
        );
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
    const { guest } = this.options;
    if (guest !== undefined) throw new TargetError(guest.explainGreeting(answer));
    const what = `When it was greeted, ${this.options.address} ${endText(answer)}${wroteText(this.#log)}`;
    throw new TargetError(
      `${what.replace(/\.$/, '')}. ${answer.kind === 'not-started' ? 'Give a program that is there and may be run.' : GREETING}`,
    );
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
      if (this.#ended !== undefined) return pending.settle({ kind: 'not-begun' });
      this.#pending.push(pending);
      this.#write({ type: 'run', id: pending.id, programs, ...(stream ? { stream } : {}) });
    });
  }

  /** Say goodbye and wait for the exit; a target that does not go is killed. */
  async end(): Promise<void> {
    if (this.alive) {
      this.#write({ type: 'bye' });
      this.#child.stdin.end();
    } else {
      this.#child.kill('SIGKILL');
    }
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), this.options.patience ?? PATIENCE);
    await this.#exited;
    clearTimeout(kill);
    clearTimeout(this.#timer);
  }

  #write(request: Request): void {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    this.#watch();
  }

  #line(line: string): void {
    if (line === '' || this.#ended !== undefined) return;
    const message = readMessage(line, this.#greeting === undefined ? 'target-message' : 'hello');
    if (typeof message === 'string') this.#malformed(message);
    else this.#answer(message);
    this.#watch();
  }

  #answer(message: Response): void {
    switch (message.type) {
      case 'hello':
        if (this.#greeting === undefined) this.#malformed('it said hello twice');
        else this.#greeting(message);
        this.#greeting = undefined;
        break;
      case 'error':
        this.#end({ kind: 'gave-up', text: message.message });
        break;
      case 'event':
      case 'trace':
        this.#progress(message);
        break;
    }
  }

  #progress(message: Extract<Response, { id: number }>): void {
    const [pending] = this.#pending;
    const index = pending?.outcomes.length;
    if (pending === undefined || message.id !== pending.id || message.index !== index) {
      const due = pending === undefined ? 'no answer was due' : `run ${pending.id}, program ${index} was due`;
      this.#malformed(`it answered run ${message.id}, program ${message.index}, but ${due}`);
      return;
    }
    if (message.type === 'event') {
      pending.streamed.push(message.event);
      return;
    }
    const events = pending.streamed.length > 0 ? pending.streamed : message.events;
    pending.outcomes.push(message.log === undefined ? { events } : { events, log: message.log });
    pending.streamed = [];
    if (pending.outcomes.length < pending.programs.length) return;
    this.#pending.shift();
    pending.settle(undefined);
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
    const [current, ...later] = this.#pending;
    this.#pending = [];
    current?.settle(this.#ended);
    for (const one of later) one.settle({ kind: 'not-begun' });
  }

  /** Start the clock anew while an answer is due. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#ended !== undefined || (this.#pending.length === 0 && this.#greeting === undefined)) return;
    this.#timer = setTimeout(() => {
      this.#end({ kind: 'silent' });
      this.#child.kill('SIGKILL');
    }, this.#patience());
  }

  #patience(): number {
    const { guest, patience } = this.options;
    return (this.#greeting === undefined ? undefined : guest?.bootPatience) ?? patience ?? PATIENCE;
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
const live = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of live) child.kill('SIGKILL');
});

/** The message of a line, or what is wrong with it. */
function readMessage(line: string, kind: 'hello' | 'target-message'): Response | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return `a line of its standard output is not JSON: ${clip(line)}`;
  }
  const checked = validate(kind, value);
  if (checked.ok) return checked.value;
  // A target may give up before it has said hello.
  const given = kind === 'hello' ? validate('target-message', value) : checked;
  return given.ok && given.value.type === 'error' ? given.value : describe(checked.problems);
}

/** The last line that a target wrote to standard error, where it wrote anything. */
function wroteText(log: string): string {
  const last = log.trimEnd().split('\n').at(-1) ?? '';
  return last === '' ? '' : `; the last that it wrote to standard error: ${clip(harmless(last))}`;
}

/** How a session ended, in words. */
export function endText(end: End): string {
  switch (end.kind) {
    case 'died':
      return `ended (${end.detail})`;
    case 'silent':
      return 'did not answer';
    case 'malformed':
      return `gave a wrong answer: ${end.text}`;
    case 'gave-up':
      return `gave up: ${end.text}`;
    case 'not-started':
      return `could not be started: ${end.text}`;
    case 'not-begun':
      return 'did not begin';
  }
}

function clip(line: string): string {
  return line.length > 80 ? `${line.slice(0, 80)}...` : line;
}
