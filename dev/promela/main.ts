/**
 * `npm run promela`: let SPIN prove the rules on the Promela model, and compare what it reaches with `explore`.
 *
 * Exit status: 0, all is proved and the same; 1, something is not; 2, it could not be done, such as without SPIN.
 */
import '../../src/cli/tune.js';
import { availableParallelism } from 'node:os';
import type { Scope } from '../../src/explore/scope.js';
import { createProgress } from '../../src/reports/progress.js';
import { grouped } from '../../src/text/text.js';
import { sideBySide } from '../side-by-side.js';
import { compareWithExplore, comparisons, proofs, prove } from './checks.js';
import { differences, isSame } from './compare.js';
import { readSources } from './sources.js';
import { SpinFailed, spinVersion } from './spin.js';
import { versions } from './versions.js';

/** Of what differs, and of the steps to an error, no more than can be read. */
const MOST_LINES = 60;

interface Result {
  readonly holds: boolean;
  /** What to print: a line, and under it what is wrong. */
  readonly text: string;
}

const sources = readSources();

/** Everything to be done, in the order in which it is printed. */
const checks: readonly (() => Promise<Result>)[] = versions.flatMap((version) => [
  ...proofs.map((proof) => async (): Promise<Result> => {
    const { states, transitions, error } = await prove(sources, version, proof);
    const size = `${scopeText(proof.scope)}: ${grouped(states)} states, ${grouped(transitions)} transitions`;
    const title = `${version.profile.name}: ${proof.what} (${size})`;
    if (error === undefined) return { holds: true, text: `proved   ${title}` };
    const trail = error.trail.trimEnd().split('\n');
    const left = trail.length > MOST_LINES ? [`${grouped(trail.length - MOST_LINES)} lines before`] : [];
    return {
      holds: false,
      text: under(`BROKEN   ${title}`, [...left, ...trail.slice(-MOST_LINES), `${error.rule}: ${error.text}`]),
    };
  }),
  ...comparisons.map((comparison) => async (): Promise<Result> => {
    const { spin, compared } = await compareWithExplore(sources, version, comparison);
    const size = `${scopeText(comparison.scope)}: ${grouped(spin.states.size)} states, ${grouped(spin.operations.size)} operations`;
    const title = `${version.profile.name}: ${comparison.what} (${size})`;
    if (isSame(compared)) return { holds: true, text: `the same ${title}` };
    const lines = differences(compared);
    const left = lines.length > MOST_LINES ? [`and ${grouped(lines.length - MOST_LINES)} more`] : [];
    return { holds: false, text: under(`DIFFERS  ${title}`, [...lines.slice(0, MOST_LINES), ...left]) };
  }),
]);

function under(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `    ${line}`)].join('\n');
}

function scopeText({ producers, consumers, tokens }: Scope): string {
  return `${producers}x${consumers}x${tokens}`;
}

async function main(): Promise<number> {
  const spin = await spinVersion();
  if (spin === undefined) {
    process.stderr.write('SPIN and gcc are needed, and one of them is missing (Debian: apt-get install spin gcc).\n');
    return 2;
  }
  process.stdout.write(`${spin}\n`);
  const started = performance.now();
  const progress = createProgress();
  progress.start(checks.length, 'verifying', 'searches');
  let done = 0;
  const results = await sideBySide(checks, availableParallelism(), async (check): Promise<Result> => {
    const result = await check();
    progress.update(++done, done, 0);
    return result;
  }).finally(() => progress.stop());
  for (const { text } of results) process.stdout.write(`${text}\n`);
  const wrong = results.filter(({ holds }) => !holds).length;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${results.length - wrong} of ${checks.length} hold, in ${seconds} s\n`);
  return wrong === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SpinFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
