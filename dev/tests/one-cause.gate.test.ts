/** A manager that is wrong only in a crowd loses one thing, and shows it in many ways: that is one finding. */
import { expect, test } from 'vitest';
import { manager } from '../../src/manager/manager.js';
import { openTarget } from '../../src/targets/resolve.js';
import { judgeManager } from './judge-manager.js';

test.each([
  ['loses-fifth-producer', 'with 5 producers at once'],
  ['has-room-for-eight-consumers', 'with 9 consumers at once'],
  ['loses-one-when-it-grows', 'with 17 objects at once'],
  ['ring-of-sixty-four', 'with 65 objects at once'],
])('mutant:%s is wrong %s', async (name, key) => {
  const target = await openTarget(`mutant:${name}`);
  const { programs } = manager.tiers.smoke;
  const { findings, rules } = await judgeManager(target, { programs, tier: 'smoke' });
  expect(findings.map((finding) => finding.key)).toEqual([key]);
  expect(rules.filter(({ verdict }) => verdict === 'inconclusive')).toEqual([]);
});
