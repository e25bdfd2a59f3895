/** Real kernels: they do what their sources do, their oopses are charged to operations, and their ends are told apart. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { childrenOf, gone } from '../../conformance/harnesses/linux-kernel/processes.js';
import {
  c0,
  p0,
  p1,
  registerC0,
  registerP0,
  registerP1,
  unregisterP0,
  unregisterP1,
} from '../../conformance/harnesses/operations.js';
import { findProfile } from '../../spec/profiles/index.js';
import { rules } from '../../spec/rules/index.js';
import type { Event, Program } from '../../spec/vocabulary.js';
import { run } from '../../src/engine/run.js';
import { packageRoot } from '../../src/files/root.js';
import { NOT_ASKED } from '../../src/manager/certificate.js';
import { manager } from '../../src/manager/manager.js';
import { askNullToken } from '../../src/manager/null-token.js';
import { makeSuites } from '../../src/suites/suites.js';
import { debianVersions } from '../../src/targets/debian/kernels.js';
import { prepareLinux } from '../../src/targets/linux/index.js';
import { fetchKernel } from '../../src/targets/linux/packages.js';
import { openTarget } from '../../src/targets/resolve.js';
import { startStdioTarget } from '../../src/targets/stdio.js';
import type { Target } from '../../src/targets/target.js';
import { extent } from './extent.js';

const MINUTES = 60_000;
/** QEMU's name, as the kernel cuts it. */
const QEMU = 'qemu-system-x86';

let opened: Target[] = [];
const open = async (address: string): Promise<Target> => {
  const target = await openTarget(address);
  opened.push(target);
  return target;
};
afterEach(async () => {
  await Promise.all(opened.map((target) => target.close()));
  opened = [];
});

/** Targets that are asked and nothing else, so that several tests may ask the same one. */
const kept = new Map<string, Promise<Target>>();
const ask = (address: string): Promise<Target> => {
  const target = kept.get(address) ?? openTarget(address);
  kept.set(address, target);
  return target;
};
afterAll(async () => {
  for (const target of kept.values()) await (await target).close();
});

const alone: Program = { objects: [p0], lanes: [[registerP0]] };
const corrupting: Program = { objects: [p0, p1], lanes: [[registerP0, registerP1, unregisterP1]] };

/** What happened, without what a log says and how a crash is described. */
const bare = (events: readonly Event[]): readonly unknown[] =>
  events
    .filter(({ type }) => type !== 'log')
    .map((event) => (event.type === 'crash' || event.type === 'hang' ? event.type : event));

describe('real kernels', () => {
  // The source of 6.1 is that of 6.12; by day the gate holds its kernel against the baseline, as the others.
  test.each(
    extent(
      [],
      debianVersions.filter((version) => version !== '6.1'),
      debianVersions,
    ),
  )(
    'every program of the tour gives the same trace on the kernel %s and on its source',
    async (version) => {
      const [kernel, source] = await Promise.all([
        ask(`linux:debian:${version}`),
        ask(`linux-source:debian:${version}`),
      ]);
      const profile = findProfile(source.hello.profile ?? '');
      expect(kernel.hello.profile).toBe(source.hello.profile);
      if (profile === undefined) throw new Error('the source claims a profile that there is not');
      const noFault = (text: string) => {
        throw new Error(text);
      };
      const nullToken = await askNullToken(kernel, profile, noFault);
      expect(nullToken).toEqual(await askNullToken(source, profile, noFault));
      // A kernel without fault injection cannot be asked for what happens without memory; all else, both can.
      const capabilities = new Set(kernel.hello.capabilities);
      const { suites } = makeSuites(profile, capabilities, nullToken ?? NOT_ASKED, manager.tiers.smoke.coverage);
      const programs = suites.flatMap((suite) => [...suite.plan().programs()].map(({ program }) => program));
      const [real, compiled] = await Promise.all([kernel.run(programs), source.run(programs)]);
      expect(programs.length).toBeGreaterThan(300);
      for (const [index, program] of programs.entries()) {
        expect(real[index]?.fault).toBeUndefined();
        expect([program, bare(real[index]?.events ?? [])]).toEqual([program, bare(compiled[index]?.events ?? [])]);
      }
    },
    5 * MINUTES,
  );

  // By day, the gate holds each kernel and its source against the same baseline.
  test.each(extent([], [], debianVersions))(
    'the findings on the kernel %s are those on its source, by hash',
    async (version) => {
      const hashes = async (address: string): Promise<readonly string[]> => {
        const target = await ask(address);
        const profile = findProfile(target.hello.profile ?? '');
        if (profile === undefined) throw new Error('it claims a profile that there is not');
        const options = { target, profile, rules, allRules: true, seed: 1, programs: 500, tier: null, now: () => 0 };
        const { findings, faults } = await run(manager, options);
        expect(faults).toEqual([]);
        return findings.map(({ name }) => name).sort();
      };
      const real = await hashes(`linux:debian:${version}`);
      expect(real.length).toBeGreaterThan(0);
      expect(real).toEqual(await hashes(`linux-source:debian:${version}`));
    },
    5 * MINUTES,
  );

  test(
    'an oops is charged to the operation it comes in, with the report of the kernel, and the next program runs',
    async () => {
      const kernel = await ask('linux:debian:6.12');
      const outcomes = await kernel.run([corrupting, alone, corrupting]);
      expect(outcomes[0]?.events.slice(-2)).toEqual([
        { type: 'call', ...unregisterP1 },
        { type: 'crash', detail: 'list_del corruption, p1->next is NULL: kernel BUG at lib/list_debug.c:52!' },
      ]);
      expect(outcomes[0]?.log).toMatch(/Call Trace:[\s\S]* irq_bypass_unregister_producer\+/);
      expect(outcomes[1]?.events).toHaveLength(2);
      expect(outcomes[2]?.events).toEqual(outcomes[0]?.events);
    },
    MINUTES,
  );

  test(
    'a warning is a log event inside its operation, in every program that causes it',
    async () => {
      const kernel = await ask('linux:debian:7.3');
      const twice: Program = { objects: [p0], lanes: [[registerP0, registerP0]] };
      for (const { events } of await kernel.run([twice, twice])) {
        expect(events.slice(-3)).toEqual([
          { type: 'call', ...registerP0 },
          {
            type: 'log',
            level: 'warning',
            text: expect.stringMatching(/^WARNING at virt\/lib\/irqbypass\.c:\d+, in irq_bypass_register_producer$/),
          },
          { type: 'return', status: -22 },
        ]);
      }
    },
    MINUTES,
  );

  test(
    'a deadlock is a hang of its operation, and another guest runs the next program',
    async () => {
      const kernel = await ask('linux:debian:7.3');
      const reenters = [{ callback: 'addProducer', operation: unregisterP0 }] as const;
      const reentering: Program = { objects: [p0, { ...c0, reenters }], lanes: [[registerP0, registerC0]] };
      const [first, hung, last] = await kernel.run([alone, reentering, alone]);
      expect(hung?.events.slice(-2)).toEqual([
        { type: 'call', ...unregisterP0 },
        { type: 'hang', detail: 'lane 0 waits for a lock that nobody will release' },
      ]);
      expect(hung?.fault).toBeUndefined();
      expect(last?.events).toEqual(first?.events);
    },
    MINUTES,
  );
});

describe('machinery that fails, fails honestly', () => {
  test(
    'a kernel that panics at boot: the tool says so in one line, with exit status 2',
    async () => {
      const main = join(packageRoot, 'dist', 'cli', 'main.js');
      const args = [main, 'run', 'linux:debian:6.1,append=rdinit=/nowhere', '--tier', 'smoke'];
      const [code, said] = await new Promise<[number | null, string]>((resolve) => {
        const child = execFile(process.execPath, args, (_error, stdout, stderr) =>
          resolve([child.exitCode, stdout + stderr]),
        );
      });
      expect(code).toBe(2);
      expect(said.trim()).toMatch(
        /^irqbypass-spec: linux:debian:6\.1,append=rdinit=\/nowhere: the guest did not come up, so nothing was judged: kernel panic: .*\.$/,
      );
    },
    MINUTES,
  );

  test(
    'a module that does not load',
    async () => {
      const [kernel, other] = await Promise.all([fetchKernel('6.1'), fetchKernel('6.12')]);
      const module = join(other.modules, 'kernel', 'virt', 'lib', 'irqbypass.ko.xz');
      const drivers = `modules=${kernel.modules}`;
      const address = `linux:kernel=${kernel.vmlinuz},module=${module},headers=${kernel.headers},${drivers}`;
      await expect(open(address)).rejects.toThrow(
        /: the guest cannot be used, so nothing was judged: the kernel does not take the module irqbypass\.ko: .*\.$/,
      );
    },
    MINUTES,
  );

  test(
    'a guest that does not say hello',
    async () => {
      const options = await prepareLinux('linux:debian:6.1', 'debian:6.1', { bootPatience: 10 });
      await expect(startStdioTarget(options)).rejects.toThrow(
        'linux:debian:6.1: the guest did not say hello within 0.01 s of its start, so nothing was judged.',
      );
    },
    MINUTES,
  );

  test(
    'a guest that stops answering, but does not when it is asked again, and whose QEMU then is killed',
    async () => {
      const target = await startStdioTarget(await prepareLinux('linux:debian:6.1', 'debian:6.1', { patience: 2_000 }));
      opened.push(target);
      // How long it takes tells how long is waited for the same once more.
      await target.run([alone]);
      for (const pid of await childrenOf(process.pid, QEMU)) process.kill(pid, 'SIGSTOP');
      const [outcome] = await target.run([alone]);
      expect(outcome?.fault).toMatch(/did not answer in a batch, but not when the program ran alone/);
      // And where QEMU is killed in the middle, by whoever it may be, the kernel is not to blame.
      for (const pid of await childrenOf(process.pid, QEMU)) process.kill(pid, 'SIGKILL');
      await expect(target.run([alone])).rejects.toThrow(
        'linux:debian:6.1 gave up: QEMU was killed by SIGKILL; the kernel is not to blame',
      );
    },
    MINUTES,
  );

  test(
    'a tool that is killed leaves no guest behind',
    async () => {
      const main = join(packageRoot, 'dist', 'cli', 'main.js');
      const child = execFile(process.execPath, [main, 'run', 'linux:debian:6.1', '--tier', 'pr'], () => undefined);
      let guests: readonly number[] = [];
      while (guests.length === 0) {
        guests = (await childrenOf(child.pid ?? 0, QEMU)).map(Number);
        expect(child.exitCode).toBeNull();
      }
      child.kill('SIGKILL');
      for (const guest of guests) await gone(guest);
      for (const guest of guests) {
        await expect(readFile(`/proc/${guest}/cmdline`, 'utf8').catch(() => '')).resolves.not.toContain('qemu');
      }
    },
    MINUTES,
  );
});
