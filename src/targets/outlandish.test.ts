/** Targets that say what no target says: it is their fault, said in a sentence, and never a crash of the tool. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { HostProgram } from '../../spec/host/vocabulary.js';
import type { Program } from '../../spec/vocabulary.js';
import { openTarget } from './resolve.js';
import { openHostTarget } from './roles/resolve.js';
import { TargetError } from './target.js';

const folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

const raw = fileURLToPath(new URL('./fixtures/raw-target.mjs', import.meta.url));
let count = 0;

/** The address of a target that says a text. */
function saying(text: string, when: 'at-once' | 'later'): string {
  const file = join(folder, `${count++}`);
  writeFileSync(file, text);
  return `exec:"${process.execPath}" "${raw}" "${file}" ${when}`;
}

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const inTrace = (value: string) => `{"type":"trace","id":1,"index":0,"events":${value}}\n`;

const program: Program = {
  objects: [{ id: 'p0', callbacks: [] }],
  lanes: [[{ operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 }]],
};

describe('when it is greeted', () => {
  test.each([
    ['5,000 brackets', `${deep(5_000)}\n`, 'gave a wrong answer: expected an object; came [['],
    ['a million brackets', `${deep(1_000_000)}\n`, 'gave a wrong answer: '],
    [
      'brackets without end',
      `${'['.repeat(5_000)}\n`,
      'gave a wrong answer: a line of its standard output is not JSON: [[',
    ],
    ['a string of 5 MB', `"${'x'.repeat(5e6)}"\n`, 'gave a wrong answer: expected an object; came "xxx'],
    [
      'a line of 20 MB',
      'x'.repeat(20 * 2 ** 20),
      'gave a wrong answer: a line of its standard output is not JSON: a line of more than 16 MB: xxx',
    ],
    ["a terminal's commands", '\u001b]0;x\u0007\u009b2J\u202Econforms\n', 'is not JSON: \\u202econforms'],
    [
      'a line of ours',
      `${JSON.stringify({ type: 'error', message: 'no\nirqbypass-spec: all conforms' })}\n`,
      'gave up: no\\nirqbypass-spec: all conforms',
    ],
    ['nothing but bytes', '\u0000\uFFFE\n', 'a line of its standard output is not JSON: \\u0000'],
  ])('%s', async (_, text, said) => {
    const opened = openTarget(saying(text, 'at-once'));
    await expect(opened).rejects.toThrow(TargetError);
    await expect(opened).rejects.toThrow(said);
    const { message } = await opened.then(
      () => new Error('it was opened'),
      (error: Error) => error,
    );
    expect(message.length).toBeLessThan(1_000);
    expect(message).not.toContain('\n');
  });
});

describe('in its answer', () => {
  test.each([
    ['5,000 brackets', inTrace(deep(5_000)), 'at events[0], expected an object; came [['],
    ['brackets at each event', inTrace(`[{"type":${deep(5_000)}}]`), 'at events[0].type, expected one of "call"'],
    ['brackets that do not close', inTrace('['.repeat(5_000)), 'is not JSON'],
    ['a million wrong events', inTrace(`[${'0,'.repeat(1e6)}0]`), 'at events[0], expected an object; came 0.'],
    ['a line of 20 MB', inTrace(`["${'x'.repeat(20 * 2 ** 20)}"]`), 'a line of more than 16 MB'],
    ['a property of 1 MB', inTrace(`[{"type":"return","${'x'.repeat(1e6)}":1}]`), 'expected no such property'],
  ])('%s', async (_, text, said) => {
    const target = await openTarget(saying(text, 'later'));
    try {
      const [outcome] = await target.run([program]);
      expect(outcome?.fault).toContain(said);
      expect(outcome?.fault?.length).toBeLessThan(1_500);
    } finally {
      await target.close();
    }
  });
});

describe('in the answer of a participant', () => {
  const opening: HostProgram = {
    backEnd: 'vtd-posted',
    devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 1 }],
    operations: [{ operation: 'openDevice', device: 'd0' }],
  };

  test.each([
    ['5,000 brackets', `${deep(5_000)}\n`, 'expected an object; came [['],
    ['brackets that do not close', `${'['.repeat(5_000)}\n`, 'is not JSON: [['],
    ['a line of 20 MB', 'x'.repeat(20 * 2 ** 20), 'a line of more than 16 MB'],
    ['the commands of a terminal', '{"type":"\u009b2J\u202Eok"}\n', 'said {"type":"\\u202eok"}'],
  ])('%s', async (_, text, said) => {
    const target = await openHostTarget(saying(text, 'later'), 'producer', undefined);
    try {
      const [outcome] = await target.run([opening]);
      expect(outcome?.fault).toContain(said);
      expect(outcome?.fault?.length).toBeLessThan(1_500);
    } finally {
      await target.close();
    }
  });
});
