/** `exec:PROGRAM [ARGS]` in a role: a producer or a consumer in any language (`spec/formats/role-protocol.ts`). */
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { type Capability, type Hello, PROTOCOL } from '../../../../spec/formats/protocol.js';
import type { HostProgram, HostTrace } from '../../../../spec/host/vocabulary.js';
import type { Profile } from '../../../../spec/profile.js';
import { packageRoot } from '../../../files/root.js';
import { type End, endText, Life, logText, PATIENCE } from '../../life.js';
import { type HostTarget, type Outcome, SILENCE_COUNTS, TargetError } from '../../target.js';
import { Waits } from '../../waits.js';
import { type Heard, UNASKED } from './conversation.js';
import type { FromThread, ThreadData, ThreadOutcome, ThreadTask } from './thread.js';

/** A thread needs JavaScript, also where the rest is run from its sources. */
const THREAD = join(packageRoot, 'dist', 'src', 'targets', 'roles', 'stdio', 'thread.js');

/** Restarts after which a target is given up, where nobody has said how often it may die. */
const MOST_RESTARTS = 200;

/** How to start a target. */
export interface RoleProgram {
  readonly address: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly role: 'producer' | 'consumer';
  readonly profile: Profile;
  /** Milliseconds without an answer after which it counts as hung. */
  readonly patience?: number;
}

/** Start a target and greet it. @throws {TargetError} when it does not answer as it must, or plays another role */
export async function startRoleTarget(program: RoleProgram): Promise<HostTarget> {
  const target = new RoleTarget(program);
  try {
    await target.start();
  } catch (error) {
    await target.close();
    throw error;
  }
  return target;
}

class RoleTarget implements HostTarget {
  readonly address: string;
  hello: Hello = { type: 'hello', protocol: PROTOCOL, name: '', version: '', language: '', capabilities: [] };
  readonly #thread: Worker;
  readonly #hear: (heard: Heard) => void;
  #life: Life | undefined;
  #end: End | undefined;
  /** Set while a program runs. */
  #settle: ((outcome: ThreadOutcome) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #lives = 0;
  #mostLives = MOST_RESTARTS;
  #allowance = Number.POSITIVE_INFINITY;
  readonly #waits: Waits;

  constructor(readonly program: RoleProgram) {
    const { address, role, profile } = program;
    this.address = address;
    this.#waits = new Waits(program.patience ?? PATIENCE);
    const { port1, port2 } = new MessageChannel();
    const count = new Int32Array(new SharedArrayBuffer(4));
    const workerData: ThreadData = { address, role, profile: profile.name, ear: { port: port2, count } };
    this.#thread = new Worker(THREAD, { workerData, transferList: [port2] });
    this.#thread.on('message', (message: FromThread) => this.#fromThread(message));
    this.#thread.on('error', (error) => this.#fail?.(error));
    this.#hear = (heard) => {
      port1.postMessage(heard);
      Atomics.add(count, 0, 1);
      Atomics.notify(count, 0);
    };
  }

  async start(): Promise<void> {
    const { role, profile } = this.program;
    const hello = await this.#begin();
    // The participant beside it is the kit's.
    const ours: readonly Capability[] = role === 'consumer' ? ['irq-actions'] : ['emulated-irqchip'];
    const capabilities = [...hello.capabilities, ...ours];
    this.hello = { ...hello, profile: profile.name, capabilities };
    if (capabilities.includes(role)) return;
    const declared = capabilities.length === 0 ? 'no capability' : capabilities.join(', ');
    throw new TargetError(`${this.address} plays no ${role}: it declares ${declared}, and has to declare ${role}.`);
  }

  run(programs: readonly HostProgram[]): Promise<readonly Outcome<HostTrace>[]> {
    const answer = this.#turn.then(async () => {
      const outcomes: Outcome<HostTrace>[] = [];
      for (const program of programs) {
        if (this.#allowance <= 0) break;
        outcomes.push(await this.#runOne(program));
      }
      return outcomes;
    });
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async confirm(program: HostProgram): Promise<Outcome<HostTrace> | undefined> {
    const [outcome] = await this.#waits.patiently(() => this.run([program]));
    return outcome;
  }

  get allowance(): number {
    return this.#allowance;
  }

  allow(deaths: number): void {
    this.#allowance = deaths;
    this.#mostLives = Number.POSITIVE_INFINITY;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#life?.leave();
    await this.#thread.terminate();
  }

  async #runOne(program: HostProgram): Promise<Outcome<HostTrace>> {
    const used = this.#life?.alive === true;
    let outcome = await this.#attempt(program);
    // That it had ended after its last program may come out only now.
    if (used && !outcome.begun && this.#end?.kind === 'died') outcome = await this.#attempt(program);
    if (outcome.gaveUp === true) throw new TargetError(outcome.fault ?? `${this.address} gave up.`);
    const log = this.#life?.log ?? '';
    const { events = [], fault } = outcome;
    const died = events.at(-1)?.type === 'crash' || events.at(-1)?.type === 'hang' || fault !== undefined;
    return { events, ...(fault === undefined ? {} : { fault }), ...(died && log !== '' ? { log } : {}) };
  }

  async #attempt(program: HostProgram): Promise<ThreadOutcome> {
    const last = this.#end;
    this.#end = undefined;
    if (last?.kind === 'malformed') return { fault: `${this.address} ${endText(last)}`, begun: false, settled: true };
    const life = await this.#alive();
    life.forget();
    const outcome = await new Promise<ThreadOutcome>((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
      const task: ThreadTask = { program, life: this.#lives };
      this.#thread.postMessage(task);
    });
    life.rest();
    // Who asks without end has cost as much as who is silent.
    const hung = outcome.events?.at(-1)?.type === 'hang';
    if (outcome.fault !== undefined || !outcome.settled) life.break({ kind: hung ? 'silent' : 'not-begun' });
    return outcome;
  }

  async #alive(): Promise<Life> {
    if (this.#life?.alive === true) return this.#life;
    if (this.#lives > this.#mostLives) {
      const what = `${this.address} had to be started anew ${MOST_RESTARTS} times; the rest was not run.`;
      throw new TargetError(`${what}${logText(this.#life?.log ?? '')}`);
    }
    await this.#life?.leave();
    await this.#begin();
    return this.#alive();
  }

  #begin(): Promise<Hello> {
    const life = ++this.#lives;
    this.#life = new Life(
      { ...this.program, expected: [this.program.role], waits: this.#waits },
      { heard: (line) => this.#heard(life, line), ended: (end) => this.#ended(life, end) },
    );
    return this.#life.greet();
  }

  #heard(life: number, line: string): void {
    if (this.#settle === undefined) {
      this.#life?.break(UNASKED);
      return;
    }
    this.#life?.await();
    this.#hear({ life, line });
  }

  #ended(life: number, ended: End): void {
    this.#end = ended;
    this.#allowance -= ended.kind === 'silent' ? SILENCE_COUNTS : 1;
    this.#hear({ life, ended });
  }

  #fromThread(message: FromThread): void {
    if ('say' in message) {
      this.#life?.say(message.say);
      this.#life?.await();
    } else {
      this.#settle?.(message.outcome);
      this.#settle = undefined;
    }
  }
}
