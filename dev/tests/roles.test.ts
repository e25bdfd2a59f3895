/** A producer and a consumer in C, judged over standard input and output; and what is said of those that go wrong. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import type { HostReport } from '../../spec/formats/host-results.js';
import type { BackEnd } from '../../spec/host/vocabulary.js';
import { packageRoot } from '../../src/files/root.js';
import { allBackEnds } from '../../src/host/tiers.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { judgeRole } from './judge-role.js';

const SOURCES = join(packageRoot, 'conformance', 'harnesses', 'c', 'roles');
const required = process.env.IRQBYPASS_SPEC_REQUIRE === 'all';

/** Why C cannot be compiled here. */
async function lacksCompiler(): Promise<string | undefined> {
  const input = '#include <jansson.h>\nint main(void) { return json_object() == 0; }\n';
  const built = await execa('cc', ['-x', 'c', '-', '-ljansson', '-o', '/dev/null'], { input, reject: false });
  return built.exitCode === 0 ? undefined : 'SKIPPED: needs gcc, make and libjansson-dev';
}

const noCompiler = required ? undefined : await lacksCompiler();
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Build the examples from a copy of their sources, in which a text may be exchanged. */
async function build(file: string, from = '', to = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'irqbypass-roles-'));
  folders.push(folder);
  await cp(SOURCES, folder, { recursive: true });
  const source = await readFile(join(folder, file), 'utf8');
  expect(source).toContain(from);
  await writeFile(join(folder, file), source.replace(from, to));
  const sanitized = 'CFLAGS=-std=gnu11 -Wall -Wextra -Werror -g -O1 -fsanitize=address,undefined';
  await execa('make', ['-s', '-C', folder, sanitized, 'BUILD=build']);
  return join(folder, 'build', file.replace('.c', ''));
}

async function judge(
  program: string,
  role: 'producer' | 'consumer',
  programs: number,
  backEnds: readonly BackEnd[],
): Promise<HostReport> {
  const target = await openHostTarget(`exec:"${program}"`, role, undefined);
  try {
    return await judgeRole(role, target, { programs, backEnds });
  } finally {
    await target.close();
  }
}

describe.skipIf(noCompiler !== undefined)(`in C${noCompiler === undefined ? '' : ` (${noCompiler})`}`, () => {
  for (const role of ['producer', 'consumer'] as const) {
    it(`the example ${role} breaks no rule`, { timeout: 180_000 }, async () => {
      const report = await judge(await build(`${role}.c`), role, 120, allBackEnds);
      expect(report.faults).toEqual([]);
      expect(report.findings.map(({ rule, forms }) => [rule, forms[0]?.broken])).toEqual([]);
      expect(report.volume.died).toBe(0);
    });
  }

  it('a producer that does not unregister is found out', { timeout: 180_000 }, async () => {
    const program = await build('producer.c', 'if (vector->registered)\n', 'if (0)\n');
    const report = await judge(program, 'producer', 20, ['arm-forwarding']);
    expect(report.exit).toBe(1);
    expect(report.rules.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule)).toContain('PROD-4');
  });

  it('a consumer that dies is charged with it, and started anew', { timeout: 180_000 }, async () => {
    const program = await build(
      'consumer.c',
      'if (back_end == REFUSES)\n',
      'if (back_end == REFUSES)\n\t\tabort();\n\tif (0)\n',
    );
    const report = await judge(program, 'consumer', 20, ['refusing']);
    expect(report.faults).toEqual([]);
    expect(report.volume.died).toBeGreaterThan(1);
    expect(report.findings.map(({ rule }) => rule)).toContain('DELIV-16');
  });
});

describe('a program that is no participant', () => {
  it('is told what was expected of it', async () => {
    await expect(openHostTarget('exec:/bin/cat', 'producer', undefined)).rejects.toThrow(
      /gave a wrong answer: .*"capabilities":\["producer"\]/,
    );
    await expect(openHostTarget('exec:/nonexistent/driver', 'producer', undefined)).rejects.toThrow(
      /could not be started: spawn .* ENOENT\. Give a program/,
    );
    await expect(openHostTarget('exec:/bin/cat', 'host', undefined)).rejects.toThrow(
      /--role producer or --role consumer/,
    );
  });
});
