/** The reference host on a back end whose small scope is covered completely: the certificate says so, and what it saw. */
import { expect, test } from 'vitest';
import { validate } from '../../src/formats/validate.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { judgeRole } from './judge-role.js';

test('the reference host conforms on refusing, whose small scope is covered completely', async () => {
  const target = await openHostTarget('reference', 'host', undefined);
  const report = await judgeRole('host', target, { scope: true, backEnds: ['refusing'], programs: 50 });
  expect(report.findings).toEqual([]);
  expect(report.certificate?.complete).toBe(true);
  expect(report.certificate?.backEnds[0]).toMatchSnapshot();
  expect(validate('host-report', report)).toMatchObject({ ok: true });
});
