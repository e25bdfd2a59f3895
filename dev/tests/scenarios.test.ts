/** Every scenario on everything that is at hand: the reference under five profiles, a mutant, the kernels of Debian. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMutant } from '../../conformance/mutants/index.js';
import { actionsOf, notShown, scenarios, type Version, versions } from '../../conformance/scenarios/scenarios.js';
import { createReferenceManager } from '../../reference/index.js';
import { findProfile } from '../../spec/profiles/index.js';
import type { Trace } from '../../spec/vocabulary.js';
import { debianVersions, profileOfDebian } from '../../src/targets/debian/kernels.js';
import { play } from '../../src/targets/in-process.js';
import { openTarget } from '../../src/targets/resolve.js';
import type { Target } from '../../src/targets/target.js';
import { unavailable } from './needs.js';

/** The scenarios in which it is known what the code of a version does, and what that is. */
const inCode = (version: string) =>
  scenarios.flatMap((scenario) => {
    const lines = scenario.code?.[version as Version] ?? scenario.intended[version as Version];
    return lines === undefined ? [] : [[scenario.id, scenario.title, scenario.program, lines] as const];
  });

test('the table is whole: 29 numbers, less two that were never given', () => {
  const ids = [...scenarios.map(({ id }) => id), ...Object.keys(notShown)];
  const expected = Array.from({ length: 29 }, (_, index) => `S${String(index + 1).padStart(2, '0')}`);
  expect(ids.sort()).toEqual(expected.filter((id) => id !== 'S10' && id !== 'S19'));
});

describe.each(versions)('reference:%s', (version) => {
  const profile = findProfile(version);
  const defined = scenarios.filter((scenario) => scenario.intended[version] !== undefined);
  test.each(defined.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
    '%s: %s',
    (_, __, scenario) => {
      if (profile === undefined) throw new Error(version);
      const events = play(scenario.program, (environment) => createReferenceManager(profile, environment));
      expect(actionsOf({ objects: scenario.program.objects, events })).toEqual(scenario.intended[version]);
    },
  );
});

describe('mutant:linux-5.9', () => {
  test.each(inCode('linux-5.9'))('%s: %s', (_, __, program, lines) => {
    const create = findMutant('linux-5.9')?.create;
    if (create === undefined) throw new Error('no such mutant');
    expect(actionsOf({ objects: program.objects, events: play(program, create) })).toEqual(lines);
  });
});

const missing = await unavailable('linux-source');
describe.skipIf(missing !== undefined)(missing ?? 'the code of kernels', () => {
  describe.each(debianVersions)('linux %s', (version) => {
    let target: Target;
    beforeAll(async () => {
      target = await openTarget(`linux-source:debian:${version}`);
    }, 600_000);
    afterAll(async () => {
      await target?.close();
    });
    test.each(inCode(profileOfDebian(version).name))('%s: %s', async (_, __, program, lines) => {
      const [outcome] = await target.run([program]);
      const trace: Trace = { objects: program.objects, events: outcome?.events ?? [] };
      expect(actionsOf(trace)).toEqual(lines);
    });
  });
});
