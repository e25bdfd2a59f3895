/** Files that operators have and that are no text of a trace: what each is, and what to do with it. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from '../formats/errors.js';
import { shellWord } from '../text/text.js';

/** A kind of file. */
interface Foreign {
  readonly isOne: (start: Buffer) => boolean;
  readonly is: string;
  /** What to do, in a sentence. */
  readonly remedy: (path: string) => string;
}

const startsWith = (bytes: readonly number[] | string) => {
  const beginning = Buffer.from(bytes as string);
  return (start: Buffer) => start.subarray(0, beginning.length).equals(beginning);
};

const unpack = (tool: string) => (path: string) => `Unpack it: ${tool} -dc ${shellWord(path)} > irqbypass.trace`;

const PERFETTO =
  'Perfetto does not keep the fields of kprobe events as they were. irqbypass-spec record shows how to record one.';

const FOREIGN: readonly Foreign[] = [
  { isOne: startsWith([0x1f, 0x8b]), is: 'it is compressed by gzip', remedy: unpack('gzip') },
  { isOne: startsWith([0xfd, 0x37, 0x7a, 0x58, 0x5a]), is: 'it is compressed by xz', remedy: unpack('xz') },
  { isOne: startsWith([0x28, 0xb5, 0x2f, 0xfd]), is: 'it is compressed by zstd', remedy: unpack('zstd') },
  {
    isOne: startsWith('PERFILE2'),
    is: 'it is what perf record wrote',
    remedy: (path) => `Let perf print it: perf script -i ${shellWord(path)} > irqbypass.trace`,
  },
  {
    isOne: (start) => /^\s*\{\s*"(?:traceEvents|displayTimeUnit|systemTraceEvents)"/.test(start.toString('latin1')),
    is: 'it is a trace for Perfetto or chrome://tracing',
    remedy: () => PERFETTO,
  },
  {
    isOne: (start) => start[0] === 0x0a && start.subarray(2, 64).includes(0),
    is: 'it seems to be a trace of Perfetto',
    remedy: () => PERFETTO,
  },
  {
    isOne: startsWith([0x7f, 0x45, 0x4c, 0x46]),
    is: 'it is a program',
    remedy: (path) => `To judge what speaks the protocol: irqbypass-spec run exec:${shellWord(path)}`,
  },
];

/** Refuse a file that is known to be something else. @throws {BadInput} that says what it is, and what to do */
export function refuseForeign(path: string, start: Buffer): void {
  const found = FOREIGN.find(({ isOne }) => isOne(start));
  if (found === undefined) return;
  throw new BadInput({ where: path, problem: `expected a trace; ${found.is}.`, remedy: found.remedy(path) });
}

/** Whether a file is what trace-cmd writes. */
export const isTraceDat: (start: Buffer) => boolean = startsWith([0x17, 0x08, 0x44, ...Buffer.from('tracing')]);

/**
 * Let trace-cmd print what it recorded, and do something with that.
 *
 * @param use is given the path of the text, which is gone afterwards unless it is open
 * @throws {BadInput} when trace-cmd is missing, or cannot read the file
 */
export function withReport<R>(path: string, use: (text: string) => R): R {
  const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-trace-cmd-'));
  try {
    const text = join(folder, 'report');
    const descriptor = openSync(text, 'w');
    try {
      const { error, status, stderr } = spawnSync('trace-cmd', ['report', '-i', path], {
        stdio: ['ignore', descriptor, 'pipe'],
        encoding: 'utf8',
      });
      const expected = 'expected a trace; it is what trace-cmd recorded';
      if (error !== undefined) {
        throw new BadInput({
          where: path,
          problem: `${expected}, and trace-cmd cannot be started.`,
          remedy: `Install it (Debian: apt-get install trace-cmd), or print it elsewhere: trace-cmd report -i ${shellWord(path)} > irqbypass.trace`,
        });
      }
      if (status !== 0) {
        const told = JSON.stringify(stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '');
        throw new BadInput({ where: path, problem: `${expected}, and trace-cmd report ends with ${status}: ${told}.` });
      }
    } finally {
      closeSync(descriptor);
    }
    return use(text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
