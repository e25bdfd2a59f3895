/**
 * What the tool has started ends with it, even where the tool is ended in a way that no program is told of: SIGKILL, as by
 * whoever finds that memory is short. A shell beside it waits at the end of a pipe, whose other end the tool alone holds.
 *
 *     tool ──"+ PID MARK", "- PID"──> keeper: when nothing more can come, it ends all that it was told of and not told off
 */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** It outlives the signals that a terminal sends to everybody. A process may lead a group, and others of it bear its mark. */
const SCRIPT = `
trap '' HUP INT TERM
kept=
while read -r sign pid mark; do
  left=
  for one in $kept; do
    [ "\${one%%/*}" = "$pid" ] || left="$left $one"
  done
  kept=$left
  [ "$sign" = - ] || kept="$kept $pid/$mark"
done
for one in $kept; do
  pid=\${one%%/*} mark=\${one#*/}
  kill -s KILL -- "-$pid"
  kill -s KILL -- "$pid"
  [ -z "$mark" ] && continue
  for stray in $(grep -lsxzF -- "$mark" /proc/[0-9]*/environ); do
    stray=\${stray#/proc/}
    kill -s KILL -- "\${stray%/environ}"
  done
done 2>/dev/null
`;

let pipe: Socket | undefined;

/**
 * Let a process, and the group that it leads, end with the tool, however that ends.
 *
 * @param mark a part of the environment, as `NAME=value`, of all that is to end with it, wherever it has gone
 * @returns what to call once the process has ended: its number may be another one's then
 */
export function keep(pid: number | undefined, mark = ''): () => void {
  if (pid === undefined || process.platform === 'win32') return () => undefined;
  pipe ??= startKeeper();
  pipe?.write(`+ ${pid} ${mark}\n`);
  return () => pipe?.write(`- ${pid}\n`);
}

let marks = 0;

/** The same for whatever bears a mark, from before it is started: its number is known a moment too late. */
export function keepMarked(mark: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  pipe ??= startKeeper();
  const name = `mark${marks++}`;
  pipe?.write(`+ ${name} ${mark}\n`);
  return () => pipe?.write(`- ${name}\n`);
}

function startKeeper(): Socket | undefined {
  const { PATH = '/bin:/usr/bin' } = process.env;
  const keeper = spawn('sh', ['-c', SCRIPT, 'keeper'], {
    cwd: '/',
    detached: true,
    env: { PATH },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Where there is no shell, what is started ends with the tool in all other cases.
  keeper.on('error', () => undefined);
  const stdin = keeper.stdin as Socket | null;
  stdin?.on('error', () => undefined);
  keeper.unref();
  stdin?.unref();
  // Whatever ends in an orderly way ends what it has started itself.
  process.on('exit', () => keeper.kill('SIGKILL'));
  return stdin ?? undefined;
}
