/** Real VFIO, KVM and manager in one kernel: user space does nothing for the bypass, and the pairs are made. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linux47 } from '../../spec/profiles/linux-4.7.js';
import { rules } from '../../spec/rules/index.js';
import { validate } from '../../src/formats/validate.js';
import type { Guest } from '../../src/observe/guest.js';
import { openKernel } from '../../src/observe/kernel.js';
import { observeLanes } from '../../src/observe/lanes.js';
import { observe, paceOf, programsOf } from '../../src/observe/observe.js';
import { observedText } from '../../src/observe/render.js';
import { observedHost } from '../../src/observe/subject.js';
import { ObservedTarget, openObserved } from '../../src/observe/target.js';
import { traceOf } from '../../src/observe/trace.js';
import { twoOnOneEvent } from '../../src/observe/written.js';
import { readRecording } from '../../src/recording/read.js';
import { TargetError } from '../../src/targets/target.js';

describe('on Linux 6.1', () => {
  let opened: Awaited<ReturnType<typeof openKernel>>;
  let guest: Guest;

  beforeAll(async () => {
    opened = await openKernel('6.1', () => undefined);
    guest = opened.guest;
  }, 300_000);
  afterAll(async () => guest?.close());

  test('the rules hold, with exposures', { timeout: 120_000 }, async () => {
    const target = new ObservedTarget('observe:debian:6.1', opened.hello, guest, opened.another, { paceOf });
    const { report, observed } = await observe({
      target,
      profile: linux47,
      rules,
      hostRules: observedHost('amd-avic').rules,
      allRules: true,
      seed: 1,
      programs: 3,
      length: 24,
      now: () => 0,
    });
    expect(report).toMatchObject({ exit: 0, findings: [], faults: [], command: 'observe' });
    for (const rule of ['PAIR-1', 'CALL-1', 'CALL-2', 'BAL-1', 'BAL-2', 'ISO-1']) {
      expect(report.rules.find((one) => one.rule === rule)).toMatchObject({ verdict: 'pass' });
    }
    expect(report.recorded?.withheld).toEqual([]);
    expect(report.hello?.facts?.release).toMatch(/^6\.1\./);
    for (const { trace } of observed) expect(validate('host-trace', trace)).toMatchObject({ ok: true });
    expect(validate('host-report', report)).toMatchObject({ ok: true });
  });

  test('two lanes of system calls meet, and the rules hold', { timeout: 120_000 }, async () => {
    const { report, raced } = await observeLanes(guest, {
      address: 'observe:debian:6.1',
      hello: opened.hello,
      profile: linux47,
      rules,
      allRules: true,
      // From the first that closes a device on, whose calls take long enough to meet each time.
      seed: 13,
      programs: 3,
      now: () => 0,
    });
    expect(report).toMatchObject({ exit: 0, findings: [], faults: [] });
    expect(raced.map(({ name }) => name)).toEqual([
      'close of the device against SET_IRQS',
      'close of the device against deassign',
      'close of the device against close of the eventfd',
    ]);
    expect(raced.reduce((sum, { met }) => sum + met, 0)).toBeGreaterThan(0);
    expect(validate('report', report)).toMatchObject({ ok: true });
  });

  test('a program does the same each time it runs', { timeout: 120_000 }, async () => {
    const [program] = programsOf(1, 1, 24, 'amd-avic');
    if (program === undefined) throw new Error('no program');
    const traces = [];
    for (let time = 0; time < 2; time++) {
      const observation = await guest.run(program);
      traces.push(
        observedText(traceOf(program, observation, readRecording(observation.text, 'again'))).map(withoutIrq),
      );
    }
    expect(traces[1]).toEqual(traces[0]);
  });

  test('a guest that ends in the middle is told as such, and nothing is charged', { timeout: 120_000 }, async () => {
    const [program] = programsOf(2, 1, 24, 'amd-avic');
    if (program === undefined) throw new Error('no program');
    const running = guest.run(program);
    await guest.close();
    await expect(running).rejects.toThrow(TargetError);
    await expect(running).rejects.toThrow(/Linux 6\.1\S* could not be observed: the guest ended during/);
  });
});

describe('on Linux 6.12 of arm64', () => {
  test('two GSIs on one event make the kernel report a defect, which is charged to the call', {
    timeout: 300_000,
  }, async () => {
    const target = await openObserved('observe:debian:6.12@arm64', '6.12@arm64', () => undefined);
    try {
      const subject = observedHost(target.first.stage.backEnd);
      const judge = subject.judge({ profile: linux47, rules: subject.rules, allRules: true });
      const [outcome] = await target.run([twoOnOneEvent]);
      const trace = subject.trace(twoOnOneEvent, outcome?.events ?? []);
      expect(judge.judge(trace).breaches.map(({ rule }) => rule)).toContain('HOST-1');
      expect(outcome?.log).toMatch(/vgic|lpi_write_config/);
      // The next program meets a kernel that is as new.
      const [program] = programsOf(1, 1, 24, 'arm-forwarding');
      const [next] = await target.run(program === undefined ? [] : [program]);
      expect(next?.fault).toBeUndefined();
      expect(next?.events.some(({ type }) => type === 'guestHalted')).toBe(true);
    } finally {
      await target.close();
    }
  });
});

/** The host's interrupt numbers are given out by the kernel, as they are free. */
function withoutIrq(line: string): string {
  return line.replace(/irq \d+/g, 'irq N');
}
