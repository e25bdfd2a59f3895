/** What only shows behind a known defect: BAL-1, of a manager that forgets to start consumers again. */
import { expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import type { Event, ManagerOperation } from '../../spec/vocabulary.js';
import { toBaseline } from '../../src/engine/baseline.js';
import { replay } from '../../src/engine/replay.js';
import { manager } from '../../src/manager/manager.js';
import { openTarget } from '../../src/targets/resolve.js';
import type { Target } from '../../src/targets/target.js';
import { judgeManager } from './judge-manager.js';

const CONNECTS = ['registerProducer', 'registerConsumer'] as const;
const ALL = [...CONNECTS, 'unregisterProducer', 'unregisterConsumer'] as const;

const reference = await openTarget('reference');

/** The reference, but that consumers are not started again in some operations. */
function forgetsIn(operations: readonly ManagerOperation['operation'][]): Target {
  const { address, hello } = reference;
  return {
    address,
    hello,
    run: async (programs) =>
      (await reference.run(programs)).map((outcome) => ({
        ...outcome,
        events: forgetting(outcome.events, operations),
      })),
    close: () => Promise.resolve(),
  };
}

function forgetting(events: readonly Event[], operations: readonly string[]): readonly Event[] {
  let under = '';
  return events.filter((event) => {
    if (event.type === 'call') under = event.operation;
    const isStart = (event.type === 'enter' || event.type === 'leave') && event.callback === 'start';
    return !(isStart && event.object.startsWith('c') && operations.includes(under));
  });
}

const wrong = forgetsIn(CONNECTS);
const worse = forgetsIn(ALL);

async function baselineOf(target: Target) {
  const report = await judgeManager(target, { programs: 300, everyDefect: true });
  expect(report.faults).toEqual([]);
  return toBaseline(manager, report, target.address, core, undefined);
}

test('a baseline hides no defect that only shows behind one of its own', async () => {
  const report = await judgeManager(worse, { programs: 300, baseline: await baselineOf(wrong) });
  const [finding, ...others] = report.findings;
  if (finding === undefined) throw new Error('there is no finding');
  expect([report.exit, others, finding.key]).toEqual([1, [], 'paired: wrong callbacks']);
  expect(finding.forms.map(({ key }) => key).toSorted()).toEqual([
    'unregisterConsumer, paired: without consumer.start',
    'unregisterProducer, paired: without consumer.start',
  ]);
  for (const { behind } of finding.forms) expect(behind?.length).toBeGreaterThan(0);
  expect(report.behindKnown).toBeGreaterThan(0);
  expect((await replay(manager, finding, worse, core, () => 0)).findings[0]?.name).toBe(finding.name);
  expect((await replay(manager, finding, wrong, core, () => 0)).exit).toBe(0);
});

test('a baseline lists what shows behind what it lists, and makes both known from any seed', async () => {
  const baseline = await baselineOf(worse);
  const report = await judgeManager(worse, { programs: 300, seed: 2, baseline });
  expect(report).toMatchObject({ findings: [], stale: [] });
  expect(report.known.map(({ key }) => key)).toContain('paired: wrong callbacks');
  const mended = await judgeManager(wrong, { programs: 300, seed: 2, baseline });
  expect(new Set(mended.stale.map(({ key }) => key))).toEqual(new Set(['paired: wrong callbacks']));
});

test('a manager with one known defect is right behind it', async () => {
  const report = await judgeManager(wrong, { programs: 300, seed: 2, baseline: await baselineOf(wrong) });
  expect(report.findings).toEqual([]);
  expect(report.behindKnown).toBeGreaterThan(0);
});
