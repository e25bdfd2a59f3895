/** The way to the observer inside a guest: one command a line, its answer, and what it means when none comes. */
import { createInterface } from 'node:readline';
import type { Status } from '../../spec/vocabulary.js';
import type { Machine } from '../targets/linux/machine.js';
import { TargetError } from '../targets/target.js';
import { type Death, reportIn } from './death.js';

/** Milliseconds for a command, and for the boot. */
const PATIENCE = 30_000;
const BOOT_PATIENCE = 90_000;

/** A guest was silent before a program began: it is not to blame for anything, and another may do. */
export class GuestNotReady extends TargetError {}

/** The kernel of the guest died, and said so. */
export class GuestDied extends TargetError {
  constructor(
    message: string,
    readonly death: Death,
  ) {
    super(message);
  }
}

interface Answer {
  readonly status: Status;
  readonly lines: readonly string[];
}

/** Commands to the observer, one after the other. */
export class Channel {
  #turn: Promise<unknown> = Promise.resolve();
  readonly #lines: AsyncIterator<string>;

  constructor(
    readonly machine: Machine,
    readonly release: string,
  ) {
    this.#lines = createInterface({ input: machine.output, crlfDelay: Number.POSITIVE_INFINITY })[
      Symbol.asyncIterator
    ]();
  }

  async greeting(): Promise<void> {
    const line = await this.#next(BOOT_PATIENCE, 'its boot');
    if (line !== 'observer 1') throw this.failure(`the guest did not greet, but said ${JSON.stringify(line)}`);
  }

  /** The status of a command. */
  async ask(command: string): Promise<Status> {
    return (await this.#do(command)).status;
  }

  /** Run a command that has to succeed. */
  async must(command: string): Promise<void> {
    const status = await this.ask(command);
    if (status < 0) throw this.failure(`"${command.replace('\t', ' ')}" failed in the guest (${status})`);
  }

  /** The lines that a command reads. */
  async read(command: string): Promise<readonly string[]> {
    const { status, lines } = await this.#do(command);
    if (status < 0) throw this.failure(`"${command}" failed in the guest (${status})`);
    return lines;
  }

  failure(what: string): TargetError {
    const last = this.machine.log().trim().split(/\r?\n/).slice(-3).join(' / ');
    return new TargetError(
      `Linux ${this.release} could not be observed: ${what}.${last === '' ? '' : ` Its log ends with: ${last}`}`,
    );
  }

  /** A command is written at once, and answered in its turn. */
  #do(command: string): Promise<Answer> {
    this.machine.input.write(`${command}\n`);
    const answer = this.#turn.then(() => this.#answer(command));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #answer(command: string): Promise<Answer> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.#next(PATIENCE, `"${command.replace('\t', ' ')}"`);
      if (line.startsWith('| ')) lines.push(line.slice(2));
      else if (line.startsWith('= ')) return { status: Number(line.slice(2)), lines };
      else throw this.failure(`the guest answered ${JSON.stringify(line)} to "${command}"`);
    }
  }

  async #next(patience: number, to: string): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<'silence'>((resolve) => {
      timer = setTimeout(() => resolve('silence'), patience);
    });
    try {
      const line = await Promise.race([this.#lines.next(), silence]);
      if (line === 'silence') {
        const failure = this.failure(`the guest did not answer to ${to} within ${patience / 1000} s`);
        const report = reportIn(this.machine.log());
        // A guest that is silent without a word may only be slow.
        if (report === undefined) throw failure;
        await this.machine.kill();
        throw new GuestDied(failure.message, { kind: 'hang', detail: report.text, log: report.log });
      }
      if (line.done !== true) return line.value;
    } finally {
      clearTimeout(timer);
    }
    const { kind, text } = await this.machine.ended;
    const failure = this.failure(`the guest ended during ${to}: ${text}`);
    const report = reportIn(this.machine.log());
    // Without a report of its own it is not the kernel that is to blame.
    if (kind !== 'ended' || report === undefined) throw failure;
    throw new GuestDied(failure.message, { kind: 'crash', detail: report.text, log: report.log });
  }
}
