/**
 * `npm run proof`: let z3 prove the rules for any number of objects, tokens and callers; refute what is broken; and compare
 * the steps that are proved with the model.
 *
 * Exit status: 0, all is proved and the same; 1, something is not; 2, it could not be done: z3 is missing, or gave up.
 */
import '../../src/cli/tune.js';
import { availableParallelism } from 'node:os';
import { core } from '../../spec/profiles/core.js';
import { strangeNames } from '../../spec/proof/coverage.js';
import { obligationsOf } from '../../spec/proof/queries.js';
import { stepsOf } from '../../spec/proof/system.js';
import { grouped } from '../../src/text/text.js';
import { broken } from './broken.js';
import { isAmiss, isRefuted, prove, refute } from './prove.js';
import { amissText, comparedText, refutedText, rulesText } from './report.js';
import { compareApart } from './walk-worker.js';
import { Z3Failed, z3Version } from './z3.js';

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const version = await z3Version();
  if (version === undefined) {
    process.stderr.write('z3 is needed, and is missing (Debian: apt-get install z3).\n');
    return 2;
  }
  const started = performance.now();
  const processes = availableParallelism();
  const [steps, obligations] = [stepsOf(core), obligationsOf(core)];
  print([
    version,
    '',
    'What is proved of any number of objects, tokens and callers, whatever callbacks there are and fail:',
  ]);

  const walked = compareApart();
  const answers = await prove(steps, obligations, processes);
  const amiss = amissText(answers);
  const strange = strangeNames(steps);
  print(rulesText(answers, obligations));
  print(amiss);
  if (strange.length > 0) print(['FAILS: a step has a name for an object or a token']);

  print(['', 'Mistakes, each refuted:']);
  const refuted = await refute(broken, steps, core, processes);
  const survivors = refuted.filter((one) => !isRefuted(one));
  print(refutedText(refuted));

  print(['', 'The steps that are proved, walked through, beside spec/model.ts as explored:']);
  const compared = await walked;
  for (const one of compared) print(comparedText(one));

  const different = compared.filter(({ differences }) => differences.length > 0);
  const { invariants } = obligations;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print([
    '',
    `${grouped(answers.length - amiss.length)} of ${grouped(answers.length)} questions answered as they must be: ${steps.length} steps, ` +
      `${invariants.filter(({ rules }) => rules.length > 0).length} promises, ${invariants.filter(({ rules }) => rules.length === 0).length} helpers; ` +
      `${refuted.length - survivors.length} of ${refuted.length} mistakes refuted; ` +
      `${compared.length - different.length} of ${compared.length} walks the same; in ${seconds} s`,
  ]);
  const unknown = answers.some(({ answer }) => answer === 'unknown') || refuted.some((one) => one.unknown);
  const wrong = answers.some((one) => isAmiss(one) && one.answer !== 'unknown') || strange.length > 0;
  if (wrong || survivors.length > 0 || different.length > 0) return 1;
  return unknown ? 2 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Z3Failed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
