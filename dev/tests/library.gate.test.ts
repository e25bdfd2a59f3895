/** A manager in a shared library does what the same manager does in a program; what is no such library is said in words. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateProgram } from '../../conformance/generators/program.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import { core } from '../../spec/profiles/core.js';
import { packageRoot } from '../../src/files/root.js';
import { openTarget } from '../../src/targets/resolve.js';
import { judgeManager } from './judge-manager.js';
import { using } from './using.js';

const harness = join(packageRoot, 'conformance', 'harnesses', 'c');
const example = readFileSync(join(harness, 'example', 'manager.c'), 'utf8');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-library-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Compile a manager to a shared library. @returns its path */
function shared(name: string, text: string): string {
  const [source, library] = [join(folder, `${name}.c`), join(folder, `lib${name}.so`)];
  writeFileSync(source, text);
  execFileSync('gcc', ['-shared', '-fPIC', `-I${harness}`, '-o', library, source, '-pthread']);
  return library;
}

test('it does what the same manager does in a program', async () => {
  execFileSync('make', ['-s', '-C', harness, `BUILD=${join(folder, 'built')}`]);
  const addresses = [`exec:${join(folder, 'built', 'example-manager')}`, `library:${shared('right', example)}`];
  const [inProgram, inLibrary] = await Promise.all(
    addresses.map(async (address) =>
      using(await openTarget(address), async (target) => {
        const bits = bitsFrom(1);
        const capabilities = new Set(target.hello.capabilities);
        const programs = Array.from({ length: 500 }, () => generateProgram(bits, { profile: core, capabilities }));
        return { hello: target.hello, traces: (await target.run(programs)).map(({ events }) => events) };
      }),
    ),
  );
  expect(inLibrary).toEqual(inProgram);
  expect(inLibrary?.traces.flat().length).toBeGreaterThan(10_000);
});

test('a wrong one does not conform, and its table may have another name', async () => {
  const wrong = example.replace('irqbypass_adapter = {', 'mine = {').replace('(&irqbypass_adapter)', '(&mine)');
  const forgetful = wrong.replace(
    '.unregister_consumer = adapt_unregister_consumer',
    '.unregister_consumer = free_none',
  );
  const text = forgetful.replace(
    '/* For whoever',
    'static void free_none(void *it)\n{\n\t(void)it;\n}\n\n/* For whoever',
  );
  const report = await using(await openTarget(`library:${shared('wrong', text)}#mine`), (target) =>
    judgeManager(target, { programs: 100 }),
  );
  expect([report.exit, report.faults]).toEqual([1, []]);
  expect(report.findings.map(({ rule }) => rule)).toContain('LIFE-7');
});

test('what is no such library cannot be opened, and why is said', async () => {
  const nobody = `library:${shared('nobody', 'int nothing;\n')}`;
  await expect(openTarget(nobody)).rejects.toThrow('the library exports no table irqbypass_adapter');
  writeFileSync(join(folder, 'text'), 'no library\n');
  await expect(openTarget(`library:${join(folder, 'text')}`)).rejects.toThrow('the library cannot be loaded: ');
  await expect(openTarget(`library:${join(folder, 'nowhere.so')}`)).rejects.toThrow(
    'is no file. Expected a shared library',
  );
  await expect(openTarget('library:')).rejects.toThrow('library: needs a file');
});
