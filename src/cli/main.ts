#!/usr/bin/env node
/** The command line: reads the arguments and hands over to a command. One file a command, in `commands/`. */
import './tune.js';
import { Command, CommanderError } from 'commander';
import { addBaseline } from './commands/baseline.js';
import { addCheck } from './commands/check.js';
import { addDiff } from './commands/diff.js';
import { addExplain } from './commands/explain.js';
import { addExplore } from './commands/explore.js';
import { addObserve } from './commands/observe.js';
import { addRecord } from './commands/record.js';
import { addReplay } from './commands/replay.js';
import { addRules } from './commands/rules.js';
import { addRun } from './commands/run.js';
import { addSchemas } from './commands/schemas.js';
import { addSmoke } from './commands/smoke.js';
import { addTour } from './commands/tour.js';
import { EXIT, exitCodeOf } from './exit.js';
import { version } from './version.js';

const program = new Command('irqbypass-spec')
  .description('The referee for the IRQ bypass manager: judges any implementation against a formal spec.')
  .version(version())
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

for (const add of [
  addRun,
  addReplay,
  addCheck,
  addObserve,
  addRecord,
  addRules,
  addExplain,
  addExplore,
  addDiff,
  addSmoke,
  addBaseline,
  addSchemas,
  addTour,
])
  add(program);
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
    process.stderr.write(`irqbypass-spec: ${error.message}\n`);
    return code;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`irqbypass-spec: this is a defect of the tool itself, please report it:\n${text}\n`);
  return EXIT.notJudged;
}
