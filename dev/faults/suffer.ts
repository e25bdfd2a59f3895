/** Runs the command of a fault in a folder of its own, and tells how it ended and what it left. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { packageRoot } from '../../src/files/root.js';
import type { Fault } from './fault.js';

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What is in its folder that was not there before, but for `.irqbypass-spec`. */
  readonly left: readonly string[];
  /** The command lines of what still runs of it. */
  readonly running: readonly string[];
}

const MARK = 'IRQBYPASS_SPEC_FAULT';
const word = (path: string) => `"${path}"`;
const MAIN = join(packageRoot, 'dist', 'cli', 'main.js');
const ADAPTER = join(packageRoot, 'dev', 'faults', 'adapter.mjs');
const SMALL = join(packageRoot, 'dev', 'faults', 'small.sh');
const PRODUCER = join(packageRoot, 'src', 'targets', 'roles', 'fixtures', 'stub-producer.mjs');
const node = process.execPath;

/** How often it is looked whether something still runs, and the milliseconds between two looks. */
const LOOKS = 20;
const BETWEEN_LOOKS = 50;

let count = 0;

/** Run it. */
export async function suffer({ command, files = {} }: Fault): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-fault-'));
  const mark = `${process.pid}-${count++}`;
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const env = {
      ...process.env,
      [MARK]: mark,
      NO_COLOR: '1',
      ROOT: packageRoot,
      NODE: node,
      SPEC: `${node} ${MAIN}`,
      ADAPTER: `${word(node)} ${word(ADAPTER)}`,
      SMALL: `sh ${word(SMALL)}`,
      PRODUCER: `${word(node)} ${word(PRODUCER)}`,
    };
    const child = spawn('bash', ['-c', `set -o pipefail; ${command}`], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
    const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    const running = await stillAlive(mark);
    for (const { pid } of running) process.kill(pid, 'SIGKILL');
    const own = new Set([...Object.keys(files).map((path) => path.split('/')[0]), '.irqbypass-spec']);
    return {
      status,
      stdout: await stdout,
      stderr: await stderr,
      left: readdirSync(folder).filter((name) => !own.has(name)),
      running: running.map(({ line }) => line),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function textOf(stream: AsyncIterable<unknown> & { setEncoding(encoding: 'utf8'): unknown }): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** What still runs after a moment: what was ended just now takes one to be gone. */
async function stillAlive(mark: string): Promise<ReturnType<typeof alive>> {
  let seen = alive(mark);
  for (let looks = 0; looks < LOOKS && seen.length > 0; looks++) {
    await setTimeout(BETWEEN_LOOKS);
    seen = alive(mark);
  }
  return seen;
}

/** What runs with a mark in its environment; where there is no /proc, nothing is seen. */
function alive(mark: string): readonly { readonly pid: number; readonly line: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(name, 'environ').includes(`${MARK}=${mark}\0`))
    .map((name) => ({ pid: Number(name), line: read(name, 'cmdline').replaceAll('\0', ' ').trim() }))
    .filter(({ line }) => line !== '');
}

function read(pid: string, what: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    // It has ended, or belongs to somebody else.
    return '';
  }
}

/** How a command says that it ended: the verdict of a report, and the first line of standard error. */
export function lastWords({ stdout, stderr }: Ended): string {
  const [before = '', ...after] = stdout.split('\n  exit status');
  const verdict = after.length === 0 ? '' : before.slice(before.search(/^[✓✗?] [^\n]*(\n {2}[^\n]*)*$(?![\s\S])/m));
  return `${verdict}\n${stderr.split('\n')[0]}`.replaceAll(/\s+/g, ' ').trim();
}
