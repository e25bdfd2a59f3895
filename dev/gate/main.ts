/**
 * The gate: runs every check of the table (checks.ts), side by side where they do not need each other, and ends with
 * where its time went and a plain line "N passed, N failed". `.ci/run` calls it; with words, it runs only the checks
 * whose names contain one of them, and what these need. With `--night` (`npm run gate:night`) it goes all the way where
 * it otherwise goes a shorter one, and tells at its end what it left to the night.
 *
 * Exit status: 0, all passed; 1, something failed; 64, no check has such a name.
 */
import { availableParallelism } from 'node:os';
import { packageRoot } from '../../src/files/root.js';
import { checks } from './checks.js';
import type { Check, Result } from './schedule.js';
import { byNight, leftToTheNight, runAll } from './schedule.js';
import { runLine } from './shell.js';

const started = performance.now();
const now = () => performance.now() - started;
const say = (text: string) => process.stdout.write(`${text}\n`);

/** The checks that were asked for, and what they need. */
function chosen(words: readonly string[]): readonly Check[] {
  if (words.length === 0) return checks;
  if (words[0] === '--night') return byNight(checks);
  const taken = new Set<string>();
  for (const { name, after = [] } of checks.toReversed()) {
    if (words.some((word) => name.includes(word)) || taken.has(name))
      for (const one of [name, ...after]) taken.add(one);
  }
  return checks.filter(({ name }) => taken.has(name));
}

function tell({ check, output, problems, passed, failed, seconds }: Result): void {
  say(`\n== ${check.name} (${seconds.toFixed(1)} s)\n$ ${check.line}`);
  if (output.trim() !== '') say(output.trimEnd());
  for (const problem of problems) say(`** ${check.name}: ${problem}`);
  if (passed + failed > 1) say(`-- ${passed} passed, ${failed} failed`);
}

function table(results: readonly Result[]): string {
  const cell = (seconds: number) => seconds.toFixed(1).padStart(7);
  const rows = [...results]
    .sort((a, b) => a.began - b.began)
    .map(({ check, began, seconds, cpu, passed, failed }) => {
      const count = failed > 0 ? `${passed} passed, ${failed} FAILED` : `${passed} passed`;
      return `${cell(began)} ${cell(seconds)} ${cell(cpu)}  ${check.name}: ${count}`;
    });
  const cpu = results.reduce((sum, result) => sum + result.cpu, 0);
  const cores = `on ${availableParallelism()} cores`;
  return [
    '  began    took     cpu  (seconds)',
    ...rows,
    `${cell(0)} ${cell(now() / 1000)} ${cell(cpu)}  all, ${cores}`,
  ].join('\n');
}

/** What failed, once more: whoever sees only the end of what the gate says must not have to guess. */
function failures(results: readonly Result[]): string {
  const bad = results.filter(({ failed }) => failed > 0);
  if (bad.length === 0) return '';
  const told = bad.map(({ check, failures, problems }) =>
    [`-- ${check.name}`, ...failures, ...problems.map((problem) => `** ${problem}`)].join('\n'),
  );
  return `\nWhat failed:\n${told.join('\n')}\n`;
}

const asked = chosen(process.argv.slice(2));
if (asked.length === 0) {
  process.stderr.write(`No check has a name with ${process.argv.slice(2).join(' or ')} in it.\n`);
  process.exitCode = 64;
} else {
  // The build stands, and nothing may change it under what runs beside it. The checks share the processors. Where there
  // is memory, less time goes into looking for what can be thrown away.
  // What npm has fetched once it need not ask for again: .ci/run has just installed the same packages.
  const env = {
    IRQBYPASS_SPEC_BUILT: '1',
    IRQBYPASS_SPEC_CROWDED: '1',
    NO_COLOR: '1',
    NODE_OPTIONS: '--max-semi-space-size=32',
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
  const results = await runAll(asked, availableParallelism(), {
    run: ({ line }) => runLine(line, { folder: packageRoot, env }),
    now,
    onStart: ({ name }) => say(`.. ${name}`),
    onEnd: tell,
  });
  const sum = (of: 'passed' | 'failed') => results.reduce((total, result) => total + result[of], 0);
  const left = leftToTheNight(asked);
  if (left.length > 0) say(`\nLeft to the night, which goes further (npm run gate:night): ${left.join('; ')}`);
  say(`\n${table(results)}\n${failures(results)}\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
}
