/** What a path leads to that is to be written, and why it cannot be. */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { harmless } from '../text/text.js';
import { NotWritten } from './errors.js';
import { type GivenUp, ownDescriptor, PATIENCE } from './pipes.js';

/** Where a text goes. */
export type Place =
  /** A file, or none yet: replaced as a whole. */
  | { readonly kind: 'file'; readonly path: string; readonly before: Stats | undefined }
  /** A device or a pipe. */
  | { readonly kind: 'stream'; readonly path: string }
  /** What this process has open, such as `/dev/stdout`. */
  | { readonly kind: 'open'; readonly descriptor: number };

/** As many links as Linux follows. */
const MOST_LINKS = 40;

/**
 * Find out what a path leads to. Nothing is written.
 *
 * @throws an error of the system, or {NotWritten}, when it cannot be written
 */
export function placeOf(path: string): Place {
  if (path === '') throw new NotWritten(path, 'the name is empty');
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const descriptor = ownDescriptor(target);
    if (descriptor !== undefined) return { kind: 'open', descriptor };
    const stats = lstatSync(target, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() !== true) return found(path, target, stats);
    target = resolve(realpathSync(dirname(target)), readlinkSync(target));
  }
  throw new NotWritten(path, 'its links lead in a circle');
}

function found(asked: string, path: string, before: Stats | undefined): Place {
  if (before?.isDirectory() === true) throw new NotWritten(asked, 'it is a folder');
  // Whoever means to write over a disk has other tools for it.
  if (before?.isBlockDevice() === true) throw new NotWritten(asked, 'it is a disk');
  if (before?.isSocket() === true) throw new NotWritten(asked, 'it is a socket');
  if (before === undefined || before.isFile()) {
    // A file that may not be written could still be replaced: its owner means it to stay.
    if (before !== undefined) accessSync(path, constants.W_OK);
    return { kind: 'file', path, before };
  }
  return { kind: 'stream', path };
}

/** Whether a file is there that is to be replaced. What a device or a pipe was written before cannot be read there. */
export function isFileThere(path: string): boolean {
  const place = placeOf(path);
  return place.kind === 'file' && place.before !== undefined;
}

/**
 * Refuse a place before the work is done whose result goes there. What can only be seen by writing, such as a full
 * disk, is not seen.
 *
 * @throws {NotWritten} when it cannot be written
 */
export function checkOutput(path: string): void {
  try {
    const place = placeOf(path);
    if (place.kind === 'open') return;
    if (place.kind === 'stream') accessSync(place.path, constants.W_OK);
    else accessSync(nearestFolder(dirname(resolve(place.path))), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritten(path, error);
  }
}

/**
 * The first of several outputs that would write over an earlier one, under whatever name; undefined when there is none.
 * Devices and pipes can take more than one text.
 */
export function namedTwice(paths: readonly string[]): string | undefined {
  const known = new Set<string>();
  return paths.find((path) => {
    const file = identityOf(path);
    if (file === undefined) return false;
    if (known.has(file)) return true;
    known.add(file);
    return false;
  });
}

/** The same text for the same file; undefined for what is no file, or cannot be written anyway. */
function identityOf(path: string): string | undefined {
  try {
    const place = placeOf(path);
    if (place.kind !== 'file') return undefined;
    return place.before === undefined ? physical(resolve(place.path)) : `${place.before.dev}:${place.before.ino}`;
  } catch {
    return undefined;
  }
}

/** A path whose end need not be there yet, without links. */
function physical(path: string): string {
  const folder = nearestFolder(path);
  return resolve(realpathSync(folder), path.slice(folder.length).replace(/^\/+/, ''));
}

/** The nearest thing above that is there, or the path itself. @throws ENOTDIR when it is no folder */
function nearestFolder(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return nearestFolder(dirname(path));
  if (stats.isDirectory()) return path;
  throw Object.assign(new Error(path), { code: 'ENOTDIR' });
}

/** The error for the user of an error of the system. Any other stays what it is. */
export function notWritten(path: string, cause: unknown): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (cause instanceof NotWritten || code === undefined) return cause;
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new NotWritten(path, `${harmless(obstacleTo(path))} is a file, not a folder`, { cause });
  }
  return new NotWritten(path, REASONS[code as keyof typeof REASONS] ?? `came ${code}`, { cause });
}

/** What is in the place of a folder above a path. */
function obstacleTo(path: string): string {
  const above = dirname(path);
  return existsSync(above) || above === dirname(above) ? above : obstacleTo(above);
}

const REASONS = {
  ENOENT: 'its folder is not there',
  EACCES: 'it, or its folder, may not be written',
  EPERM: 'it, or its folder, may not be written',
  EROFS: 'its disk may only be read',
  ENOSPC: 'there is no room left for it',
  EDQUOT: 'there is no room left for you there',
  EFBIG: 'it would become larger than files may be',
  ENAMETOOLONG: 'the name is too long for one',
  ELOOP: 'its links lead in a circle',
  EBUSY: 'it is in use and cannot be replaced',
  EBADF: 'it is not open for writing',
  ENXIO: 'it is a pipe that nobody reads',
  EPIPE: 'it is a pipe whose reader has gone',
  ALONE: 'it is a pipe that nobody reads',
  SILENT: `it is a pipe from which nobody read for ${PATIENCE / 1000} s`,
} satisfies Readonly<Record<GivenUp, string> & Record<string, string>>;
