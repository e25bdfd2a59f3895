/** Every scenario on the reference under five profiles, and on a mutant. */
import { describe, expect, test } from 'vitest';
import { findMutant } from '../../conformance/mutants/index.js';
import { actionsOf, notShown, scenarios, versions } from '../../conformance/scenarios/scenarios.js';
import { createReferenceManager } from '../../reference/index.js';
import { findProfile } from '../../spec/profiles/index.js';
import { play } from '../../src/targets/in-process.js';
import { inCode } from './in-code.js';

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
