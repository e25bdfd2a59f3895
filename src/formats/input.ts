/**
 * Reads what the user names as a file, whatever it is: a file, a folder, a pipe, a device, something endless. Time and
 * memory have an end: a file may have so many bytes, and a pipe so long nothing to say.
 */
import { closeSync, constants, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { BadInput } from './errors.js';
import { type GivenUp, NO_WAITING, ownDescriptor, PATIENCE, pieces } from './pipes.js';

const MEGABYTE = 1024 * 1024;

/** How many megabytes a file may have; a finding has some thousandth of one. */
const MOST_MEGABYTES = 64;

/** What a file is to be. */
export interface Expected {
  /** What it is to hold: `trace`. */
  readonly what: string;
  /** What to do where it holds something else. */
  readonly remedy?: string;
  readonly mostMegabytes?: number;
}

/** What came through pipes and devices. It comes once, and may be looked at more often. */
const cameThrough = new Map<string, string>();

/**
 * The text of a file, without its byte order mark.
 *
 * @throws {BadInput} when there is none, or it cannot be read, is too large, empty, compressed or not in UTF-8
 */
export function readText(path: string, expected: Expected): string {
  return textOf(path, expected, openInput(path, expected));
}

/** A file that is read piece by piece, once. */
export interface Input {
  /** Its first bytes, without the byte order mark: all of it, or some thousands. */
  readonly start: Buffer;
  /** All of its bytes, from the first on. */
  readonly chunks: () => Generator<Buffer, void, undefined>;
  /** Whether it is a file, which could be read again. */
  readonly isFile: boolean;
}

/** An input as a text. @throws {BadInput} when it is too large, compressed or not in UTF-8, or cannot be read */
export function textOf(path: string, expected: Expected, { start, chunks, isFile }: Input): string {
  const most = (expected.mostMegabytes ?? MOST_MEGABYTES) * MEGABYTE;
  const size = sizeOf(path);
  if (size !== undefined && size > most) throw tooLarge(path, expected, size);
  const kept: Buffer[] = [];
  let length = 0;
  for (const chunk of chunks()) {
    kept.push(chunk);
    length += chunk.length;
    if (length > most) throw tooLarge(path, expected, undefined);
  }
  mustBeText(path, expected, start);
  const text = Buffer.concat(kept).toString('utf8');
  if (!isFile) cameThrough.set(path, text);
  return text;
}

/** How many bytes of a file are looked at to see what it is. */
const START = 4096;

/**
 * Open what is read piece by piece, however large it is.
 *
 * @throws {BadInput} when there is no such file, or it cannot be read, or is empty
 */
export function openInput(path: string, expected: Expected): Input {
  const before = cameThrough.get(path);
  const source = before === undefined ? bytesOf(path, expected) : [Buffer.from(before)].values();
  const first: Buffer[] = [];
  let length = 0;
  let isFile = false;
  while (length < START) {
    const next = source.next();
    if (next.done === true) {
      isFile = next.value === true;
      break;
    }
    if (next.value.length === 0) continue;
    first.push(next.value);
    length += next.value.length;
  }
  const bytes = Buffer.concat(first);
  if (bytes.length === 0) throw refusal(path, expected, 'it is empty');
  const start = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
  return {
    start,
    isFile: isFile || isRegular(path),
    *chunks() {
      yield start;
      for (let next = source.next(); next.done !== true; next = source.next()) yield next.value;
    },
  };
}

/** Refuse what is no text, by its first bytes. @throws {BadInput} that says what it is instead */
export function mustBeText(path: string, expected: Expected, bytes: Buffer): void {
  const other = OTHERS.find(([start]) => start.every((byte, at) => byte === undefined || bytes[at] === byte));
  if (other !== undefined) throw refusal(path, expected, other[1]);
}

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

function isRegular(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function sizeOf(path: string): number | undefined {
  return isRegular(path) ? statSync(path).size : undefined;
}

/** The first bytes of files that are no text in UTF-8, and what to say of them. */
const OTHERS: readonly (readonly [readonly (number | undefined)[], string])[] = [
  [[0xff, 0xfe], 'it is in UTF-16: save it in UTF-8'],
  [[0xfe, 0xff], 'it is in UTF-16: save it in UTF-8'],
  [[0x1f, 0x8b], 'it is compressed: unpack it with gzip -d'],
  [[0xfd, 0x37, 0x7a], 'it is compressed: unpack it with xz -d'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'it is compressed: unpack it with zstd -d'],
  // UTF-16 without its mark, whose first character is one of ASCII's; or no text at all.
  [[undefined, 0], 'it is no text in UTF-8'],
  [[0], 'it is no text in UTF-8'],
];

/** The bytes of a file, piece by piece; at the end, whether it is one that could be read again. */
function* bytesOf(path: string, expected: Expected): Generator<Buffer, boolean, undefined> {
  let opened: Opened | undefined;
  try {
    opened = open(path);
    const { descriptor, stats } = opened;
    yield* pieces(descriptor, stats.isFIFO() && ownDescriptor(path) === undefined);
    return stats.isFile();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const reason = REASONS[code as keyof typeof REASONS] ?? `came ${code}`;
    throw new BadInput({ where: path || "''", problem: `expected a ${expected.what} file; ${reason}.` }, { cause });
  } finally {
    if (opened?.closes === true) closeSync(opened.descriptor);
  }
}

interface Opened {
  readonly descriptor: number;
  readonly stats: Stats;
  /** Whether it was opened here. */
  readonly closes: boolean;
}

function open(path: string): Opened {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | NO_WAITING);
    return { descriptor, stats: fstatSync(descriptor), closes: true };
  } catch (error) {
    // A socket cannot be opened a second time.
    const own = ownDescriptor(path);
    if (own === undefined || (error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    return { descriptor: own, stats: fstatSync(own), closes: false };
  }
}

const REASONS = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  ENAMETOOLONG: 'the name is too long for one',
  ELOOP: 'its links lead in a circle',
  ENXIO: 'it is a socket, or a device that is not there',
  ALONE: 'it is a pipe that nobody writes to',
  SILENT: `it is a pipe through which nothing came for ${PATIENCE / 1000} s`,
} satisfies Readonly<Record<GivenUp, string> & Record<string, string>>;

function tooLarge(path: string, expected: Expected, bytes: number | undefined): BadInput {
  const came = bytes === undefined ? 'more came' : `it has ${Math.ceil(bytes / MEGABYTE)} MB`;
  return refusal(path, expected, came, ` of at most ${expected.mostMegabytes ?? MOST_MEGABYTES} MB`);
}

function refusal(path: string, { what, remedy }: Expected, reason: string, size = ''): BadInput {
  const problem = `expected a ${what} file${size}; ${reason}.`;
  return new BadInput({ where: path, problem, ...(remedy === undefined ? {} : { remedy }) });
}
