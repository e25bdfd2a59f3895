#!/usr/bin/env node
/** The command line: reads the arguments and hands over to a command. One file a command, in `commands/`. */
import './tune.js';
import { Command, CommanderError } from 'commander';
import { harmlessLines } from '../text/text.js';
import { EXIT, exitCodeOf, lackOf } from './exit.js';
import { takeLastResort } from './last-resort.js';
import { version } from './version.js';

takeLastResort(report);

const program = new Command('irqbypass-spec')
  .description('The referee for the IRQ bypass manager: judges any implementation against a formal spec.')
  .version(version())
  // What is wrong with an argument is said with the argument in it.
  .configureOutput({ writeErr: (text) => process.stderr.write(harmlessLines(text).join('\n')) })
  .showHelpAfterError('(irqbypass-spec --help shows the commands)')
  .addHelpText(
    'after',
    `
Exit status:
  0   conforms
  1   does not conform
  2   could not be judged: the target or its harness failed, or a rule was met too rarely
  64  wrong usage

Examples:
  irqbypass-spec run                                    judge the reference
  irqbypass-spec run linux-source:debian:6.12           judge the irqbypass.c of a kernel
  irqbypass-spec run exec:./my-adapter --tier smoke     judge a program of yours
  irqbypass-spec run --role producer module:./vfio.js   judge a producer, while the kit plays the rest
  irqbypass-spec explain BAL-1                          read a rule in full
  irqbypass-spec tour                                   what all this is about`,
  );

/** Each command, loaded when it is asked for: most of the start is reading files. The help needs all, the version none. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  run: async () => (await import('./commands/run.js')).addRun,
  merge: async () => (await import('./commands/merge.js')).addMerge,
  replay: async () => (await import('./commands/replay.js')).addReplay,
  check: async () => (await import('./commands/check.js')).addCheck,
  observe: async () => (await import('./commands/observe.js')).addObserve,
  record: async () => (await import('./commands/record.js')).addRecord,
  rules: async () => (await import('./commands/rules.js')).addRules,
  explain: async () => (await import('./commands/explain.js')).addExplain,
  explore: async () => (await import('./commands/explore.js')).addExplore,
  diff: async () => (await import('./commands/diff.js')).addDiff,
  series: async () => (await import('./commands/series.js')).addSeries,
  compare: async () => (await import('./commands/compare.js')).addCompare,
  verify: async () => (await import('./commands/verify.js')).addVerify,
  matrix: async () => (await import('./commands/matrix.js')).addMatrix,
  init: async () => (await import('./commands/init.js')).addInit,
  export: async () => (await import('./commands/export.js')).addExport,
  smoke: async () => (await import('./commands/smoke.js')).addSmoke,
  baseline: async () => (await import('./commands/baseline.js')).addBaseline,
  schemas: async () => (await import('./commands/schemas.js')).addSchemas,
  tour: async () => (await import('./commands/tour.js')).addTour,
  job: async () => (await import('./commands/job.js')).addJob,
  book: async () => (await import('./commands/book.js')).addBook,
};
const asked = process.argv[2] ?? '';
const loaded =
  asked === '--version' || asked === '-V'
    ? []
    : Object.hasOwn(commands, asked)
      ? [commands[asked]]
      : Object.values(commands);
for (const add of await Promise.all(loaded.map((load) => load?.()))) add?.(program);
for (const command of [program, ...program.commands]) command.exitOverride();

// An exit handler ends whatever still runs; without these, a signal would pass it by.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const) {
  process.once(signal, () => process.exit(128 + number));
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Say what went wrong and return the exit code. An error that is ours keeps its stack, and asks to be reported. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.conforms : EXIT.usage;
  const code = exitCodeOf(error);
  if (code !== undefined && error instanceof Error) {
    complain(error.message);
    return code;
  }
  const lack = lackOf(error);
  if (lack !== undefined) {
    complain(`the work could not be done: ${lack}.`);
    return EXIT.notJudged;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  complain(`this is a defect of the tool itself, please report it:\n${text}`);
  return EXIT.notJudged;
}

/** Say something on standard error. It may quote what a target or a file says: its lines stay lines, and no more. */
function complain(text: string): void {
  process.stderr.write(`irqbypass-spec: ${harmlessLines(text).join('\n')}\n`);
}
