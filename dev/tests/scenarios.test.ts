/** Every scenario on everything that is at hand: the reference under five profiles, a mutant, two kernels. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMutant } from '../../conformance/mutants/index.js';
import {
  actionsOf,
  type Code,
  notShown,
  type Scenario,
  scenarios,
  type Version,
} from '../../conformance/scenarios/scenarios.js';
import { createReferenceManager } from '../../reference/index.js';
import { findProfile } from '../../spec/profiles/index.js';
import type { Trace } from '../../spec/vocabulary.js';
import { play } from '../../src/targets/in-process.js';
import { openTarget } from '../../src/targets/resolve.js';
import type { Target } from '../../src/targets/target.js';
import { unavailable } from './needs.js';

const VERSION_OF: Readonly<Record<Code, Version>> = {
  'linux 6.12': 'linux-4.7',
  'linux 7.3': 'linux-6.17',
  'mutant:linux-5.9': 'linux-5.9',
};

const expectedOf = (scenario: Scenario, code: Code) => scenario.code?.[code] ?? scenario.intended[VERSION_OF[code]];

test('the table is whole: 29 numbers, less two that were never given', () => {
  const ids = [...scenarios.map(({ id }) => id), ...Object.keys(notShown)];
  const expected = Array.from({ length: 29 }, (_, index) => `S${String(index + 1).padStart(2, '0')}`);
  expect(ids.sort()).toEqual(expected.filter((id) => id !== 'S10' && id !== 'S19'));
});

describe.each(['premerge-2015', 'linux-4.4', 'linux-5.9', 'linux-4.7', 'linux-6.17'] as const)(
  'reference:%s',
  (version) => {
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
  },
);

describe('mutant:linux-5.9', () => {
  const defined = scenarios.filter((scenario) => expectedOf(scenario, 'mutant:linux-5.9') !== undefined);
  test.each(defined.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
    '%s: %s',
    (_, __, scenario) => {
      const create = findMutant('linux-5.9')?.create;
      if (create === undefined) throw new Error('no such mutant');
      const events = play(scenario.program, create);
      expect(actionsOf({ objects: scenario.program.objects, events })).toEqual(
        expectedOf(scenario, 'mutant:linux-5.9'),
      );
    },
  );
});

const missing = await unavailable('linux-source');
describe.skipIf(missing !== undefined)(missing ?? 'the code of two kernels', () => {
  describe.each(['linux 6.12', 'linux 7.3'] as const)('%s', (code) => {
    let target: Target;
    beforeAll(async () => {
      target = await openTarget(`linux-source:debian:${code.slice('linux '.length)}`);
    }, 600_000);
    afterAll(async () => {
      await target?.close();
    });
    const defined = scenarios.filter((scenario) => expectedOf(scenario, code) !== undefined);
    test.each(defined.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
      '%s: %s',
      async (_, __, scenario) => {
        const [outcome] = await target.run([scenario.program]);
        const trace: Trace = { objects: scenario.program.objects, events: outcome?.events ?? [] };
        expect(actionsOf(trace)).toEqual(expectedOf(scenario, code));
      },
    );
  });
});
