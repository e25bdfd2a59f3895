import type { Command } from 'commander';
import { HELPER_COMMAND } from '../../jobs/crew.js';
import { help } from '../../jobs/helper.js';

/** `job`: a helper of another process of this tool, which speaks to it; nobody types it. */
export function addJob(program: Command): void {
  program.command(HELPER_COMMAND, { hidden: true }).action(() =>
    help({
      diff: async () => (await import('../diff-job.js')).beginDiff,
      explore: async () => (await import('../explore-job.js')).beginExplore,
      run: async () => (await import('../run-job.js')).beginRun,
    }),
  );
}
