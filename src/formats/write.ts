/** Writes files that other people and tools read: findings, baselines, reports. */
import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NotWritten } from './errors.js';
import { layOut } from './layout.js';

/** Write a value as JSON. A reader sees the old file or the new one, never half of it. */
export function writeJsonFile(path: string, value: unknown): void {
  writeTextFile(path, layOut(value));
}

/**
 * Write a text, all of it or nothing; the folder is made where it is missing. A device, a pipe or a link is written to
 * as it stands, since a file put in its place would be another one.
 *
 * @throws {NotWritten}
 */
export function writeTextFile(path: string, text: string): void {
  try {
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined || there.isFile()) replaceFile(path, text);
    else writeFileSync(path, text);
  } catch (error) {
    throw new NotWritten(path, error);
  }
}

function replaceFile(path: string, text: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
