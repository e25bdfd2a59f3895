/** The options that say how a target is opened. Every command that opens one target takes them. */
import type { Command } from 'commander';
import type { OpenOptions } from '../targets/resolve.js';
import { UsageError } from './exit.js';
import { LONGEST_PATIENCE, wholeNumber } from './options.js';

/** What was given of them. */
export interface TargetFlags {
  readonly patience?: number;
  readonly include?: readonly string[];
  readonly tsan?: boolean;
}

/** Let a command take them. */
export function targetOptions(command: Command): Command {
  return command
    .option(
      '--patience <milliseconds>',
      'no answer for so long is a hang',
      wholeNumber('--patience', 1, LONGEST_PATIENCE),
    )
    .option(
      '--include <folder>',
      "linux-source: a folder of the tree's own headers, for what the kit has no stand-in for; can be repeated",
      (folder: string, folders: readonly string[] = []) => [...folders, folder],
    )
    .option('--tsan', 'linux-source: real threads, watched by ThreadSanitizer in place of the other sanitizers');
}

/**
 * How the target of an address is to be opened.
 *
 * @throws {UsageError} for an option that says nothing about such a target
 */
export function toOpen(address: string, { patience, include, tsan }: TargetFlags): OpenOptions {
  const ofSource = [
    ['--include', include],
    ['--tsan', tsan],
  ] as const;
  for (const [option, value] of ofSource) {
    if (value === undefined || address.startsWith('linux-source:')) continue;
    throw new UsageError(`${option} is about linux-source: alone; it cannot be given with ${address}.`);
  }
  return {
    ...(patience === undefined ? {} : { patience }),
    ...(include === undefined ? {} : { includes: include }),
    ...(tsan === undefined ? {} : { tsan }),
  };
}
