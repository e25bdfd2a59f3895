/** Exit codes, and how an error becomes one. */
import { ScopeTooLarge } from '../explore/states.js';
import { BadInput } from '../formats/errors.js';
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

/** The exit code of an error for the user; undefined for one that is ours. */
export function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof UsageError || error instanceof AddressError) return EXIT.usage;
  if (error instanceof TargetError || error instanceof BadInput || error instanceof ScopeTooLarge)
    return EXIT.notJudged;
  return undefined;
}
