/**
 * Ask z3. It reads a script and answers each question with a line of its own, as it goes, so that the time of each is known.
 *
 * An answer is `sat`, `unsat`, `unknown`, or that the question was no SMT-LIB. Whatever is not an answer, or is missing, is
 * an error: a script that z3 does not understand proves nothing, and breaks nothing.
 */
import { execa } from 'execa';
import type { Question, Script } from '../../spec/proof/queries.js';

/** A question with what z3 said. */
export interface Answered {
  readonly question: Question;
  readonly answer: 'sat' | 'unsat' | 'unknown';
  readonly milliseconds: number;
}

/** z3 is missing, or did not understand. */
export class Z3Failed extends Error {
  override readonly name = 'Z3Failed';
}

/** How long z3 may think about one question. It needs some milliseconds. */
const PATIENCE_MS = 5000;

/** Found by trying: with it, proofs over enumerations take half the time. It changes no answer. */
const OPTIONS = ['smt.dt_lazy_splits=2', `timeout=${PATIENCE_MS}`];

/** The version of z3; undefined where it is missing. */
export async function z3Version(): Promise<string | undefined> {
  const { exitCode, stdout } = await execa('z3', ['-version'], { reject: false });
  return exitCode === 0 ? stdout.trim() : undefined;
}

/**
 * Have all questions of a script answered, in their order. z3 4.8.12 dies of a SIGSEGV now and then, with questions that it
 * answers the next time: then they are asked once more.
 *
 * @throws Z3Failed
 */
export async function ask(script: Script, mayDie = true): Promise<readonly Answered[]> {
  const { text, questions } = script;
  const run = execa('z3', ['-smt2', '-in', ...OPTIONS], { input: text, reject: false });
  const answered: Answered[] = [];
  const other: string[] = [];
  let since = performance.now();
  for await (const line of run) {
    const question = questions[answered.length];
    const answer = (['sat', 'unsat', 'unknown'] as const).find((one) => one === line);
    if (answer === undefined || question === undefined) {
      other.push(line);
      continue;
    }
    const now = performance.now();
    answered.push({ question, answer, milliseconds: now - since });
    since = now;
  }
  const done = await run;
  if (done.code === 'ENOENT') throw new Z3Failed('z3 is not installed (Debian: apt-get install z3)');
  if (done.signal !== undefined && mayDie) return ask(script, false);
  if (other.length > 0) throw new Z3Failed(`z3 did not understand: ${other[0]}`);
  if (done.exitCode !== 0 || answered.length !== questions.length) {
    throw new Z3Failed(
      `z3 gave ${answered.length} answers to ${questions.length} questions: ${done.shortMessage ?? ''}`,
    );
  }
  return answered;
}
