/** CONC: what schedules show wrong can be listed in a baseline, and a schedule can be run again from its file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report, StoredSchedule } from '../../spec/formats/results.js';
import { toBaseline } from '../../src/engine/baseline.js';
import { boundsOfSchedules } from '../../src/engine/schedules.js';
import { exhaustManager } from '../../src/manager/exhaust.js';
import { manager } from '../../src/manager/manager.js';
import { replayStored } from '../../src/manager/replay-schedule.js';
import { movesOf } from '../../src/scheduler/moves.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import { judgeManager } from './judge-manager.js';
import { unguardedTree } from './unguarded.js';
import { using } from './using.js';

const profile = profileNamed('linux-6.17');
let folder: string;
let unguarded: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-known-schedules-'));
  unguarded = await unguardedTree(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a baseline makes every wrong schedule known, and the interleavings are then explored to their end', async () => {
  const asked = { programs: 500, tier: 'smoke' } as const;
  const [first, later] = await using(await openTarget(unguarded), async (target) => {
    const first = await judgeManager(target, { ...asked, everyDefect: true });
    const baseline = toBaseline(manager, first, target.address, profile, undefined);
    return [first, await judgeManager(target, { ...asked, seed: 2, baseline })];
  });
  expect(first.exhaustive?.wrong.length).toBeGreaterThan(3);
  expect(later).toMatchObject({ exit: 0, stale: [], exhaustive: { wrong: [], interleavings: [{ complete: true }] } });
  expect(later.exhaustive?.known?.map(({ name }) => name)).toEqual(first.exhaustive?.wrong.map(({ name }) => name));
  expect(later.rules.find(({ rule }) => rule === 'CONC-5')?.verdict).toBe('known');
});

test('a schedule that is run again goes wrong as it did, and on code with its locks it cannot go on', async () => {
  const wrong = await using(await openTarget(unguarded), async (target) => {
    const { exhaustive } = await judgeManager(target, { programs: 0, tier: 'smoke' });
    const again: (Report | undefined)[] = [];
    for (const schedule of exhaustive?.wrong ?? []) again.push(await replayed(schedule, target));
    expect(again.map((report) => report?.exhaustive?.wrong)).toEqual(exhaustive?.wrong.map((one) => [one]));
    expect(again.map((report) => report?.exit)).toEqual(again.map(() => 1));
    return exhaustive?.wrong ?? [];
  });
  expect(wrong).toHaveLength(3);
  await using(await openTarget('linux-source:debian:7.3'), async (target) => {
    for (const schedule of wrong) {
      const report = await replayed(schedule, target);
      expect(report).toMatchObject({ exit: 2, faults: [{ text: expect.stringContaining('cannot go on as it says') }] });
    }
  });
});

test('of the schedules only those that break a rule that was asked for are told of', async () => {
  await using(await openTarget(unguarded), async (target) => {
    const judged = (rule: string) =>
      judgeManager(target, { programs: 0, tier: 'smoke', rules: only(rule), allRules: false });
    expect(await judged('CALL-8')).toMatchObject({ exit: 0, exhaustive: { interleavings: [], wrong: [] } });
    const { summary, exhaustive } = await judged('CONC-2');
    expect(summary).toMatch(/does not conform .*: 1 rule broken, \d findings?\.$/);
    expect(new Set(exhaustive?.wrong.map(({ rule }) => rule))).toEqual(new Set(['CONC-2']));
    const ask = {
      target,
      profile,
      coverage: manager.coverage('smoke', {}),
      rules: only('CONC-6'),
      allRules: false,
      seed: 1,
    };
    const exhausted = await exhaustManager(ask, 'smoke', () => undefined, boundsOfSchedules(undefined, false));
    const reason = expect.stringMatching(/^\d+ schedules broke rules that were not asked for/);
    expect(exhausted?.shown).toMatchObject({ interleavings: [{ complete: false, reason }], wrong: [] });
  });
});

function only(rule: string) {
  return manager.rules.filter(({ id }) => id === rule);
}

function replayed(
  schedule: Omit<StoredSchedule, 'format' | 'target' | 'profile'>,
  target: Parameters<typeof replayStored>[2],
): Promise<Report | undefined> {
  const moves = movesOf(schedule.schedule);
  if (moves === undefined) throw new Error(`no moves: ${schedule.schedule}`);
  const stored = {
    format: 'irqbypass-spec/schedule/1',
    target: unguarded,
    profile: profile.name,
    ...schedule,
  } as const;
  return replayStored(stored, moves, target, profile, () => 0);
}
