/**
 * Ask z3: it answers each question with a line of its own, so that the time of each is known, and so that a question may
 * depend on the answers before it.
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

/** Whether a question need be asked, after what was answered. */
export type IsWanted = (question: Question, answered: readonly Answered[]) => boolean;

/**
 * Have the questions of a script answered, in their order, each after the one before it. z3 4.8.12 dies of a SIGSEGV now
 * and then, with questions that it answers the next time: then they are asked once more.
 *
 * @param isWanted which questions are asked; all if absent
 * @throws Z3Failed
 */
export async function ask(
  { premises, chapters }: Script,
  isWanted: IsWanted = () => true,
  mayDie = true,
): Promise<readonly Answered[]> {
  const run = execa('z3', ['-smt2', '-in', ...OPTIONS], { reject: false });
  // A z3 that died is found by what it left out.
  run.stdin.on('error', () => undefined);
  const lines = run.iterable();
  const answered: Answered[] = [];
  const asked = async (question: Question): Promise<boolean> => {
    const since = performance.now();
    run.stdin.write(`(push 1)\n${question.text}\n(check-sat)\n(pop 1)\n`);
    const { value: line, done } = await lines.next();
    if (done) return false;
    const answer = (['sat', 'unsat', 'unknown'] as const).find((one) => one === line);
    if (answer === undefined) throw new Z3Failed(`z3 did not understand: ${line}`);
    answered.push({ question, answer, milliseconds: performance.now() - since });
    return true;
  };
  run.stdin.write(`${premises}\n`);
  try {
    for (const { says, questions } of chapters) {
      run.stdin.write(`(push 1)\n${says}\n`);
      for (const question of questions) {
        if (!isWanted(question, answered) || (await asked(question))) continue;
        const { code, signal, shortMessage } = await run;
        if (code === 'ENOENT') throw new Z3Failed('z3 is not installed (Debian: apt-get install z3)');
        if (signal !== undefined && mayDie) return await ask({ premises, chapters }, isWanted, false);
        throw new Z3Failed(`z3 ended after ${answered.length} answers: ${shortMessage ?? ''}`);
      }
      run.stdin.write('(pop 1)\n');
    }
    return answered;
  } finally {
    run.kill();
    await run;
  }
}
