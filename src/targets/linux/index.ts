/**
 * The target `linux`: the unmodified manager of a real kernel, in QEMU.
 *
 *     which kernel (kernels.ts) ──> agent module and init, built (build.ts) ──> initramfs (archive.ts)
 *       ──> a guest in QEMU (machine.ts) that speaks the stdio protocol over a virtio port
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeFolder } from '../linux-source/atomic.js';
import { TargetUnavailable } from '../linux-source/errors.js';
import { cacheFolder } from '../linux-source/files.js';
import type { StdioOptions } from '../session.js';
import type { Entry } from './archive.js';
import { archive } from './archive.js';
import { AGENT, agentVariables, buildInit, buildModule } from './build.js';
import { explainEnd, explainGreeting } from './endings.js';
import type { Kernel } from './kernels.js';
import { findKernel } from './kernels.js';
import { machineCommand } from './machine.js';
import { hashOfModule } from './modules.js';

/** How to prepare. */
export interface PrepareOptions {
  /** Told what is being done, in a short phrase, when it takes time. */
  readonly onProgress?: (text: string) => void;
  /** Milliseconds without an answer after which the guest counts as hung. */
  readonly patience?: number;
  /** Milliseconds until the guest must have said hello. */
  readonly bootPatience?: number;
}

/** The guest itself notices a lane that does nothing for ten seconds, and says so. */
const PATIENCE = 30_000;
const BOOT_PATIENCE = 90_000;

/**
 * Less work for the guest, and none of it the manager's. It starts with one processor, because two call each other all
 * the time, which costs more than the programs; init adds the others when a program has several lanes.
 */
const COMMAND_LINE = [
  'mitigations=off',
  'audit=0',
  'rcupdate.rcu_expedited=1',
  'tsc=reliable',
  'no_timer_check',
  'maxcpus=1',
];

/**
 * Prepare the guest of a kernel: what stands behind `linux:`.
 * @throws {TargetUnavailable} when the kernel or a tool is not to be had, with what to install
 */
export async function prepareLinux(
  address: string,
  where: string,
  { onProgress = () => {}, patience = PATIENCE, bootPatience = BOOT_PATIENCE }: PrepareOptions = {},
): Promise<StdioOptions> {
  await needPrograms();
  const kernel = await findKernel(where, onProgress);
  const init = await buildInit(onProgress);
  const toolchain = await kernel.toolchain(onProgress);
  const variables = agentVariables(kernel.generation);
  const { headers, release } = kernel;
  const agent = await buildModule(toolchain, headers, release, AGENT.source, AGENT.name, variables, onProgress);
  const { command, args, accelerator } = await machineCommand({
    kernel: kernel.vmlinuz,
    initramfs: await makeInitramfs(kernel, await readFile(init), await readFile(agent)),
    commandLine: [...COMMAND_LINE, ...kernel.commandLine],
  });
  return {
    address,
    command,
    args,
    patience,
    facts: {
      origin: kernel.origin,
      accelerator,
      ...(kernel.manager === undefined ? {} : { 'module sha256': hashOfModule(kernel.manager) }),
      ...(kernel.commandLine.length === 0 ? {} : { 'command line': kernel.commandLine.join(' ') }),
    },
    guest: {
      bootPatience,
      explain: explainEnd,
      explainGreeting: (end) => explainGreeting(address, bootPatience, end),
    },
  };
}

/** What it takes, but for what depends on the kernel: the program and its package. */
const PROGRAMS = [
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['setpriv', 'util-linux'],
  [process.env.CC || 'gcc', 'gcc'],
  ['make', 'make'],
] as const;

/** @throws {TargetUnavailable} when something is missing, with everything that is to be installed in one line */
async function needPrograms(): Promise<void> {
  const lacks = await Promise.all(
    PROGRAMS.map(async ([program, name]) => {
      const { exitCode } = await execa(program, ['--version'], { reject: false, stdio: 'ignore' });
      return exitCode === 0 ? [] : [name];
    }),
  );
  const missing = lacks.flat();
  if (missing.length === 0) return;
  // Which header files there are shows only when there is a compiler.
  const names = missing.includes('gcc') ? [...missing, 'libjansson-dev'] : missing;
  throw new TargetUnavailable(
    `A real kernel runs in QEMU, with a module and an init that are built for it, and this machine lacks what that takes: apt-get install ${names.join(' ')}`,
  );
}

/** @returns the path of the initramfs, kept in the cache by its contents */
async function makeInitramfs(kernel: Kernel, init: Buffer, agent: Buffer): Promise<string> {
  const drivers = kernel.drivers.map(
    ({ name, contents }, index): Entry => ({
      path: `modules/${String(index).padStart(2, '0')}-${name}.ko`,
      contents,
    }),
  );
  const told = `version=${kernel.version}\nprofile=${kernel.profile}\n`;
  const bytes = archive([
    { path: 'init', contents: init, executable: true },
    { path: 'modules' },
    ...drivers,
    { path: `${AGENT.name}.ko`, contents: agent },
    ...(kernel.manager === undefined ? [] : [{ path: 'irqbypass.ko', contents: kernel.manager.contents }]),
    { path: 'told', contents: Buffer.from(told) },
  ]);
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const folder = join(cacheFolder(), 'initramfs', name);
  await makeFolder(folder, (unfinished) => writeFile(join(unfinished, 'initramfs.cpio'), bytes));
  return join(folder, 'initramfs.cpio');
}
