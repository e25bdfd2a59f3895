/** What closure, scheduler and gates find comes to the same end 100 times of 100. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lanePrograms } from '../../conformance/generators/lanes.js';
import { concurrency } from '../../spec/rules/concurrency.js';
import { rules } from '../../spec/rules/index.js';
import type { Program } from '../../spec/vocabulary.js';
import { closeOver } from '../../src/closure/index.js';
import { replay } from '../../src/engine/replay.js';
import { parseScope } from '../../src/explore/scope.js';
import { Judge } from '../../src/judge/judge.js';
import { formInLanes } from '../../src/judge/lanes.js';
import { manager } from '../../src/manager/manager.js';
import { exploreSchedules, replaySchedule } from '../../src/scheduler/index.js';
import { findManager } from '../../src/targets/linux-source/index.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import { leavesMeanwhile, objects } from './fixtures/gated.js';
import { unguardedTree, withoutGuards } from './unguarded.js';
import { using } from './using.js';

const TIMES = 100;
const chapter = rules.filter(({ id }) => concurrency.some((rule) => rule.id === id));

describe('a finding', () => {
  let folder: string;
  let unguarded: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-unguarded-'));
    unguarded = await unguardedTree(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(['6.12', '7.3'])('of the closure of Linux %s replays 100 times of 100', async (version) => {
    const { build, detected } = await findManager(`debian:${version}`);
    const profile = profileNamed(detected.profile);
    const scope = parseScope('2x2x2');
    if (scope === undefined) throw new Error('there is no such scope');
    const { wrong } = await closeOver(build, profile, { ...scope, without: { memoryFailure: true, subsets: true } });
    const judge = new Judge(profile, rules, false);
    const byForm = new Map<string, Program>();
    for (const { program, trace } of wrong) {
      const [form = ''] = judge.formsOf(trace);
      if (!byForm.has(form)) byForm.set(form, program);
    }
    expect(byForm.size).toBeGreaterThan(0);
    await using(await openTarget(`linux-source:debian:${version}`), async (target) => {
      for (const [form, program] of [...byForm].slice(0, 3)) {
        const outcomes = await target.run(Array.from({ length: TIMES }, () => program));
        const shown = outcomes.filter(({ events }) => judge.shows({ objects: program.objects, events }, form));
        expect(shown, form).toHaveLength(TIMES);
        expect(new Set(outcomes.map(({ events }) => JSON.stringify(events))).size).toBe(1);
      }
    });
  });

  test('of the scheduler replays 100 times of 100, each of its moves', async () => {
    const { build, detected } = await findManager('debian:7.3');
    const mutated = { ...build, source: withoutGuards(build.source) };
    const scope = { producers: 1, consumers: 1, tokens: 1 };
    const options = { lanes: 2, operations: 1, mostFindings: 4 };
    const schedules = await exploreSchedules(mutated, profileNamed(detected.profile), scope, options);
    expect(schedules.findings.length).toBeGreaterThan(0);
    for (const finding of schedules.findings) {
      const again = await replaySchedule(schedules, finding, options, TIMES);
      expect(again).toMatchObject({ again: finding.what, times: TIMES, same: TIMES });
    }
  });

  test('of gates replays 100 times of 100', async () => {
    await using(await openTarget(unguarded), async (target) => {
      const profile = profileNamed(target.hello.profile ?? 'core');
      const [outcome] = await target.run([leavesMeanwhile]);
      const trace = { objects, events: outcome?.events ?? [] };
      const key = formInLanes('CONC-4');
      const finding = { key, forms: [{ key, program: leavesMeanwhile, trace, broken: [], met: 1 }] };
      const report = await replay(manager, finding, target, profile, () => 0);
      expect(report.exit).toBe(1);
      expect(report.findings.map(({ rule }) => rule)).toEqual(['CONC-4']);
      expect(report.findings[0]?.forms[0]?.often).toEqual({ failed: TIMES, tries: TIMES });
    });
  });
});

describe('ThreadSanitizer', () => {
  const lines = /data race: irqbypass\.c:\d+ \w+ (reads|writes), irqbypass\.c:\d+ \w+ (reads|writes)/;

  async function racesOf(address: string, count: number): Promise<readonly string[]> {
    return using(await openTarget(address, { tsan: true }), async (target) => {
      expect(target.hello.capabilities).toContain('data-races');
      const profile = profileNamed(target.hello.profile ?? 'core');
      const capabilities = new Set(target.hello.capabilities);
      const make = lanePrograms(1, { profile, capabilities, asItShouldBe: true });
      const programs = Array.from({ length: count }, make);
      const outcomes = await target.run(programs);
      expect(outcomes.flatMap(({ fault }) => fault ?? [])).toEqual([]);
      const judge = new Judge(profile, chapter, false);
      return programs.flatMap(({ objects }, at) =>
        judge
          .judge({ objects, events: outcomes[at]?.events ?? [] })
          .breaches.flatMap(({ rule, text }) => (rule === 'CONC-5' ? [text] : [])),
      );
    });
  }

  test('tells the lines of both accesses where Linux 7.3 has no guards', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'irqbypass-spec-races-'));
    try {
      const races = await racesOf(await unguardedTree(folder), 64);
      expect(races.length).toBeGreaterThan(0);
      expect(races[0]).toMatch(lines);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test.each(['6.12', '7.3'])('tells nothing of Linux %s as it is', async (version) => {
    expect(await racesOf(`linux-source:debian:${version}`, 300)).toEqual([]);
  });
});
