/** One life of a target that runs programs: send it batches, take its answers in order. */
import type { Hello, Request, Response } from '../../spec/formats/protocol.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { describe } from '../formats/problems.js';
import { validate } from '../formats/validate.js';
import { type End, Life, parseLine, type StdioOptions } from './life.js';
import type { Outcome } from './target.js';

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
  readonly #life: Life;
  #pending: Pending[] = [];
  #nextId = 1;

  constructor(options: StdioOptions) {
    this.#life = new Life(options, { heard: (line) => this.#line(line), ended: (end) => this.#end(end) });
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  /** Greet it. @throws {TargetError} when it does not answer as it must */
  greet(): Promise<Hello> {
    return this.#life.greet();
  }

  send(programs: readonly Program[], stream: boolean): Promise<Batch> {
    return new Promise((resolve) => {
      const outcomes: Outcome[] = [];
      const pending: Pending = {
        id: this.#nextId++,
        programs,
        outcomes,
        streamed: [],
        settle: (end) => resolve({ outcomes, end, streamed: pending.streamed, log: this.#life.log }),
      };
      if (programs.length === 0) return pending.settle(undefined);
      if (!this.alive) return pending.settle({ kind: 'not-begun' });
      this.#pending.push(pending);
      const request: Request = { type: 'run', id: pending.id, programs, ...(stream ? { stream } : {}) };
      this.#life.say(request);
      this.#life.await();
    });
  }

  /** Say goodbye and wait for the exit; a target that does not go is killed. */
  end(): Promise<void> {
    return this.#life.leave();
  }

  #line(line: string): void {
    const message = readMessage(line);
    if (typeof message === 'string') this.#malformed(message);
    else this.#answer(message);
    if (this.#pending.length > 0) this.#life.await();
    else this.#life.rest();
  }

  #answer(message: Response): void {
    switch (message.type) {
      case 'hello':
        this.#malformed('it said hello twice');
        break;
      case 'error':
        this.#life.break({ kind: 'gave-up', text: message.message });
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
      // To go on without end is not to answer.
      if (pending.streamed.length > mostEvents(pending.programs[index])) this.#life.break({ kind: 'silent' });
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
    this.#life.break({ kind: 'malformed', text });
  }

  #end(end: End): void {
    const [current, ...later] = this.#pending;
    this.#pending = [];
    current?.settle(end);
    for (const one of later) one.settle({ kind: 'not-begun' });
  }
}

/** How many events a program may have: far more than any manager that comes to an end. */
function mostEvents(program: Program | undefined): number {
  const operations = program?.lanes.reduce((sum, lane) => sum + lane.length, 0) ?? 0;
  return 10_000 + 100 * operations;
}

/** The message of a line, or what is wrong with it. */
function readMessage(line: string): Response | string {
  const value = parseLine(line);
  if (typeof value === 'string') return value;
  const checked = validate('target-message', value.json);
  return checked.ok ? checked.value : describe(checked.problems);
}
