/**
 * Run SPIN: it writes a verifier in C for a model, a compiler compiles it, and it searches every state.
 *
 *     model.pml ──spin -a──> pan.c ──tcc, or gcc──> pan ──> errors: 0, 78190 states
 *
 * Most searches take less time than gcc takes for their verifier, and tcc takes a thirtieth of that. So it compiles where
 * it is installed, and no optimization is asked for.
 *
 * A search that did not come to its end proves nothing, and is an error here.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { MAIN, type Sources } from './sources.js';

/** What is searched, and for what. */
export interface Search {
  readonly sources: Sources;
  /** What is defined for the model, such as `N_TOKENS=1`. */
  readonly define: readonly string[];
  /** What is defined for the verifier, such as `NOREDUCE`: see SPIN's manual. */
  readonly compile: readonly string[];
  /** Look for cycles in which no operation returns, instead of states from which nothing follows. */
  readonly cycles?: boolean;
  /** How deep the search may go; where it would have to go deeper, it fails. */
  readonly depth?: number;
  /** gcc's level of optimization; the least costly compilation, by whatever there is, where it is not given. */
  readonly optimize?: 0 | 1 | 2;
}

/** What came of a search. */
export interface Searched {
  readonly states: number;
  readonly transitions: number;
  /** By the verifier's own clock, which has hundredths. */
  readonly seconds: number;
  /** What is wrong, and how it comes about; undefined where nothing is. */
  readonly error?: SpinError;
  /** What the model printed. */
  readonly printed: readonly string[];
}

/** Something that SPIN found. */
export interface SpinError {
  /** The rule that is broken. */
  readonly rule: string;
  /** In SPIN's words. */
  readonly text: string;
  /** The steps that lead to it, a line each. */
  readonly trail: string;
}

/** Deep enough for a few objects; a search that is cut off is noticed. */
const DEPTH = 100_000;

/** SPIN or gcc is missing, or could not do what was asked. The message says what happened and what to do. */
export class SpinFailed extends Error {
  override readonly name = 'SpinFailed';
}

/** The version of SPIN; undefined where it or gcc is missing. */
export async function spinVersion(): Promise<string | undefined> {
  const [spin, gcc] = await Promise.all([
    execa('spin', ['-V'], { reject: false }),
    execa('gcc', ['--version'], { reject: false }),
  ]);
  return spin.exitCode === 0 && gcc.exitCode === 0 ? spin.stdout.trim() : undefined;
}

/** The compiler that takes least, and its options. */
async function quickest(): Promise<readonly [compiler: string, ...options: readonly string[]]> {
  const { exitCode } = await execa('tcc', ['-v'], { reject: false });
  return exitCode === 0 ? ['tcc'] : ['gcc', '-O0'];
}

/**
 * Search a model through.
 *
 * @throws SpinFailed when the model is not Promela, or the search did not come to its end
 */
export async function search(wanted: Search): Promise<Searched> {
  const folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-spin-'));
  try {
    await Promise.all([...wanted.sources].map(([name, text]) => writeFile(join(folder, name), text)));
    const define = wanted.define.map((name) => `-D${name}`);
    await must(folder, 'spin', [...define, '-a', MAIN]);
    const compile = [...wanted.compile, wanted.cycles === true ? 'NP' : 'SAFETY'].map((name) => `-D${name}`);
    const [compiler, ...options] =
      wanted.optimize === undefined ? await quickest() : (['gcc', `-O${wanted.optimize}`] as const);
    await must(folder, compiler, [...options, '-w', ...compile, '-o', 'pan', 'pan.c']);
    const output = await must(folder, join(folder, 'pan'), [
      // Memory for the way down is taken at once. The table of states grows as needed.
      `-m${wanted.depth ?? DEPTH}`,
      '-w18',
      ...(wanted.cycles === true ? ['-l'] : []),
    ]);
    const read = readOutput(output);
    if (read.broken === undefined) return read;
    const { broken, ...rest } = read;
    const trail = await must(folder, 'spin', [...define, '-t', '-p', MAIN]);
    return { ...rest, error: { rule: broken.rule, text: broken.text, trail } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function must(folder: string, command: string, args: readonly string[]): Promise<string> {
  const done = await execa(command, args, { cwd: folder, reject: false, all: true, env: { LC_ALL: 'C' } });
  if (done.exitCode === 0) return done.all;
  if (done.code === 'ENOENT') throw new SpinFailed(`${command} is not installed (Debian: apt-get install spin gcc)`);
  throw new SpinFailed(`${command} ${args.join(' ')} failed (${done.shortMessage}):\n${done.all}`);
}

type Read = Omit<Searched, 'error'> & { readonly broken?: { readonly rule: string; readonly text: string } };

/** What a verifier's output says. @throws SpinFailed when the search did not come to its end */
export function readOutput(output: string): Read {
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(output)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const errors = number(/errors: (\d+)/);
  const states = number(/^ *([\d.e+]+) states, stored/m);
  const transitions = number(/^ *([\d.e+]+) transitions/m);
  const text = /^pan:\d+: (.*)$/m.exec(output)?.[1];
  if (errors === undefined || states === undefined || transitions === undefined) {
    throw new SpinFailed(`the verifier did not say what it found:\n${output}`);
  }
  const cutOff = /max search depth too small|out of memory|hash-table full/i.exec(output);
  const full = /^Full statespace search/m.test(output);
  if (errors === 0 && (cutOff !== null || !full || /Search not completed/.test(output))) {
    throw new SpinFailed(`the search did not come to its end, and proves nothing:\n${output}`);
  }
  if (errors > 0 && text === undefined) throw new SpinFailed(`the verifier does not say what is wrong:\n${output}`);
  return {
    states,
    transitions,
    seconds: number(/elapsed time ([\d.e+-]+) seconds/) ?? 0,
    printed: output.split('\n').filter((line) => line.startsWith('operation:')),
    ...(errors === 0 || text === undefined ? {} : { broken: { rule: ruleOf(text), text } }),
  };
}

/** `assertion violated (...||BAL_1) (at depth 52)` names its rule; without one, an operation does not return. */
function ruleOf(text: string): string {
  const named = /\|\| ?([A-Z]+_\d+)\)/.exec(text)?.[1];
  if (named !== undefined) return named.replace('_', '-');
  return /invalid end state|non-progress cycle/.test(text) ? 'LIFE-8' : 'the model';
}
