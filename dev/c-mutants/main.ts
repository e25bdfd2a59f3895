/**
 * `npm run kill-matrix:c`: make mutants of the real irqbypass.c, see which the kit kills, and write `conformance/c-mutants.md`.
 * Of one version, only print. `callers` examines those with several callers alone, and writes their chapter anew; `threads`
 * measures before what real threads show of them. `--shard i/n` examines every n-th mutant and holds what comes of it
 * against the page, and writes nothing.
 *
 * Exit status: 0, all is well; 1, a mutant survives without a reason, a reason or the page is out of date, or too few
 * mutants ran; 2, it could not be done; 64, wrong usage.
 */
import '../../src/cli/tune.js';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { exitCodeOf, UsageError } from '../../src/cli/exit.js';
import { type ShardNumber, shardFor, wholeNumber } from '../../src/cli/options.js';
import { WalkError } from '../../src/closure/index.js';
import { packageRoot } from '../../src/files/root.js';
import { TargetUnavailable } from '../../src/targets/unavailable.js';
import type { Share } from '../share.js';
import { callersProblems, problemsAmongCallers } from './callers/gates.js';
import { type CallersMatrix, callersMatrixOf } from './callers/matrix.js';
import { measureThreads } from './callers/measure.js';
import { CALLERS_HEADING, callersOutcome, renderCallers } from './callers/render.js';
import { problems, problemsOfMutants, sort } from './gates.js';
import { examineShare, type Matrix } from './matrix.js';
import { prepareOriginal } from './original.js';
import { callersNotOnPage, notOnPage } from './page.js';
import { outcomeText, render } from './render.js';
import { isVersion, table, type Version } from './table/index.js';

const PAGE = join(packageRoot, 'conformance', 'c-mutants.md');
const all = Object.keys(table).filter(isVersion);
const live = process.stderr.isTTY === true;

interface Flags {
  readonly jobs: number;
  readonly shard?: ShardNumber;
}

const program = new Command('npm run kill-matrix:c --')
  .description('Make mutants of the real irqbypass.c, see which the kit kills, and write the page about it.')
  .argument('[what]', 'a version, to print what comes of its mutants; or callers, threads, tsan')
  .option('--jobs <n>', 'so many mutants at once', wholeNumber('--jobs', 1, 1024), availableParallelism())
  .option('--shard <i/n>', 'examine every n-th mutant, and hold what comes of it against the page', shardFor)
  .exitOverride()
  .action(async (what: string | undefined, flags: Flags) => {
    process.exitCode = await make(what, flags);
  });

function note(text: string): void {
  if (live) process.stderr.write(`\r\x1b[K${text}`);
}

async function matrixOf(version: Version, share: Share): Promise<Matrix> {
  const folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-mutants-'));
  try {
    const original = await prepareOriginal(version, folder, note);
    return await examineShare(version, original, folder, share, (done, total) =>
      note(`Linux ${version}: ${done} of ${total} mutants`),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
    note('');
  }
}

/** @returns the exit status */
async function make(what: string | undefined, { jobs, shard }: Flags): Promise<number> {
  if (shard !== undefined) {
    if (what !== undefined) throw new UsageError(`--shard is of all mutants, and not of ${what} alone.`);
    return examinePart({ ...shard, jobs });
  }
  const share: Share = { shard: 1, of: 1, jobs };
  if (what === undefined) return examineEverything(share);
  if (isVersion(what)) {
    const matrix = await matrixOf(what, share);
    for (const one of matrix.examined) process.stdout.write(`${outcomeText(one)}\n`);
    process.stdout.write(`${countsOf(matrix)}\n`);
    return tell(problems(matrix));
  }
  if (what === 'threads' || what === 'tsan') await measureThreads(all, what === 'tsan' ? 'tsan' : 'all', note);
  if (['callers', 'threads', 'tsan'].includes(what)) return examineCallers(share);
  throw new UsageError(`There are mutants of Linux ${all.join(' and ')}, and not of ${what}.`);
}

async function examineEverything(share: Share): Promise<number> {
  const matrices: Matrix[] = [];
  for (const version of all) {
    const matrix = await matrixOf(version, share);
    matrices.push(matrix);
    const { unexplained, empty } = sort(matrix);
    for (const one of [...unexplained, ...empty]) process.stdout.write(`${outcomeText(one)}\n`);
    process.stdout.write(`${countsOf(matrix)}\n`);
  }
  const callers = await callersMatrices(share);
  await writeFile(PAGE, `${render(matrices)}\n${renderCallers(callers)}`);
  return tell([...matrices.flatMap(problems), ...callersProblems(callers)]);
}

/** Examine every n-th mutant, and write nothing. */
async function examinePart(share: Share): Promise<number> {
  const page = await readFile(PAGE, 'utf8');
  const wrong: string[] = [];
  for (const version of all) {
    const matrix = await matrixOf(version, share);
    process.stdout.write(`${countsOf(matrix)}\n`);
    wrong.push(...problemsOfMutants(matrix), ...notOnPage(page, matrix));
  }
  const callers = await callersMatrices(share);
  return tell([...wrong, ...problemsAmongCallers(callers), ...callers.flatMap((one) => callersNotOnPage(page, one))]);
}

function countsOf(matrix: Matrix): string {
  const { killed, explained, unexplained, empty } = sort(matrix);
  const counts = `${killed.length} killed, ${explained.length} survive with a reason, ${unexplained.length} without, ${empty.length} void`;
  return `Linux ${matrix.version}: ${matrix.examined.length} mutants, ${counts}`;
}

async function examineCallers(share: Share): Promise<number> {
  const callers = await callersMatrices(share);
  for (const one of callers.flatMap(({ examined }) => examined)) process.stdout.write(`${callersOutcome(one)}\n`);
  const page = await readFile(PAGE, 'utf8');
  const before = page.includes(CALLERS_HEADING) ? page.slice(0, page.indexOf(CALLERS_HEADING)) : `${page}\n`;
  await writeFile(PAGE, `${before}${renderCallers(callers)}`);
  return tell(callersProblems(callers));
}

async function callersMatrices(share: Share): Promise<readonly CallersMatrix[]> {
  const matrices: CallersMatrix[] = [];
  for (const version of all) {
    const matrix = await callersMatrixOf(version, share, note);
    note('');
    matrices.push(matrix);
    process.stdout.write(`Linux ${version}: ${matrix.examined.length} changes of the locking\n`);
  }
  return matrices;
}

/** @returns the exit status */
function tell(wrong: readonly string[]): number {
  for (const text of wrong) process.stderr.write(`${text}\n`);
  return wrong.length === 0 ? 0 : 1;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}

/** Say what went wrong. @returns the exit status */
function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64;
  const code = error instanceof WalkError || error instanceof TargetUnavailable ? 2 : exitCodeOf(error);
  if (code === undefined || !(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  return code;
}
