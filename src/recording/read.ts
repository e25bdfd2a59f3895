/**
 * A raw recording as traces that can be judged.
 *
 *     bytes ──lines.ts, ftrace.ts──> entries ──stretches.ts──> stretches
 *           ──calls.ts──> calls ──gaps.ts──> those that can be judged ──> Trace, one lane a task
 *
 * Addresses become names: an address is an object, as it is for the manager; one with other callbacks than before is
 * another object.
 */
import type { CallbackName, Event, ObjectId, ProgramObject, Token, Trace } from '../../spec/vocabulary.js';
import { BadInput } from '../formats/errors.js';
import type { Address, RecordedCall } from './calls.js';
import { assembleCalls } from './calls.js';
import { FtraceReader, Impossible } from './ftrace.js';
import type { Gap } from './gaps.js';
import { isRecorded, sift } from './gaps.js';
import { CALLBACKS, POINTERS } from './probes.js';
import type { Lengths, Stretch } from './stretches.js';
import { stretchesOf } from './stretches.js';

/** A trace out of a recording, with what the recording could not show. */
export interface RecordedTrace {
  readonly trace: Trace;
  /** The line of the recording that each event stands on. */
  readonly lines: readonly number[];
  /** The text of those lines. */
  readonly texts: ReadonlyMap<number, string>;
  /** The place of its last record among the entries of the recording. */
  readonly last: number;
  /** Calls that cannot be judged, and why. */
  readonly withheld: readonly { readonly gap: Gap; readonly line: number }[];
  /** Callbacks that objects have and that were not recorded. */
  readonly unseen: ReadonlySet<CallbackName>;
  /** The address behind each name. */
  readonly names: ReadonlyMap<ObjectId | `t${number}`, Address>;
}

/** What is known of a recording when it was read to its end, or as far as it can be. */
export interface Ending {
  readonly facts: Readonly<Record<string, string>>;
  /** How many tasks called the manager. */
  readonly tasks: number;
  /** The number of events that the kernel says it lost; undefined where it lost an unknown number. */
  readonly lost: number | undefined;
  /** Hits of kprobes that the kernel says it missed, at no known place. */
  readonly missed: number;
  /** The line that cannot be true, at which reading ended. */
  readonly impossible: Impossible | undefined;
  /** What people should know of it, each a sentence. */
  readonly remarks: readonly string[];
}

/** What comes of a recording while it is read: a trace, or that those which end behind some place are in doubt. */
export type RecordedPiece = RecordedTrace | { readonly doubtFrom: number };

/** What `check` takes. */
export interface RecordedSource {
  readonly name: string;
  /** Its traces, one for each stretch. */
  readonly pieces: () => Iterable<RecordedPiece>;
  /** What is known when all pieces were taken. */
  readonly ending: () => Ending;
}

/** A recording that is read once, in the memory of one of its stretches. */
export class RecordingStream implements RecordedSource {
  readonly #reader: FtraceReader;
  readonly #pieces: Generator<RecordedPiece, void, undefined>;
  #first: IteratorResult<RecordedPiece, void> | undefined;
  readonly #tasks = new Set<number>();
  #lost: number | undefined = 0;
  #impossible: Impossible | undefined;

  /**
   * @param name what to call it
   * @param fromNothing whether it is known that nothing was registered when it began; its own word when left out
   */
  constructor(
    readonly name: string,
    chunks: Iterable<Buffer>,
    fromNothing?: boolean,
    lengths?: Lengths,
  ) {
    this.#reader = new FtraceReader(chunks, ({ lost }) => {
      this.#lost = this.#lost === undefined || lost === undefined ? undefined : this.#lost + lost;
    });
    this.#pieces = this.#read(fromNothing, lengths);
  }

  /** What it says of itself, as far as its first stretch. */
  facts(): Readonly<Record<string, string>> {
    this.#first ??= this.#pieces.next();
    return this.#reader.facts;
  }

  /** Its traces, one for each stretch, once. */
  *pieces(): Generator<RecordedPiece, void, undefined> {
    this.facts();
    const { done, value } = this.#first ?? {};
    if (done === true || value === undefined) return;
    yield value;
    yield* this.#pieces;
  }

  /** What is known when all pieces were taken. */
  ending(): Ending {
    const { facts, breaksOff, endMissing, others } = this.#reader;
    const remarks: string[] = [];
    if (facts.begins === undefined) {
      remarks.push(
        'it has no line of irqbypass-spec record ("# irqbypass-spec: ..."), so it is not known what was registered before it began, nor of which kernel it is.',
      );
    }
    if (others.size > 0) {
      const names = [...others.keys()].slice(0, 5).join(', ');
      const count = [...others.values()].reduce((sum, one) => sum + one, 0);
      remarks.push(`${count} events of other names were passed over: ${names}${others.size > 5 ? ', ...' : ''}.`);
    }
    if (breaksOff !== undefined) remarks.push(`its last line, ${breaksOff}, breaks off, and is not judged.`);
    else if (endMissing)
      remarks.push('its recorder did not come to its end: what it would have told at the end is missing.');
    return {
      facts,
      tasks: this.#tasks.size,
      lost: this.#lost,
      missed: Number(facts.missed ?? 0),
      impossible: this.#impossible,
      remarks,
    };
  }

  *#read(fromNothing: boolean | undefined, lengths: Lengths | undefined): Generator<RecordedPiece, void, undefined> {
    try {
      for (const piece of stretchesOf(this.#reader, fromNothing, lengths)) {
        if ('doubtFrom' in piece) yield piece;
        else {
          for (const { record } of piece.records) this.#tasks.add(record.pid);
          yield traceOf(piece, recordedCallbacks(this.#reader.facts));
        }
      }
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      this.#impossible = error;
    }
  }
}

/** A recording that was read as a whole. */
export interface Recording extends RecordedSource, Omit<Ending, 'impossible'> {
  /** One for each stretch that is not in doubt. */
  readonly parts: readonly RecordedTrace[];
}

/** A trace and where it came from. */
export interface NamedTrace {
  readonly name: string;
  readonly trace: Trace;
}

/** What there is to judge: traces in full, and what kernels recorded. */
export interface Evidence {
  readonly traces: readonly NamedTrace[];
  readonly recordings: readonly RecordedSource[];
}

/**
 * Read a recording that is at hand as a whole.
 *
 * @param name what to call it in an error
 * @param fromNothing whether it is known that nothing was registered when it began; the recording's word when left out
 * @throws {BadInput} when the text is none, or was recorded with other events
 */
export function readRecording(text: string, name: string, fromNothing?: boolean): Recording {
  const stream = new RecordingStream(name, [Buffer.from(text)], fromNothing);
  let parts: RecordedTrace[] = [];
  for (const piece of stream.pieces()) {
    if ('doubtFrom' in piece) parts = parts.filter(({ last }) => last < piece.doubtFrom);
    else parts.push(piece);
  }
  const ending = stream.ending();
  const { impossible, ...known } = ending;
  if (impossible !== undefined) throw badRecording(name, impossible);
  return { name, parts, ...known, pieces: () => parts, ending: () => ending };
}

/** The error for the user of a line that cannot be true. */
export function badRecording(name: string, { line, message, remedy }: Impossible): BadInput {
  return new BadInput({ where: `${name}:${line}`, problem: message, ...(remedy === undefined ? {} : { remedy }) });
}

/** The callbacks for which events were set up; all where the recorder does not say. */
function recordedCallbacks({ events }: Readonly<Record<string, string>>): ReadonlySet<CallbackName> {
  const all = Object.keys(CALLBACKS) as CallbackName[];
  if (events === undefined) return new Set(all);
  const names = new Set(events.split(','));
  return new Set(all.filter((name) => names.has(name) && names.has(`${name}Return`)));
}

function traceOf({ records, fromNothing }: Stretch, recorded: ReadonlySet<CallbackName>): RecordedTrace {
  const { judged, withheld, unseen } = sift(assembleCalls(records, fromNothing), { fromNothing, recorded });
  const recordAt = new Map(records.map(({ at, record }) => [at, record]));
  const names = new Names(recorded);
  const events: { readonly at: number; readonly event: Event }[] = [];
  const lanes = new Map<number, number>();
  for (const call of judged) {
    if (!lanes.has(call.pid)) lanes.set(call.pid, lanes.size);
    events.push(...eventsOf(call, lanes.get(call.pid) ?? 0, names));
  }
  events.sort((a, b) => a.at - b.at);
  return {
    trace: { objects: names.objects(), events: events.map(({ event }) => event) },
    lines: events.map(({ at }) => recordAt.get(at)?.line ?? 0),
    texts: new Map(records.map(({ record }) => [record.line, record.text])),
    last: records.at(-1)?.at ?? 0,
    withheld: withheld.map(({ call, gap }) => ({ gap, line: recordAt.get(call.begins)?.line ?? 0 })),
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
