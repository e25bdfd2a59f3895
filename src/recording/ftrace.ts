/**
 * The kernel's own text of a trace (tracefs' `trace` or `trace_pipe`), line by line, as plain records.
 *
 *     TASK-PID  [CPU] FLAGS  TIMESTAMP: EVENT: (PLACE) FIELDS
 *     CPU:1 [LOST 12 EVENTS]
 *     # irqbypass-spec: KEY=VALUE ...              what the recorder says of itself
 *
 * Events of other names are others', and are passed over. A line that cannot be true ends the reading: what is behind
 * it is not known, and what is before it may lack something.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Line } from './lines.js';
import { LONGEST_LINE, linesOf } from './lines.js';
import { CALLBACKS, OPERATIONS, POINTERS } from './probes.js';

/** One event of ours. */
export interface FtraceRecord {
  /** The line in the text, from 1. */
  readonly line: number;
  /** The line itself. */
  readonly text: string;
  readonly task: string;
  readonly pid: number;
  readonly cpu: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A line that user space wrote into the recording, behind `irqbypass-spec: `. */
export interface Mark {
  readonly line: number;
  readonly pid: number;
  readonly cpu: number;
  readonly mark: string;
}

/** Events are missing on a CPU, somewhere behind its event before this place. */
export interface Loss {
  readonly line: number;
  readonly cpu: number;
  readonly lost: number | undefined;
}

/** Another recording begins, behind the one before. */
export interface Beginning {
  readonly line: number;
  readonly fromNothing: boolean;
}

export type Entry = FtraceRecord | Mark | Loss | Beginning;

/** A line cannot be true, or the recording was changed. */
export class Impossible extends Error {
  override readonly name = 'Impossible';

  /**
   * @param remedy what to do, where it is not to record again
   * @param isOfAll whether nothing of the recording can be relied on, what was read before included
   */
  constructor(
    readonly line: number,
    problem: string,
    readonly remedy?: string,
    readonly isOfAll = false,
  ) {
    super(problem);
  }
}

/** Entries that are held back until no earlier one can come: of several CPUs trace_pipe may print a little out of order. */
const HELD_BACK = 16_384;

// Every part of it has an end, so that a line takes no longer than its length. The name of a task has up to 15 letters.
const LINE =
  /^(\S.{0,31}?)-(\d{1,10})\s+(?:\([\s\d-]{1,16}\)\s+)?\[(\d{1,6})\]\s+(?:[^\s:]{1,16}\s+)?(\d{1,20}(?:\.\d{1,9})?):\s+(\w+):\s?(.*)$/;
const LOST = /^CPU:(\d+) \[LOST (?:(\d+) )?EVENTS\]$/;
const FACTS = '# irqbypass-spec: ';
const BUFFER = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/;
const TRACER = /^# tracer: (\w+)/;
const PLACE = /^\(([^()]*)\)/;
const FIELD = /\s*(\w+)=(\(fault\)|[\w.$]+\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[\w+\])?|\S+)/y;
const MARK = 'irqbypass-spec: ';

const EVENTS: ReadonlySet<string> = new Set(
  [...Object.keys(OPERATIONS), ...Object.keys(CALLBACKS)].flatMap((name) => [name, `${name}Return`]),
);
const FUNCTIONS: ReadonlySet<string> = new Set([...Object.values(OPERATIONS), ...Object.values(CALLBACKS)]);
const FIELDS: ReadonlySet<string> = new Set([
  ...['object', 'token', 'irq', 'counterpart', 'status', 'result'],
  ...Object.values(POINTERS).flat(),
]);

/** Whether a line could be one of a trace of the kernel's. */
export function looksLikeFtrace(line: string): boolean {
  return line.startsWith('#') || LINE.test(line.trim());
}

/** Reads one trace. */
export class FtraceReader {
  /** What the recorder said of itself, as far as it was read. */
  readonly facts: Record<string, string> = {};
  /** Whether the kernel had overwritten the beginning. */
  overwritten = false;
  /** The number of the last line, where it breaks off. */
  breaksOff: number | undefined;
  /** Whether the recorder promised a seal that is not there: the end is missing. */
  endMissing = false;
  /** Events of other names, and how many of each. */
  readonly others = new Map<string, number>();
  readonly #lines: Generator<Line, void, undefined>;
  #held: { readonly time: number; readonly entry: Entry }[] = [];
  #latest = 0;
  /** Nothing earlier than this can come any more. */
  #floor = Number.NEGATIVE_INFINITY;
  #tracer = 'nop';
  #met = { header: false, event: false };
  #seal: Hash | undefined;

  /** @param onLoss told of each loss as it is read */
  constructor(
    chunks: Iterable<Buffer>,
    readonly onLoss: (loss: Loss) => void = () => undefined,
  ) {
    this.#lines = linesOf(chunks);
  }

  /**
   * Its entries in the order of their timestamps. The facts are known no later than the entries that they are about.
   *
   * @throws {Impossible} for a line that cannot be true
   */
  *entries(): Generator<Entry, void, undefined> {
    for (const line of this.#lines) {
      const beginning = this.#readLine(line);
      if (beginning !== undefined) {
        yield* this.#let(this.#held.length);
        this.#floor = Number.NEGATIVE_INFINITY;
        this.#latest = 0;
        Object.assign(this.facts, beginning.facts);
        yield beginning.entry;
      }
      if (this.#held.length >= 2 * HELD_BACK) yield* this.#let(HELD_BACK);
    }
    this.endMissing ||= this.#seal !== undefined;
    yield* this.#let(this.#held.length);
  }

  /** Let go of the earliest entries. */
  *#let(count: number): Generator<Entry, void, undefined> {
    // Sorting is stable: equal times stay.
    this.#held.sort((a, b) => a.time - b.time);
    const free = this.#held.splice(0, count);
    this.#floor = free.at(-1)?.time ?? this.#floor;
    for (const { entry } of free) yield entry;
  }

  #hold(time: number, entry: Entry): void {
    if (time < this.#floor) {
      throw new Impossible(
        entry.line,
        `an event comes more than ${HELD_BACK} others too late: its time is ${time}, and ${this.#floor} was before it.`,
      );
    }
    this.#held.push({ time, entry });
  }

  /** @returns where another recording begins, that */
  #readLine(line: Line): Told | undefined {
    const { number, isWhole, isTooLong } = line;
    if (isTooLong)
      throw new Impossible(number, `a line of a trace has at most ${LONGEST_LINE} bytes; this one has more.`);
    const text = line.text.trim();
    if (text.startsWith(FACTS)) return isWhole ? this.#readFacts(line, text.slice(FACTS.length)) : undefined;
    this.#seal?.update(line.bytes);
    if (text === '') return undefined;
    if (!isWhole) {
      // Who knows what the rest of it would have said.
      this.breaksOff = number;
      return undefined;
    }
    if (text.startsWith('#')) {
      const buffer = BUFFER.exec(text);
      if (buffer !== null) this.overwritten ||= Number(buffer[1]) < Number(buffer[2]);
      this.#tracer = TRACER.exec(text)?.[1] ?? this.#tracer;
      return undefined;
    }
    const lost = LOST.exec(text);
    if (lost !== null) {
      const count = lost[2] === undefined ? undefined : Number(lost[2]);
      const loss = { line: number, cpu: Number(lost[1]), lost: count };
      this.onLoss(loss);
      this.#hold(this.#latest, loss);
      return undefined;
    }
    this.#readEvent(number, text);
    return undefined;
  }

  #readFacts(line: Line, text: string): Told | undefined {
    const said = new Map<string, string>();
    for (const word of text.split(/\s+/)) {
      const equals = word.indexOf('=');
      if (equals > 0) said.set(word.slice(0, equals), word.slice(equals + 1));
    }
    const sum = said.get('sha256');
    if (sum !== undefined) this.#checkSeal(line.number, sum);
    else this.#seal?.update(line.bytes);
    const missed = said.get('missed');
    if (missed !== undefined) {
      if (!/^\d{1,15}$/.test(missed)) {
        throw new Impossible(line.number, `missed= takes a number; came ${JSON.stringify(missed.slice(0, 40))}.`);
      }
      // Recordings one behind the other: each missed its own.
      this.facts.missed = String(Number(this.facts.missed ?? 0) + Number(missed));
      said.delete('missed');
    }
    const begins = said.get('begins');
    if (said.get('seal') === 'sha256') {
      this.endMissing ||= this.#seal !== undefined;
      this.#seal = createHash('sha256').update(line.bytes);
    }
    if (begins === undefined || !this.#met.event) {
      if (begins !== undefined) this.#met.header = true;
      Object.assign(this.facts, Object.fromEntries(said));
      return undefined;
    }
    const entry = { line: line.number, fromNothing: begins === 'nothing-registered' };
    // Where events come before any such line, it is not at its place: it tells nothing of how they began.
    if (this.#met.header) return { entry, facts: Object.fromEntries(said) };
    Object.assign(this.facts, Object.fromEntries(said), { begins: 'unknown' });
    return undefined;
  }

  /** A recorder that promises a seal puts it behind all that it wrote: whatever was changed since, shows. */
  #checkSeal(line: number, sum: string): void {
    const found = this.#seal?.digest('hex');
    this.#seal = undefined;
    if (found === sum) return;
    throw new Impossible(
      line,
      'what was recorded has another SHA-256 than the recorder wrote: it was changed since, and nothing of it can be relied on.',
      undefined,
      true,
    );
  }

  #readEvent(line: number, text: string): void {
    const parts = LINE.exec(text);
    if (parts === null) throw this.#badLine(line, text);
    const [, task = '', pid, cpu, time, event = '', rest = ''] = parts;
    this.#latest = Number(time);
    this.#met.event = true;
    const base = { line, pid: Number(pid), cpu: Number(cpu) };
    if (event === 'tracing_mark_write' || event === 'print') {
      const mark = rest.slice(rest.indexOf(MARK) + MARK.length);
      if (rest.includes(MARK)) this.#hold(this.#latest, { ...base, mark });
      return;
    }
    const [, place = ''] = PLACE.exec(rest) ?? [];
    if (!EVENTS.has(event)) {
      const on = place.split(/[\s+]/, 1)[0] ?? '';
      const behind = place.slice(place.lastIndexOf(' ') + 1);
      if (FUNCTIONS.has(on) || FUNCTIONS.has(behind)) {
        throw new Impossible(
          line,
          `an event ${JSON.stringify(event.slice(0, 40))} on a function of the manager or of its participants is none that irqbypass-spec record sets up: what it shows is not known.`,
        );
      }
      // As many names as a recording has; what is garbled beyond that is not worth a name.
      if (this.others.has(event) || this.others.size < MOST_NAMES) {
        this.others.set(event, (this.others.get(event) ?? 0) + 1);
      }
      return;
    }
    this.#hold(this.#latest, { ...base, text, task: task.trim(), event, fields: fieldsOf(line, event, rest) });
  }

  #badLine(line: number, text: string): Impossible {
    const plotted = this.#tracer.startsWith('function');
    return new Impossible(
      line,
      `expected a line of a trace of the kernel's (TASK-PID [CPU] TIME: EVENT: FIELDS); came ${JSON.stringify(text.slice(0, 80))}.`,
      plotted
        ? `The tracer ${this.#tracer} shows no arguments; irqbypass-spec record shows how to record them.`
        : 'irqbypass-spec record shows how to record one; a trace in JSON starts with "{".',
    );
  }
}

const MOST_NAMES = 100;

/** Where another recording begins, and what it says of itself. */
interface Told {
  readonly entry: Beginning;
  readonly facts: Readonly<Record<string, string>>;
}

/** The fields of an event of ours: nothing may be among them that is none. */
function fieldsOf(line: number, event: string, rest: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  let at = PLACE.exec(rest)?.[0].length ?? 0;
  const text = rest.trimEnd();
  while (at < text.length) {
    FIELD.lastIndex = at;
    const [all = '', key = '', value = ''] = FIELD.exec(text) ?? [];
    if (all === '' || !FIELDS.has(key) || Object.hasOwn(fields, key)) {
      const came = JSON.stringify(text.slice(at, at + 40).trim());
      throw new Impossible(line, `expected the fields of the event ${event}, each once; came ${came}.`);
    }
    fields[key] = value;
    at += all.length;
  }
  return fields;
}

/** A whole trace, read. */
export interface FtraceText {
  readonly entries: readonly Entry[];
  readonly facts: Readonly<Record<string, string>>;
  readonly breaksOff: boolean;
}

/** Read a trace that is at hand as a whole. @throws {Impossible} for a line that cannot be true */
export function readFtrace(text: string): FtraceText {
  const reader = new FtraceReader([Buffer.from(text)]);
  const entries = [...reader.entries()];
  return { entries, facts: reader.facts, breaksOff: reader.breaksOff !== undefined };
}
