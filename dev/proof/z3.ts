/**
 * Ask z3: it answers each question with a line of its own, so that the time of each is known, and so that a question may
 * depend on the answers before it.
 *
 * An answer is `sat`, `unsat`, `unknown`, or that the question was no SMT-LIB. Whatever is not an answer, or is missing, is
 * an error: a script that z3 does not understand proves nothing, and breaks nothing.
 */
import { execa } from 'execa';
import type { Question, Script } from '../../spec/proof/queries.js';

const ANSWERS = ['sat', 'unsat', 'unknown'] as const;

/** A question with what z3 said. */
export interface Answered {
  readonly question: Question;
  readonly answer: (typeof ANSWERS)[number];
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
 * Have the questions of a script answered, in their order. z3 4.8.12 dies of a SIGSEGV now and then, with questions that it
 * answers the next time: then they are asked once more.
 *
 * @param isWanted which questions are asked; all if absent, and then z3 is given those of a chapter at once
 * @throws Z3Failed
 */
export async function ask(script: Script, isWanted?: IsWanted, mayDie = true): Promise<readonly Answered[]> {
  const run = execa('z3', ['-smt2', '-in', ...OPTIONS], { reject: false });
  // Whoever writes to a z3 that died finds that out by the answers that are missing.
  run.stdin.on('error', () => undefined);
  const lines = run.iterable();
  const answered: Answered[] = [];
  const say = (...text: readonly string[]) => run.stdin.write(`${text.join('\n')}\n`);
  say(script.premises);
  try {
    for (const { says, questions } of script.chapters) {
      say('(push 1)', says);
      for (const together of isWanted === undefined ? [questions] : questions.map((one) => [one])) {
        const wanted = together.filter((question) => isWanted?.(question, answered) ?? true);
        say(...wanted.flatMap(({ text }) => ['(push 1)', text, '(check-sat)', '(pop 1)']));
        for (const question of wanted) {
          const since = performance.now();
          const { value: line, done } = await lines.next();
          if (done) {
            const { code, signal, shortMessage } = await run;
            if (code === 'ENOENT') throw new Z3Failed('z3 is not installed (Debian: apt-get install z3)');
            if (signal !== undefined && mayDie) return await ask(script, isWanted, false);
            throw new Z3Failed(`z3 ended after ${answered.length} answers: ${shortMessage ?? ''}`);
          }
          const answer = ANSWERS.find((one) => one === line);
          if (answer === undefined) throw new Z3Failed(`z3 did not understand: ${line}`);
          answered.push({ question, answer, milliseconds: performance.now() - since });
        }
      }
      say('(pop 1)');
    }
    return answered;
  } finally {
    run.kill();
    await run;
  }
}
