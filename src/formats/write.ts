/** Writes files that other people and tools read: findings, baselines, reports. */
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolders } from '../files/folder.js';
import { layOut } from './layout.js';
import { NO_WAITING, writeAll } from './pipes.js';
import { notWritten, placeOf } from './place.js';

/** Write a value as JSON. A reader sees the old file or the new one, never half of it. */
export function writeJsonFile(path: string, value: unknown): void {
  writeTextFile(path, layOut(value));
}

/**
 * Write a text. A file gets all of it or stays as it was, with its mode; its folder is made where it is missing. A link
 * stays one: what it leads to is written. A device or a pipe is written to, and never replaced by a file.
 *
 * @throws {NotWritten} when it cannot be written
 */
export function writeTextFile(path: string, text: string): void {
  try {
    const place = placeOf(path);
    if (place.kind === 'open') writeAll(place.descriptor, text);
    else if (place.kind === 'stream') pour(place.path, text);
    else replace(place.path, place.before, text);
  } catch (error) {
    throw notWritten(path, error);
  }
}

/**
 * Add a text to the end of a file, which is made where it is missing.
 *
 * @throws {NotWritten} when it cannot be written
 */
export function addToFile(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (error) {
    throw notWritten(path, error);
  }
}

/**
 * Keep what is written to a folder out of version control, by a `.gitignore` of its own. A folder that has one keeps
 * it, and so does a folder that holds anything but our JSON: what lies there is the user's, and not ours to ignore.
 *
 * @throws {NotWritten} when it cannot be written
 */
export function ensureIgnored(folder: string): void {
  const path = join(folder, '.gitignore');
  try {
    makeFolders(folder);
    if (readdirSync(folder).every((name) => name.endsWith('.json'))) replace(path, undefined, '*\n');
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Write to a device or a pipe. */
function pour(path: string, text: string): void {
  const descriptor = openSync(path, constants.O_WRONLY | NO_WAITING);
  try {
    writeAll(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/** Put a file in the place of another, or of none. */
function replace(path: string, before: Stats | undefined, text: string): void {
  makeFolders(dirname(path));
  // Not made of the name, which may be as long as names can be.
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(temporary, 'wx');
    writeAll(descriptor, text);
    if (before !== undefined) takeAfter(descriptor, before);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, path);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Give a file the mode and, where we may, the owner of the one whose place it takes. */
function takeAfter(descriptor: number, { mode, uid, gid }: Stats): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // Only root may give files away.
  }
  fchmodSync(descriptor, mode & 0o7777);
}
