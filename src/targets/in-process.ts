/** Targets in this process: play a program against a manager written in JavaScript, and record what it does. */

import { passesCounterpart, returnsStatus, showsIrq } from '../../spec/callbacks.js';
import type { Hello } from '../../spec/formats/protocol.js';
import type { Consumer, Manager, ManagerEnvironment, ManagerFactory, Producer } from '../../spec/manager.js';
import type {
  CallbackName,
  Event,
  ManagerOperation,
  ObjectId,
  Program,
  ProgramObject,
  Status,
} from '../../spec/vocabulary.js';
import { isManagerOperation } from '../../spec/vocabulary.js';
import type { Outcome, Target } from './target.js';
import { TargetError } from './target.js';

/** Of more programs than this, signals have their turn in between. */
const AT_ONCE = 256;

/** A manager made by a factory, as a target. */
export class InProcessTarget implements Target {
  readonly isHere = true;

  constructor(
    readonly address: string,
    readonly hello: Hello,
    readonly factory: ManagerFactory,
  ) {}

  async run(programs: readonly Program[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const [index, program] of programs.entries()) {
      // Nothing here ever waits: let signals have their turn.
      if (index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
      outcomes.push({ events: play(program, this.factory) });
    }
    return outcomes;
  }

  async close(): Promise<void> {}
}

const OPERATIONS = ['registerProducer', 'unregisterProducer', 'registerConsumer', 'unregisterConsumer'] as const;

/** How many events a program may have, and how many more for each operation; who calls back without end is stopped there. */
const MOST_EVENTS = 10_000;
const MOST_EVENTS_OF_ONE = 100;

/** How deep callbacks may call the manager from inside it. Where the stack ends is no matter of the manager. */
const MOST_NESTED = 16;

/**
 * Play a program of one lane against a new manager, and return what happened.
 *
 * @throws {TargetError} when the manager is not synchronous
 */
export function play(program: Program, factory: ManagerFactory): readonly Event[] {
  const stage = new Stage(program);
  stage.play(factory);
  return stage.events;
}

/** Where one program is played against a manager of its own. */
export class Stage {
  /** What has happened, in order. */
  readonly events: Event[] = [];
  readonly #heard: ((event: Event) => void) | undefined;
  #late: ((event: Event) => void) | undefined;
  readonly #lane: readonly Program['lanes'][number][number][];
  readonly #players = new Map<ObjectId, Producer & Consumer>();
  readonly #names = new Map<object, ObjectId>();
  #memory = true;
  #nested = 0;
  #manager: Manager | undefined;

  /**
   * Set the stage for a program of one lane.
   *
   * @param heard is told each event as it happens
   */
  constructor(program: Program, heard?: (event: Event) => void) {
    this.#heard = heard;
    const [lane, ...others] = program.lanes;
    if (others.length > 0) throw new TargetError('targets in process run programs of one lane; this one has more');
    this.#lane = lane ?? [];
    for (const object of program.objects) {
      const player = this.#player(object);
      this.#players.set(object.id, player);
      this.#names.set(player, object.id);
    }
  }

  /**
   * Make a manager and play the program against it. What the manager throws is a crash, and the end.
   *
   * @throws {TargetError} when there is no manager, or it is not synchronous
   */
  play(factory: ManagerFactory): void {
    const environment: ManagerEnvironment = {
      allocate: () => this.#memory,
      warn: (text) => this.#tell({ type: 'log', level: 'warning', text: textOf(text) }),
    };
    this.#manager = make(factory, environment);
    try {
      this.#play();
    } catch (error) {
      if (error instanceof TargetError) throw error;
      this.#note({ type: 'crash', detail: describe(error) });
    }
  }

  /** The program is over: what happens from now on is late. */
  close(late: (event: Event) => void): void {
    this.#late = late;
  }

  #play(): void {
    for (const operation of this.#lane) {
      if (!isManagerOperation(operation)) {
        throw new TargetError(
          `${operation.operation} needs objects in memory that a caller can write; none are in process`,
        );
      }
      this.#call(operation);
    }
  }

  #call(operation: ManagerOperation): void {
    if (this.#nested === MOST_NESTED) throw new Error(`callbacks call it from inside it, ${MOST_NESTED} deep`);
    this.#nested++;
    try {
      this.#callIn(operation);
    } finally {
      this.#nested--;
    }
  }

  #callIn(operation: ManagerOperation): void {
    const manager = this.#manager;
    const player = this.#players.get(operation.object);
    if (manager === undefined || player === undefined) {
      throw new TargetError(`the program names ${operation.object}, which is not among its objects`);
    }
    this.#note(callEvent(operation));
    switch (operation.operation) {
      case 'registerProducer':
        this.#memory = operation.memory !== 'none';
        this.#returned(manager.registerProducer(player, operation.token, operation.irq));
        break;
      case 'registerConsumer':
        this.#memory = operation.memory !== 'none';
        this.#returned(manager.registerConsumer(player, operation.token));
        break;
      case 'unregisterProducer':
        this.#ended(manager.unregisterProducer(player));
        break;
      case 'unregisterConsumer':
        this.#ended(manager.unregisterConsumer(player));
        break;
    }
    this.#memory = true;
  }

  #returned(status: unknown): void {
    refusePromise(status);
    this.#note(Number.isInteger(status) ? { type: 'return', status: Number(status) } : { type: 'return' });
  }

  #ended(value: unknown): void {
    refusePromise(value);
    this.#note({ type: 'return' });
  }

  #note(event: Event): void {
    if (this.#late !== undefined) {
      this.#late(event);
      return;
    }
    this.events.push(event);
    this.#heard?.(event);
  }

  /** Note what a manager can do without end. */
  #tell(event: Event): void {
    if (this.events.length > MOST_EVENTS + MOST_EVENTS_OF_ONE * this.#lane.length) {
      throw new Error('it calls back, or warns, without end');
    }
    this.#note(event);
  }

  #player(object: ProgramObject): Producer & Consumer {
    const { id, results } = object;
    const reenter = (callback: CallbackName): void => {
      for (const one of object.reenters ?? []) {
        if (one.callback === callback) this.#call(one.operation);
      }
    };
    let added = 0;
    const result = (): Status => results?.[added++] ?? 0;
    // The name is what an address is in C: something to tell objects by, and nothing to build on.
    const player: Producer & Consumer & { readonly id: ObjectId } = { id };
    const callbacks: readonly CallbackName[] = object.callbacks;
    for (const callback of callbacks) {
      const enter = (other?: object, irq?: number): void => {
        this.#enterWith(callback, id, other, irq);
        if (object.reenters !== undefined) reenter(callback);
      };
      if (returnsStatus(callback)) {
        player[callback] = (other: object, irq?: number) => {
          enter(other, irq);
          const status = result();
          this.#note({ type: 'leave', callback, object: id, result: status });
          return status;
        };
      } else {
        player[callback] = (other?: object) => {
          enter(other);
          this.#note({ type: 'leave', callback, object: id });
        };
      }
    }
    return player;
  }

  /** Note that a callback was entered, and with what it is passed; an object that is none of ours is left out. */
  #enterWith(callback: CallbackName, object: ObjectId, other: unknown, irq: unknown): void {
    const counterpart = passesCounterpart(callback) ? this.#names.get(other as object) : undefined;
    if (counterpart === undefined) this.#tell({ type: 'enter', callback, object });
    else if (typeof irq !== 'number' || !showsIrq(callback))
      this.#tell({ type: 'enter', callback, object, counterpart });
    else this.#tell({ type: 'enter', callback, object, counterpart, irq });
  }
}

/** A call event, spelt out: copying the operation field by field costs a fifth of a spread. */
function callEvent(operation: ManagerOperation): Event {
  switch (operation.operation) {
    case 'registerProducer': {
      const { object, token, irq, memory } = operation;
      const event = { type: 'call', operation: 'registerProducer', object, token, irq } as const;
      return memory === undefined ? event : { ...event, memory };
    }
    case 'registerConsumer': {
      const { object, token, memory } = operation;
      const event = { type: 'call', operation: 'registerConsumer', object, token } as const;
      return memory === undefined ? event : { ...event, memory };
    }
    case 'unregisterProducer':
      return { type: 'call', operation: 'unregisterProducer', object: operation.object };
    case 'unregisterConsumer':
      return { type: 'call', operation: 'unregisterConsumer', object: operation.object };
  }
}

function refusePromise(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'then' in value) {
    throw new TargetError('the manager returned a promise; the operations of a manager are synchronous');
  }
}

/** A manager, from its factory. @throws {TargetError} when none comes of it */
function make(factory: ManagerFactory, environment: ManagerEnvironment): Manager {
  try {
    const made: unknown = factory(environment);
    refusePromise(made);
    const manager = made as Partial<Manager> | null | undefined;
    // To look at what was made may run code of its own, and throw as well.
    for (const operation of OPERATIONS) {
      if (typeof manager?.[operation] === 'function') continue;
      throw new TargetError(
        `expected a manager with a function ${operation}; what was made has none (spec/manager.ts)`,
      );
    }
    return manager as Manager;
  } catch (error) {
    if (error instanceof TargetError) throw error;
    throw new TargetError(`no manager could be made: ${describe(error)}`);
  }
}

/** The most of a text from outside that is kept, in characters. */
const TEXT_KEPT = 2_000;

function textOf(value: unknown): string {
  try {
    return String(value).slice(0, TEXT_KEPT);
  } catch {
    return 'something that has no text';
  }
}

/** What was thrown, in words. */
export function describe(error: unknown): string {
  // What was thrown may come from another realm, where Error is not the one of here; and may be anything.
  try {
    if (typeof error === 'object' && error !== null && 'stack' in error && 'message' in error && 'name' in error) {
      return textOf(`${error.name}: ${error.message}`);
    }
  } catch {
    return 'thrown: something that cannot be looked at';
  }
  return `thrown: ${textOf(error)}`;
}
