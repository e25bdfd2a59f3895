/** What a module does inside an operation is charged to that operation; the programs after it run in a new process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Program } from '../../../spec/vocabulary.js';
import { openTarget } from '../resolve.js';

/** Long enough for a process that works, short enough to wait for one that does not. */
const PATIENCE = 3_000;

const alone: Program = {
  objects: [{ id: 'p0', callbacks: [] }],
  lanes: [[{ operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 }]],
};
const paired: Program = {
  objects: [...alone.objects, { id: 'c0', callbacks: ['stop', 'addProducer', 'delProducer'] }],
  lanes: [[...(alone.lanes[0] ?? []), { operation: 'registerConsumer', object: 'c0', token: 't0' }]],
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'irqbypass-spec-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Run programs on a manager that does this when a consumer registers. */
async function run(registerConsumer: string, programs: readonly Program[]) {
  const file = join(folder, 'manager.mjs');
  writeFileSync(
    file,
    `const earlier = [];
    export const createManager = () => ({
      registerProducer: (producer) => { earlier.push(producer); return 0; },
      registerConsumer: (consumer) => { ${registerConsumer} },
      unregisterProducer() {}, unregisterConsumer() {},
    });`,
  );
  const target = await openTarget(`module:${file}`, { patience: PATIENCE });
  try {
    return await target.run(programs);
  } finally {
    await target.close();
  }
}

describe('an operation is charged when it', () => {
  test.each([
    ['exits with status 0', 'process.exit(0);', { type: 'crash', detail: 'exit status 0' }],
    ['aborts', 'process.abort();', { type: 'crash', detail: 'SIGABRT' }],
    ['throws', 'throw new TypeError("no");', { type: 'crash', detail: 'TypeError: no' }],
    ['throws what has no text', 'throw Object.create(null);', { type: 'crash' }],
    ['loops', 'for (;;);', { type: 'hang', detail: 'no answer' }],
    [
      'calls back without end',
      'for (;;) consumer.stop();',
      { type: 'crash', detail: 'Error: it calls back, or warns, without end' },
    ],
  ])('%s', async (_, text, last) => {
    const outcomes = await run(`consumer.stop(); ${text}`, [alone, paired, alone]);
    expect(outcomes.map(({ fault }) => fault)).toEqual([undefined, undefined, undefined]);
    const [before, charged, after] = outcomes.map(({ events }) => events);
    expect(charged?.slice(2, 5)).toMatchObject([
      { type: 'call', operation: 'registerConsumer' },
      { type: 'enter', callback: 'stop', object: 'c0' },
      { type: 'leave', callback: 'stop', object: 'c0' },
    ]);
    expect(charged?.at(-1)).toMatchObject(last);
    expect(before?.at(-1)).toEqual({ type: 'return', status: 0 });
    expect(after).toEqual(before);
  });
});

test('what it printed before it died is the log of the outcome', async () => {
  const [outcome] = await run('console.log("alas"); process.exit(1);', [paired]);
  expect(outcome?.log).toContain('alas');
});

test('a callback that comes when its operation has returned is in the trace', async () => {
  const [outcome] = await run('Promise.resolve().then(() => consumer.stop()); return 0;', [paired, alone]);
  expect(outcome?.events.map(({ type }) => type).slice(-3)).toEqual(['return', 'enter', 'leave']);
});

test('a call of an object of an earlier program ends the run without a verdict', async () => {
  const calls = 'for (const one of earlier) one.stop?.(); earlier.push(consumer); return 0;';
  await expect(run(calls, [paired, paired])).rejects.toThrow('a call of c0.stop belongs to a program that was over.');
});
