/**
 * Sees of most answers at one look that they are right: that a message is a trace by the schema, that it can be true, and that
 * it is the answer to its program. That is said of programs of one lane in which everything returns, and of nothing else:
 * where it is not said, the message is held against the schema (`validate`) and the trace against the program
 * (`unfaithful`), which say what is wrong, if anything is. A test holds this look against the two.
 */
import { returnsStatus } from '../../spec/callbacks.js';
import type { TraceMessage } from '../../spec/formats/protocol.js';
import type { CallbackName, ObjectId, Operation, Program, ProgramObject } from '../../spec/vocabulary.js';

/** A value of JSON that is no list and not null. */
type Members = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is, at one look, the right answer to a program. */
export function isPlainAnswer(program: Program, said: unknown): said is TraceMessage {
  if (!isMembers(said) || said.type !== 'trace' || !Array.isArray(said.events) || count(said) !== 4) return false;
  if (!Number.isInteger(said.id) || !Number.isInteger(said.index)) return false;
  const [operations] = program.lanes;
  if (operations === undefined || program.lanes.length !== 1) return false;
  const look = new Look(program, operations);
  for (const event of said.events as readonly unknown[]) if (!look.takes(event)) return false;
  return look.isOver;
}

class Look {
  readonly #objects = new Map<string, ProgramObject>();
  /** How often the adds of each object were left. */
  readonly #added = new Map<string, number>();
  readonly #isOrdinary: boolean;
  /** How many operations were called, and whether the last of them has not returned. */
  #called = 0;
  #isInside = false;
  /** The callback that was not left, and whose it is. */
  #callback: unknown;
  #on: unknown;

  constructor(
    program: Program,
    readonly operations: readonly Operation[],
  ) {
    let isOrdinary = true;
    for (const object of program.objects) {
      isOrdinary &&= object.reenters === undefined;
      this.#objects.set(object.id, object);
    }
    this.#isOrdinary = isOrdinary && this.#objects.size === program.objects.length;
  }

  /** Whether everything was called and has returned. */
  get isOver(): boolean {
    return this.#isOrdinary && !this.#isInside && this.#called === this.operations.length;
  }

  takes(event: unknown): boolean {
    if (!isMembers(event)) return false;
    switch (event.type) {
      case 'call':
        return this.#calls(event);
      case 'enter':
        return this.#enters(event);
      case 'leave':
        return this.#leaves(event);
      case 'return':
        return this.#returns(event);
      default:
        return false;
    }
  }

  #calls(event: Members): boolean {
    const asked = this.operations[this.#called++];
    if (asked === undefined || this.#isInside) return false;
    this.#isInside = true;
    if (event.operation !== asked.operation || event.object !== asked.object || !this.#objects.has(asked.object)) {
      return false;
    }
    switch (asked.operation) {
      case 'registerProducer':
      case 'registerConsumer': {
        const irq = asked.operation === 'registerProducer' ? asked.irq : undefined;
        const members = 4 + (irq === undefined ? 0 : 1) + (asked.memory === undefined ? 0 : 1);
        return (
          event.token === asked.token &&
          event.irq === irq &&
          event.memory === asked.memory &&
          Object.hasOwn(event, 'token') &&
          count(event) === members
        );
      }
      case 'unregisterProducer':
      case 'unregisterConsumer':
        return count(event) === 3;
      default:
        return false;
    }
  }

  #enters(event: Members): boolean {
    const { callback, object, counterpart, irq } = event;
    if (!this.#isInside || this.#callback !== undefined || !this.#has(object, callback)) return false;
    this.#callback = callback;
    this.#on = object;
    let members = 3;
    if (counterpart !== undefined) {
      if (!this.#objects.has(counterpart as ObjectId)) return false;
      members++;
    }
    if (irq !== undefined) {
      if (!Number.isInteger(irq)) return false;
      members++;
    }
    return count(event) === members;
  }

  #leaves(event: Members): boolean {
    const { callback, object, result } = event;
    if (callback === undefined || this.#callback !== callback || this.#on !== object) return false;
    this.#callback = undefined;
    if (!returnsStatus(callback as CallbackName)) return count(event) === 3;
    const calls = this.#added.get(object as ObjectId) ?? 0;
    this.#added.set(object as ObjectId, calls + 1);
    return result === (this.#objects.get(object as ObjectId)?.results?.[calls] ?? 0) && count(event) === 4;
  }

  #returns(event: Members): boolean {
    if (!this.#isInside || this.#callback !== undefined) return false;
    this.#isInside = false;
    const { status } = event;
    return status === undefined ? count(event) === 1 : Number.isInteger(status) && count(event) === 2;
  }

  #has(object: unknown, callback: unknown): boolean {
    const known = this.#objects.get(object as ObjectId);
    const callbacks: readonly unknown[] = known?.callbacks ?? [];
    return callbacks.includes(callback);
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How many members a value has. */
function count(value: Members): number {
  let members = 0;
  for (const _ in value) members++;
  return members;
}
