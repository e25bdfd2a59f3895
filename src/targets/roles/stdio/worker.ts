/**
 * Keeps a target in another process, in a thread of its own, so that whoever waits for its answer can simply wait: the
 * roles of a host call one another, and a call returns when it is done.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type MessagePort, workerData } from 'node:worker_threads';

interface Data {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: MessagePort;
  /** Counts what was put on the port, for those who wait. */
  readonly count: Int32Array;
}

const { command, args, port, count } = workerData as Data;

function say(message: { readonly line: string } | { readonly ended: string }): void {
  port.postMessage(message);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
}

const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
child.on('error', (error) => say({ ended: error.message }));
child.stdin.on('error', () => {});
createInterface({ input: child.stdout }).on('line', (line) => say({ line }));
// Told after the last line.
child.on('close', (code, signal) => say({ ended: signal === null ? `exit status ${code}` : signal }));
port.on('message', (message: { readonly line?: string; readonly end?: true }) => {
  if (message.line !== undefined) child.stdin.write(`${message.line}\n`);
  if (message.end === true) child.kill('SIGKILL');
});
// However this thread ends, the target does not stay behind.
process.on('exit', () => child.kill('SIGKILL'));
