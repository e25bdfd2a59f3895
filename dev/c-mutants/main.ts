/**
 * `npm run kill-matrix:c [-- VERSION | callers | threads]`: make mutants of the real irqbypass.c, see which the kit kills, and write
 * `conformance/c-mutants.md`; of one version, only print; `callers` examines those with several callers alone, and
 * writes their chapter anew; `threads` measures before what real threads show of them.
 *
 * Exit status: 0, all is well; 1, a mutant survives without a reason, a reason is out of date, or too few mutants ran;
 * 2, it could not be done; 64, there is no such version.
 */
import '../../src/cli/tune.js';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WalkError } from '../../src/closure/index.js';
import { packageRoot } from '../../src/files/root.js';
import { BadInput } from '../../src/formats/errors.js';
import { TargetError } from '../../src/targets/target.js';
import { TargetUnavailable } from '../../src/targets/unavailable.js';
import { callersProblems } from './callers/gates.js';
import { type CallersMatrix, callersMatrixOf } from './callers/matrix.js';
import { measureThreads } from './callers/measure.js';
import { CALLERS_HEADING, callersOutcome, renderCallers } from './callers/render.js';
import { problems, sort } from './gates.js';
import { examineAll, type Matrix } from './matrix.js';
import { prepareOriginal } from './original.js';
import { outcomeText, render } from './render.js';
import { isVersion, table, type Version } from './table/index.js';

const PAGE = join(packageRoot, 'conformance', 'c-mutants.md');
const live = process.stderr.isTTY === true;

function note(text: string): void {
  if (live) process.stderr.write(`\r\x1b[K${text}`);
}

async function matrixOf(version: Version): Promise<Matrix> {
  const folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-mutants-'));
  try {
    const original = await prepareOriginal(version, folder, note);
    return await examineAll(version, original, folder, (done, total) =>
      note(`Linux ${version}: ${done} of ${total} mutants`),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
    note('');
  }
}

const all = Object.keys(table).filter(isVersion);

async function main(names: readonly string[]): Promise<number> {
  const [only = ''] = names.length === 1 ? names : [];
  if (only === 'threads' || only === 'tsan') await measureThreads(all, only === 'tsan' ? 'tsan' : 'all', note);
  if (['callers', 'threads', 'tsan'].includes(only)) return examineCallers();
  const chosen = names.length === 0 ? all : names.filter(isVersion);
  if (chosen.length < names.length) {
    process.stderr.write(`There are mutants of Linux ${all.join(' and ')}, and not of ${names.join(' ')}.\n`);
    return 64;
  }
  const matrices: Matrix[] = [];
  for (const version of chosen) {
    const matrix = await matrixOf(version);
    matrices.push(matrix);
    const { killed, explained, unexplained, empty } = sort(matrix);
    for (const one of names.length === 0 ? [...unexplained, ...empty] : matrix.examined) {
      process.stdout.write(`${outcomeText(one)}\n`);
    }
    process.stdout.write(
      `Linux ${version}: ${matrix.examined.length} mutants, ${killed.length} killed, ${explained.length} survive with a reason, ${unexplained.length} without, ${empty.length} void\n`,
    );
  }
  const callers = names.length === 0 ? await callersMatrices() : undefined;
  if (callers !== undefined) await writeFile(PAGE, `${render(matrices)}\n${renderCallers(callers)}`);
  return tell([...matrices.flatMap(problems), ...(callers === undefined ? [] : callersProblems(callers))]);
}

async function examineCallers(): Promise<number> {
  const callers = await callersMatrices();
  for (const one of callers.flatMap(({ examined }) => examined)) process.stdout.write(`${callersOutcome(one)}\n`);
  const page = await readFile(PAGE, 'utf8');
  const before = page.includes(CALLERS_HEADING) ? page.slice(0, page.indexOf(CALLERS_HEADING)) : `${page}\n`;
  await writeFile(PAGE, `${before}${renderCallers(callers)}`);
  return tell(callersProblems(callers));
}

async function callersMatrices(): Promise<readonly CallersMatrix[]> {
  const matrices: CallersMatrix[] = [];
  for (const version of all) {
    const matrix = await callersMatrixOf(version, note);
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
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const kinds = [TargetError, TargetUnavailable, WalkError, BadInput];
  if (!(error instanceof Error && kinds.some((kind) => error instanceof kind))) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
