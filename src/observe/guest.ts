/**
 * The guest in which real VFIO, KVM and the manager are observed, on the stage of its architecture (stages.ts), with two
 * PCI devices with MSI-X.
 *
 *     boot ──> modules ──> kprobe events ──> devices to vfio-pci ──> for each program: operations, then the recording
 *
 * The observer inside (conformance/harnesses/linux-observer) answers one command a line.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { VmId } from '../../spec/host/vocabulary.js';
import type { Generation } from '../../spec/profile.js';
import type { Status } from '../../spec/vocabulary.js';
import { packageRoot } from '../files/root.js';
import { LAYOUTS, probes } from '../recording/probes.js';
import type { Entry } from '../targets/linux/archive.js';
import { buildStatic, compilerFor } from '../targets/linux/build.js';
import { inOrder, makeInitramfs, PORT_DRIVERS } from '../targets/linux/initramfs.js';
import type { Machine } from '../targets/linux/machine.js';
import { quickWords, startMachine } from '../targets/linux/machine.js';
import type { KernelModule } from '../targets/linux/modules.js';
import { ModuleFolder } from '../targets/linux/modules.js';
import type { KernelPackages } from '../targets/linux/packages.js';
import { toolchainOf } from '../targets/linux/toolchain.js';
import { TargetError } from '../targets/target.js';
import { TargetUnavailable } from '../targets/unavailable.js';
import { commandOf, type ObservedOperation, type ObservedProgram } from './commands.js';
import { type Death, reportIn } from './death.js';
import { DEVICE, DEVICE_ADDRESSES, type ObservedBackEnd, type Stage, stages } from './stages.js';

const OBSERVER = join(packageRoot, 'conformance', 'harnesses', 'linux-observer');

const TRACING = '/sys/kernel/tracing';
/** Not those of a recorder that may run beside. */
const GROUP = 'irqbypass_observed';
const INSTANCE = `${TRACING}/instances/${GROUP}`;

/** Milliseconds for a command, for the boot, and for a guest in all. */
const PATIENCE = 30_000;
const BOOT_PATIENCE = 90_000;
const LIFETIME = 30 * 60_000;

/** Turns of an empty loop by which one lane of a round begins later than in the last. */
const TURNS = 300;

/** What one program did. */
export interface Observation {
  /** What each operation's system call returned. */
  readonly statuses: readonly Status[];
  /** The raw recording, with what the recorder says of itself; none of a program in which the guest died. */
  readonly text: string;
  /** What the kernel reported of itself, a defect, by the operation in which it did. */
  readonly reports: readonly { readonly at: number; readonly text: string; readonly log: string }[];
  /** The VMs whose guest made no step when it was let run, before the operation that closes them. */
  readonly frozen: readonly { readonly at: number; readonly vm: VmId }[];
  /** How the guest died, and in which operation, if it did. It takes no more programs then. */
  readonly death?: Death & { readonly at: number };
}

/**
 * When user space goes on. KVM takes an irqfd away in a work queue: `settled`, each operation is begun when all is done
 * that those before set off, so that the same program does the same each time; `hasty`, when the last call has returned,
 * so that tasks of the kernel run beside it.
 */
export type Pace = 'settled' | 'hasty';

/** A guest that is ready for programs. */
export interface Guest {
  readonly release: string;
  readonly stage: Stage;
  /** Give the observer a command; what it returns. */
  ask(command: string): Promise<Status>;
  /** The lines of a file in the guest. */
  read(path: string): Promise<readonly string[]>;
  /** Run one program, wait until all that it set off is done, and read the recording. */
  run(program: Pick<ObservedProgram, 'operations' | 'backEnd'>, pace?: Pace): Promise<Observation>;
  /**
   * Set up, let two lanes run their operations at once, and close all; so many rounds, in one recording. `statuses` are
   * those of the lanes: lane 0's and then lane 1's, round by round.
   */
  race(program: Race, rounds: number): Promise<Pick<Observation, 'statuses' | 'text'>>;
  /** End it, and wait until it is gone. */
  close(): Promise<void>;
}

/** What is done before, and by each lane. */
export interface Race {
  readonly backEnd: ObservedBackEnd;
  readonly before: readonly ObservedOperation[];
  readonly lanes: readonly (readonly ObservedOperation[])[];
}

/**
 * Boot a kernel and get it ready.
 *
 * @param more files for the guest's root, beside those that it takes
 * @throws {TargetUnavailable} when a tool or a module is missing, with what to install
 * @throws {TargetError} when the guest does not come up or does not do what it must
 */
export async function bootGuest(
  kernel: KernelPackages,
  generation: Generation,
  onProgress: (text: string) => void,
  more: readonly Entry[] = [],
): Promise<Guest> {
  const { architecture } = kernel;
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
  onProgress(`booting Linux ${kernel.release}`);
  const machine = await startMachine(
    {
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
    },
    LIFETIME,
  );
  const channel = new Channel(machine, kernel.release);
  try {
    await channel.greeting();
    return await prepare(channel, machine, observed, generation, stage);
  } catch (error) {
    await machine.kill();
    throw error;
  }
}

async function prepare(
  channel: Channel,
  machine: Machine,
  observed: readonly KernelModule[],
  generation: Generation,
  stage: Stage,
): Promise<Guest> {
  for (const { name } of observed) await channel.must(`insmod /modules/${name}.ko`);
  const release = (await channel.read('release')).join('');
  const wanted = probes(generation, LAYOUTS[generation], GROUP);
  const set: string[] = [];
  for (const { event, line, needed } of wanted) {
    const status = await channel.ask(`write ${TRACING}/kprobe_events\t${line}`);
    if (status === 0) set.push(event);
    else if (needed) throw channel.failure(`the kernel does not take the kprobe event ${event} (${status})`);
  }
  for (const { event, line } of stage.hardware) {
    const status = await channel.ask(`write ${TRACING}/kprobe_events\t${line(GROUP)}`);
    if (status !== 0) throw channel.failure(`the kernel does not take the kprobe event ${event} (${status})`);
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
  const facts = `# irqbypass-spec: release=${release} generation=${generation} clock=counter begins=nothing-registered events=${set.join()}`;
  // So that what is open for waiting alone is no part of the first recording.
  await channel.must('settle');
  await channel.must(`clear ${INSTANCE}/trace`);
  let missedBefore = 0;
  const recorded = async (): Promise<string> => {
    const lines = await channel.read(`read ${INSTANCE}/trace`);
    const missed = missedHits(await channel.read(`read ${TRACING}/kprobe_profile`));
    const text = [`${facts} missed=${missed - missedBefore}`, ...lines, ''].join('\n');
    missedBefore = missed;
    await channel.must('close-all');
    await channel.must(`clear ${INSTANCE}/trace`);
    return text;
  };
  return {
    release,
    stage,
    run: async ({ operations, backEnd }, pace = 'settled') => {
      const statuses: Status[] = [];
      const reports: Observation['reports'][number][] = [];
      const frozen: Observation['frozen'][number][] = [];
      let at = 0;
      try {
        // What the kernel warns of once a boot, it warns of once a program.
        await channel.ask('write /sys/kernel/debug/clear_warn_once\t1');
        await channel.read('log');
        for (const operation of operations) {
          at = statuses.length;
          if (operation.operation === 'destroyVm' && stage.hardware.length > 0) {
            if ((await channel.ask(`runs ${operation.vm.slice(2)}`)) === 0) frozen.push({ at, vm: operation.vm });
          }
          statuses.push(await channel.ask(commandOf(operation, backEnd)));
          if (pace === 'settled') await channel.must('settle');
          const report = reportIn((await channel.read('log')).map((line) => line.slice(2)).join('\n'));
          if (report !== undefined) reports.push({ at, ...report });
        }
        if (pace === 'hasty') await channel.must('settle');
        return { statuses, text: await recorded(), reports, frozen };
      } catch (error) {
        if (!(error instanceof GuestDied)) throw error;
        return { statuses, text: '', reports, frozen, death: { ...error.death, at } };
      }
    },
    race: async ({ backEnd, before, lanes }, rounds) => {
      const statuses: Status[] = [];
      for (let round = 0; round < rounds; round++) {
        for (const operation of before) await channel.must(commandOf(operation, backEnd));
        for (const [lane, operations] of lanes.entries()) {
          for (const operation of operations) await channel.must(`lane ${lane}\t${commandOf(operation, backEnd)}`);
        }
        statuses.push(...(await channel.read(`race ${turnsOf(round)}`)).map(Number));
        await channel.must('settle');
        await channel.must('close-all');
      }
      return { statuses, text: await recorded() };
    },
    ask: (command) => channel.ask(command),
    read: (path) => channel.read(`read ${path}`),
    close: () => machine.kill(),
  };
}

/** By how much one lane begins later than the other: by nothing, then by ever more, the one and the other by turns. */
function turnsOf(round: number): number {
  return Math.ceil(round / 2) * TURNS * (round % 2 === 0 ? 1 : -1);
}

/** The hits that the kernel missed: the last number of each line of kprobe_profile. */
function missedHits(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Number(/(\d+)\s*$/.exec(line)?.[1] ?? 0), 0);
}

/** The kernel of the guest died, and said so. */
class GuestDied extends TargetError {
  constructor(
    message: string,
    readonly death: Death,
  ) {
    super(message);
  }
}

/** Commands to the observer, one after the other. */
class Channel {
  readonly #lines: AsyncIterator<string>;

  constructor(
    readonly machine: Machine,
    readonly release: string,
  ) {
    this.#lines = createInterface({ input: machine.output, crlfDelay: Number.POSITIVE_INFINITY })[
      Symbol.asyncIterator
    ]();
  }

  async greeting(): Promise<void> {
    const line = await this.#next(BOOT_PATIENCE, 'its boot');
    if (line !== 'observer 1') throw this.failure(`the guest did not greet, but said ${JSON.stringify(line)}`);
  }

  /** The status of a command. */
  async ask(command: string): Promise<Status> {
    return (await this.#do(command)).status;
  }

  /** Run a command that has to succeed. */
  async must(command: string): Promise<void> {
    const status = await this.ask(command);
    if (status < 0) throw this.failure(`"${command.replace('\t', ' ')}" failed in the guest (${status})`);
  }

  /** The lines that a command reads. */
  async read(command: string): Promise<readonly string[]> {
    const { status, lines } = await this.#do(command);
    if (status < 0) throw this.failure(`"${command}" failed in the guest (${status})`);
    return lines;
  }

  failure(what: string): TargetError {
    const last = this.machine.log().trim().split(/\r?\n/).slice(-3).join(' / ');
    return new TargetError(
      `Linux ${this.release} could not be observed: ${what}.${last === '' ? '' : ` Its log ends with: ${last}`}`,
    );
  }

  async #do(command: string): Promise<{ readonly status: Status; readonly lines: readonly string[] }> {
    this.machine.input.write(`${command}\n`);
    const lines: string[] = [];
    for (;;) {
      const line = await this.#next(PATIENCE, `"${command.replace('\t', ' ')}"`);
      if (line.startsWith('| ')) lines.push(line.slice(2));
      else if (line.startsWith('= ')) return { status: Number(line.slice(2)), lines };
      else throw this.failure(`the guest answered ${JSON.stringify(line)} to "${command}"`);
    }
  }

  async #next(patience: number, to: string): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<'silence'>((resolve) => {
      timer = setTimeout(() => resolve('silence'), patience);
    });
    try {
      const line = await Promise.race([this.#lines.next(), silence]);
      if (line === 'silence') {
        const failure = this.failure(`the guest did not answer to ${to} within ${patience / 1000} s`);
        const report = reportIn(this.machine.log());
        // A guest that is silent without a word may only be slow.
        if (report === undefined) throw failure;
        await this.machine.kill();
        throw new GuestDied(failure.message, { kind: 'hang', detail: report.text, log: report.log });
      }
      if (line.done !== true) return line.value;
    } finally {
      clearTimeout(timer);
    }
    const { kind, text } = await this.machine.ended;
    const failure = this.failure(`the guest ended during ${to}: ${text}`);
    const report = reportIn(this.machine.log());
    // Without a report of its own it is not the kernel that is to blame.
    if (kind !== 'ended' || report === undefined) throw failure;
    throw new GuestDied(failure.message, { kind: 'crash', detail: report.text, log: report.log });
  }
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
