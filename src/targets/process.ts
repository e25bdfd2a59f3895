/**
 * A target's process, and all that it starts: it runs in a process group of its own, and ends with the tool, however
 * that ends. Whatever speaks to a program speaks through this.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { keep } from '../files/keeper.js';
import { LineSplitter } from './lines.js';

/** How to start a process. */
export interface ProcessStart {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether what it writes to descriptor 3 is kept with what it writes to its standard error. */
  readonly logsOnThree?: boolean;
  /**
   * Whether it is spoken to on descriptor 3 and answers on 4. Then what it writes to its standard output is kept with
   * what it writes to its standard error, and its standard input is empty.
   */
  readonly speaksApart?: boolean;
}

/** How a process ended; with `error`, it did not even start. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** How much of the log is kept, in characters. */
const LOG_KEPT = 4_000;

/** Milliseconds after the end of a process in which its pipes have to close, too. */
const PIPES_CLOSE = 1_000;

/** What is in the environment of all that a target starts, so that it is known again. */
const MARK = 'IRQBYPASS_SPEC_TARGET';

/** A process that was started. */
export class TargetProcess {
  readonly #child: ChildProcess;
  readonly #requests: Writable | undefined;
  /** Its part of the environment that nobody else's has. */
  readonly #mark = randomUUID();
  #log = '';
  /** Resolved when nothing is left of it. */
  readonly gone: Promise<void>;

  /**
   * Start a process.
   *
   * @param heard is given each line of its standard output
   * @param ended is told once that it is over, after the last line
   */
  constructor(start: ProcessStart, heard: (line: string) => void, ended: (how: ProcessEnd) => void) {
    this.#child = spawn(start.command, [...start.args], {
      stdio:
        start.speaksApart === true
          ? ['ignore', 'pipe', 'pipe', 'pipe', 'pipe']
          : ['pipe', 'pipe', 'pipe', start.logsOnThree === true ? 'pipe' : 'ignore'],
      env: { ...process.env, ...start.env, [MARK]: this.#mark },
      // The leader of a process group, so that a signal to the group reaches all of it.
      detached: true,
    });
    const child = this.#child;
    // A process that could not be started may have no pipes at all.
    const pipes: ChildProcess['stdio'] | undefined = child.stdio;
    const [stdin, stdout, stderr, three, four] = pipes ?? [];
    const [requests, answers, ...logs] =
      start.speaksApart === true ? [three, four, stdout, stderr] : [stdin, stdout, stderr, three];
    this.#requests = requests instanceof Writable ? requests : undefined;
    const lines = new LineSplitter(heard);
    if (answers instanceof Readable) answers.on('data', (chunk: Buffer) => lines.push(chunk));
    answers?.on('error', () => undefined);
    for (const log of logs) {
      if (!(log instanceof Readable)) continue;
      log.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_KEPT);
      });
      log.on('error', () => undefined);
    }
    // A target that exits while it is written to; its exit is what is reported.
    requests?.on('error', () => undefined);
    live.add(this);
    const release = keep(child.pid, `${MARK}=${this.#mark}`);
    this.gone = new Promise((resolve) => {
      const end = (how: ProcessEnd) => {
        live.delete(this);
        release();
        ended(how);
        resolve();
      };
      child.once('error', (error) => end({ code: null, signal: null, error }));
      child.once('close', (code, signal) => end({ code, signal }));
    });
    child.once('exit', () => {
      // Who is left of it may hold the pipes open, for ever.
      this.killAll();
      const close = setTimeout(() => {
        for (const pipe of pipes ?? []) pipe?.destroy();
      }, PIPES_CLOSE);
      child.once('close', () => clearTimeout(close));
    });
  }

  /** The last of what it wrote to its standard error. */
  get log(): string {
    return this.#log;
  }

  /** Forget what it wrote to its standard error. */
  forget(): void {
    this.#log = '';
  }

  /** Send a message, as one line. */
  say(message: object): void {
    this.#requests?.write(`${JSON.stringify(message)}\n`);
  }

  /** Send no more. */
  close(): void {
    this.#requests?.end();
  }

  /** End it at once, and all that it has started: who has left its group is looked for when it has ended. */
  kill(): void {
    const { pid } = this.#child;
    if (pid !== undefined && live.has(this)) end(-pid);
  }

  /** End all that it has started, and look for who has left its group, which takes milliseconds. */
  killAll(): void {
    if (!live.has(this)) return;
    this.kill();
    for (const stray of strays(this.#mark)) end(stray);
  }
}

/** The processes that run, so that none outlives the tool. */
const live = new Set<TargetProcess>();

process.on('exit', () => {
  for (const one of live) one.killAll();
});

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Who has left the process group, as daemons do; where there is a /proc to see it in. */
function strays(mark: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`${MARK}=${mark}`))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // It has ended, or belongs to somebody else.
    return '';
  }
}
