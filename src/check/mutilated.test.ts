/**
 * A recording that is cut, or garbled, is not a crime: whatever is done to the record of a correct manager, nobody is
 * charged. What is lacking is inconclusive, and what cannot be true is the recording's fault.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../spec/formats/results.js';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { rules } from '../../spec/rules/index.js';
import { RecordingStream } from '../recording/read.js';
import type { Lengths } from '../recording/stretches.js';
import { check } from './check.js';

const whole = readFileSync(join(import.meta.dirname, '../recording/fixtures/linux-6.1.trace'));
const lines = whole.toString('utf8').trimEnd().split('\n');
const sealed = seal(lines);

/** As a recorder would have left it that promises a seal. */
function seal([facts = '', ...rest]: readonly string[]): Buffer {
  const text = `${[`${facts} seal=sha256`, ...rest].join('\n')}\n`;
  return Buffer.from(`${text}# irqbypass-spec: missed=0 sha256=${createHash('sha256').update(text).digest('hex')}\n`);
}

function judge(bytes: Buffer, lengths?: Lengths): Report & { readonly remarks: readonly string[] } {
  const recording = new RecordingStream('r', [bytes], undefined, lengths);
  const heading = { command: 'check', target: 'r', hello: null, seed: null } as const;
  const report = check({ traces: [], recordings: [recording] }, linux47, rules, true, () => 0, heading);
  return { ...report, remarks: recording.ending().remarks };
}

const joined = (some: readonly string[]) => Buffer.from(`${some.join('\n')}\n`);
const exit = (bytes: Buffer) => judge(bytes).exit;
/** One change of the first line that matches. */
function changed(pattern: RegExp, change: (line: string) => string): Buffer {
  const at = lines.findIndex((line) => pattern.test(line));
  expect(at).not.toBe(-1);
  return joined(lines.map((line, index) => (index === at ? change(line) : line)));
}

/** What a manager that accepts a second consumer under one token would have done. */
const withSecondConsumer = (line: string) =>
  line.includes('registerConsumerReturn: ') ? line.replace('status=-16', 'status=0') : line;

const runs = (numRuns: number) => ({ numRuns, seed: 1 });

describe('never charged:', () => {
  test('a recording that is cut anywhere', () => {
    const last = whole.lastIndexOf('unregisterProducer: ');
    for (let to = last - 60; to < last + 500; to++) expect([to, exit(whole.subarray(0, to))]).not.toEqual([to, 1]);
    fc.assert(
      fc.property(fc.nat(whole.length), (to) => {
        expect(exit(whole.subarray(0, to))).not.toBe(1);
      }),
      runs(150),
    );
  });

  test('a recording without any one of its lines, with what it tells of its beginning and without', () => {
    for (const all of [lines, lines.slice(1)]) {
      for (let at = 0; at < all.length; at++) expect([at, exit(joined(all.toSpliced(at, 1)))]).not.toEqual([at, 1]);
    }
  });

  test('a recording whose lines were shuffled', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
        expect(exit(joined(shuffled))).not.toBe(1);
      }),
      runs(100),
    );
  });

  test('a recording with bytes in it that no number and no address has', () => {
    const odd = fc.constantFrom(...Buffer.from('XZ ~#=:\n\r\u0000\u00ff', 'latin1'));
    fc.assert(
      fc.property(fc.nat(whole.length - 5), odd, fc.integer({ min: 1, max: 4 }), (at, byte, count) => {
        expect(exit(Buffer.from(whole).fill(byte, at, at + count))).not.toBe(1);
      }),
      runs(400),
    );
  });

  test('a sealed recording with any bytes garbled, or any lines left out, doubled or exchanged', () => {
    // Its first and its last line bear the seal: who changes both can make another.
    const [first, last] = [sealed.indexOf('\n') + 1, sealed.lastIndexOf('# irqbypass-spec') - 1];
    const byte = fc.tuple(fc.integer({ min: first, max: last }), fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1, maxLength: 5 }), (changes) => {
        const garbled = Buffer.from(sealed);
        for (const [at, value] of changes) garbled[at] = value;
        expect(exit(garbled)).not.toBe(1);
      }),
      runs(200),
    );
    const all = sealed.toString('utf8').trimEnd().split('\n');
    fc.assert(
      fc.property(
        fc.array(fc.nat(all.length - 2), { minLength: all.length - 9, maxLength: all.length + 3 }),
        (some) => {
          expect(exit(joined([...some.sort((a, b) => a - b).map((at) => all[at] ?? ''), all.at(-1) ?? '']))).not.toBe(
            1,
          );
        },
      ),
      runs(60),
    );
  });
});

describe('said, with the line:', () => {
  test.each<[string, Buffer, string]>([
    [
      'a status that is no number',
      changed(/status=-16/, (line) => line.replace('-16', 'abc')),
      'r:70: expected a number of 32 bits for status=',
    ],
    [
      'a status that is cut',
      changed(/status=-16/, (line) => line.replace(/status=.*/, 'stat')),
      'r:70: expected the fields of the event',
    ],
    [
      'a status that is missing',
      changed(/status=-16/, (line) => line.replace(/ status=.*/, '')),
      'r:70: expected status= in the event',
    ],
    [
      'a number that is too large',
      changed(/ irq=25/, (line) => line.replace('irq=25', 'irq=99999999999')),
      'for irq= in the event',
    ],
    [
      'an address that is none',
      changed(/stop: /, (line) => line.replace('object=0x', 'object=x')),
      'expected an address for object=',
    ],
    ['a field twice', changed(/stop: /, (line) => `${line} object=0x1`), 'each once; came "object=0x1"'],
    ['a line that is none', changed(/stop: /, () => 'hello'), "expected a line of a trace of the kernel's"],
    [
      'events of a name that is not ours on a function that is',
      changed(/ registerConsumer: /, (line) => line.replace('registerConsumer', 'reg')),
      'an event "reg" on a function of the manager',
    ],
    [
      'hits missed that are no number',
      joined([...lines, '# irqbypass-spec: missed=some']),
      'missed= takes a number; came "some"',
    ],
    ['a line that is far too long', joined([...lines, ' '.repeat(100_000)]), 'has at most 65536 bytes'],
    [
      'a seal that does not fit',
      Buffer.from(sealed.toString('utf8').replace('status=-16', 'status=-17')),
      'another SHA-256',
    ],
    [
      'a return without its call',
      joined(lines.filter((line) => !/ 58: registerProducer: /.test(line))),
      'a line is missing before it',
    ],
    [
      'a callback that is left and was not entered',
      joined(lines.filter((line) => !/ 29: addProducer: /.test(line))),
      'addProducerReturn comes in registerProducer',
    ],
  ])('%s', (_, bytes, text) => {
    const report = judge(bytes);
    expect(report.faults[0]?.text).toContain(text);
    expect(report.faults[0]?.text).toMatch(/^r:\d+: /);
    expect(report).toMatchObject({ exit: 2, findings: [] });
  });

  test('what is missing, and what was passed over', () => {
    expect(judge(joined(lines)).remarks).toEqual([]);
    expect(judge(joined(lines.slice(1))).remarks[0]).toContain('it has no line of irqbypass-spec record');
    expect(judge(whole.subarray(0, -1)).remarks[0]).toMatch(/^its last line, \d+, breaks off/);
    expect(judge(sealed.subarray(0, sealed.lastIndexOf('# irqbypass-spec'))).remarks[0]).toContain(
      'its recorder did not come to its end',
    );
    const other = '  <idle>-0   [001] dNh..   17: sched_switch: prev_comm=x';
    expect(judge(joined([...lines, other])).remarks).toEqual([
      '1 events of other names were passed over: sched_switch.',
    ]);
  });

  test('what is behind a seal that fits is judged', () => {
    expect(judge(sealed)).toMatchObject({ exit: 0, faults: [], remarks: [] });
    // A wrong manager is found in it.
    expect(exit(seal(lines.map((line) => withSecondConsumer(line))))).toBe(1);
  });
});

describe('in stretches:', () => {
  const short: Lengths = { restful: 4, most: 40 };
  const events = lines.filter((line) => !line.startsWith('#'));
  /** The same events again and again, in the memory of one stretch. */
  const repeated = (times: number, change: (line: string, time: number) => string = (line) => line) => {
    const all = Array.from({ length: times }, (_, time) => events.map((line) => change(line, time))).flat();
    return joined([lines[0] ?? '', ...all.map((line, at) => line.replace(/\d+: (?=\w+: )/, `${at}: `))]);
  };

  test('what is judged in one is judged the same in many', () => {
    const bytes = repeated(5);
    const [one, many] = [judge(bytes), judge(bytes, short)];
    expect(one).toMatchObject({ exit: 0, recorded: { operations: 70, withheld: [] } });
    expect(many).toMatchObject({ exit: 0, recorded: { operations: 70 } });
    expect(judge(bytes, { restful: 4, most: 1_000 })).toMatchObject({ exit: 0, recorded: one.recorded });
  });

  test('a defect in a later one is found, once', () => {
    const wrong = (line: string, time: number) => (time < 2 ? line : withSecondConsumer(line));
    const report = judge(repeated(5, wrong), { restful: 4, most: 1_000 });
    expect(report).toMatchObject({ exit: 1, findings: [expect.anything()] });
  });

  test('what came before a line that cannot be true is judged, up to its stretch', () => {
    const wrong = (line: string, time: number) => (time === 3 ? line.replace('status=-16', 'status=abc') : line);
    const report = judge(repeated(5, wrong), { restful: 4, most: 1_000 });
    expect(report).toMatchObject({ exit: 2, findings: [], recorded: { operations: 42 } });
  });

  test('events lost on a CPU put all in doubt that came after its last event', () => {
    const wrong = (line: string, time: number) => (time === 1 ? withSecondConsumer(line) : line);
    const bytes = repeated(3, wrong);
    expect(judge(bytes, { restful: 4, most: 1_000 }).exit).toBe(1);
    const report = judge(Buffer.concat([bytes, Buffer.from('CPU:7 [LOST 3 EVENTS]\n')]), { restful: 4, most: 1_000 });
    expect(report.findings).toEqual([]);
    expect(report.recorded?.withheld[0]?.reason).toContain('events were lost');
  });

  test('recordings one behind the other begin as each says', () => {
    const two = Buffer.concat([sealed, sealed]);
    expect(judge(two)).toMatchObject({ exit: 0, faults: [], recorded: { operations: 28, withheld: [] } });
  });
});
