/**
 * The kernel's own text of a trace (tracefs' `trace` or `trace_pipe`), line by line, as plain records.
 *
 *     TASK-PID  [CPU] FLAGS  TIMESTAMP: EVENT: FIELDS
 *     CPU:1 [LOST 12 EVENTS]
 *     # irqbypass-spec: KEY=VALUE ...              what the recorder says of itself
 *
 * Events of other names are others', and are passed over.
 */
import { BadInput } from '../formats/errors.js';
import { CALLBACKS, OPERATIONS } from './probes.js';

/** One event of ours. */
export interface FtraceRecord {
  /** The line in the text, from 1. */
  readonly line: number;
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

/** A trace, read: its entries in the order of their timestamps. */
export interface FtraceText {
  readonly entries: readonly (FtraceRecord | Mark | Loss)[];
  /** What the recorder said of itself. */
  readonly facts: Readonly<Record<string, string>>;
  /** Whether the kernel had overwritten the beginning. */
  readonly overwritten: boolean;
  /** Whether the last line breaks off. */
  readonly breaksOff: boolean;
}

const LINE = /^\s*(\S.*)-(\d+)\s+(?:\([\s\d-]+\)\s+)?\[(\d+)\]\s+(?:[^\s:]+\s+)?(\d+(?:\.\d+)?):\s+(\w+):\s?(.*)$/;
const LOST = /^CPU:(\d+) \[LOST (?:(\d+) )?EVENTS\]$/;
const FACTS = /^# irqbypass-spec: (.*)$/;
const BUFFER = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/;
const FIELD = /(\w+)=(\(fault\)|[\w.$]+\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[\w+\])?|\S+)/g;
const MARK = 'irqbypass-spec: ';

const EVENTS: ReadonlySet<string> = new Set(
  [...Object.keys(OPERATIONS), ...Object.keys(CALLBACKS)].flatMap((name) => [name, `${name}Return`]),
);

/** Whether a text looks like a trace of the kernel's, rather than JSON. */
export function looksLikeFtrace(text: string): boolean {
  return /^\s*#/.test(text) || text.split('\n', 50).some((line) => LINE.test(line));
}

/**
 * Read a trace.
 * @param name what to call it in an error
 * @throws {BadInput} for a line that is none of a trace, or an event of ours without its object
 */
export function readFtrace(text: string, name: string): FtraceText {
  const facts: Record<string, string> = {};
  const found: { readonly time: number; readonly entry: FtraceRecord | Mark | Loss }[] = [];
  let overwritten = false;
  let breaksOff = false;
  let latest = 0;
  const lines = text.split('\n');
  // A recorder that is ended in the middle of a line leaves no line break.
  const whole = text.endsWith('\n') ? lines.length - 1 : lines.length;
  for (let at = 0; at < whole; at++) {
    const line = (lines[at] ?? '').trimEnd();
    if (line.trim() === '') continue;
    const said = FACTS.exec(line);
    if (said !== null) {
      for (const [, key = '', value = ''] of (said[1] ?? '').matchAll(/([\w-]+)=(\S*)/g)) {
        // Recordings one behind the other: each missed its own.
        facts[key] = key === 'missed' ? String(Number(facts.missed ?? 0) + Number(value)) : value;
      }
      continue;
    }
    const buffer = BUFFER.exec(line);
    if (buffer !== null) overwritten ||= Number(buffer[1]) < Number(buffer[2]);
    if (line.startsWith('#')) continue;
    const lost = LOST.exec(line);
    if (lost !== null) {
      const count = lost[2] === undefined ? undefined : Number(lost[2]);
      found.push({ time: latest, entry: { line: at + 1, cpu: Number(lost[1]), lost: count } });
      continue;
    }
    const parts = LINE.exec(line);
    if (parts === null) {
      if (at === lines.length - 1) {
        breaksOff = true;
        continue;
      }
      throw badLine(name, at + 1, line);
    }
    const [, task = '', pid, cpu, time, event = '', rest = ''] = parts;
    latest = Number(time);
    const base = { line: at + 1, pid: Number(pid), cpu: Number(cpu) };
    if (event === 'tracing_mark_write' || event === 'print') {
      const mark = rest.slice(rest.indexOf(MARK) + MARK.length);
      if (rest.includes(MARK)) found.push({ time: latest, entry: { ...base, mark } });
      continue;
    }
    if (!EVENTS.has(event)) continue;
    const fields: Record<string, string> = {};
    for (const [, key = '', value = ''] of rest.matchAll(FIELD)) fields[key] = value;
    found.push({ time: latest, entry: { ...base, task: task.trim(), event, fields } });
  }
  // Of what several CPUs have, trace_pipe may print a little out of order. Sorting is stable: equal times stay.
  const entries = found.sort((a, b) => a.time - b.time).map(({ entry }) => entry);
  return { entries, facts, overwritten, breaksOff };
}

function badLine(name: string, line: number, text: string): BadInput {
  return new BadInput({
    where: `${name}:${line}`,
    problem: `expected a line of a trace of the kernel's (TASK-PID [CPU] TIME: EVENT: FIELDS); came ${JSON.stringify(text.slice(0, 80))}.`,
    remedy: 'irqbypass-spec record shows how to record one; a trace in JSON starts with "{".',
  });
}
