/**
 * A host with lanes, driven: which of its calls goes on is chosen from outside, one step at a time.
 *
 * An unlock is not chosen: it happens at once behind the step before it, since to delay it only keeps others from what they
 * could do as well before.
 */
import type { LaneProgram } from '../../conformance/host/lanes/programs.js';
import { type LaneEvent, LaneHost, type LaneParticipants } from '../../reference/host/lanes/host.js';
import type { Step, Steps } from '../../reference/host/lanes/steps.js';
import type { World } from '../../reference/host/lanes/world.js';
import type { HostOperation } from '../../spec/host/vocabulary.js';

/** The calls that come first: all are done, nothing is under way. */
export interface Ready {
  readonly program: LaneProgram;
  readonly participants: LaneParticipants;
  readonly world: World;
  readonly events: readonly LaneEvent[];
}

/** Somebody who goes on in steps: a lane, or a worker. */
interface Task {
  readonly name: string;
  /** Calls that are still to come. */
  readonly calls: HostOperation[];
  /** The call whose doing its steps are; -1 before its first. */
  call: number;
  steps: Steps | undefined;
  next: Step | undefined;
  /** All that it has seen in its call. */
  seen: string;
}

/** What a step did, for people. */
export interface Moved {
  readonly task: string;
  readonly text: string;
}

export class LaneRun {
  readonly host: LaneHost;
  readonly #tasks: Task[] = [];
  readonly #locks = new Map<string, Task>();
  #calls = 0;
  /** For each call of a lane: its lane, and the calls that had returned before it. */
  readonly begun: { readonly call: number; readonly after: readonly number[] }[] = [];
  readonly #returned = new Set<number>();

  private constructor(program: LaneProgram, participants: LaneParticipants, world: World | undefined, calls: number) {
    const spawn = (steps: Steps, call: number) => this.#spawn(steps, call);
    this.host = new LaneHost(program, spawn, participants, world);
    this.#calls = calls;
  }

  /** Do what comes before the lanes. */
  static ready(program: LaneProgram, participants: LaneParticipants = {}): Ready {
    const run = new LaneRun(program, participants, undefined, 0);
    run.doAll(program.before);
    return { program, participants, world: run.host.world, events: run.host.events };
  }

  /** The lanes are about to begin. */
  static begin({ program, participants, world }: Ready): LaneRun {
    const run = new LaneRun(program, participants, structuredClone(world), program.before.length);
    for (const [lane, calls] of program.lanes.entries()) run.#add(`lane ${lane}`, [...calls]);
    return run;
  }

  /** Do calls one after the other, each with all that comes of it. */
  doAll(calls: readonly HostOperation[]): void {
    for (const call of calls) {
      const task = this.#add('alone', [call]);
      while (task.calls.length > 0 || task.steps !== undefined) this.#mustGo();
      while (!this.isDone()) this.#mustGo();
      this.#tasks.length = 0;
    }
  }

  /** Whether every call has returned and all that came of them is done. */
  isDone(): boolean {
    return this.#tasks.every(({ calls, steps }) => calls.length === 0 && steps === undefined);
  }

  /** The numbers of the tasks that can go on. */
  choices(): readonly number[] {
    return [...this.#tasks.keys()].filter((at) => {
      const { calls, steps, next } = this.#task(at);
      if (steps === undefined) return calls.length > 0;
      if (next?.is === 'lock') return !this.#locks.has(next.lock);
      return next?.is !== 'wait' || next.until();
    });
  }

  /** One step of a task. */
  go(at: number): Moved {
    const task = this.#task(at);
    const { next } = task;
    if (task.steps === undefined) {
      const operation = task.calls.shift();
      if (operation === undefined) throw new Error(`task ${at} has nothing to do`);
      task.call = this.#calls++;
      this.begun.push({ call: task.call, after: this.#over() });
      this.host.running = task.call;
      this.host.note({ type: 'call', ...operation });
      task.steps = this.host.call(operation);
      task.seen = '';
      this.#advance(task, undefined);
      return { task: task.name, text: `calls ${operation.operation}` };
    }
    this.host.running = task.call;
    if (next?.is === 'lock') this.#locks.set(next.lock, task);
    const result = next?.is === 'act' ? next.does() : undefined;
    this.#advance(task, result);
    return { task: task.name, text: next === undefined ? '' : stepText(next) };
  }

  /** What each of those that cannot go on waits for. */
  waiting(): readonly Moved[] {
    return this.#tasks.flatMap(({ name, next }) => (next === undefined ? [] : [{ task: name, text: stepText(next) }]));
  }

  /** Everything that decides what can come: two runs of which this is the same go on in the same ways. */
  key(): string {
    const locks = [...this.#locks].map(([lock, { name }]) => `${lock} ${name}`).sort();
    const tasks = this.#tasks.map(({ name, call, calls, seen, next }) => [
      name,
      call,
      calls.length,
      seen,
      next === undefined ? null : stepText(next),
    ]);
    const events: Record<number, unknown[]> = {};
    for (const { call, event } of this.host.events) {
      events[call] ??= [];
      events[call].push(event);
    }
    return JSON.stringify([this.host.world, locks, tasks, events, this.begun]);
  }

  #advance(task: Task, result: unknown): void {
    task.seen += `${task.next === undefined ? '' : stepText(task.next)}=${JSON.stringify(result)};`;
    let step = task.steps?.next(result);
    while (step?.done === false && step.value.is === 'unlock') {
      this.#locks.delete(step.value.lock);
      step = task.steps?.next(undefined);
    }
    task.next = step?.done === false ? step.value : undefined;
    if (task.next !== undefined) return;
    task.steps = undefined;
    if (!task.name.startsWith('worker')) this.#returned.add(task.call);
  }

  /** The calls that have returned, with nothing of them under way in a worker. */
  #over(): readonly number[] {
    return [...this.#returned].filter((call) =>
      this.#tasks.every((task) => task.call !== call || task.steps === undefined),
    );
  }

  #spawn(steps: Steps, call: number): void {
    const task = this.#add(`worker ${this.#tasks.length}`, []);
    task.call = call;
    task.steps = steps;
    this.#advance(task, undefined);
  }

  #add(name: string, calls: HostOperation[]): Task {
    const task: Task = { name, calls, call: -1, steps: undefined, next: undefined, seen: '' };
    this.#tasks.push(task);
    return task;
  }

  #mustGo(): void {
    const [first] = this.choices();
    if (first === undefined) throw new Deadlock(this.waiting());
    this.go(first);
  }

  #task(at: number): Task {
    const task = this.#tasks[at];
    if (task === undefined) throw new Error(`there is no task ${at}`);
    return task;
  }
}

/** One call after another does not come to an end. */
export class Deadlock extends Error {
  override readonly name = 'Deadlock';

  constructor(waiting: readonly Moved[]) {
    super(`nobody can go on: ${waiting.map(({ task, text }) => `${task} ${text}`).join(', ')}`);
  }
}

function stepText(step: Step): string {
  return 'lock' in step ? `${step.is}s ${step.lock}` : step.what;
}
