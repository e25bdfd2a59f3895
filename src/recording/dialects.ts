/**
 * What tools beside tracefs make of the same events, line by line as the kernel itself would print them.
 *
 *     perf script     qemu 412 [001]  15786.781: irqbypass_spec:addProducer: (ffffffff8110) object=0x4040a0 ...
 *     trace-cmd       qemu-412   [001] 15786.781: addProducer:          (ffffffff8110) object=0x4040a0 ...
 *     bpftrace        qemu-412 [001] 15786.781: addProducer: (...) object=0x4040a0 ...       behind "Attaching 17 probes..."
 *
 * A line that none of them writes is left as it is, for the reader to refuse.
 */
import { linesOf } from './lines.js';

/** A line of perf script: the name of the task, its number, and the group of the event are apart. */
const PERF =
  /^\s*(\S.{0,31}?)\s+(\d{1,10})(?:\/\d{1,10})?\s+\[(\d{1,6})\]\s+(?:[^\s:]{1,16}\s+)?(\d{1,20}\.\d{1,9}):\s+(?:\d+\s+)?[\w-]+:(\w+):\s?(.*)$/;

/** Lines that tell of the tool, and not of the kernel. */
const ABOUT = [/^Attaching \d+ probes?\.\.\.$/, /^cpus=\d+$/, /^version = \d+$/, /^trace-cmd: /, /^CPU \d+ is empty$/];

/** `CPU:1 [12 EVENTS DROPPED]`, as trace-cmd says what the kernel says otherwise. */
const DROPPED = /^CPU:(\d+) \[(\d+) EVENTS DROPPED\]$/;

/** trace-cmd lets what an event has to say begin in one column. */
const PADDED = /^(.{0,80}?\[\d{1,6}\].{0,60}?\d: \w{1,64}:)\s{2,}/;

/** Whether a line is one of a tool's, which the kernel writes otherwise. */
export function isDialect(line: string): boolean {
  return PERF.test(line) || isAbout(line) || DROPPED.test(line.trim());
}

function isAbout(line: string): boolean {
  return ABOUT.some((one) => one.test(line.trim()));
}

/** The lines of a tool as those of the kernel. Numbers of lines stay: what is left out becomes an empty line. */
export function* inKernelsWords(chunks: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  for (const { text, bytes, isWhole } of linesOf(chunks)) {
    const said = isWhole ? translated(text) : text;
    yield said === text ? bytes : Buffer.from(`${said}\n`);
  }
}

/** A line in the kernel's words. */
function translated(text: string): string {
  if (isAbout(text)) return '';
  const dropped = DROPPED.exec(text.trim());
  if (dropped !== null) return `CPU:${dropped[1]} [LOST ${dropped[2]} EVENTS]`;
  const perf = PERF.exec(text);
  if (perf === null) return text.replace(PADDED, '$1 ');
  const [, task, pid, cpu, time, event, rest] = perf;
  return `${task}-${pid} [${cpu}] ${time}: ${event}: ${rest}`;
}
