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

/** z3 was killed by a signal. */
class Z3Died extends Z3Failed {}

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
  const z3 = new Z3();
  try {
    return await answersOf(z3, script, isWanted);
  } catch (error) {
    if (error instanceof Z3Died && mayDie) return await ask(script, isWanted, false);
    throw error;
  } finally {
    await z3.end();
  }
}

async function answersOf(
  z3: Z3,
  { premises, chapters }: Script,
  isWanted: IsWanted | undefined,
): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  z3.say(premises);
  for (const { says, questions } of chapters) {
    z3.say('(push 1)', says);
    for (const together of isWanted === undefined ? [questions] : questions.map((one) => [one])) {
      const wanted = together.filter((question) => isWanted?.(question, answered) ?? true);
      z3.say(...wanted.flatMap(({ text }) => ['(push 1)', text, '(check-sat)', '(pop 1)']));
      for (const question of wanted) {
        const since = performance.now();
        const answer = await z3.answer();
        answered.push({ question, answer, milliseconds: performance.now() - since });
      }
    }
    z3.say('(pop 1)');
  }
  return answered;
}

/** A z3 that is spoken with. */
class Z3 {
  readonly #run = execa('z3', ['-smt2', '-in', ...OPTIONS], { reject: false });
  readonly #lines = this.#run.iterable();

  constructor() {
    // Whoever writes to a z3 that died finds that out by the answer that is missing.
    this.#run.stdin.on('error', () => undefined);
  }

  say(...lines: readonly string[]): void {
    this.#run.stdin.write(`${lines.join('\n')}\n`);
  }

  /** The next answer. @throws Z3Failed */
  async answer(): Promise<Answered['answer']> {
    const { value: line, done } = await this.#lines.next();
    if (done) {
      const { code, signal, shortMessage } = await this.#run;
      if (code === 'ENOENT') throw new Z3Failed('z3 is not installed (Debian: apt-get install z3)');
      const what = `z3 ended without an answer: ${shortMessage ?? 'it did as it was told'}`;
      throw signal === undefined ? new Z3Failed(what) : new Z3Died(what);
    }
    const answer = ANSWERS.find((one) => one === line);
    if (answer === undefined) throw new Z3Failed(`z3 did not understand: ${line}`);
    return answer;
  }

  async end(): Promise<void> {
    this.#run.kill();
    await this.#run;
  }
}
