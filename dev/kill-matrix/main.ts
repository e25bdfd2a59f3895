/**
 * `npm run kill-matrix`: make the kill matrix and write it to `conformance/kill-matrix.md`. With `--check`, compare it
 * with what is there. `--shard i/n` judges every n-th mutant, and `merge` makes the matrix of all shards.
 *
 * Exit status: 0, every mutant is killed or explained; 1, there is something to mend; 2, it could not be run; 64, wrong
 * usage.
 */
import '../../src/cli/tune.js';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { KillMatrixShard } from '../../spec/formats/kill-matrix.js';
import { rules } from '../../spec/rules/index.js';
import { exitCodeOf, UsageError } from '../../src/cli/exit.js';
import { type ShardNumber, shardFor, wholeNumber } from '../../src/cli/options.js';
import { version } from '../../src/cli/version.js';
import { hashOfRules } from '../../src/engine/rules-hash.js';
import { packageRoot } from '../../src/files/root.js';
import { checkOutput } from '../../src/formats/place.js';
import { readMatrixShardFile } from '../../src/formats/read.js';
import { writeJsonFile } from '../../src/formats/write.js';
import { HELPER_COMMAND } from '../../src/jobs/crew.js';
import { help } from '../../src/jobs/helper.js';
import { createProgress } from '../../src/reports/progress.js';
import { ofOneMatrix } from '../../src/shards/one-matrix.js';
import { counted } from '../../src/text/text.js';
import { CannotRun } from './cannot-run.js';
import { explanations } from './explanations.js';
import { problemsOf } from './gate.js';
import { beginKillMatrix, judgeShare } from './jobs.js';
import { type Judged, matrixOf } from './matrix.js';
import { drift } from './page.js';
import { render, summary } from './render.js';

const PAGE = join(packageRoot, 'conformance', 'kill-matrix.md');

interface Flags {
  readonly check?: boolean;
  readonly jobs: number;
  readonly shard?: ShardNumber;
  readonly report?: string;
}

const program = new Command('npm run kill-matrix --')
  .description(
    'Hold every rule against every mutant of the reference and every named one, and write the page about it.',
  )
  .option('--check', 'compare with the page, and do not write it')
  .option('--jobs <n>', 'so many processes judge, and the result is the same', wholeNumber('--jobs', 1, 1024), 1)
  .option('--shard <i/n>', 'judge only every n-th mutant; "merge" makes the matrix of all n', shardFor)
  .option('--report <json=file>', 'where a shard is written')
  .action(async (flags: Flags) => {
    process.exitCode = await make(flags);
  });
program
  .command('merge')
  .summary('make the matrix of its shards')
  .argument('<shard...>', 'the files of all shards, in any order')
  .action((files: readonly string[]) => {
    process.exitCode = merge(files, program.opts<Flags>());
  });
program.command(HELPER_COMMAND, { hidden: true }).action(() => help({ 'kill-matrix': async () => beginKillMatrix }));

/** @returns the exit code */
async function make({ shard, jobs, report, check = false }: Flags): Promise<number> {
  const file = shard === undefined ? undefined : shardFile(report);
  if (shard === undefined && report !== undefined)
    throw new UsageError('--report is where a shard is written: give --shard.');
  if (shard !== undefined && check) throw new UsageError('--check is about the whole matrix: give it to merge.');
  const started = performance.now();
  const progress = createProgress();
  let begun = false;
  const judged = await judgeShare({ ...(shard ?? { shard: 1, of: 1 }), jobs }, (done, total) => {
    if (!begun) progress.start(total, 'mutants');
    begun = true;
    progress.update(done, 0, 0);
  }).finally(() => progress.stop());
  const seconds = (performance.now() - started) / 1000;
  if (shard === undefined || file === undefined)
    return conclude(judged, check, seconds, jobs === 1 ? 'one process' : `${jobs} processes`);
  const { parts, count, mutantsHash, worlds } = judged;
  const made: KillMatrixShard = {
    format: 'irqbypass-spec/kill-matrix-shard/1',
    ...shard,
    run: { ...own(), mutantsHash, worlds },
    parts: count,
    again: 'npm run kill-matrix --',
    evidence: parts,
    seconds,
  };
  writeJsonFile(file, made);
  process.stdout.write(
    `shard ${shard.shard}/${shard.of}: ${counted(parts.length, 'mutant')} of ${count} judged. npm run kill-matrix -- merge makes the matrix of all ${shard.of}.\n`,
  );
  return 0;
}

/** @returns the exit code */
function merge(files: readonly string[], { check = false, shard, report }: Flags): number {
  if (shard !== undefined || report !== undefined) throw new UsageError('merge takes no option but --check.');
  const read = files.map((file) => ({ file, shard: readMatrixShardFile(file) }));
  const shards = ofOneMatrix(read, own()).map((one) => one.shard);
  const parts = shards.flatMap(({ evidence }) => evidence).sort((a, b) => a.part - b.part);
  const seconds = shards.reduce((sum, one) => sum + one.seconds, 0);
  return conclude({ parts, worlds: shards[0]?.run.worlds ?? [] }, check, seconds, counted(shards.length, 'shard'));
}

/** Write the page or compare it, and say what is to mend. @returns the exit code */
function conclude(judged: Pick<Judged, 'parts' | 'worlds'>, check: boolean, seconds: number, by: string): number {
  const matrix = matrixOf(judged);
  const problems = [...problemsOf(matrix, explanations, rules)];
  const page = render(matrix, explanations, rules);
  if (check) problems.push(...drift(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : undefined, page));
  else writeFileSync(PAGE, page);
  process.stdout.write(summary(matrix, seconds, by));
  for (const problem of problems) process.stdout.write(`** ${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

function own() {
  return { version: version(), rulesHash: hashOfRules(rules) };
}

/** @throws {UsageError} when no file is named, {NotWritten} when it cannot be written */
function shardFile(report: string | undefined): string {
  const [, file] = /^json=(.+)$/s.exec(report ?? '') ?? [];
  if (file === undefined) throw new UsageError('--shard needs --report json=FILE: that file is what merge takes.');
  checkOutput(file);
  return file;
}

try {
  for (const command of [program, ...program.commands]) command.exitOverride();
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}

/** Say what went wrong. @returns the exit code */
function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64;
  const code = exitCodeOf(error);
  if (error instanceof CannotRun) process.stderr.write(`The kill matrix could not be made: ${error.message}\n`);
  else if (code !== undefined && error instanceof Error) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return code ?? 2;
}
