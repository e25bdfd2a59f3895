/** The script that `record` prints, on a real kernel: it records there what `observe` sees. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from '../../spec/rules/index.js';
import { check } from '../../src/check/check.js';
import { guestsOf } from '../../src/observe/boot.js';
import { programsOf } from '../../src/observe/observe.js';
import { readRecording } from '../../src/recording/read.js';
import { recordScript } from '../../src/recording/script.js';
import { fetchKernel } from '../../src/targets/linux/packages.js';
import { profileNamed } from '../../src/targets/resolve.js';

/** The applets that the script takes. */
const APPLETS = ['sh', 'cat', 'grep', 'id', 'kill', 'ls', 'mkdir', 'rmdir', 'sleep', 'tr', 'uname'];

test('the script records in a kernel what observe sees', { timeout: 300_000 }, async () => {
  const kernel = await fetchKernel('6.1');
  const makeGuest = await guestsOf(kernel, 'token-in-object', () => undefined, [
    { path: 'bin' },
    ...APPLETS.map((name) => ({ path: `bin/${name}`, contents: readFileSync('/usr/bin/busybox'), executable: true })),
    { path: 'record.sh', contents: Buffer.from(recordScript(undefined)) },
  ]);
  const guest = await makeGuest();
  try {
    const shell = (text: string) => guest.ask(`run\t${text}`);
    expect(await shell('export PATH=/bin; sh /record.sh /trace 2>/log & echo $! >/pid')).toBe(0);
    expect(await shell('until grep -q recording /log; do sleep 1; done')).toBe(0);
    const [program] = programsOf(3, 1, 24, 'amd-avic');
    if (program === undefined) throw new Error('no program');
    const observation = await guest.run(program);
    expect(observation.statuses).toHaveLength(program.operations.length);
    expect(await shell('kill $(cat /pid); until grep -q returns /log; do sleep 1; done')).toBe(0);
    const recording = readRecording([...(await guest.read('/trace')), ''].join('\n'), 'trace');
    expect(recording.facts).toMatchObject({ release: guest.release, generation: 'token-in-object', missed: '0' });
    const heading = { command: 'check', target: 'trace', hello: null, seed: null } as const;
    const report = check(
      { traces: [], recordings: [recording] },
      profileNamed('linux-4.7'),
      rules,
      true,
      () => 0,
      heading,
    );
    expect(report).toMatchObject({ exit: 0, findings: [], faults: [] });
    expect(report.volume.operations).toBeGreaterThan(0);
    expect(await shell('ls /sys/kernel/tracing/instances/irqbypass_spec')).not.toBe(0);
  } finally {
    await guest.close();
  }
});
