/**
 * The target `linux`: the unmodified manager of a real kernel, in QEMU.
 *
 *     which kernel (kernels.ts) ──> agent module and init, built (build.ts) ──> initramfs (initramfs.ts)
 *       ──> a guest in QEMU (machine.ts) that speaks the stdio protocol over a virtio port, booted or gone on from one
 *           that was kept (kept.ts)
 */
import { readFile } from 'node:fs/promises';
import { type Architecture, isForeign } from '../debian/architectures.js';
import type { StdioOptions } from '../life.js';
import { TargetUnavailable } from '../unavailable.js';
import type { Entry } from './archive.js';
import { AGENT, agentVariables, buildInit, buildModule, compilerFor } from './build.js';
import { explainEnd, explainGreeting } from './endings.js';
import { inOrder, makeInitramfs } from './initramfs.js';
import { keptGuest } from './kept.js';
import type { Kernel } from './kernels.js';
import { findKernel } from './kernels.js';
import {
  type MachineCommand,
  type MachineOptions,
  machineCommand,
  missingPackages,
  type Program,
  programsFor,
  quickWords,
} from './machine.js';
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
 * The guest starts with one processor, because two call each other all the time, which costs more than the programs;
 * init adds the others when a program has several lanes.
 */
const ONE_PROCESSOR: readonly string[] = ['maxcpus=1'];

/**
 * Prepare the guest of a kernel: what stands behind `linux:`.
 * @throws {TargetUnavailable} when the kernel or a tool is not to be had, with what to install
 */
export async function prepareLinux(
  address: string,
  where: string,
  { onProgress = () => {}, patience = PATIENCE, bootPatience = BOOT_PATIENCE }: PrepareOptions = {},
): Promise<StdioOptions> {
  const kernel = await findKernel(where, onProgress);
  const { architecture, headers, release } = kernel;
  await needPrograms(architecture);
  const toolchain = await kernel.toolchain(onProgress);
  const init = await buildInit(await compilerFor(architecture, async () => toolchain, onProgress), onProgress);
  const variables = agentVariables(kernel.generation);
  const agent = await buildModule(toolchain, headers, release, AGENT.source, AGENT.name, variables, onProgress);
  const machine: MachineOptions = {
    architecture,
    kernel: kernel.vmlinuz,
    initramfs: await makeInitramfs(contents(kernel, await readFile(init), await readFile(agent))),
    commandLine: [...quickWords(architecture), ...ONE_PROCESSOR, ...kernel.commandLine],
  };
  const booting = await machineCommand(machine);
  const from = isKept(kernel, booting) ? await keptGuest(machine, BOOT_PATIENCE, onProgress) : undefined;
  const { command, args, accelerator } = from === undefined ? booting : await machineCommand({ ...machine, from });
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

/**
 * Whether a guest goes on from one that was kept: of Debian's kernels, which stay what they are. With hardware, and on other
 * architectures, a boot takes little; and QEMU does not keep the timers by which a kernel of arm64 counts.
 */
function isKept({ architecture, origin, commandLine }: Kernel, { accelerator }: MachineCommand): boolean {
  return architecture === 'amd64' && accelerator === 'tcg' && origin.startsWith('debian:') && commandLine.length === 0;
}

/** @throws {TargetUnavailable} when something is missing, with everything that is to be installed in one line */
async function needPrograms(architecture: Architecture): Promise<void> {
  // Which compiler a kernel of another architecture takes shows when it is there.
  const compiler: readonly Program[] = isForeign(architecture) ? [] : [[process.env.CC || 'gcc', ['gcc']]];
  const missing = await missingPackages([...programsFor(architecture), ...compiler, ['make', ['make']]]);
  if (missing.length === 0) return;
  // Which header files there are shows only when there is a compiler.
  const names = missing.includes('gcc') ? [...missing, 'libjansson-dev'] : missing;
  throw new TargetUnavailable(
    `A real kernel runs in QEMU, with a module and an init that are built for it, and this machine lacks what that takes: apt-get install ${names.join(' ')}`,
  );
}

/** What the guest finds in its root. */
function contents(kernel: Kernel, init: Buffer, agent: Buffer): readonly Entry[] {
  const told = `version=${kernel.version}\nprofile=${kernel.profile}\n`;
  return [
    { path: 'init', contents: init, executable: true },
    { path: 'modules' },
    ...inOrder('modules', kernel.drivers),
    { path: `${AGENT.name}.ko`, contents: agent },
    ...(kernel.manager === undefined ? [] : [{ path: 'irqbypass.ko', contents: kernel.manager.contents }]),
    { path: 'told', contents: Buffer.from(told) },
  ];
}
