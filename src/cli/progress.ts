/** The progress of a run on a terminal; nothing at all in a pipe. */
import type { RunProgress } from '../engine/run.js';

/** What a command tells of how far it is. */
export interface LiveProgress {
  /** Something that takes long has begun, such as a download. */
  readonly note: (text: string) => void;
  readonly update: (progress: RunProgress) => void;
  /** May be called more than once. */
  readonly stop: () => void;
}

const SILENT: LiveProgress = { note: () => undefined, update: () => undefined, stop: () => undefined };

/** Show progress on standard error, if that is a terminal. */
export async function startProgress(): Promise<LiveProgress> {
  if (!process.stderr.isTTY) return SILENT;
  const { createProgress } = await import('../reports/progress.js');
  const progress = createProgress();
  let phase: RunProgress['phase'] | undefined;
  let stopped = false;
  return {
    note: (text) => progress.note(text),
    update: (now) => {
      if (stopped) return;
      if (phase !== now.phase) {
        phase = now.phase;
        progress.start(now.total, now.phase === 'programs' ? 'judging' : 'making small');
      }
      progress.update(now.done, now.operations, now.failing);
    },
    stop: () => {
      if (!stopped) progress.stop();
      stopped = true;
    },
  };
}
