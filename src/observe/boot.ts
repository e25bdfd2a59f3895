/**
 * Guests of a kernel, ready for programs.
 *
 *     boot ──> modules ──> kprobe events ──> devices to vfio-pci ──> kept in a file of the cache
 *                                                                          └──> each guest goes on from there
 *
 * A boot takes ten times as long as going on from a file. All guests of a kernel so begin in one state, its random numbers
 * and the places of its code among it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Generation } from '../../spec/profile.js';
import { packageRoot } from '../files/root.js';
import { LAYOUTS, probes } from '../recording/probes.js';
import type { Entry } from '../targets/linux/archive.js';
import { buildStatic, compilerFor } from '../targets/linux/build.js';
import { inOrder, makeInitramfs, PORT_DRIVERS } from '../targets/linux/initramfs.js';
import { guestFolder, KEPT } from '../targets/linux/kept.js';
import { quickWords, startMachine } from '../targets/linux/machine.js';
import type { KernelModule } from '../targets/linux/modules.js';
import { ModuleFolder } from '../targets/linux/modules.js';
import type { KernelPackages } from '../targets/linux/packages.js';
import { toolchainOf } from '../targets/linux/toolchain.js';
import { TargetUnavailable } from '../targets/unavailable.js';
import { Channel } from './channel.js';
import { type Facts, GROUP, type Guest, guestOver, INSTANCE, TRACING } from './guest.js';
import { DEVICE, DEVICE_ADDRESSES, type Stage, stages } from './stages.js';

const OBSERVER = join(packageRoot, 'conformance', 'harnesses', 'linux-observer');

/** The name of the file beside a kept guest that says what was learned while it came up. */
const FACTS = 'facts.json';

/** Milliseconds for a guest in all. */
const LIFETIME = 30 * 60_000;

/**
 * Get ready to make guests of a kernel.
 *
 * @param more files for the guest's root, beside those that it takes
 * @returns what makes one guest, each in the same state
 * @throws {TargetUnavailable} when a tool or a module is missing, with what to install
 * @throws {TargetError} when the guest does not come up or does not do what it must
 */
export async function guestsOf(
  kernel: KernelPackages,
  generation: Generation,
  onProgress: (text: string) => void,
  more: readonly Entry[] = [],
): Promise<() => Promise<Guest>> {
  const { architecture, release } = kernel;
  const stage = stages[architecture];
  if (stage === undefined) {
    throw new TargetUnavailable(
      `On ${architecture} KVM registers no consumer that QEMU could show. There are: ${Object.keys(stages).join(', ')}.`,
    );
  }
  const folder = await ModuleFolder.open(kernel.modules);
  const drivers = await folder.withDependencies(PORT_DRIVERS);
  const loaded = new Set(drivers.map(({ name }) => name));
  const observed = (await folder.withDependencies(stage.modules)).filter(({ name }) => !loaded.has(name));
  const compiler = await compilerFor(architecture, () => toolchainOf(kernel, onProgress), onProgress);
  const observer = await readFile(await buildStatic('observer', [OBSERVER], [], compiler, onProgress));
  const options = {
    architecture,
    kernel: kernel.vmlinuz,
    initramfs: await makeInitramfs(contents(observer, drivers, observed, more)),
    commandLine: [...stage.commandLine, ...quickWords(architecture)],
    memory: stage.memory,
    // So that what the kernel puts off runs beside the calls of user space.
    processors: 2,
    machine: stage.machine,
    devices: stage.devices,
    hardware: false,
  };
  const wanted = wantedEvents(generation, stage);
  const name = ['observed 1', release, ...wanted.map(({ line }) => line)];
  const kept = await guestFolder(options, name, LIFETIME, async (machine, unfinished) => {
    onProgress(`booting Linux ${release}`);
    const channel = new Channel(machine, release);
    await channel.greeting();
    const facts = await prepare(channel, observed, generation, wanted);
    await machine.keep(join(unfinished, KEPT));
    await writeFile(join(unfinished, FACTS), JSON.stringify(facts));
  });
  const facts = JSON.parse(await readFile(join(kept, FACTS), 'utf8')) as Facts;
  return async () => {
    const machine = await startMachine({ ...options, from: join(kept, KEPT) }, LIFETIME);
    const channel = new Channel(machine, release);
    try {
      await channel.must('go-on');
    } catch (error) {
      await machine.kill();
      throw error;
    }
    return guestOver(channel, () => machine.kill(), stage, facts);
  };
}

/** A kprobe event of a guest. */
interface WantedEvent {
  readonly event: string;
  readonly line: string;
  readonly needed: boolean;
  /** Whether it is of the manager, which the line of facts names. */
  readonly told: boolean;
}

function wantedEvents(generation: Generation, stage: Stage): readonly WantedEvent[] {
  const own = probes(generation, LAYOUTS[generation], GROUP);
  return [
    ...own.map(({ event, line, needed }) => ({ event, line, needed, told: true })),
    ...stage.hardware.map(({ event, line }) => ({ event, line: line(GROUP), needed: true, told: false })),
  ];
}

async function prepare(
  channel: Channel,
  observed: readonly KernelModule[],
  generation: Generation,
  wanted: readonly WantedEvent[],
): Promise<Facts> {
  for (const { name } of observed) await channel.must(`insmod /modules/${name}.ko`);
  const release = (await channel.read('release')).join('');
  const set: string[] = [];
  for (const { event, line, needed, told } of wanted) {
    const status = await channel.ask(`write ${TRACING}/kprobe_events\t${line}`);
    if (status === 0 && told) set.push(event);
    else if (status !== 0 && needed) {
      throw channel.failure(`the kernel does not take the kprobe event ${event} (${status})`);
    }
  }
  await channel.must(`mkdir ${INSTANCE}`);
  // One count over all CPUs: the order of any two events is known.
  await channel.must(`write ${INSTANCE}/trace_clock\tcounter`);
  await channel.must(`write ${INSTANCE}/buffer_size_kb\t4096`);
  await channel.must(`write ${INSTANCE}/events/${GROUP}/enable\t1`);
  await channel.must(`marker ${INSTANCE}/trace_marker`);
  await channel.must(`write /sys/bus/pci/drivers/vfio-pci/new_id\t${DEVICE.id}`);
  for (const address of DEVICE_ADDRESSES) {
    if ((await channel.ask(`exists /sys/bus/pci/drivers/vfio-pci/${address}`)) !== 1) {
      throw channel.failure(`vfio-pci does not take the device ${address}`);
    }
  }
  // So that what is open for waiting alone is no part of the first recording.
  await channel.must('settle');
  await channel.must(`clear ${INSTANCE}/trace`);
  await channel.must('set-timers');
  const line = `# irqbypass-spec: release=${release} generation=${generation} clock=counter begins=nothing-registered events=${set.join()}`;
  return { release, line };
}

/** What the guest finds in its root. */
function contents(
  observer: Buffer,
  drivers: readonly KernelModule[],
  observed: readonly KernelModule[],
  more: readonly Entry[],
): readonly Entry[] {
  return [
    { path: 'init', contents: observer, executable: true },
    ...['dev', 'proc', 'sys', 'drivers', 'modules'].map((path) => ({ path })),
    ...inOrder('drivers', drivers),
    ...observed.map(({ name, contents }) => ({ path: `modules/${name}.ko`, contents })),
    ...more,
  ];
}
