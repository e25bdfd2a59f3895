/** Processes, as /proc tells of them. */
import { readdir, readFile } from 'node:fs/promises';

/** The children of a process; those of a name, cut to fifteen characters, where one is given. */
export async function childrenOf(parent: number, name?: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const [, command, rest] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? [];
      return Number(rest) === parent && (name === undefined || command === name) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** Wait until a process is no more, or is one that only waits to be taken note of. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (stat === '' || /\) Z /.test(stat)) return;
  }
}
