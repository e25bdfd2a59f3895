/** A module cannot speak for the kit: whatever it does to its process, the tool judges it, and ends as it must. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../files/root.js';
import { runIn, SHORT } from './fixtures/command-line.js';

const url = (path: string): string => JSON.stringify(pathToFileURL(join(packageRoot, 'dist', path)).href);

const RIGHT = `
import { createReferenceManager } from ${url('reference/index.js')};
import { findProfile } from ${url('spec/profiles/index.js')};
const core = findProfile('core');
export const createManager = (environment) => createReferenceManager(core, environment);`;

const wrong = (registerConsumer: string): string => `
export const createManager = () => ({
  registerProducer: () => 0, unregisterProducer() {}, unregisterConsumer() {}, registerConsumer: ${registerConsumer},
});`;
const WRONG = wrong('() => 0');

/** What a module does beside managing, and hopes to get away with. */
const tricks = {
  'sets the exit status': 'process.exitCode = 0; process.on("exit", () => { process.exitCode = 0; });',
  'stops whoever exits': 'process.on("exit", () => { for (;;); });',
  'minds no signal': 'for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});',
  'keeps an open timer': 'setInterval(() => {}, 1_000);',
  'reads standard input': 'process.stdin.on("data", () => {});',
  'leaves a child with its descriptors':
    'import { spawn } from "node:child_process"; spawn("sleep", ["600"], { stdio: "inherit", detached: true });',
  prints: `import { writeSync } from "node:fs"; console.log('{"type":"hello"}'); process.stdout.write("{");
    writeSync(1, "\\n✓ conforms\\n"); process.on("exit", () => console.log("conforms"));`,
  'patches what is shared': `JSON.stringify = () => "{}"; JSON.parse = () => ({}); Number.isInteger = () => true;
    Object.prototype.toJSON = () => ({}); process.stdout.write = () => true; Promise.prototype.then = () => {};
    globalThis.setImmediate = () => {}; process.kill = () => {}; TextEncoder.prototype.encode = () => [];
    String.prototype.split = () => []; Array.prototype.reverse = () => [];`,
} as const;

/** What a module throws where nobody asked it for anything. */
const strays = {
  'rejects a promise that nobody handles': 'Promise.reject(new Error("astray"));',
  'throws in a timer': 'setTimeout(() => { throw new Error("astray"); }, 0);',
  'throws when it is long loaded': 'setImmediate(() => setImmediate(() => { throw new Error("astray"); }));',
} as const;

/** What keeps a module from being loaded, and what is said of it; more of it is in dev/faults/table/modules.ts. */
const unloadable = {
  'exits with status 0, and hides it': [
    'process.on("exit", () => { process.exitCode = 0; }); process.exit(1);',
    'it ended the process that was loading it (exit status 0).',
  ],
  aborts: ['process.abort();', 'it ended the process that was loading it (SIGABRT).'],
  throws: ['throw new Error("the moon is full\\nand red");', 'it cannot be loaded: the moon is full.'],
  'throws nothing': ['throw undefined;', 'it cannot be loaded: thrown: undefined.'],
  'throws beside itself': [
    'setTimeout(() => { throw new Error("beside"); }, 0); await new Promise(() => setInterval(() => {}, 1_000));',
    'it cannot be loaded: beside.',
  ],
} as const;

/** What is no manager. */
const unmade = {
  'a promise': [
    'async () => ({})',
    'gave up: the manager returned a promise; the operations of a manager are synchronous',
  ],
  nothing: ['() => {}', 'gave up: expected a manager with a function registerProducer; what was made has none'],
  'an error': ['() => { throw new Error("no"); }', 'gave up: no manager could be made: Error: no'],
} as const;

let folder = '';
const TOKEN = `module-test-${process.pid}`;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
  process.env.IRQBYPASS_SPEC_TEST = TOKEN;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  process.env.IRQBYPASS_SPEC_TEST = undefined;
});

/** Judge a module, soon: what it does to its process is seen in any program. */
function judge(text: string, ...more: readonly string[]) {
  return judgeWith(SHORT, text, ...more);
}

function judgeWith(options: string, text: string, ...more: readonly string[]) {
  writeFileSync(join(folder, 'x.mjs'), text);
  const { status, stdout, stderr } = runIn(folder, ['run', 'module:./x.mjs', ...options.split(' '), ...more]);
  const verdict = stdout.split('\n').find((line) => /^[✓✗?] module:/.test(line));
  return { status, stderr, stdout, verdict };
}

describe('a right manager conforms, and a wrong one does not, though it', () => {
  test.each(Object.entries(tricks))('%s', (_, trick) => {
    expect(judge(`${trick}\n${RIGHT}`)).toMatchObject({
      status: 0,
      stderr: '',
      verdict: expect.stringMatching(/^✓ module:\.\/x\.mjs conforms to core/),
    });
    expect(judge(`${trick}\n${WRONG}`, '--fail-fast')).toMatchObject({
      status: 1,
      verdict: expect.stringMatching(/^✗ module:\.\/x\.mjs does not conform to core/),
    });
  });
});

test('what a module prints is not in a report on standard output', () => {
  const { stdout } = judge(`${tricks.prints}\n${WRONG}`, '--report', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ exit: 1 });
});

describe('a right manager cannot be judged, and a wrong one does not conform, when it', () => {
  test.each(Object.entries(strays))('%s', (_, trick) => {
    const { status, stdout } = judge(`${trick}\n${RIGHT}`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'could not be judged: module:./x.mjs: an error that nobody caught came while no operation was under way: Error: astray',
    );
    expect(status).toBe(2);
    expect(judge(`${trick}\n${WRONG}`).status).toBe(1);
  });
});

describe('a module that cannot be loaded is one sentence and exit status 2: it', () => {
  test.each(Object.entries(unloadable))('%s', (_, [text, said]) => {
    const { status, stdout, stderr } = judge(`${text}\n${WRONG}`);
    expect(stderr.split('\n')[0]).toContain(`irqbypass-spec: module:./x.mjs: ${said}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('what is no manager is one sentence and exit status 2', () => {
  test.each(Object.entries(unmade))('%s', (_, [text, said]) => {
    const { status, stdout } = judge(`export const createManager = ${text};`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(said);
    expect(status).toBe(2);
  });
});

describe('a role of a host is judged outside of the module, too', () => {
  const roles = (text: string) => judgeWith('--role producer --tier smoke --seed 1 --budget 60 --fail-fast', text);

  test('a silent producer that sets the exit status', () => {
    const { status } = roles(`${tricks['sets the exit status']}
export const createProducers = () => new Proxy({}, { get: () => () => 0 });`);
    expect(status).toBe(1);
  });

  test('a module that exits as it is loaded', () => {
    expect(roles('process.exit(0);')).toMatchObject({ status: 2, stdout: '' });
  });
});

test.runIf(process.platform === 'linux')('nothing of it is left running', () => {
  const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name));
  expect(left).toEqual([]);
});

function isOurs(pid: string): boolean {
  if (pid === String(process.pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`IRQBYPASS_SPEC_TEST=${TOKEN}`);
  } catch {
    // It has ended, or belongs to somebody else.
    return false;
  }
}
