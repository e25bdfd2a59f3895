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
  const names = missingNames(told);
  if (names.length === 0) {
    return `The manager does not compile with the stand-ins for the kernel's headers: ${errorsOf(told)}`;
  }
  return `The manager does not compile with the stand-ins for the kernel's headers, which have no ${names.join(', no ')}: define what is missing in a file standins.h, which is included first, and give the folder that has it: --include DIR. The compiler says: ${errorsOf(told)}`;
}

/** How compilers tell of what no header declares; the first kinds are causes of the later ones. */
const MISSING: readonly (readonly RegExp[])[] = [
  [
    /type defaults to 'int' in declaration of '(\w+)'/g,
    /implicit declaration of function '(\w+)'/g,
    /call to undeclared (?:library )?function '(\w+)'/g,
    /undefined reference to [`'](\w+)'/g,
  ],
  [
    /'(\w+)' undeclared/g,
    /use of undeclared identifier '(\w+)'/g,
    /unknown type name '(\w+)'/g,
    /(?:undefined|incomplete) type '(?:const )?(struct \w+)/g,
    /'(struct \w+)' has no member/g,
  ],
];

/** How many names are enough to know what is meant. */
const MOST_NAMES = 3;

/** What the manager uses that no header declares, as far as the compiler tells. */
export function missingNames(told: string): readonly string[] {
  for (const kinds of MISSING) {
    const found = kinds.flatMap((kind) => [...told.matchAll(kind)]).sort((a, b) => a.index - b.index);
    const names = [...new Set(found.flatMap(([, name]) => name ?? []))];
    if (names.length > 0) return names.slice(0, MOST_NAMES);
  }
  return [];
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
