/** The other side of `crew.ts`: a process that works off pieces, one after the other. */
import type { FromHelper, ToHelper } from './crew.js';

/** Something that is worked off piece by piece. */
export interface Job {
  run(number: number): Promise<unknown>;
  /** End whatever it has opened. */
  close(): Promise<void>;
}

/** Begins a job, by what it needs to know. */
export type Begin = (setup: never) => Promise<Job>;

/** Work off what is asked for, until whoever asks goes away. @param kinds what can be done */
export async function help(kinds: Readonly<Record<string, () => Promise<Begin>>>): Promise<void> {
  let job: Job | undefined;
  let turn: Promise<void> = Promise.resolve();
  const answer = async (message: ToHelper): Promise<void> => {
    try {
      if ('begin' in message) {
        const { kind, setup } = message.begin;
        const begin = await kinds[kind]?.();
        // Both sides are of the same version, and so are their types.
        job = await begin?.(setup as never);
      } else if (job !== undefined) {
        const number = message.piece;
        say({ number, result: await job.run(number) });
      }
    } catch (error) {
      say({ failed: error instanceof Error ? error.message : String(error) });
    }
  };
  process.on('message', (message: ToHelper) => {
    turn = turn.then(() => answer(message));
  });
  // Whoever asked may have gone before this has started.
  if (process.connected) await new Promise<void>((resolve) => process.once('disconnect', () => resolve()));
  // Nothing of what is under way is wanted any more.
  await job?.close();
  process.exit();
}

function say(message: FromHelper): void {
  if (process.connected) process.send?.(message);
}
