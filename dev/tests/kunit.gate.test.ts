/**
 * The exported KUnit suite, compiled with stand-ins and run in user space on the real manager of Linux 7.3, right and with
 * mistakes made in it. It must agree with what our own run says. dev/kunit/uml.sh does the same inside a kernel.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runIn } from '../../src/cli/fixtures/command-line.js';
import { packageRoot } from '../../src/files/root.js';
import { run } from '../../src/library.js';
import { findTree } from '../../src/targets/linux-source/tree.js';
import { mistakes } from '../kunit/mistakes.js';
import { extent } from './extent.js';

const HARNESSES = join(packageRoot, 'conformance', 'harnesses');
const STANDINS = join(HARNESSES, 'linux-source');
const KUNIT = join(HARNESSES, 'kunit');

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-kunit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flags = ['-std=gnu11', '-O1', '-g', '-D__KERNEL__', '-include', 'linux/kconfig.h'];
const includes = [join(KUNIT, 'include'), join(STANDINS, 'include'), join(folder, 'tree', 'include')].map(
  (one) => `-I${one}`,
);

const compile = (...args: readonly string[]) => execFileSync('gcc', [...flags, ...includes, ...args], { cwd: folder });

let right = '';

beforeAll(async () => {
  const { source, header } = await findTree('debian:7.3');
  right = source;
  mkdirSync(join(folder, 'tree', 'include', 'linux'), { recursive: true });
  mkdirSync(join(folder, 'tree', 'virt', 'lib'), { recursive: true });
  writeFileSync(join(folder, 'tree', 'include', 'linux', 'irqbypass.h'), header);
  const { status, stderr } = runIn(folder, ['export', 'kunit', '--profile', 'linux-6.17', '--output', 'suite']);
  expect([status, stderr]).toEqual([0, '']);
  // A maintainer compiles it with the kernel's warnings.
  compile('-Wall', '-Wextra', '-Werror', '-c', 'suite/irqbypass_spec_kunit.c', '-o', 'suite.o');
  compile('-c', join(KUNIT, 'standin.c'), '-o', 'standin-kunit.o');
  for (const name of readdirSync(STANDINS).filter((one) => /^standin.*\.c$/.test(one))) {
    compile('-c', join(STANDINS, name), '-o', `${name}.o`);
  }
}, 120_000);

/** The cases that fail with a manager. */
function failing(source: string): readonly string[] {
  writeFileSync(join(folder, 'tree', 'virt', 'lib', 'irqbypass.c'), source);
  compile('-c', 'tree/virt/lib/irqbypass.c', '-o', 'manager.o');
  const objects = readdirSync(folder).filter((name) => name.endsWith('.o'));
  execFileSync('gcc', ['-o', 'run', ...objects, '-pthread'], { cwd: folder });
  const { status, stdout } = spawnSync(join(folder, 'run'), { encoding: 'utf8' });
  const lines = [...stdout.matchAll(/^ {4}(not )?ok \d+ (\w+)_holds$/gm)];
  const failed = lines.flatMap(([, not, name = '']) => (not === undefined ? [] : [name.replace('_', '-')]));
  expect([lines.length > 30, status]).toEqual([true, failed.length > 0 ? 1 : 0]);
  return failed;
}

test('the right manager passes every case', () => {
  expect(failing(right)).toEqual([]);
});

test.each(mistakes)('a manager that $does fails the case of the rule that our own run names', async ({ edit }) => {
  const wrong = edit(right);
  expect(wrong).not.toBe(right);
  const failed = failing(wrong);
  const report = await run({ target: `linux-source:${join(folder, 'tree')}`, programs: extent(300, 300, 1_000) });
  const named = report.findings.map(({ rule }) => rule).filter((rule) => rule !== 'TOKEN-6');
  expect(named.length).toBeGreaterThan(0);
  for (const rule of named) expect(failed).toContain(rule);
});
