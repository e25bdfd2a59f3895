/** Lanes of system calls on the reference host with its locks, and on hosts that are wrong only when two calls meet. */
import { describe, expect, test } from 'vitest';
import { laneMutants } from '../../conformance/host/lanes/mutants.js';
import { type LaneProgram, lanePrograms } from '../../conformance/host/lanes/programs.js';
import { runOnHost } from '../../reference/host/host.js';
import type { LaneParticipants } from '../../reference/host/lanes/host.js';
import type { HostEvent, HostOperation } from '../../spec/host/vocabulary.js';
import { core } from '../../spec/profiles/core.js';
import { exploreLanes, replayLanes } from '../../src/host-lanes/explore.js';
import { renderLanes } from '../../src/host-lanes/render.js';
import { LaneRun } from '../../src/host-lanes/run.js';
import { extent } from './extent.js';

const named = (name: string): LaneProgram => {
  const found = lanePrograms.find((program) => program.name === name);
  if (found === undefined) throw new Error(`there is no program "${name}"`);
  return found;
};

/** One lane after the other, either first. */
function* oneAfterAnother({ before, lanes, after }: LaneProgram): Generator<readonly HostOperation[]> {
  yield [...before, ...lanes.flat(), ...after];
  yield [...before, ...[...lanes].reverse().flat(), ...after];
}

/** All that happens, call by call; what a worker does for a call comes before its return. */
function inSteps(program: LaneProgram, before: readonly HostOperation[], participants?: LaneParticipants) {
  const calls: HostEvent[][] = before.map(() => []);
  for (const { call, event } of LaneRun.ready({ ...program, before }, participants).events) calls[call]?.push(event);
  return calls.flatMap((events) => [
    ...events.filter(({ type }) => type !== 'return'),
    ...events.filter(({ type }) => type === 'return'),
  ]);
}

describe('a host in steps, one call after another', () => {
  test.each(lanePrograms)('does as the reference host does, event by event: $name', (program) => {
    for (const operations of oneAfterAnother(program)) {
      const { events } = runOnHost({ ...program, operations }, core);
      expect(inSteps(program, operations)).toEqual(events);
    }
  });

  test.each(laneMutants)('does so where it is wrong only among lanes: $name', ({ program: name, participants }) => {
    const program = named(name);
    for (const operations of oneAfterAnother(program)) {
      expect(inSteps(program, operations, participants)).toEqual(runOnHost({ ...program, operations }, core).events);
    }
  });
});

test.each(extent([named('deassign against a change of route')], lanePrograms))(
  'one order of the calls explains every end: $name',
  (program) => {
    const exploration = exploreLanes(program, core);
    expect(exploration).toMatchObject({ complete: true, findings: [] });
    expect(exploration.outcomes).toBeGreaterThan(1);
    expect(exploration.schedules).toBeGreaterThan(10);
  },
);

const some = laneMutants.filter(({ name }) => /adds-without|backwards/.test(name));

describe.each(extent(some, laneMutants))('the wrong host $name', ({ rule, program: name, participants }) => {
  const program = named(name);
  const exploration = exploreLanes(program, core, participants);

  test(`breaks ${rule}`, () => {
    expect(exploration.findings.flatMap(({ rules }) => rules)).toContain(rule);
  });

  test('replays 100 times of 100', () => {
    for (const { choices, rules, text } of exploration.findings) {
      for (let time = 0; time < extent(3, 100); time++) {
        expect(replayLanes(program, core, participants, choices)).toMatchObject({ rules, text });
      }
    }
  });

  test('is shown lane beside lane', () => {
    const text = renderLanes([exploration], 0);
    expect(text).toMatch(/^ {4}lane 0 {40}lane 1/m);
    expect(text).toContain('finding');
  });
});
