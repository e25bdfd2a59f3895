/**
 * The command line that does again what a command did. It is made from the options as they were given: one that is added to
 * a command later is in it, unless the table below says that it changes nothing about what is done.
 */
import type { Command, Option } from 'commander';
import { shellWord } from '../text/text.js';
import { targetOptions } from './target-options.js';

/** Options that only say where something is written, and by whom the work is done: by the name that commander gives their value. */
const ONLY_HOW: ReadonlySet<string> = new Set(['report', 'findings', 'shard', 'jobs', 'plan']);

/** What a value of an option may be. */
type Value = string | number | boolean | readonly string[];

/**
 * The words that make the same run again.
 *
 * @param command the command, after its arguments were read
 * @param settled what stands for an option that was left to the tool, such as the seed; by the name of its value
 */
export function sameAgain(command: Command, settled: Readonly<Record<string, Value>>): readonly string[] {
  const options = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (ONLY_HOW.has(name)) return [];
    const value = settled[name] ?? given(command, option);
    return value === undefined ? [] : words(option, value);
  });
  return ['irqbypass-spec', command.name(), ...command.processedArgs.map(String), ...options];
}

/** What a report says of how to do something again. */
export function commandLines(
  command: Command,
  settled: Readonly<Record<string, Value>>,
): { readonly again: string; readonly opened: string } {
  return { again: sentence(sameAgain(command, settled)), opened: sentence(howOpened(command)) };
}

/** The options by which the target was opened: whoever replays a finding needs them as well. */
function howOpened(command: Command): readonly string[] {
  const names = targetOptions(command.createCommand()).options.map((option) => option.attributeName());
  return command.options
    .filter((option) => names.includes(option.attributeName()))
    .flatMap((option) => {
      const value = given(command, option);
      return value === undefined ? [] : words(option, value);
    });
}

/** The value of an option that the user gave; undefined for one that was left out. */
function given(command: Command, option: Option): Value | undefined {
  const name = option.attributeName();
  return command.getOptionValueSource(name) === 'cli' ? (command.getOptionValue(name) as Value) : undefined;
}

function words(option: Option, value: Value): readonly string[] {
  const name = option.long ?? option.flags;
  if (typeof value === 'boolean') return value ? [name] : [];
  return (typeof value === 'object' ? value : [value]).flatMap((one) => [name, String(one)]);
}

function sentence(all: readonly string[]): string {
  return all.map(shellWord).join(' ');
}
