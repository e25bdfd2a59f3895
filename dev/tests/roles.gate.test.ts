/** A producer and a consumer in C, judged over standard input and output; and what is said of those that go wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostReport } from '../../spec/formats/host-results.js';
import type { BackEnd, HostProgram } from '../../spec/host/vocabulary.js';
import { packageRoot } from '../../src/files/root.js';
import { allBackEnds } from '../../src/host/tiers.js';
import { openHostTarget } from '../../src/targets/roles/resolve.js';
import { extent } from './extent.js';
import { judgeRole } from './judge-role.js';

const SOURCES = join(packageRoot, 'conformance', 'harnesses', 'c');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'irqbypass-roles-'));
  await cp(SOURCES, folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Build an example from a copy of its source, in which a text may be exchanged. */
async function build(name: 'producer' | 'consumer', from = '', to = ''): Promise<string> {
  const program = join(folder, 'built', `example-${name}`);
  const source = await readFile(join(SOURCES, 'example', `${name}.c`), 'utf8');
  expect(source).toContain(from);
  await writeFile(join(folder, 'example', `${name}.c`), source.replace(from, to));
  const flags = '-Werror -g -O1 -fsanitize=address,undefined';
  // Whatever the clock says, the source is another.
  await rm(program, { force: true });
  await execa('make', ['-s', '-C', folder, `BUILD=${join(folder, 'built')}`, `CFLAGS=${flags}`, program]);
  return program;
}

/** The processes that run a program. */
function running(program: string): readonly string[] {
  const lineOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && lineOf(name).includes(program));
}

/** A device and a VM with an irqfd of one eventfd: a pair. */
const pairing: HostProgram = {
  backEnd: 'refusing',
  devices: [{ id: 'd0', driver: 'vfio-pci', vectors: 1 }],
  operations: [
    { operation: 'createEventfd', eventfd: 'e0' },
    { operation: 'openDevice', device: 'd0' },
    { operation: 'setIrqs', device: 'd0', index: 'msix', start: 0, eventfds: ['e0'] },
    { operation: 'createVm', vm: 'vm0', vcpus: 1 },
    { operation: 'assignIrqfd', vm: 'vm0', eventfd: 'e0', gsi: 1 },
    { operation: 'destroyVm', vm: 'vm0' },
  ],
};
const unpaired: HostProgram = { ...pairing, operations: pairing.operations.slice(0, -2) };

async function judge(
  program: string,
  role: 'producer' | 'consumer',
  programs: number,
  backEnds: readonly BackEnd[],
): Promise<HostReport> {
  const target = await openHostTarget(`exec:"${program}"`, role, undefined);
  try {
    return await judgeRole(role, target, { programs, backEnds });
  } finally {
    await target.close();
  }
}

/** Those that differ most: one maps nothing, one maps messages, and one follows lines as well. */
const someBackEnds: readonly BackEnd[] = ['refusing', 'vtd-posted', 'arm-forwarding'];

describe('in C', () => {
  for (const role of ['producer', 'consumer'] as const) {
    it(`the example ${role} breaks no rule`, { timeout: 180_000 }, async () => {
      const report = await judge(
        await build(role),
        role,
        extent(40, 40, 120),
        extent(someBackEnds, someBackEnds, allBackEnds),
      );
      expect(report.faults).toEqual([]);
      expect(report.findings.map(({ rule, forms }) => [rule, forms[0]?.broken])).toEqual([]);
      expect(report.volume.died).toBe(0);
    });
  }

  it('a producer that does not unregister is found out', { timeout: 180_000 }, async () => {
    const program = await build('producer', 'if (vector->registered)\n', 'if (0)\n');
    const report = await judge(program, 'producer', 20, ['arm-forwarding']);
    expect(report.exit).toBe(1);
    expect(report.rules.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule)).toContain('PROD-4');
  });

  it.each([
    ['dies', 'abort();', { type: 'crash', detail: 'ParticipantDied: SIGABRT' }],
    ['ends', 'exit(0);', { type: 'crash', detail: 'ParticipantDied: the process ended with status 0' }],
    [
      'does not return',
      'for (;;);',
      { type: 'hang', detail: 'ParticipantHung: nothing happened for the time of the watchdog' },
    ],
    [
      'knows that it hangs',
      'adapter_hang("it waits for itself");',
      { type: 'hang', detail: 'ParticipantHung: it waits for itself' },
    ],
  ])(
    'a consumer that %s is charged with it in the call that did it, and the next program runs',
    { timeout: 180_000 },
    async (_, what, end) => {
      const program = await build(
        'consumer',
        'if (back_end == REFUSES)\n',
        `if (back_end == REFUSES) { ${what} }\n\tif (0)\n`,
      );
      const address = `exec:env IRQBYPASS_ADAPTER_WATCHDOG_MS=1500 "${program}"`;
      const target = await openHostTarget(address, 'consumer', undefined);
      const traces = await target.run([pairing, unpaired, pairing, unpaired]);
      // The supervisor and its worker.
      expect(running(program)).toHaveLength(2);
      await target.close();
      expect(running(program)).toEqual([]);
      const ends = traces.map(({ events }) => events.at(-1));
      expect(ends).toEqual([end, { type: 'return', status: 0 }, end, { type: 'return', status: 0 }]);
      expect(traces[0]?.events.findLast(({ type }) => type === 'call')).toMatchObject({ operation: 'assignIrqfd' });
    },
  );

  it('a consumer that dies again and again: a finding, and no fault', { timeout: 180_000 }, async () => {
    const program = await build('consumer', 'if (back_end == REFUSES)\n', 'abort();\n\tif (0)\n');
    const report = await judge(program, 'consumer', 20, ['refusing', 'vtd-posted', 'arm-forwarding']);
    expect(report.faults).toEqual([]);
    // More often than a program is started anew: the process itself lives on.
    expect(report.volume.died).toBeGreaterThan(200);
    expect(report.findings.map(({ rule }) => rule)).toContain('DELIV-16');
  });
});
