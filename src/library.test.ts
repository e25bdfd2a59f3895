/** A run as a library: what is not said is as on the command line. */
import { expect, test } from 'vitest';
import { createReferenceManager } from '../reference/index.js';
import { core } from '../spec/profiles/core.js';
import { run } from './library.js';
import { openTarget } from './targets/resolve.js';

const PROGRAMS = { programs: 300 };

test('an address is enough', async () => {
  const report = await run({ target: 'mutant:no-roll-back', ...PROGRAMS });
  expect([report.exit, report.profile, report.seed, report.tier]).toEqual([1, 'core', 1, 'smoke']);
  expect(report.findings[0]?.rule).toBe('FAIL-2');
});

test('what makes a manager is a target, too', async () => {
  const report = await run({ target: (environment) => createReferenceManager(core, environment), ...PROGRAMS });
  expect([report.exit, report.findings]).toEqual([0, []]);
});

test('a target that is open stays open', async () => {
  const target = await openTarget('reference:linux-6.17');
  const [first, second] = [await run({ target, ...PROGRAMS }), await run({ target, ...PROGRAMS, seed: 2 })];
  expect([first.exit, second.exit, second.profile]).toEqual([0, 0, 'linux-6.17']);
});
