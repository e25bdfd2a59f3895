/** Runs on hosts: the reference conforms on every profile and back end, and findings are canonical. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateHostProgram } from '../../conformance/generators/host.js';
import { bitsFrom } from '../../conformance/generators/random.js';
import { hostMachine, hostWalks } from '../../conformance/host/scope.js';
import { runOnHost } from '../../reference/host/host.js';
import { core } from '../../spec/profiles/core.js';
import { packageRoot } from '../../src/files/root.js';
import { validate } from '../../src/formats/validate.js';
import { allBackEnds } from '../../src/host/tiers.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { extent, someProfiles } from './extent.js';
import { judgeRole } from './judge-role.js';

describe('the reference host', () => {
  test.each(someProfiles.map(({ name }) => name))(
    'breaks no rule on the manager of %s',
    { timeout: 60_000 },
    async (name) => {
      const target = await openHostTarget('reference', 'host', name);
      const report = await judgeRole('host', target, { programs: extent(60, 120, 300) });
      expect(report.findings.map(({ rule, forms }) => [rule, forms[0]?.broken])).toEqual([]);
      expect(report.faults).toEqual([]);
    },
  );
});

test('the walks of the small scope take every transition', { timeout: 60_000 }, () => {
  const machine = hostMachine('vtd-posted', core);
  const taken = new Set([...hostWalks(machine)].flatMap(({ path }) => path));
  expect(taken.size).toBe(machine.transitions.length);
});

test('random programs and what they do fit their schemas', () => {
  const bits = bitsFrom(7);
  for (const backEnd of allBackEnds) {
    for (let count = 0; count < 25; count++) {
      const program = generateHostProgram(bits, backEnd, core);
      expect(validate('host-program', program)).toMatchObject({ ok: true });
      expect(validate('host-trace', runOnHost(program, core))).toMatchObject({ ok: true });
    }
  }
});

describe('a participant in a module', () => {
  const fixture = join(packageRoot, 'src/targets/roles/fixtures/silent-producer.mjs');

  test('is judged as what it exports', { timeout: 60_000 }, async () => {
    const target = await openHostTarget(`module:${fixture}`, 'producer', undefined);
    const report = await judgeRole('producer', target, { programs: 20, backEnds: ['vtd-posted'] });
    expect(report.exit).toBe(1);
    // A call on a device that is not open is told apart first; that nobody registers is broken all the same.
    expect(report.rules.filter(({ broken }) => broken > 0).map(({ rule }) => rule)).toContain('PROD-7');
  });

  test('cannot play a role that it does not export', async () => {
    await expect(openHostTarget(`module:${fixture}`, 'consumer', undefined)).rejects.toThrow(/createConsumers/);
    await expect(openHostTarget('module:./nonexistent.mjs', 'producer', undefined)).rejects.toThrow(/there is no file/);
  });
});
