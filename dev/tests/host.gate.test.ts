/** What takes seconds of hosts: a small scope that is covered completely, and a finding that is the same from any seed. */
import { describe, expect, test } from 'vitest';
import { core } from '../../spec/profiles/core.js';
import { replay } from '../../src/engine/replay.js';
import { verify } from '../../src/engine/verify.js';
import { validate } from '../../src/formats/validate.js';
import { host } from '../../src/host/host.js';
import { pretty } from '../../src/reports/pretty.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { judgeRole } from './judge-role.js';

test('the reference host conforms on refusing, whose small scope is covered completely', async () => {
  const target = await openHostTarget('reference', 'host', undefined);
  const report = await judgeRole('host', target, { scope: true, backEnds: ['refusing'], programs: 50 });
  expect(report.findings).toEqual([]);
  expect(report.certificate?.complete).toBe(true);
  expect(report.certificate?.backEnds[0]).toMatchSnapshot();
  expect(validate('host-report', report)).toMatchObject({ ok: true });
  expect(verify(host('host'), report, core)).toMatchObject({ problems: [], certified: true });
  const [refusing] = report.certificate?.backEnds ?? [];
  if (report.certificate === null || refusing === undefined) throw new Error('there is no certificate');
  const certificate = { ...report.certificate, backEnds: [{ ...refusing, states: { covered: 1, all: 1 } }] };
  expect(verify(host('host'), { ...report, certificate }, core).problems).toEqual([
    expect.stringMatching(/certificate\.backEnds\.0\.states\.covered is 1, and would be \d+ in a complete one$/),
  ]);
});

const producer = host('producer');

describe('a finding', () => {
  const findingsWith = async (seed: number) => {
    const target = await openHostTarget('mutant:vfio-free-irq-first', 'producer', undefined);
    const report = await judgeRole('producer', target, { programs: 300, seed });
    return { target, report };
  };

  test('is the same from any seed, says what happened, and is replayed', { timeout: 60_000 }, async () => {
    const { target, report } = await findingsWith(1);
    const other = await findingsWith(2);
    const program = (of: typeof report) => of.findings.find(({ rule }) => rule === 'PROD-2')?.forms[0]?.program;
    expect(program(report)).toEqual(program(other.report));
    const [finding] = report.findings.filter(({ rule }) => rule === 'PROD-2');
    if (finding === undefined) throw new Error('there is no finding of PROD-2');
    expect(validate('host-finding', finding)).toMatchObject({ ok: true });
    expect((await replay(producer, finding, target, core, () => 0)).exit).toBe(1);
    const reference = await openHostTarget('reference', 'producer', undefined);
    expect((await replay(producer, finding, reference, core, () => 0)).exit).toBe(0);
    const shown = { ...report, findings: [finding], volume: { ...report.volume, programs: 1 } };
    const text = pretty.render(shown, { colors: false, width: 100 });
    expect(text.slice(text.indexOf('Finding 1'))).toMatchSnapshot();
  });
});
