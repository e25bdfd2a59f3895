/** Every scenario on the code of Debian's kernels. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionsOf } from '../../conformance/scenarios/scenarios.js';
import type { Trace } from '../../spec/vocabulary.js';
import { debianVersions, profileOfDebian } from '../../src/targets/debian/kernels.js';
import { openTarget } from '../../src/targets/resolve.js';
import type { Target } from '../../src/targets/target.js';
import { inCode } from './in-code.js';

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
