/**
 * A guest in QEMU: the command that starts it, and how to run one.
 *
 *     standard input and output   a virtio port of the guest, /dev/vport0p1 (virtio_pci and virtio_console drive it)
 *     descriptor 3                the guest's console, which is the kernel's log
 *     descriptor 4                QEMU's own commands (QMP), for a guest that is kept or goes on from where it was kept
 *     standard error              QEMU's own complaints
 *
 * The guest is gone when the process that started it is, whatever ended that: the kernel kills it with its parent.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import type { Duplex, Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { type Architecture, architectures, isForeign } from '../debian/architectures.js';
import { TargetUnavailable } from '../unavailable.js';
import { Control, fromFile } from './control.js';

/** A guest. */
export interface MachineOptions {
  readonly architecture: Architecture;
  /** The paths of the kernel's image and of the initramfs. */
  readonly kernel: string;
  readonly initramfs: string;
  /** Added to the kernel's command line. */
  readonly commandLine?: readonly string[];
  /** In MiB; 256 when left out. */
  readonly memory?: number;
  /** 2 when left out. */
  readonly processors?: number;
  /** What QEMU's `-machine` says; that of the architecture's table when left out. */
  readonly machine?: string;
  /** Further arguments of QEMU. */
  readonly devices?: readonly string[];
  /** Whether hardware virtualisation may be used; true when left out. TCG alone emulates nested SVM everywhere. */
  readonly hardware?: boolean;
  /** Whether it takes commands of QEMU's over descriptor 4; false when left out. */
  readonly control?: boolean;
  /**
   * The file of a guest that was kept, with which this one goes on instead of booting: when it is told to, where it takes
   * commands, and else at once. All else must be as it was.
   */
  readonly from?: string;
}

/** How to start it. */
export interface MachineCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** What runs the guest's instructions. */
  readonly accelerator: 'kvm' | 'tcg';
}

/** Words for a kernel's command line that spare the guest work, none of it the manager's. */
export function quickWords(architecture: Architecture): readonly string[] {
  return ['mitigations=off', 'audit=0', 'rcupdate.rcu_expedited=1', ...architectures[architecture].quick];
}

/** The command that starts a guest, on a machine that has what it takes. A panic, a reset and a power-off each end it. */
export async function machineCommand(options: MachineOptions): Promise<MachineCommand> {
  const row = architectures[options.architecture];
  const accelerator = options.hardware !== false && (await hasKvm(options.architecture)) ? 'kvm' : 'tcg';
  const commandLine = [`console=${row.console}`, 'panic=-1', 'quiet', ...(options.commandLine ?? [])];
  const args = [
    ['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none'],
    ['-machine', options.machine ?? row.machine],
    accelerator === 'kvm' ? ON_KVM : ['-accel', 'tcg,thread=multi', '-cpu', row.cpu],
    ['-m', String(options.memory ?? 256), '-smp', String(options.processors ?? 2)],
    ['-chardev', 'socket,id=log,fd=3', '-serial', 'chardev:log'],
    ['-chardev', 'stdio,id=port,signal=off', '-device', 'virtio-serial', '-device', 'virtserialport,chardev=port'],
    options.devices ?? [],
    options.control === true ? ['-chardev', 'socket,id=control,fd=4', '-mon', 'chardev=control,mode=control'] : [],
    options.from === undefined ? [] : ['-incoming', options.control === true ? 'defer' : fromFile(options.from)],
    ['-kernel', options.kernel, '-initrd', options.initramfs, '-append', commandLine.join(' ')],
  ].flat();
  return { command: 'setpriv', args: ['--pdeathsig', 'KILL', row.qemu, ...args], accelerator };
}

/** The processor itself runs the guest's instructions. */
const ON_KVM: readonly string[] = ['-accel', 'kvm', '-cpu', 'host'];

/** How a guest ended. */
export interface MachineEnd {
  /** `ended`: by itself. `deadline`: it took too long. `killed`: by kill(). `failed`: QEMU did not run or was killed. */
  readonly kind: 'ended' | 'deadline' | 'killed' | 'failed';
  /** A sentence. */
  readonly text: string;
  /** The guest's console: the kernel's log. */
  readonly log: string;
}

/** A guest that runs. */
export interface Machine {
  /** The virtio port, from this side. */
  readonly input: Writable;
  readonly output: Readable;
  /** The console so far. */
  log(): string;
  readonly ended: Promise<MachineEnd>;
  /**
   * Keep it in a file, from which others go on. It stands still from then on.
   *
   * @param then whether they do so at once, or when they are told to
   * @throws {TargetError} when QEMU cannot
   */
  keep(path: string, then?: 'at-once' | 'when-told'): Promise<void>;
  /** End it, and wait until it is gone. */
  kill(): Promise<void>;
}

/**
 * Start a guest. It is ended when it runs longer than `deadline`, in milliseconds.
 * @throws {TargetUnavailable} when the machine lacks QEMU
 * @throws {TargetError} when QEMU does not go on with a guest that was kept
 */
export async function startMachine(options: MachineOptions, deadline: number): Promise<Machine> {
  await needMachine(options.architecture);
  const { command, args } = await machineCommand({ ...options, control: true });
  const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'] });
  running.add(child);
  let log = '';
  let complaints = '';
  let ending: 'deadline' | 'killed' | undefined;
  const console = child.stdio[3] as Readable;
  console.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  console.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const end = (why: 'deadline' | 'killed'): void => {
    ending ??= why;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => end('deadline'), deadline);
  const ended = new Promise<MachineEnd>((resolve) => {
    const finish = (code: number | null, how: string): void => {
      clearTimeout(timer);
      running.delete(child);
      if (ending === 'deadline') resolve({ kind: ending, text: `The guest ran longer than ${deadline} ms.`, log });
      else if (ending === 'killed') resolve({ kind: ending, text: 'The guest was ended.', log });
      else if (code === 0) resolve({ kind: 'ended', text: 'The guest ended.', log });
      else
        resolve({
          kind: 'failed',
          text: `QEMU ended (${how})${complaints === '' ? '' : `: ${complaints.trim()}`}`,
          log,
        });
    };
    child.once('error', (error) => finish(null, error.message));
    child.once('close', (code, signal) => finish(code, signal ?? `exit status ${code}`));
  });
  const kill = async (): Promise<void> => {
    end('killed');
    await ended;
  };
  try {
    const control = await Control.over(child.stdio[4] as Duplex);
    if (options.from !== undefined) await control.goOn(options.from);
    return {
      input: child.stdin,
      output: child.stdout,
      log: () => log,
      ended,
      keep: (path, then) => control.keep(path, then),
      kill,
    };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Guests that run, so that none outlives the tool even where its parent is not the last to know. */
const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @throws {TargetUnavailable} when the machine cannot run guests, with what to install in one line */
async function needMachine(architecture: Architecture): Promise<void> {
  const missing = await missingPackages(programsFor(architecture));
  if (missing.length === 0) return;
  throw new TargetUnavailable(
    `A real kernel runs in QEMU, and this machine lacks what that takes: apt-get install ${missing.join(' ')}`,
  );
}

/** A program that something takes, and the packages that hold it. */
export type Program = readonly [program: string, packages: readonly string[]];

/** What running a guest takes. */
export function programsFor(architecture: Architecture): readonly Program[] {
  const { qemu, qemuPackages } = architectures[architecture];
  return [
    [qemu, qemuPackages],
    ['setpriv', ['util-linux']],
  ];
}

/** The packages of those programs that this machine lacks. */
export async function missingPackages(programs: readonly Program[]): Promise<readonly string[]> {
  const lacks = await Promise.all(
    programs.map(async ([program, packages]) => {
      const { exitCode } = await execa(program, ['--version'], { reject: false, stdio: 'ignore' });
      return exitCode === 0 ? [] : packages;
    }),
  );
  return lacks.flat();
}

/**
 * Whether a guest can run on the processor itself. The device alone does not say so: inside a virtual machine it may be
 * there and not work. So the processor has to say that it can, and QEMU has to get a guest ready to start.
 */
async function hasKvm(architecture: Architecture): Promise<boolean> {
  if (isForeign(architecture) || architecture !== 'amd64') return false;
  const mayUse = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!mayUse || !/^flags\s*:.*\b(?:vmx|svm)\b/m.test(await readFile('/proc/cpuinfo', 'utf8'))) return false;
  const args = [
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-machine',
    architectures[architecture].machine,
    ...ON_KVM,
    '-S',
  ];
  const { exitCode } = await execa(architectures[architecture].qemu, [...args, '-monitor', 'stdio'], {
    input: 'quit\n',
    reject: false,
    stdout: 'ignore',
    stderr: 'ignore',
    timeout: 10_000,
  });
  return exitCode === 0;
}
