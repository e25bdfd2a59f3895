/** Targets in another process: what they say, and what is said of them when they go wrong. */
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { Program } from '../../spec/vocabulary.js';
import { openTarget } from './resolve.js';
import type { Target } from './target.js';

const stub = fileURLToPath(new URL('./fixtures/stub-target.mjs', import.meta.url));
/** Long enough for a process that works, short enough to wait for one that does not. */
const PATIENCE = 1_500;

let target: Target | undefined;
const open = async (mode: string): Promise<Target> => {
  target = await openTarget(`exec:"${process.execPath}" "${stub}" ${mode}`, { patience: PATIENCE });
  return target;
};
afterEach(async () => {
  await target?.close();
  target = undefined;
});

const alone: Program = {
  objects: [{ id: 'p0', callbacks: [] }],
  lanes: [[{ operation: 'registerProducer', object: 'p0', token: 't0', irq: 33 }]],
};
const paired: Program = {
  objects: [...alone.objects, { id: 'c0', callbacks: ['addProducer', 'delProducer'] }],
  lanes: [[...(alone.lanes[0] ?? []), { operation: 'registerConsumer', object: 'c0', token: 't0' }]],
};

describe('a target that does well', () => {
  test('answers batches in order, also when they are sent before earlier ones are answered', async () => {
    const { run } = await open('well').then((one) => ({ run: one.run.bind(one) }));
    const answers = await Promise.all([run([alone, paired]), run([paired]), run([alone])]);
    expect(answers.map((batch) => batch.map(({ events }) => events.length))).toEqual([[2, 4], [4], [2]]);
  });
});

describe('a target that leaves a child behind, with its pipes open', () => {
  test('ends with that child when it is closed', async () => {
    const leaving = await open('leaves-a-child');
    expect(await leaving.run([alone])).toHaveLength(1);
    await leaving.close();
  });
});

describe('a target that goes wrong when it is greeted', () => {
  test('/bin/cat repeats the greeting: the error says what a target must answer', async () => {
    await expect(openTarget('exec:/bin/cat')).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TargetError: When it was greeted, exec:/bin/cat gave a wrong answer: at name, expected a string; came nothing; at version, expected a string; came nothing; at language, expected a string; came nothing; and 1 more. A target answers {"type":"hello","protocol":1} with a line such as {"type":"hello","protocol":1,"name":"mine","version":"1","language":"c","capabilities":[]} (spec/protocol.md).]`,
    );
  });
  test('a program that is not there', async () => {
    await expect(openTarget('exec:/no/such/program')).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TargetError: When it was greeted, exec:/no/such/program could not be started: spawn /no/such/program ENOENT. Give a program that is there and may be run.]`,
    );
  });
  test('a program that ends at once', async () => {
    await expect(openTarget('exec:/bin/false')).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TargetError: When it was greeted, exec:/bin/false ended (exit status 1). A target answers {"type":"hello","protocol":1} with a line such as {"type":"hello","protocol":1,"name":"mine","version":"1","language":"c","capabilities":[]} (spec/protocol.md).]`,
    );
  });
  test('a target that gives up is quoted', async () => {
    await expect(open('gives-up')).rejects.toThrow('gave up: the moon is full. A target answers');
  });
  test('a hello without a version', async () => {
    await expect(open('bad-hello')).rejects.toThrow(/gave a wrong answer: .*version/);
  });
  test('a capability that there is not', async () => {
    await expect(open('bad-capability')).rejects.toThrow(/gave a wrong answer: at capabilities\[0\], .*"flying"/);
  });
});

describe('a target that goes wrong in a batch', () => {
  const batch = [alone, paired, alone];

  test('dies: the crash is charged to the operation, and the run goes on', async () => {
    const outcomes = await (await open('dies')).run(batch);
    expect(outcomes.map(({ events }) => events.at(-1))).toEqual([
      { type: 'return', status: 0 },
      { type: 'crash', detail: 'SIGSEGV, SUMMARY: it fell over' },
      { type: 'return', status: 0 },
    ]);
    expect(outcomes[1]?.events.at(-2)).toMatchObject({ type: 'call', operation: 'registerConsumer' });
    expect(outcomes[1]?.log).toContain('it fell over');
  });

  test('falls silent: a hang, charged to the operation', async () => {
    const outcomes = await (await open('falls-silent')).run(batch);
    expect(outcomes[1]?.events.slice(-2)).toMatchObject([
      { type: 'call', operation: 'registerConsumer' },
      { type: 'hang', detail: 'no answer' },
    ]);
    expect(outcomes[2]?.events).toHaveLength(2);
  });

  test('goes on without end: a hang, charged to the operation', async () => {
    const outcomes = await (await open('endless')).run(batch);
    expect(outcomes[1]?.events.at(-1)).toEqual({ type: 'hang', detail: 'no answer' });
    expect(outcomes[2]?.events).toHaveLength(2);
  });

  test('dies in a batch but not alone: a fault, and nobody is charged', async () => {
    const outcomes = await (await open('dies-in-batches')).run(batch);
    expect(outcomes[1]?.fault).toContain('but not when the program ran alone');
  });

  test.each([
    ['nonsense', /a line of its standard output is not JSON: hello there, after registerConsumer\(c0\)/],
    ['wrong-event', /expected .*; came "begin"\., after registerConsumer\(c0\)/],
    ['wrong-order', /it answered run 1, program 99, but run 1, program 0 was due, after registerConsumer\(c0\)/],
  ])('%s: a fault of the target, with the operation it came after', async (mode, text) => {
    const outcomes = await (await open(mode)).run(batch);
    expect(outcomes[0]?.fault).toBeUndefined();
    expect(outcomes[1]?.fault).toMatch(text);
    expect(outcomes[2]?.fault).toBeUndefined();
  });

  test('lies: a callback that the program does not give is a fault of the adapter', async () => {
    const outcomes = await (await open('lies')).run(batch);
    expect(outcomes[1]?.fault).toContain('the trace has c7.stop, a callback that the program does not give to c7');
  });
});

describe('addresses', () => {
  test.each([
    ['nothing:here', /There is no target "nothing:here"\. A target is one of\n {2}reference/],
    ['reference:linux-9', /There is no profile "linux-9"\. There are: core, rfc-2015/],
    ['exec:', /exec: needs a program/],
    ['module:', /module: needs a file/],
    ['linux-source:', /linux-source: needs a tree or a version/],
    ['module:./no-such-file.js', /there is no file .*no-such-file\.js\./],
  ])('%s', async (address, text) => {
    await expect(openTarget(address)).rejects.toThrow(text);
  });
});
