/** How the built command line ends when what it writes goes nowhere, and when an error was caught by nobody. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../files/root.js';
import { runIn, SHORT } from './fixtures/command-line.js';

const MAIN = join(packageRoot, 'dist', 'cli', 'main.js');
const FAILS = `run mutant:rekey ${SHORT}`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Run a line of shell in which `$SPEC` is the command; its exit status is that of the command. */
function shell(line: string) {
  return spawnSync('bash', ['-c', `set -o pipefail; ${line}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', SPEC: `${process.execPath} ${MAIN}` },
  });
}

test('the command can be run as it was built', () => {
  accessSync(MAIN, constants.X_OK);
  expect(spawnSync(MAIN, ['--version'], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

describe('a pipe that closes is no crash', () => {
  test.each([
    ['rules', 0],
    ['explain BAL-1', 0],
    ['tour', 0],
    ['--help', 0],
    [`run ${SHORT}`, 0],
    [FAILS, 1],
  ])('%s ends quietly, with exit status %i', (command, status) => {
    // A reader that has gone before the first word.
    expect(shell(`$SPEC ${command} | true`)).toMatchObject({ status, stdout: '', stderr: '' });
  });

  test('one that closes after some lines has these', () => {
    const { status, stdout, stderr } = shell('$SPEC rules | head -3');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(4);
  });

  test('nor is one for what goes to standard error', () => {
    expect(shell('$SPEC run teapot: 2>&1 >/dev/null | true').status).toBe(64);
  });
});

describe.skipIf(!existsSync('/dev/full'))('what cannot be written', () => {
  test.each(['rules', FAILS])('on standard output is one sentence and exit status 2: %s', (command) => {
    const { status, stderr } = shell(`$SPEC ${command} >/dev/full`);
    expect(stderr).toMatch(/^irqbypass-spec: standard output could not be written: ENOSPC[^\n]*\n$/);
    expect(status).toBe(2);
  });

  test('to a file is one sentence and exit status 2', () => {
    const { status, stderr } = shell(`$SPEC ${FAILS} --report json=/dev/full`);
    expect(stderr).toMatch(/^irqbypass-spec: \/dev\/full cannot be written: there is no room left for it\.\n$/);
    expect(status).toBe(2);
  });

  test('on standard error changes no status', () => {
    expect(shell('$SPEC run teapot: 2>/dev/full').status).toBe(64);
  });
});

test('a report goes to a file that is no file as it stands', () => {
  expect(JSON.parse(shell(`$SPEC ${FAILS} --report json=/dev/stderr 2>&1 >/dev/null | cat`).stdout)).toMatchObject({
    exit: 1,
  });
});

/** Run the tool with something else in its process, from before it begins. */
function runBeside(text: string) {
  const file = join(folder, 'beside.mjs');
  writeFileSync(file, text);
  return runIn(folder, ['run', '--tier', 'smoke', '--seed', '1'], { NODE_OPTIONS: `--import=${pathToFileURL(file)}` });
}

describe('an error that nobody caught is exit status 2, never 1', () => {
  test.each([
    ['thrown', '() => { throw new Error("out of the blue"); }'],
    ['rejected', '() => Promise.reject(new Error("out of the blue"))'],
  ])('%s', (_, act) => {
    const { status, stderr } = runBeside(`
      const { on } = process;
      process.on = (name, ...rest) => {
        if (name === 'uncaughtException') setImmediate(${act});
        return on.call(process, name, ...rest);
      };`);
    expect(stderr).toMatch(/this is a defect of the tool itself, please report it:\nError: out of the blue\n/);
    expect(status).toBe(2);
  });

  test('nor is a wait that nothing can end', () => {
    const { status, stderr } = runBeside(`
      import { syncBuiltinESMExports } from 'node:module';
      import timers from 'node:timers/promises';
      timers.setImmediate = () => new Promise(() => undefined);
      syncBuiltinESMExports();`);
    expect(stderr).toContain('the command waits for something that cannot happen any more');
    expect(status).toBe(2);
  });
});
