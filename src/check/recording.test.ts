/** What a recording shows is judged as strictly as ever; what it cannot show is never charged. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../spec/formats/results.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { firstReleases, releasesOf } from '../../spec/profiles/releases.js';
import { rules } from '../../spec/rules/index.js';
import { readFtrace } from '../recording/ftrace.js';
import { readRecording } from '../recording/read.js';
import { tellGeneration } from '../recording/script.js';
import { check } from './check.js';

/** Recorded on Linux 6.1: two devices, two VMs, several tasks, a refused consumer, a refused producer. */
const text = readFileSync(join(import.meta.dirname, '../recording/fixtures/linux-6.1.trace'), 'utf8');
const lines = text.trimEnd().split('\n');
const [facts = ''] = lines;
/** The lines of events alone, and what the recorder says where it does not know what was before. */
const eventLines = lines.filter((line) => !line.startsWith('#'));
const unknown = facts.replace('nothing-registered', 'unknown');

function judge(recorded: readonly string[]): Report {
  const recording = readRecording(`${recorded.join('\n')}\n`, 'recording');
  const heading = { command: 'check', target: 'recording', hello: null, seed: null } as const;
  return check({ traces: [], recordings: [recording] }, linux47, rules, true, () => 0, heading);
}

const broken = ({ rules: results }: Report) => results.filter(({ broken: times }) => times > 0).map(({ rule }) => rule);

/** The recording with the first line that matches replaced, or left out. */
function changed(pattern: RegExp, replace?: (line: string) => string): readonly string[] {
  const at = eventLines.findIndex((line) => pattern.test(line));
  expect(at).not.toBe(-1);
  const instead = replace === undefined ? [] : [replace(eventLines[at] ?? '')];
  return [facts, ...eventLines.slice(0, at), ...instead, ...eventLines.slice(at + 1)];
}

describe('a recording of a real kernel', () => {
  test('conforms, with exposures', () => {
    const report = judge(lines);
    expect(report).toMatchObject({ exit: 0, faults: [], recorded: { operations: 14, withheld: [], lost: 0 } });
    expect(report.rules.find(({ rule }) => rule === 'CALL-1')).toMatchObject({ verdict: 'pass', exposures: 3 });
  });

  test.each([
    ['PAIR-1', 'callbacks that were not made', /(?:stop|start|addProducer)(?:Return)?: /],
    ['TOKEN-1', 'a second one accepted under a token', /registerConsumerReturn: .* status=-16/],
    ['CALL-6', 'an interrupt that is not the one registered', /addProducer: .* irq=\d+/],
    ['CALL-5', 'another producer', /delProducer: .* counterpart=\S+/],
  ])('breaks %s by %s', (rule, _, pattern) => {
    const changes: Readonly<Record<string, (line: string) => string>> = {
      'TOKEN-1': (line) => line.replace('status=-16', 'status=0'),
      'CALL-6': (line) => line.replace(/irq=\d+/, 'irq=99'),
      'CALL-5': (line) => line.replace(/counterpart=\S+/, 'counterpart=0xff00000000000008'),
      'PAIR-1': (line) => line,
    };
    const recorded =
      rule === 'PAIR-1'
        ? [facts, ...eventLines.filter((line) => !pattern.test(line))]
        : changed(pattern, changes[rule]);
    const report = judge(recorded);
    expect(broken(report)).toContain(rule);
    expect(report.exit).toBe(1);
  });
});

test('a finding quotes the lines of the recording in which it shows', () => {
  const report = judge(
    changed(/registerConsumerReturn: .* status=-16/, (line) => line.replace('status=-16', 'status=0')),
  );
  // And it shows only the calls on the objects of that token.
  expect(report.findings[0]?.forms[0]?.program.objects.map(({ id }) => id)).toEqual(['c0', 'p0', 'p1', 'c2']);
  expect(report.findings[0]?.log?.split('\n')).toEqual([
    expect.stringMatching(/^line \d+: init-1 .* registerConsumer: \(irq_bypass_register_consumer\+.*/),
    expect.stringMatching(/^line \d+: init-1 .* registerConsumerReturn: \(kvm_irqfd\+.* status=0$/),
  ]);
});

describe('what a recording cannot show is inconclusive, never failed:', () => {
  test('whatever was before it began', () => {
    for (let from = 1; from < eventLines.length; from++) {
      const report = judge([unknown, ...eventLines.slice(from)]);
      expect([from, broken(report), report.findings]).toEqual([from, [], []]);
    }
  });

  test('whatever came after it ended', () => {
    for (let to = 1; to < eventLines.length; to++) {
      const report = judge([facts, ...eventLines.slice(0, to)]);
      expect([to, broken(report), report.findings]).toEqual([to, [], []]);
    }
  });

  test.each([1, 3, 7, 20])('events that the kernel lost, %i in a row', (count) => {
    for (let from = 0; from + count < eventLines.length; from++) {
      const cpu = Number(/\[(\d+)\]/.exec(eventLines[from] ?? '')?.[1]);
      const left = eventLines.filter((line, at) => at < from || at >= from + count || !line.includes(`[00${cpu}]`));
      const lost = [...left.slice(0, from), `CPU:${cpu} [LOST ${count} EVENTS]`, ...left.slice(from)];
      const report = judge([facts, ...lost]);
      expect([from, broken(report), report.findings]).toEqual([from, [], []]);
      expect(report.recorded?.lost).toBe(count);
    }
  });

  test('a producer whose callbacks are not KVM’s', () => {
    const report = judge(
      changed(/registerProducer: /, (line) =>
        line.replace('addConsumer=0x0', 'addConsumer=other_add+0x0/0x10 [other]'),
      ),
    );
    expect(report.findings).toEqual([]);
    expect(report.recorded?.withheld).toContainEqual({
      reason: 'an object has a callback that was not recorded',
      operations: expect.any(Number),
    });
  });

  test('stop and start without events of their own: the rules that speak of them', () => {
    const events =
      'registerProducer,registerProducerReturn,addProducer,addProducerReturn,delProducer,delProducerReturn';
    const report = judge([
      `${facts} events=${events}`,
      ...eventLines.filter((line) => !/ (?:stop|start)(?:Return)?: /.test(line)),
    ]);
    expect(report.exit).toBe(0);
    expect(report.rules.find(({ rule }) => rule === 'BAL-1')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'start and stop of some objects could not be recorded',
    });
    expect(report.rules.find(({ rule }) => rule === 'BAL-2')).toMatchObject({ verdict: 'pass' });
  });

  test('hits that kprobes missed, at no known place: nothing is judged', () => {
    const report = judge([...lines, '# irqbypass-spec: missed=2']);
    expect(report.exit).toBe(2);
    expect(report.summary).toContain('missed 2 hits');
  });

  test('a registration without memory', () => {
    const report = judge(
      changed(/registerConsumerReturn: .* status=-16/, (line) => line.replace('status=-16', 'status=-12')),
    );
    expect(broken(report)).toEqual([]);
    expect(report.recorded?.withheld).toEqual([
      { reason: 'there was no memory, which a recording cannot show', operations: 1 },
    ]);
  });
});

describe("the kernel's text", () => {
  test('is put in the order of its timestamps, whichever CPU is printed first', () => {
    const swapped = [facts, ...eventLines];
    [swapped[10], swapped[11]] = [swapped[11] ?? '', swapped[10] ?? ''];
    expect(judge(swapped)).toMatchObject({ exit: 0 });
  });

  test('may have other events in its midst, a task with blanks and dashes, seconds, and a line cut off', () => {
    const read = readFtrace(
      [
        ' a b-c-d-12      [003] d..1.   17.000002: stop: (f+0x0/0x10) object=0xff01',
        '          <idle>-0       [001] dNh..   17.000001: sched_switch: prev_comm=x',
        '           qemu-7 (   7) [000] .....   17.000003: start: (f+0x0/0x10) object=0xff01',
        '           qemu-7       [000] .....   17.0000',
      ].join('\n'),
    );
    expect(read.entries).toMatchObject([
      { task: 'a b-c-d', pid: 12, cpu: 3, event: 'stop' },
      { pid: 7, event: 'start' },
    ]);
    expect(read.breaksOff).toBe(true);
  });

  test('that is none is refused, with its line', () => {
    expect(() => readRecording('# tracer: nop\nhello\n', 'x.trace')).toThrow(
      'x.trace:2: expected a line of a trace of the kernel\'s (TASK-PID [CPU] TIME: EVENT: FIELDS); came "hello".',
    );
  });

  test('of other events of the same name is refused, with the field that is missing', () => {
    expect(() => judge(changed(/registerConsumer: /, (line) => line.replace(/ token=\S+/, '')))).toThrow(
      'expected token= in the event registerConsumer; came nothing.',
    );
  });
});

describe('the generation of the kernel that is recorded', () => {
  test.each([
    ['4.4.302', 'token-in-object'],
    ['5.10.0-28-amd64', 'token-in-object'],
    ['6.1.0-56-cloud-amd64', 'token-in-object'],
    ['6.9-rc3', 'token-in-object'],
    ['6.16', 'token-in-object'],
    ['6.17-rc1', 'token-as-argument'],
    ['6.17', 'token-as-argument'],
    ['7.3.4+deb13-cloud-amd64', 'token-as-argument'],
    ['10.0.1', 'token-as-argument'],
  ])('is told by a shell from its release: %s', (release, generation) => {
    const script = `uname() { echo '${release}'; }\n${tellGeneration()}\necho $generation`;
    expect(spawnSync('sh', ['-uc', script], { encoding: 'utf8' })).toMatchObject({
      stdout: `${generation}\n`,
      stderr: '',
    });
  });

  test('is in the page for operators, with its releases', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'record.md'), 'utf8');
    for (const { generation } of firstReleases()) expect(page).toContain(`${generation}\` (${releasesOf(generation)})`);
  });
});
