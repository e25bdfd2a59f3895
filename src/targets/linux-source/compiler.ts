/** The C compiler: what it says of itself, what it sees, and what it makes of texts of a kernel tree. */
import { type Ended, runTool } from '../../files/tool.js';
import { TargetUnavailable } from '../unavailable.js';

const NEEDS = 'linux-source needs a C compiler and libjansson-dev: apt-get install gcc libjansson-dev';

/**
 * A text with all that it includes.
 * @throws {TargetUnavailable} when a tool is missing, or something that is included
 */
export async function preprocess(compiler: string, options: readonly string[], text: string): Promise<string> {
  const args = ['-std=gnu11', '-E', '-P', ...options, '-x', 'c', '-'];
  const { exitCode, stdout, stderr } = await runTool(compiler, args, { input: text, env: { LC_ALL: 'C' } });
  if (exitCode === 0) return stdout;
  throw new TargetUnavailable(problemOf(stderr));
}

/** Runs a compiler, or a tool of it, in a folder. @throws {TargetUnavailable} when what it is given does not compile */
export async function runCompiler(command: string, args: readonly string[], folder: string): Promise<void> {
  const { exitCode, all, signal } = await compile(command, args, folder);
  if (exitCode === 0) return;
  if (signal !== undefined) throw new TargetUnavailable(`The compiler was ended by ${signal}, twice.`);
  if (exitCode === undefined || /jansson/.test(all)) throw new TargetUnavailable(NEEDS);
  throw new TargetUnavailable(problemOf(all));
}

/** Runs a compiler, and once more where it did not end by itself. It never rejects. */
export async function compile(command: string, args: readonly string[], folder?: string): Promise<Ended> {
  const where = folder === undefined ? {} : { cwd: folder };
  const run = () => runTool(command, args, { ...where, env: { LC_ALL: 'C' } });
  const ended = await run();
  return ended.exitCode === undefined ? run() : ended;
}

function problemOf(told: string): string {
  const lacking = /fatal error: (\S+): No such file/.exec(told)?.[1];
  if (lacking !== undefined) {
    return `The manager does not compile with the stand-ins for the kernel's headers: it includes <${lacking}>, for which there is none. Give the folder that has it: --include DIR.`;
  }
  return `The manager does not compile with the stand-ins for the kernel's headers: ${errorsOf(told)}`;
}

/** The first errors that a compiler told of, in one line. */
export function errorsOf(told: string): string {
  const errors = told.split('\n').filter((line) => /\berror\b|undefined reference/.test(line));
  return errors.slice(0, 3).join('; ') || 'no reason given';
}

/** What the compiler says of itself. @throws {TargetUnavailable} when there is none */
export async function compilerVersion(compiler: string): Promise<string> {
  const result = await runTool(compiler, ['--version']);
  if (result.exitCode !== 0) throw new TargetUnavailable(NEEDS);
  return result.stdout;
}
