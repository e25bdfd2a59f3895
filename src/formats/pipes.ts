/**
 * Reading and writing what may keep us waiting: a pipe with nobody at its other end, or with somebody who is slow. Such
 * things are opened without blocking, so that waiting has an end.
 */
import { constants, readSync, writeSync } from 'node:fs';

/** Milliseconds for which somebody at the other end may do nothing. */
export const PATIENCE = 10_000;

/** Milliseconds for which nobody may be at the other end. */
const PATIENCE_ALONE = 2_000;

/** How to open something without being held up by it, and without making the process a terminal's. */
export const NO_WAITING = constants.O_NONBLOCK | constants.O_NOCTTY;

/** Why a pipe was given up; the codes stand beside those of the system. */
export type GivenUp = 'ALONE' | 'SILENT';

const NAMED: Readonly<Record<string, number>> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };

/** The descriptor that a path names, such as a pipe that a shell hands over for `<(command)`; undefined for others. */
export function ownDescriptor(path: string): number | undefined {
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1];
  return number === undefined ? NAMED[path] : Number(number);
}

/**
 * Read a descriptor to its end, piece by piece.
 *
 * @param mayBeAlone whether those who write may yet have to come
 * @throws an error of the system, or one with a code of `GivenUp`
 */
export function* pieces(descriptor: number, mayBeAlone: boolean): Generator<Buffer, void, undefined> {
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  let alone = mayBeAlone;
  let waited = 0;
  for (;;) {
    const length = unlessBusy(() => readSync(descriptor, buffer));
    if (length === 0 && !alone) return;
    // Nothing yet, but there is somebody.
    if (length === undefined) alone = false;
    if (length === undefined || length === 0) {
      waited = pause(waited, alone);
      continue;
    }
    yield Buffer.from(buffer.subarray(0, length));
    alone = false;
    waited = 0;
  }
}

/** Write a text to a descriptor, all of it. @throws an error of the system, or one with a code of `GivenUp` */
export function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  let waited = 0;
  while (rest.length > 0) {
    const left = rest;
    const length = unlessBusy(() => writeSync(descriptor, left));
    if (length === undefined) waited = pause(waited, false);
    else waited = 0;
    rest = rest.subarray(length ?? 0);
  }
}

/** Undefined when it would have to wait. */
function unlessBusy(act: () => number): number | undefined {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}

/** Wait a little. @returns for how many milliseconds in all */
function pause(waited: number, alone: boolean): number {
  if (waited >= (alone ? PATIENCE_ALONE : PATIENCE)) {
    const code: GivenUp = alone ? 'ALONE' : 'SILENT';
    throw Object.assign(new Error('the other end does nothing'), { code });
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MOMENT);
  return waited + MOMENT;
}

const MOMENT = 10;
