/** One life of a target that runs programs: send it batches, take its answers in order. */
import type { ErrorMessage, EventMessage, Hello, TraceMessage } from '../../spec/formats/protocol.js';
import { type End, Life, type StdioOptions } from './life.js';
import type { Came } from './target.js';

/** What a target says, where the events of its programs are `E`. */
export type Said<E> =
  | Hello
  | ErrorMessage
  | (Omit<TraceMessage, 'events'> & { readonly events: readonly E[] })
  | (Omit<EventMessage, 'event'> & { readonly event: E });

/** Reads a line: the message, or what is wrong with it. @param due the program whose answer is due, if one is */
export type Read<P, E> = (line: string, due: P | undefined) => Said<E> | string;

/** How many events a program may have, and how many more for each operation: far more than what comes to an end has. */
const MOST_EVENTS = 10_000;
const MOST_EVENTS_OF_ONE = 100;

/** After so many programs of a batch that hung, the rest of it is not waited for. */
const MOST_HANGS = 2;

interface Pending<P, E> {
  readonly id: number;
  readonly programs: readonly P[];
  readonly outcomes: Came<readonly E[]>[];
  streamed: E[];
  /** In how many of its programs the target hung, as it says itself. */
  hangs: number;
  readonly settle: (end: End | undefined) => void;
}

/** What came of a batch: the programs answered, and how it broke off, if it did. */
export interface Batch<E> {
  readonly outcomes: readonly Came<readonly E[]>[];
  readonly end: End | undefined;
  /** The events streamed of the first program that was not answered. */
  readonly streamed: readonly E[];
  readonly log: string;
}

/** A target's process, from its start to its end. */
export class Session<P, E> {
  readonly #life: Life;
  readonly #read: Read<P, E>;
  readonly #operations: (program: P) => number;
  #pending: Pending<P, E>[] = [];
  #nextId = 1;

  /** @param operations how many a program has */
  constructor(options: StdioOptions, read: Read<P, E>, operations: (program: P) => number) {
    this.#read = read;
    this.#operations = operations;
    this.#life = new Life(options, { heard: (line) => this.#line(line), ended: (end) => this.#end(end) });
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  /** Greet it. @throws {TargetError} when it does not answer as it must */
  greet(): Promise<Hello> {
    return this.#life.greet();
  }

  send(programs: readonly P[], stream: boolean): Promise<Batch<E>> {
    return new Promise((resolve) => {
      const outcomes: Pending<P, E>['outcomes'] = [];
      const pending: Pending<P, E> = {
        id: this.#nextId++,
        programs,
        outcomes,
        streamed: [],
        hangs: 0,
        settle: (end) => resolve({ outcomes, end, streamed: pending.streamed, log: this.#life.log }),
      };
      if (programs.length === 0) return pending.settle(undefined);
      if (!this.alive) return pending.settle({ kind: 'not-begun' });
      this.#pending.push(pending);
      this.#life.say({ type: 'run', id: pending.id, programs, ...(stream ? { stream } : {}) });
      this.#life.await();
    });
  }

  /** Say goodbye and wait for the exit; a target that does not go is killed. */
  end(): Promise<void> {
    return this.#life.leave();
  }

  #line(line: string): void {
    const [pending] = this.#pending;
    const message = this.#read(line, pending?.programs[pending.outcomes.length]);
    if (typeof message === 'string') this.#malformed(message);
    else this.#answer(message);
    if (this.#pending.length > 0) this.#life.await();
    else this.#life.rest();
  }

  #answer(message: Said<E>): void {
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

  #progress(message: Extract<Said<E>, { id: number }>): void {
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
      const program = pending.programs[index];
      const operations = program === undefined ? 0 : this.#operations(program);
      if (pending.streamed.length > MOST_EVENTS + MOST_EVENTS_OF_ONE * operations) this.#life.break({ kind: 'silent' });
      return;
    }
    const events = pending.streamed.length > 0 ? pending.streamed : message.events;
    const { log, fault } = message;
    pending.outcomes.push({
      events,
      ...(log === undefined ? {} : { log }),
      ...(fault === undefined ? {} : { fault }),
    });
    pending.streamed = [];
    if (isHang(events.at(-1))) {
      pending.hangs++;
      this.#life.toldOfHang();
    }
    if (pending.outcomes.length < pending.programs.length) {
      if (pending.hangs >= MOST_HANGS) this.#life.break({ kind: 'not-begun' });
      return;
    }
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

/** Whether an event says that the target hung. */
export function isHang(event: unknown): boolean {
  return (event as { readonly type?: unknown } | undefined)?.type === 'hang';
}
