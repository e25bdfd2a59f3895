/** Runs a line of shell for the gate: to its end or a limit, with its output, its seconds and its count. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran, Tally } from './schedule.js';

/** A line that is still running after so long will not end by itself. */
const MINUTES = 40;

/** The lines that are running, each a group of processes of its own, which ends with the gate. */
const running = new Set<number>();
process.on('exit', () => running.forEach(endGroup));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(2));

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Where and with what a line is run. */
export interface Place {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Run a line of shell. Nothing that it started is left when it had to be ended. */
export async function runLine(line: string, { folder, env = {} }: Place): Promise<Ran> {
  const own = mkdtempSync(join(tmpdir(), 'irqbypass-spec-gate-'));
  const [times, results] = [join(own, 'times'), join(own, 'results.json')];
  try {
    // The shell tells afterwards what its children took.
    const script = `(\n${line}\n)\nstatus=$?\ntimes >'${times}'\nexit $status`;
    const child = spawn('bash', ['-c', script], {
      cwd: folder,
      env: { ...process.env, ...env, IRQBYPASS_SPEC_RESULTS: results },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const pid = child.pid ?? 0;
    if (pid > 0) running.add(pid);
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    const limit = setTimeout(() => {
      said.push(Buffer.from(`\nended after ${MINUTES} minutes\n`));
      if (pid > 0) endGroup(pid);
    }, MINUTES * 60_000);
    const status = await new Promise<number>((resolve) => {
      child.on('error', (error) => {
        said.push(Buffer.from(error.message));
        resolve(127);
      });
      child.on('close', (code) => resolve(code ?? 137));
    });
    clearTimeout(limit);
    running.delete(pid);
    const output = Buffer.concat(said).toString('utf8');
    const written = resultsIn(results);
    const tally = tallyOf(output, written);
    const failures = failuresIn(output, written);
    return { status, output, failures, cpu: secondsIn(times), ...(tally === undefined ? {} : { tally }) };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** The part of what vitest writes down that is looked at. */
export interface VitestResults {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numFailedTestSuites?: number;
  readonly numPendingTests?: number;
  readonly numTodoTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** What vitest wrote down; undefined where a line ran no tests. */
export function resultsIn(file: string): VitestResults | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as VitestResults) : undefined;
}

/** What a line counted: the tests that vitest wrote down, or what its last words say. */
export function tallyOf(output: string, results: VitestResults | undefined): Tally | undefined {
  if (results !== undefined) {
    const { numPassedTests: passed = 0, numFailedTests = 0, numFailedTestSuites = 0 } = results;
    const { numPendingTests = 0, numTodoTests = 0 } = results;
    // A file that could not be loaded has no tests, and has failed.
    const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
    return { passed, failed, skipped: numPendingTests + numTodoTests };
  }
  const [, passed, failed] = /(?:^|\n)(\d+) passed, (\d+) failed\n*$/.exec(output) ?? [];
  return passed === undefined ? undefined : { passed: Number(passed), failed: Number(failed), skipped: 0 };
}

/** What of a test's message is shown once more at the end of the gate, in lines. */
const MESSAGE = 12;

/** What failed, and why: the tests that vitest wrote down, or the lines that begin with FAILED and what explains them. */
export function failuresIn(output: string, results: VitestResults | undefined): readonly string[] {
  if (results === undefined) {
    return output.split('\n').filter((line) => /^(FAILED|\*\*) /.test(line));
  }
  const { testResults = [] } = results;
  const beginning = (text: string) => text.split('\n').slice(0, MESSAGE).join('\n');
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed');
    // A file that could not be loaded has no tests, and says itself why.
    if (failed.length === 0) return status === 'failed' ? [`FAILED ${name}\n${beginning(message)}`] : [];
    return failed.map(
      ({ fullName, failureMessages }) =>
        `FAILED ${name}: ${fullName}\n${(failureMessages ?? []).map(beginning).join('\n')}`,
    );
  });
}

/** The seconds in what `times` prints: of the shell itself, and of its children. */
function secondsIn(file: string): number {
  if (!existsSync(file)) return 0;
  const all = readFileSync(file, 'utf8').matchAll(/(\d+)m([\d.]+)s/g);
  return [...all].reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}
