/** Asks a compiled manager the questions. */
import type { Event, Program } from '../../../spec/vocabulary.js';
import { startStdioTarget } from '../stdio.js';
import {
  type Answers,
  lastAnswer,
  pairsWithoutMemory,
  questions,
  readAnswers,
  starvedDuplicate,
  starvedPair,
} from './questions.js';

/** What the program logs for each allocation, when it is asked to: standin.h has it. */
const ALLOCATION = 'stand-in: an allocation';

/** Milliseconds without progress after which an operation hangs. */
const PATIENCE = '1000';

/**
 * The answers of a program.
 * @throws {TargetError} when it cannot be started
 */
export async function askManager(program: string): Promise<Answers> {
  const answers = readAnswers(await run(program, 'tells', questions), ALLOCATION);
  if (answers.allocates !== 'always') return answers;
  const [duplicate = [], pair = []] = await run(program, 'allocates', [starvedDuplicate, starvedPair]);
  return { ...answers, starvedDuplicate: lastAnswer(duplicate), pairsWithoutMemory: pairsWithoutMemory(pair) };
}

async function run(
  command: string,
  memory: 'tells' | 'allocates',
  programs: readonly Program[],
): Promise<readonly (readonly Event[])[]> {
  const target = await startStdioTarget({
    address: 'the compiled manager',
    command,
    args: ['unknown', 'core', memory],
    env: { IRQBYPASS_ADAPTER_WATCHDOG_MS: PATIENCE },
  });
  try {
    return (await target.run(programs)).map(({ events }) => events);
  } finally {
    await target.close();
  }
}
