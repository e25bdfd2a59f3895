/** Exit codes, and how an error becomes one. */
import { ScopeTooLarge } from '../explore/states.js';
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
const NOT_JUDGED = [TargetError, BadInput, NotWritten, ScopeTooLarge] as const;

/** The exit code of an error for the user; undefined for one that is ours. */
export function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof UsageError || error instanceof AddressError) return EXIT.usage;
  return NOT_JUDGED.some((kind) => error instanceof kind) ? EXIT.notJudged : undefined;
}
