/**
 * `npm run kill-matrix`: make the kill matrix and write it to `conformance/kill-matrix.md`. With `--check`, compare it
 * with what is there.
 *
 * Exit status: 0, every mutant is killed or explained; 1, there is something to mend; 2, it could not be run; 64, wrong
 * usage.
 */
import '../../src/cli/tune.js';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutants } from '../../conformance/mutants/index.js';
import { rules } from '../../spec/rules/index.js';
import { packageRoot } from '../../src/files/root.js';
import { createProgress } from '../../src/reports/progress.js';
import { CannotRun } from './cannot-run.js';
import { makeWorlds } from './environments.js';
import { explanations } from './explanations.js';
import { problemsOf } from './gate.js';
import { makeMatrix, referenceSources } from './matrix.js';
import { drift } from './page.js';
import { render, summary } from './render.js';

const PAGE = join(packageRoot, 'conformance', 'kill-matrix.md');

async function main(args: readonly string[]): Promise<number> {
  const [flag, ...others] = args;
  if ((flag !== undefined && flag !== '--check') || others.length > 0) {
    process.stderr.write('usage: npm run kill-matrix [-- --check]\n');
    return 64;
  }
  const started = performance.now();
  const progress = createProgress();
  let begun = false;
  const matrix = await makeMatrix({
    rules,
    worlds: makeWorlds(),
    sources: await referenceSources(),
    named: mutants,
    onProgress: (done, total) => {
      if (!begun) progress.start(total, 'mutants');
      begun = true;
      progress.update(done, 0, 0);
    },
  }).finally(() => progress.stop());
  const problems = [...problemsOf(matrix, explanations, rules)];
  const page = render(matrix, explanations, rules);
  if (flag === '--check') problems.push(...drift(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : undefined, page));
  else writeFileSync(PAGE, page);
  process.stdout.write(summary(matrix, (performance.now() - started) / 1000));
  for (const problem of problems) process.stdout.write(`** ${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CannotRun)) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  else process.stderr.write(`The kill matrix could not be made: ${error.message}\n`);
  process.exitCode = 2;
}
