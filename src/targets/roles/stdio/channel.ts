/** A line to a target in another process, on which one waits for the answer. */
import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ByeRequest, Hello, HelloRequest } from '../../../../spec/formats/protocol.js';
import type { RoleRequest, RoleResponse } from '../../../../spec/formats/role-protocol.js';
import { packageRoot } from '../../../files/root.js';
import { describe } from '../../../formats/problems.js';
import { validate } from '../../../formats/validate.js';
import { TargetError } from '../../target.js';

/** A thread needs JavaScript, also where the rest is run from its sources. */
const WORKER = join(packageRoot, 'dist', 'src', 'targets', 'roles', 'stdio', 'worker.js');

/** Milliseconds without an answer after which a target counts as hung. */
const PATIENCE = 10_000;

/** The target died while it was to do something: that is its own doing. */
export class ParticipantDied extends Error {
  override readonly name = 'ParticipantDied';
}

/** The target did not answer. */
export class ParticipantHung extends Error {
  override readonly name = 'ParticipantHung';
}

interface Said {
  readonly line?: string;
  readonly ended?: string;
}

/** One life of a target's process. */
export class Channel {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #count = new Int32Array(new SharedArrayBuffer(4));
  #ended = false;

  constructor(
    readonly address: string,
    command: string,
    args: readonly string[],
    readonly patience = PATIENCE,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(WORKER, {
      workerData: { command, args, count: this.#count, port: port2 },
      transferList: [port2],
    });
  }

  get alive(): boolean {
    return !this.#ended;
  }

  /** Greet the target. @throws {TargetError} when it does not answer as it must */
  greet(): Hello {
    try {
      this.send({ type: 'hello', protocol: 1 });
      const validated = validate('hello', parse(this.#line()));
      if (validated.ok) return validated.value;
      throw new TargetError(`${this.address}: not a hello: ${describe(validated.problems)}`);
    } catch (error) {
      if (error instanceof TargetError) throw error;
      throw new TargetError(`${this.address} does not answer hello: ${(error as Error).message}.`);
    }
  }

  send(message: RoleRequest | HelloRequest | ByeRequest): void {
    this.#port.postMessage({ line: JSON.stringify(message) });
  }

  /**
   * Wait for what the target says next.
   *
   * @throws {ParticipantDied | ParticipantHung} when it says nothing more
   * @throws {TargetError} when it says what it must not
   */
  receive(): RoleResponse {
    const line = this.#line();
    const validated = validate('role-message', parse(line));
    if (validated.ok) return validated.value;
    throw new TargetError(`${this.address} said ${line.slice(0, 200)}: ${describe(validated.problems)}`);
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#port.postMessage({ end: true });
    this.#port.close();
    await this.#worker.terminate();
  }

  #line(): string {
    for (;;) {
      const seen = Atomics.load(this.#count, 0);
      const said = receiveMessageOnPort(this.#port)?.message as Said | undefined;
      if (said?.line !== undefined) return said.line;
      if (said?.ended !== undefined) {
        this.#ended = true;
        throw new ParticipantDied(said.ended);
      }
      if (Atomics.wait(this.#count, 0, seen, this.patience) === 'timed-out') {
        this.#ended = true;
        throw new ParticipantHung(`no answer for ${this.patience} ms`);
      }
    }
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
