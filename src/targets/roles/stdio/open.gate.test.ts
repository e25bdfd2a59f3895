/** Participants in another process: what is said of those that go wrong, and that nothing of them is left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostProgram } from '../../../../spec/host/vocabulary.js';
import { core } from '../../../../spec/profiles/core.js';
import { packageRoot } from '../../../files/root.js';
import type { HostTarget } from '../../target.js';
import { startRoleTarget } from './open.js';

const stub = fileURLToPath(new URL('../fixtures/stub-producer.mjs', import.meta.url));
const MAIN = join(packageRoot, 'dist', 'cli', 'main.js');
/** Milliseconds that one which hangs is waited for, from its start on; the others are waited for as ever. */
const PATIENCE = 3_000;

const opening: HostProgram = {
  backEnd: 'vtd-posted',
  devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 1 }],
  operations: [{ operation: 'openDevice', device: 'd0' }],
};

let server: Server;
let target: HostTarget | undefined;
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await target?.close();
  target = undefined;
  server.close();
});

const portOf = () => String((server.address() as AddressInfo).port);

/** The ends of the stub and of its child; resolved when both are there. `hangs` is resolved when the stub says so. */
async function lives(): Promise<{ readonly ended: Promise<unknown>; readonly hangs: Promise<unknown> }> {
  const ends: Promise<unknown>[] = [];
  const words: Promise<unknown>[] = [];
  while (ends.length < 2) {
    const [socket] = (await once(server, 'connection')) as [Socket];
    ends.push(new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve)));
    words.push(new Promise((resolve) => socket.once('data', resolve)));
  }
  return { ended: Promise.all(ends), hangs: Promise.race(words) };
}

const open = async (mode: string, port = ''): Promise<HostTarget> => {
  const args = [stub, mode, ...(port === '' ? [] : [port])];
  const options = { address: 'exec:stub', command: process.execPath, args, role: 'producer', profile: core } as const;
  target = await startRoleTarget({ ...options, ...(mode === 'hangs' ? { patience: PATIENCE } : {}) });
  return target;
};
const lastOf = async (mode: string) => (await (await open(mode)).run([opening]))[0]?.events.at(-1);

describe('a participant that goes wrong', () => {
  test('dies: the crash is charged to the system call, with what it wrote', async () => {
    const outcomes = await (await open('dies')).run([opening, opening]);
    const crash = { type: 'crash', detail: 'ParticipantDied: SIGSEGV, SUMMARY: it fell over' };
    const events = [{ type: 'call', ...opening.operations[0] }, crash];
    const log = '\u001b]0;mine\u0007\nSUMMARY: it fell over\n';
    expect(outcomes).toEqual([
      { events, log },
      { events, log },
    ]);
  });

  test('tells of its crash, and lives on', async () => {
    expect(await lastOf('tells')).toEqual({ type: 'crash', detail: 'ParticipantDied: it fell over' });
    expect((await target?.run([opening]))?.[0]?.events).toHaveLength(2);
  });

  test('falls silent: a hang', async () => {
    expect(await lastOf('hangs')).toEqual({ type: 'hang', detail: 'ParticipantHung: no answer' });
  });

  test('ends in good order between two programs: nobody is charged', async () => {
    const outcomes = await (await open('goes')).run([opening, opening, opening]);
    expect(outcomes.map(({ events }) => events.at(-1))).toEqual(Array(3).fill({ type: 'return', status: 0 }));
  });

  test('gives up: there is no verdict', async () => {
    await expect(lastOf('gives-up')).rejects.toThrow('exec:stub gave up: the moon is full');
  });

  test('talks nonsense: a fault, and the next program runs', async () => {
    const fault = 'exec:stub: a line of its standard output is not JSON: hello there';
    expect(await (await open('nonsense')).run([opening, opening])).toEqual(Array(2).fill({ events: [], fault }));
  });

  test('speaks unasked: a fault', async () => {
    const outcomes = await (await open('goes-on-talking')).run(Array(3).fill(opening));
    expect(outcomes.map(({ fault }) => fault ?? '').join()).toMatch(
      /it spoke though nothing was asked of it|is done without a status/,
    );
  });

  test('dies at hello: the error has what it wrote', async () => {
    await expect(open('dies-at-hello')).rejects.toThrow(
      /^When it was greeted, exec:stub ended \(SIGSEGV, .*\n {2}\| \n {2}\| SUMMARY: it fell over$/s,
    );
  });
});

describe('nothing is left of a participant, nor of what it started', () => {
  test.each(['well', 'goes'])('%s: when the target is closed', async (mode) => {
    const alive = lives();
    await open(mode, portOf());
    const { ended } = await alive;
    await target?.run([opening]);
    await target?.close();
    await ended;
  });

  test.each(['hangs', 'dies', 'nonsense'])('%s: when its program is over', async (mode) => {
    const alive = lives();
    await open(mode, portOf());
    const { ended } = await alive;
    await target?.run([opening]);
    await ended;
  });

  test('asks-for-ever: when its program is over, which ends with a hang', async () => {
    const alive = lives();
    await open('asks-for-ever', portOf());
    const { ended } = await alive;
    const [outcome] = (await target?.run([opening])) ?? [];
    const detail = 'ParticipantHung: it asks without end, last for log';
    expect(outcome?.events.at(-1)).toEqual({ type: 'hang', detail });
    await ended;
  });

  test('gives-up: when the error is told', async () => {
    const alive = lives();
    await open('gives-up', portOf());
    const { ended } = await alive;
    await expect(target?.run([opening])).rejects.toThrow('gave up');
    await ended;
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the tool at once while it waits for an answer', async (signal, status) => {
    const alive = lives();
    const address = `exec:"${process.execPath}" "${stub}" hangs ${portOf()}`;
    const args = [MAIN, 'run', '--role', 'producer', address, '--tier', 'smoke'];
    const tool = spawn(process.execPath, args, { stdio: 'ignore' });
    const exited = once(tool, 'exit');
    const { ended, hangs } = await alive;
    await hangs;
    tool.kill(signal);
    expect(await exited).toEqual([status, null]);
    await ended;
  });
});
