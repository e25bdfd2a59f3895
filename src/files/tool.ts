/** Runs tools such as a compiler, which end with this one, and with them all that they have started. */
import { execa } from 'execa';
import { keep, keepMarked } from './keeper.js';

/** How a tool ended, and what it said. */
export interface Ended {
  /** Undefined where it did not start, or was ended by a signal. */
  readonly exitCode: number | undefined;
  /** The signal that ended it. */
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as they came. */
  readonly all: string;
}

/** Where a tool runs, and what is added to its environment. */
export interface Around {
  readonly cwd?: string;
  /** What it reads from its standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The process groups that are under way. */
const groups = new Set<number>();
let isWatching = false;

/** By what a tool is known that was started a moment ago: a part of its environment. */
const MARK = 'IRQBYPASS_SPEC_TOOL';
let tools = 0;

/**
 * Run a tool to its end, in a process group of its own: a compiler starts others, which a signal to it alone leaves
 * running. It never rejects.
 */
export async function runTool(command: string, args: readonly string[], around: Around = {}): Promise<Ended> {
  if (!isWatching) process.on('exit', endAll);
  isWatching = true;
  const mark = `${process.pid}.${tools++}`;
  const forget = keepMarked(`${MARK}=${mark}`);
  const env = { ...around.env, [MARK]: mark };
  const running = execa(command, args, { ...around, env, all: true, reject: false, detached: true, cleanup: false });
  const { pid } = running;
  if (pid !== undefined) groups.add(pid);
  const release = keep(pid);
  try {
    const { exitCode, stdout, stderr, all, signal } = await running;
    return {
      exitCode,
      signal,
      stdout: stdout ?? '',
      stderr: stderr ?? '',
      all: all ?? '',
    };
  } finally {
    if (pid !== undefined) groups.delete(pid);
    release();
    forget();
  }
}

function endAll(): void {
  for (const group of groups) {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
