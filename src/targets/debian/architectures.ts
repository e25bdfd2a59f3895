/**
 * The architectures whose kernels can be booted, and all that differs between them: a row each. Whatever runs a kernel,
 * fetches one or builds for one reads this table.
 */

/** A row of the table. */
export interface ArchitectureRow {
  /** What Node calls a machine of this architecture. */
  readonly node: NodeJS.Architecture;
  /** The end of the names of Debian's packages with the kernel that is booted. */
  readonly flavour: string;
  /** What a compiler for it begins with: `TRIPLET-gcc-12`. */
  readonly triplet: string;
  /** What the kernel's own Makefiles call it. */
  readonly kernelName: string;
  /** What a program takes that is built on a machine of another architecture, by Debian's name. */
  readonly libc: string;
  /** The program that emulates it, and the packages that hold that. */
  readonly qemu: string;
  readonly qemuPackages: readonly string[];
  /** QEMU's `-machine`, and its `-cpu` where the processor itself cannot be used. */
  readonly machine: string;
  readonly cpu: string;
  /** The kernel's name of the serial port that QEMU gives it. */
  readonly console: string;
  /** Words for the kernel's command line that spare the guest work, none of it the manager's. */
  readonly quick: readonly string[];
}

const rows = {
  amd64: {
    node: 'x64',
    flavour: 'cloud-amd64',
    triplet: 'x86_64-linux-gnu',
    kernelName: 'x86',
    libc: 'libc6-dev',
    qemu: 'qemu-system-x86_64',
    qemuPackages: ['qemu-system-x86'],
    machine: 'q35',
    cpu: 'max',
    console: 'ttyS0',
    quick: ['tsc=reliable', 'no_timer_check'],
  },
  arm64: {
    node: 'arm64',
    flavour: 'cloud-arm64',
    triplet: 'aarch64-linux-gnu',
    kernelName: 'arm64',
    libc: 'libc6-dev-arm64-cross',
    qemu: 'qemu-system-aarch64',
    qemuPackages: ['qemu-system-arm'],
    machine: 'virt,gic-version=3',
    // What `max` has beyond it costs a third more and changes nothing here.
    cpu: 'neoverse-n1',
    console: 'ttyAMA0',
    quick: [],
  },
  riscv64: {
    node: 'riscv64',
    flavour: 'riscv64',
    triplet: 'riscv64-linux-gnu',
    kernelName: 'riscv',
    libc: 'libc6-dev-riscv64-cross',
    qemu: 'qemu-system-riscv64',
    qemuPackages: ['qemu-system-misc', 'opensbi'],
    machine: 'virt',
    cpu: 'rv64',
    console: 'ttyS0',
    quick: [],
  },
} as const satisfies Readonly<Record<string, ArchitectureRow>>;

/** An architecture by Debian's name. */
export type Architecture = keyof typeof rows;

/** The rows by name. */
export const architectures: Readonly<Record<Architecture, ArchitectureRow>> = rows;

/** The names, that of what is meant when none is said first. */
export const architectureNames = Object.keys(rows) as readonly Architecture[];

/** The architecture of this machine; undefined when the table does not have it. */
export function ownArchitecture(): Architecture | undefined {
  return architectureNames.find((name) => rows[name].node === process.arch);
}

/** Whether what is built for it cannot be run on this machine. */
export function isForeign(architecture: Architecture): boolean {
  return architecture !== ownArchitecture();
}
