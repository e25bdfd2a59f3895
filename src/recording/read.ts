/**
 * A raw recording as traces that can be judged.
 *
 *     text ──ftrace.ts──> entries ──cut where events were lost──> parts
 *          ──calls.ts──> calls ──gaps.ts──> those that can be judged ──> Trace, one lane a task
 *
 * Addresses become names: an address is an object, as it is for the manager; one with other callbacks than before is
 * another object.
 */
import type { CallbackName, Event, ObjectId, ProgramObject, Token, Trace } from '../../spec/vocabulary.js';
import type { Address, Placed, RecordedCall } from './calls.js';
import { assembleCalls } from './calls.js';
import type { FtraceText, Loss } from './ftrace.js';
import { readFtrace } from './ftrace.js';
import type { Circumstances, Gap } from './gaps.js';
import { isRecorded, sift } from './gaps.js';
import { CALLBACKS, POINTERS } from './probes.js';

/** A trace out of a recording, with what the recording could not show. */
export interface RecordedTrace {
  readonly trace: Trace;
  /** The line of the recording that each event stands on. */
  readonly lines: readonly number[];
  /** Calls that cannot be judged, and why. */
  readonly withheld: readonly { readonly gap: Gap; readonly line: number }[];
  /** Callbacks that objects have and that were not recorded. */
  readonly unseen: ReadonlySet<CallbackName>;
  /** The address behind each name. */
  readonly names: ReadonlyMap<ObjectId | `t${number}`, Address>;
}

/** A recording, read. */
export interface Recording {
  readonly name: string;
  /** The tasks that called the manager. */
  readonly tasks: number;
  /** One for each stretch without lost events. */
  readonly parts: readonly RecordedTrace[];
  readonly facts: Readonly<Record<string, string>>;
  /** The number of events that the kernel says it lost; undefined where it lost an unknown number. */
  readonly lost: number | undefined;
  /** The recording itself, line by line. */
  readonly text: readonly string[];
  /** Hits of kprobes that the kernel says it missed, at no known place. */
  readonly missed: number;
}

/** A trace and where it came from. */
export interface NamedTrace {
  readonly name: string;
  readonly trace: Trace;
}

/** What there is to judge: traces in full, and what kernels recorded. */
export interface Evidence {
  readonly traces: readonly NamedTrace[];
  readonly recordings: readonly Recording[];
}

/**
 * Read a recording.
 * @param name what to call it in an error
 * @param fromNothing whether it is known that nothing was registered when it began; the recording's word when left out
 * @throws {BadInput} when the text is none, or was recorded with other events
 */
export function readRecording(text: string, name: string, fromNothing?: boolean): Recording {
  const read = readFtrace(text, name);
  const recorded = recordedCallbacks(read.facts);
  const beginning = fromNothing ?? read.facts.begins === 'nothing-registered';
  const parts = cut(read).map((placed, index) =>
    readPart(placed, name, { fromNothing: beginning && index === 0 && !read.overwritten, recorded }),
  );
  const losses = read.entries.filter((entry): entry is Loss => 'lost' in entry);
  const tasks = new Set(read.entries.flatMap((entry) => ('event' in entry ? [entry.pid] : [])));
  return {
    name,
    tasks: tasks.size,
    text: text.split('\n'),
    parts,
    facts: read.facts,
    lost: losses.reduce<number | undefined>(
      (sum, { lost }) => (sum === undefined || lost === undefined ? undefined : sum + lost),
      0,
    ),
    missed: Number(read.facts.missed ?? 0),
  };
}

/** The callbacks for which events were set up; all where the recorder does not say. */
function recordedCallbacks({ events }: Readonly<Record<string, string>>): ReadonlySet<CallbackName> {
  const all = Object.keys(CALLBACKS) as CallbackName[];
  if (events === undefined) return new Set(all);
  const names = new Set(events.split(','));
  return new Set(all.filter((name) => names.has(name) && names.has(`${name}Return`)));
}

/** The records of each stretch without losses. A loss lies behind the last event of its CPU before it. */
function cut({ entries }: FtraceText): readonly (readonly Placed[])[] {
  const lastOn = new Map<number, number>();
  const inDoubt = new Set<number>();
  const ends = new Set<number>();
  entries.forEach((entry, at) => {
    if ('lost' in entry) {
      for (let doubtful = (lastOn.get(entry.cpu) ?? -1) + 1; doubtful < at; doubtful++) inDoubt.add(doubtful);
      ends.add(at);
    }
    lastOn.set(entry.cpu, at);
  });
  const parts: Placed[][] = [[]];
  entries.forEach((entry, at) => {
    if (ends.has(at)) parts.push([]);
    else if ('event' in entry && !inDoubt.has(at)) parts.at(-1)?.push({ at, record: entry });
  });
  return parts;
}

function readPart(placed: readonly Placed[], name: string, circumstances: Circumstances): RecordedTrace {
  const { judged, withheld, unseen } = sift(assembleCalls(placed, name), circumstances);
  const lineAt = new Map(placed.map(({ at, record }) => [at, record.line]));
  const names = new Names(circumstances.recorded);
  const events: { readonly at: number; readonly event: Event }[] = [];
  const lanes = new Map<number, number>();
  for (const call of judged) {
    if (!lanes.has(call.pid)) lanes.set(call.pid, lanes.size);
    events.push(...eventsOf(call, lanes.get(call.pid) ?? 0, names));
  }
  events.sort((a, b) => a.at - b.at);
  return {
    trace: { objects: names.objects(), events: events.map(({ event }) => event) },
    lines: events.map(({ at }) => lineAt.get(at) ?? 0),
    withheld: withheld.map(({ call, gap }) => ({ gap, line: lineAt.get(call.begins) ?? 0 })),
    unseen,
    names: names.addresses(),
  };
}

function eventsOf(
  call: RecordedCall,
  number: number,
  names: Names,
): readonly { readonly at: number; readonly event: Event }[] {
  const lane = number === 0 ? {} : { lane: number };
  const events: { at: number; event: Event }[] = [{ at: call.begins, event: callEvent(call, lane, names) }];
  for (const { callback, object, counterpart, irq, begins, ends, result } of call.callbacks) {
    // A stop or a start is never passed an object, and every recorded callback is a consumer's.
    const mine = names.of(object, 'consumer');
    const other = counterpart === undefined ? {} : { counterpart: names.of(counterpart, 'producer') };
    const seen = irq === undefined ? {} : { irq };
    events.push({ at: begins, event: { type: 'enter', ...lane, callback, object: mine, ...other, ...seen } });
    const returned = result === undefined ? {} : { result };
    events.push({ at: ends ?? begins, event: { type: 'leave', ...lane, callback, object: mine, ...returned } });
  }
  const status = call.status === undefined ? {} : { status: call.status };
  events.push({ at: call.ends ?? call.begins, event: { type: 'return', ...lane, ...status } });
  return events;
}

function callEvent(call: RecordedCall, lane: { readonly lane?: number }, names: Names): Event {
  const { operation, object, irq = 0, pointers } = call;
  const token = names.token(call.token);
  switch (operation) {
    case 'registerProducer': {
      const id = names.of(object, 'producer', pointers) as `p${number}`;
      return { type: 'call', ...lane, operation, object: id, token, irq };
    }
    case 'registerConsumer': {
      const id = names.of(object, 'consumer', pointers) as `c${number}`;
      return { type: 'call', ...lane, operation, object: id, token };
    }
    case 'unregisterProducer':
      return { type: 'call', ...lane, operation, object: names.of(object, 'producer') as `p${number}` };
    case 'unregisterConsumer':
      return { type: 'call', ...lane, operation, object: names.of(object, 'consumer') as `c${number}` };
  }
}

/** Gives names to addresses, in the order in which they are met. */
class Names {
  readonly #ids = new Map<Address, ObjectId>();
  readonly #callbacks = new Map<ObjectId, readonly CallbackName[]>();
  readonly #tokens = new Map<Address, `t${number}`>();
  readonly #addresses = new Map<ObjectId | `t${number}`, Address>();
  readonly #counts = { producer: 0, consumer: 0 };

  constructor(readonly recorded: ReadonlySet<CallbackName>) {}

  /** The name of an object; `pointers` are those of a registration. */
  of(address: Address, role: 'producer' | 'consumer', pointers?: ReadonlyMap<CallbackName, string>): ObjectId {
    const known = this.#ids.get(address);
    const callbacks = pointers === undefined ? undefined : this.#shown(role, pointers);
    if (known?.startsWith(role.charAt(0))) {
      const before = this.#callbacks.get(known);
      if (callbacks === undefined || before === undefined || before.join() === callbacks.join()) {
        if (callbacks !== undefined) this.#callbacks.set(known, callbacks);
        return known;
      }
    }
    const id = `${role === 'producer' ? 'p' : 'c'}${this.#counts[role]++}` as ObjectId;
    this.#ids.set(address, id);
    this.#addresses.set(id, address);
    if (callbacks !== undefined) this.#callbacks.set(id, callbacks);
    return id;
  }

  token(address: Address | undefined): Token {
    if (address === undefined) return null;
    const known = this.#tokens.get(address);
    if (known !== undefined) return known;
    const token = `t${this.#tokens.size}` as const;
    this.#tokens.set(address, token);
    this.#addresses.set(token, address);
    return token;
  }

  objects(): readonly ProgramObject[] {
    return [...this.#addresses.keys()].flatMap((id): readonly ProgramObject[] => {
      if (id.startsWith('t')) return [];
      const callbacks = this.#callbacks.get(id as ObjectId) ?? [];
      return [{ id, callbacks } as ProgramObject];
    });
  }

  addresses(): ReadonlyMap<ObjectId | `t${number}`, Address> {
    return this.#addresses;
  }

  /** Of the callbacks that an object has, those that the recording shows. */
  #shown(role: 'producer' | 'consumer', pointers: ReadonlyMap<CallbackName, string>): readonly CallbackName[] {
    return POINTERS[role].filter((name) => {
      const target = pointers.get(name);
      return target !== undefined && isRecorded(name, target, this.recorded);
    });
  }
}
