/** The harnesses, spoken to directly in the stdio protocol. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  c0,
  p0,
  p1,
  registerC0,
  registerP0,
  registerP1,
  unregisterP0,
  unregisterP1,
} from '../../conformance/harnesses/operations.js';
import type { Event, Hello, Program, Response } from '../../spec/index.js';
import { packageRoot } from '../../src/files/root.js';
import { prepareLinuxSource } from '../../src/targets/linux-source/index.js';

const LIBRARY = join(packageRoot, 'conformance', 'harnesses', 'c');

const pair: Program = { objects: [p0, c0], lanes: [[registerP0, registerC0, unregisterP0]] };
const unregisterDuplicate: Program = { objects: [p0, p1], lanes: [[registerP0, registerP1, unregisterP1]] };

const PAIR_TRACE: readonly Event[] = [
  { type: 'call', ...registerP0 },
  { type: 'return', status: 0 },
  { type: 'call', ...registerC0 },
  { type: 'enter', callback: 'addProducer', object: 'c0', counterpart: 'p0', irq: 7 },
  { type: 'leave', callback: 'addProducer', object: 'c0', result: 0 },
  { type: 'return', status: 0 },
  { type: 'call', ...unregisterP0 },
  { type: 'enter', callback: 'delProducer', object: 'c0', counterpart: 'p0' },
  { type: 'leave', callback: 'delProducer', object: 'c0' },
  { type: 'return' },
];

interface Started {
  readonly command: string;
  readonly args: readonly string[];
}

async function speak(target: Started, lines: readonly string[]) {
  const spoken = await execa(target.command, target.args, { input: lines.join('\n'), reject: false });
  const responses = spoken.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Response);
  return { exitCode: spoken.exitCode, responses };
}

/** The events of each program. */
async function run(target: Started, programs: readonly Program[]): Promise<(readonly Event[])[]> {
  const { responses } = await speak(target, [JSON.stringify({ type: 'run', id: 1, programs })]);
  return responses.flatMap((response) => (response.type === 'trace' ? [response.events] : []));
}

function statuses(events: readonly Event[] | undefined): (number | undefined)[] {
  return (events ?? []).flatMap((event) => (event.type === 'return' ? [event.status] : []));
}

describe('the C adapter library with its example manager', () => {
  let folder: string;
  let example: Started;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-'));
    await execa('make', ['-C', LIBRARY, `BUILD=${folder}`]);
    example = { command: join(folder, 'example-manager'), args: [] };
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('says who it is, and ends with 0 at bye', async () => {
    const { exitCode, responses } = await speak(example, ['{"type":"hello","protocol":1}', '{"type":"bye"}']);
    expect(exitCode).toBe(0);
    expect(responses).toEqual([
      {
        type: 'hello',
        protocol: 1,
        name: 'example-manager',
        version: '1.0',
        language: 'c',
        capabilities: ['allocation-failure', 'null-token', 'missing-mandatory', 'lanes'],
      },
    ]);
  });

  it('records what a pair is told, in the order in which it happens', async () => {
    expect(await run(example, [pair])).toEqual([PAIR_TRACE]);
  });

  it('starts every program on a manager with nothing registered', async () => {
    const left: Program = { objects: [p0], lanes: [[registerP0]] };
    const traces = await run(example, [left, left, left]);
    expect(traces.map(statuses)).toEqual([[0], [0], [0]]);
  });

  it('sends each event by itself when asked to stream', async () => {
    const request = { type: 'run', id: 9, programs: [pair], stream: true };
    const { responses } = await speak(example, [JSON.stringify(request)]);
    expect(responses).toEqual([
      ...PAIR_TRACE.map((event) => ({ type: 'event', id: 9, index: 0, event })),
      { type: 'trace', id: 9, index: 0, events: [] },
    ]);
  });

  it('makes allocations fail for the operation that asks for it, and for no other', async () => {
    const program: Program = { objects: [p0], lanes: [[{ ...registerP0, memory: 'none' }, registerP0]] };
    expect((await run(example, [program])).map(statuses)).toEqual([[-12, 0]]);
  });

  it('counts the returns of every lane', async () => {
    const program: Program = { objects: [p0, c0], lanes: [[registerP0], [registerC0]] };
    const [events = []] = await run(example, [program]);
    expect(
      events
        .filter(({ type }) => type === 'return')
        .map(({ lane }) => lane ?? 0)
        .sort(),
    ).toEqual([0, 1]);
  });

  it.each([
    ['what is not JSON', '{"type":', /not JSON/],
    ['a request that it does not know', '{"type":"jump"}', /does not know the request "jump"/],
    [
      'an object that the program does not have',
      JSON.stringify({ type: 'run', id: 1, programs: [{ objects: [], lanes: [[registerP0]] }] }),
      /"p0", which the program does not have/,
    ],
  ])('answers %s with an error and ends with 2', async (_what, line, message) => {
    const { exitCode, responses } = await speak(example, [line]);
    expect(exitCode).toBe(2);
    expect(responses).toEqual([{ type: 'error', message: expect.stringMatching(message) }]);
  });
});

describe('the managers of Linux, compiled from source', () => {
  let lists: Started;
  let xarray: Started;

  beforeAll(async () => {
    lists = await prepareLinuxSource('debian:6.12');
    xarray = await prepareLinuxSource('debian:7.3');
  }, 300_000);

  it('say which profile they follow', async () => {
    const hellos = await Promise.all(
      [lists, xarray].map(async (target) => {
        const { responses } = await speak(target, ['{"type":"hello","protocol":1}']);
        return responses[0] as Hello;
      }),
    );
    expect(hellos.map(({ profile }) => profile)).toEqual(['linux-4.7', 'linux-6.17']);
    expect(hellos.map(({ capabilities }) => capabilities.includes('allocation-failure'))).toEqual([false, true]);
  });

  it('connect and disconnect a pair', async () => {
    expect(await run(lists, [pair])).toEqual([PAIR_TRACE]);
    expect(await run(xarray, [pair])).toEqual([PAIR_TRACE]);
  });

  it('6.12 crashes in the unregistration of a refused duplicate, and the next program runs', async () => {
    const [crashed = [], next] = await run(lists, [unregisterDuplicate, pair]);
    expect(crashed.slice(-2)).toEqual([
      { type: 'call', ...unregisterP1 },
      { type: 'crash', detail: 'SIGSEGV' },
    ]);
    expect(next).toEqual(PAIR_TRACE);
  });

  it('6.12 crashes at the same place when it streams', async () => {
    const request = { type: 'run', id: 1, programs: [unregisterDuplicate], stream: true };
    const { responses } = await speak(lists, [JSON.stringify(request)]);
    expect(responses.slice(-2)).toEqual([
      { type: 'event', id: 1, index: 0, event: { type: 'crash', detail: 'SIGSEGV' } },
      { type: 'trace', id: 1, index: 0, events: [] },
    ]);
  });

  it('7.3 does nothing in the unregistration of a refused duplicate', async () => {
    expect((await run(xarray, [unregisterDuplicate])).map(statuses)).toEqual([[0, -16, undefined]]);
  });

  it('6.12 refuses a null token, 7.3 takes it', async () => {
    const program: Program = {
      objects: [p0, p1],
      lanes: [
        [
          { ...registerP0, token: null },
          { ...registerP1, token: null },
        ],
      ],
    };
    expect((await run(lists, [program])).map(statuses)).toEqual([[-22, -22]]);
    expect((await run(xarray, [program])).map(statuses)).toEqual([[0, -16]]);
  });

  it('7.3 warns of a registered object each time anew, once a program', async () => {
    const again: Program = { objects: [p0], lanes: [[registerP0, registerP0, registerP0]] };
    const traces = await run(xarray, [again, again]);
    expect(traces.map(statuses)).toEqual([
      [0, -22, -22],
      [0, -22, -22],
    ]);
    expect(traces.map((events) => events.filter(({ type }) => type === 'log').length)).toEqual([1, 1]);
  });

  it('7.3 fails without memory and succeeds when there is some', async () => {
    const program: Program = { objects: [p0], lanes: [[{ ...registerP0, memory: 'none' }, registerP0]] };
    expect((await run(xarray, [program])).map(statuses)).toEqual([[-12, 0]]);
  });

  it('both hang in an operation that a callback calls, and say why at once', async () => {
    const program: Program = {
      objects: [
        {
          ...p0,
          callbacks: ['start'],
          reenters: [
            { callback: 'start', operation: { operation: 'registerProducer', object: 'p1', token: 't1', irq: 1 } },
          ],
        },
        p1,
        c0,
      ],
      lanes: [[registerP0, registerC0]],
    };
    const hang = { type: 'hang', detail: 'lane 0 takes the lock that it holds' };
    expect((await run(lists, [program]))[0]?.at(-1)).toEqual(hang);
    expect((await run(xarray, [program]))[0]?.at(-1)).toEqual(hang);
  });
});
