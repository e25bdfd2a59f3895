/** Exit codes, and how an error becomes one. */
import { ScopeTooLarge } from '../explore/states.js';
import { CacheUnusable } from '../files/folder.js';
import { BadInput, NotWritten } from '../formats/errors.js';
import { AddressError, TargetError } from '../targets/target.js';

/** What the exit codes mean. */
export const EXIT = {
  conforms: 0,
  doesNotConform: 1,
  notJudged: 2,
  usage: 64,
} as const;

/** The command line asks for something that there is not. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Errors that keep a command from judging, and that tell the user what to do. */
const NOT_JUDGED = [TargetError, BadInput, NotWritten, CacheUnusable, ScopeTooLarge] as const;

/** The exit code of an error for the user; undefined for one that is ours. */
export function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof UsageError || error instanceof AddressError) return EXIT.usage;
  return NOT_JUDGED.some((kind) => error instanceof kind) ? EXIT.notJudged : undefined;
}

/** What a system runs out of, by the code of the error that tells so. */
const LACKS: Readonly<Partial<Record<string, string>>> = {
  EMFILE: 'this process may not open more files (ulimit -n)',
  ENFILE: 'the system cannot open more files',
  ENOMEM: 'there is no memory left',
  ENOSPC: 'there is no room left on a disk',
};

/** What the system lacks, where an error tells of nothing else: no defect of ours, and nobody else's. */
export function lackOf(error: unknown): string | undefined {
  const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return code === undefined || !Object.hasOwn(LACKS, code) ? undefined : LACKS[code];
}
