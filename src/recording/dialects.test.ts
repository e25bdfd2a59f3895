/**
 * What perf, trace-cmd and bpftrace print is read as what the kernel prints. The two fixtures were printed by perf and
 * bpftrace themselves, of uprobes on a program of ours with functions of the manager's names.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runIn } from '../cli/fixtures/command-line.js';
import { packageRoot } from '../files/root.js';
import { bpftraceScript } from './bpftrace.js';
import { inKernelsWords } from './dialects.js';
import { readFtrace } from './ftrace.js';
import { probes } from './probes.js';
import { readRecording } from './read.js';

const FIXTURES = join(packageRoot, 'src', 'recording', 'fixtures');
const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-dialects-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kernels = readFileSync(join(FIXTURES, 'linux-6.1.trace'), 'utf8');
const inKernels = (text: string) => Buffer.concat([...inKernelsWords([Buffer.from(text)])]).toString();

const LINE = /^(.*\S)-(\d+)\s+(\[\d+\])\s+(\S+\s+)?(\d+): (\w+): (.*)$/;

/** The kernel's recording as a tool would have printed it. Its times, which are counts, become seconds. */
function printed(line: (parts: readonly string[]) => string): string {
  const lines = kernels.split('\n').filter((text) => text.startsWith('# irqbypass-spec') || LINE.test(text));
  return `${lines.map((text) => (text.startsWith('#') ? text : line(LINE.exec(text)?.slice(1) ?? []))).join('\n')}\n`;
}

const perf = printed(
  ([task, pid, cpu, , time, event, rest]) =>
    `${task?.trim()} ${pid} ${cpu} ${time}.000000: irqbypass_spec:${event}: ${rest}`,
);
const traceCmd = `cpus=2\n${printed(([task, pid, cpu, , time, event, rest]) => `${task}-${pid}  ${cpu}  ${time}.000000: ${event}:          ${rest}`)}`;

describe('a recording says the same in the words of', () => {
  const traces = (text: string) => readRecording(text, 'a recording').parts.map(({ trace }) => trace);

  test.each([
    ['perf script', perf],
    ['trace-cmd report', traceCmd],
  ])('%s', (_, text) => {
    expect(traces(inKernels(text))).toEqual(traces(kernels));
  });
});

test.each([
  ['perf-script.txt', 12],
  ['bpftrace.txt', 12],
])('%s, as the tool printed it, has all its events', (name, count) => {
  const { entries } = readFtrace(inKernels(readFileSync(join(FIXTURES, name), 'utf8')));
  expect(entries).toHaveLength(count);
  expect(entries[3]).toMatchObject({
    event: 'addProducer',
    fields: { object: '0x4040a0', counterpart: '0x404060', irq: '33' },
  });
});

test('the script for bpftrace has a probe for each event, and prints its fields', () => {
  const script = bpftraceScript('token-in-object');
  expect(script.match(/^k(?:ret)?probe:\w+$/gm)).toHaveLength(probes('token-in-object').length);
  expect(script).toContain('*(uint64*)(arg0 + 16)');
  expect(script).not.toContain('undefined');
});

describe('check', () => {
  const check = (name: string, content: string | Buffer, env: Readonly<Record<string, string>> = {}) => {
    writeFileSync(join(folder, name), content);
    return runIn(folder, ['check', name], env);
  };

  test('judges what perf script printed under the profile that the recording tells', () => {
    const { status, stdout } = check('perf.txt', perf);
    expect([status, stdout.includes('linux-4.7')]).toEqual([0, true]);
  });

  test('lets trace-cmd print its trace.dat, and says what to do where there is none', () => {
    const dat = Buffer.concat([Buffer.from([0x17, 0x08, 0x44]), Buffer.from('tracing6\0')]);
    const without = check('trace.dat', dat, { PATH: folder });
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining('apt-get install trace-cmd')]);
    writeFileSync(join(folder, 'report.txt'), traceCmd);
    // A stand-in for the tool, which prints what it would of the kernel's recording.
    writeFileSync(
      join(folder, 'trace-cmd'),
      `#!/bin/sh\n[ "$1" = report ] && exec cat '${join(folder, 'report.txt')}'\n`,
    );
    chmodSync(join(folder, 'trace-cmd'), 0o755);
    expect(check('trace.dat', dat, { PATH: `${folder}:${process.env.PATH}` }).status).toBe(0);
  });

  test.each<readonly [string, Buffer, string]>([
    ['x.gz', Buffer.from([0x1f, 0x8b, 8, 0]), 'compressed by gzip.\nUnpack it: gzip -dc x.gz > irqbypass.trace'],
    ['perf.data', Buffer.from('PERFILE2h\0'), 'what perf record wrote.\nLet perf print it: perf script -i perf.data'],
    ['trace.json', Buffer.from('{"traceEvents":[]}'), 'a trace for Perfetto or chrome://tracing.'],
    ['program', Buffer.from('\x7fELF\x02'), 'it is a program.\nTo judge what speaks the protocol'],
  ])('says of %s what it is and what to do', (name, content, told) => {
    const { status, stderr } = check(name, content);
    expect([status, stderr]).toEqual([2, expect.stringContaining(told)]);
  });
});
