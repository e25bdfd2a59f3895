/** Every interleaving of lanes on the real manager: as it is, without its locks, and used as nobody may. */
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { findProfile } from '../../spec/profiles/index.js';
import { parseScope } from '../../src/explore/scope.js';
import { exhaustManager } from '../../src/manager/exhaust.js';
import { manager } from '../../src/manager/manager.js';
import { exhaustiveLines } from '../../src/reports/certificate.js';
import {
  exploreSchedules,
  replaySchedule,
  type ScheduleOptions,
  type Schedules,
  schedulesText,
  tellSchedule,
} from '../../src/scheduler/index.js';
import { findManager } from '../../src/targets/linux-source/index.js';
import { openTarget, profileNamed } from '../../src/targets/resolve.js';
import { extent } from './extent.js';
import { withoutGuards } from './unguarded.js';

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('what the test is about is not there');
  return value;
}

const TWO_LANES: ScheduleOptions = { lanes: 2, operations: 1 };

async function explore(
  version: string,
  size: string,
  options: ScheduleOptions,
  edit: (source: string) => string = (source) => source,
): Promise<Schedules> {
  const found = await findManager(`debian:${version}`);
  const build = { ...found.build, source: edit(found.build.source) };
  return exploreSchedules(build, known(findProfile(found.detected.profile)), known(parseScope(size)), options);
}

describe('the interleavings of the real irqbypass.c', () => {
  test.each([
    ['6.12', 81],
    ['7.3', 49],
  ])('of Linux %s are all right, from each of %i states', async (version, roots) => {
    const schedules = await explore(version, '2x2x2', TWO_LANES);
    expect(schedules).toMatchObject({ complete: true, roots, findings: [] });
    expect(schedules.schedules).toBeGreaterThan(1_000_000);
    expect(schedulesText(schedules)).toMatch(
      /^interleavings of 2 lanes with 1 operation each, from \d+ states: complete/,
    );
  });

  test.each(['6.12', '7.3'])('of Linux %s are all right with two operations a lane on one pair', async (version) => {
    const schedules = await explore(version, '1x1x1', { lanes: 2, operations: 2 });
    expect(schedules).toMatchObject({ complete: true, findings: [] });
  });

  // By day what a run of the night does shows with one token; by night, all that it does.
  test.each(extent<readonly (readonly [string, number])[]>([], [['2x2x1', 9]], [['2x2x2', 49]]))(
    'of Linux 7.3 are all right with two operations a lane, as a run of the night has it, over %s',
    async (scope, roots) => {
      const target = await openTarget('linux-source:debian:7.3');
      try {
        const profile = profileNamed('linux-6.17');
        const coverage = manager.coverage('nightly', { scope: known(parseScope(scope)) });
        const ask = { target, profile, coverage, rules: manager.rules, allRules: true, seed: 1 };
        const { shown } = known(
          await exhaustManager(ask, 'nightly', () => undefined, { known: new Set(), most: 3, all: false }),
        );
        expect(shown.closed).toMatchObject({ closed: true, scope });
        expect(shown.wider).toMatchObject({ closed: true, scope: '3x3x3', stopped: 0 });
        expect(shown.interleavings).toMatchObject([
          { complete: true, lanes: 2, operations: 2, roots },
          { complete: true, lanes: 3, operations: 1, roots },
        ]);
        const lines = exhaustiveLines(shown, { color: pc.createColors(false), width: 1000 }).join('\n');
        expect(lines).toContain('closed over 3x3x3: ');
        expect(lines).toContain('every program of any length over it that uses the manager as it should be used');
      } finally {
        await target.close();
      }
    },
  );

  test.each(['6.12', '7.3'])('of Linux %s are all right with three lanes', async (version) => {
    const schedules = await explore(version, '2x1x1', { lanes: 3, operations: 1 });
    expect(schedules).toMatchObject({ complete: true, findings: [] });
  });

  test('of Linux 7.3 without its guards are found wrong, and each schedule replays 100 times of 100', async () => {
    const options: ScheduleOptions = { ...TWO_LANES, mostFindings: 12 };
    const schedules = await explore('7.3', '2x2x2', options, withoutGuards);
    expect(schedules.complete).toBe(false);
    const kinds = schedules.findings.map(({ what }) => what);
    expect(kinds).toContain('data race');
    expect(kinds).toContain('no order of the operations explains what they did');
    for (const finding of schedules.findings) {
      expect(finding.told.again).toBe(finding.what);
      expect(await replaySchedule(schedules, finding, options, 100)).toMatchObject({
        again: finding.what,
        times: 100,
        same: 100,
      });
    }
  });

  test('that are wrong are shown lane beside lane, with the lines of the source', async () => {
    const schedules = await explore('7.3', '1x1x1', { ...TWO_LANES, mostFindings: 12 }, withoutGuards);
    const race = known(schedules.findings.find(({ what }) => what === 'data race'));
    const { text } = await tellSchedule(schedules, race);
    expect(text).toMatch(/^data race\n/);
    expect(text).toMatch(/^lane 0 +lane 1$/m);
    expect(text).toMatch(/^ {40,}(reads|writes|array) irqbypass\.c:\d+ /m);
    expect(text).toMatch(/> writes irqbypass\.c:\d+ /);
  });

  test.each(['6.12', '7.3'])('of Linux %s race where lanes use one object at the same time', async (version) => {
    const schedules = await explore(version, '1x1x1', { ...TWO_LANES, sameObject: true });
    expect(schedules.findings.map(({ what }) => what)).toContain('data race');
  });

  test('that are too many are given up, and it is said', async () => {
    const schedules = await explore('7.3', '2x2x2', { ...TWO_LANES, mostStates: 1000 });
    expect(schedulesText(schedules)).toMatch(/not complete, there are more states than were to be explored$/);
  });
});
