/**
 * QEMU's own commands (QMP): one JSON object a line, each answered by one line; events come between.
 *
 * They keep a guest in a file, and let another QEMU go on from there: its migration, with a file between.
 */
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { TargetError } from '../target.js';

/** A line of QEMU's, as far as it is read. */
interface Message {
  readonly QMP?: unknown;
  readonly return?: unknown;
  readonly error?: { readonly desc?: string };
  readonly event?: string;
  readonly data?: { readonly status?: string };
}

interface Waiting {
  readonly resolve: (message: Message) => void;
  readonly reject: (error: Error) => void;
}

/** The commands of one QEMU. */
export class Control {
  readonly #answers: Waiting[] = [];
  readonly #migrations: Waiting[] = [];
  #isGone = false;

  private constructor(readonly stream: Duplex) {
    stream.on('error', () => undefined);
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => this.#take(JSON.parse(line) as Message));
    lines.on('close', () => {
      this.#isGone = true;
      for (const { reject } of [...this.#answers, ...this.#migrations]) reject(gone());
    });
  }

  /** Greet QEMU over a stream, and be told how its migrations go. */
  static async over(stream: Duplex): Promise<Control> {
    const control = new Control(stream);
    await control.#ask('qmp_capabilities');
    await control.#ask('migrate-set-capabilities', { capabilities: [{ capability: 'events', state: true }] });
    return control;
  }

  /**
   * Keep the guest in a file. It stands still from then on.
   *
   * @param then whether another that goes on from there does so at once, or when it is told to
   * @throws {TargetError} when QEMU cannot
   */
  async keep(path: string, then: 'at-once' | 'when-told' = 'when-told'): Promise<void> {
    if (then === 'when-told') await this.#ask('stop');
    // As fast as it can: the guest waits.
    await this.#ask('migrate-set-parameters', { 'max-bandwidth': 2 ** 40 });
    await this.#migrate('migrate', `exec:cat > ${quoted(path)}`);
  }

  /**
   * Take over what was kept in a file, and go on.
   * @throws {TargetError} when QEMU cannot
   */
  async goOn(path: string): Promise<void> {
    await this.#migrate('migrate-incoming', fromFile(path));
    // A guest that stood still when it was kept still does.
    await this.#ask('cont');
  }

  async #migrate(command: string, uri: string): Promise<void> {
    const ended = new Promise<Message>((resolve, reject) => this.#migrations.push({ resolve, reject }));
    await Promise.all([this.#ask(command, { uri }), ended]);
  }

  #ask(execute: string, args: Readonly<Record<string, unknown>> = {}): Promise<Message> {
    return new Promise<Message>((resolve, reject) => {
      if (this.#isGone) return reject(gone());
      this.#answers.push({ resolve, reject });
      this.stream.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    });
  }

  #take(message: Message): void {
    if ('return' in message) this.#answers.shift()?.resolve(message);
    else if (message.error !== undefined) {
      const error = new TargetError(
        `QEMU could not keep a guest, or go on with it: ${message.error.desc ?? 'no reason'}`,
      );
      this.#answers.shift()?.reject(error);
      for (const { reject } of this.#migrations.splice(0)) reject(error);
    } else if (message.event === 'MIGRATION' && message.data?.status === 'completed') {
      for (const { resolve } of this.#migrations.splice(0)) resolve(message);
    } else if (message.event === 'MIGRATION' && message.data?.status === 'failed') {
      const error = new TargetError('QEMU could not keep a guest, or go on with it');
      for (const { reject } of this.#migrations.splice(0)) reject(error);
    }
  }
}

function gone(): TargetError {
  return new TargetError('QEMU ended while it was to keep a guest, or to go on with one');
}

/** Where QEMU finds a guest that was kept in a file. */
export function fromFile(path: string): string {
  return `exec:cat ${quoted(path)}`;
}

/** A path as one word of a shell, through which QEMU opens it. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
