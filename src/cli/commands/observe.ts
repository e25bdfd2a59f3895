import type { Command } from 'commander';
import type { Hello } from '../../../spec/formats/protocol.js';
import { writeTextFile } from '../../formats/write.js';
import { manager } from '../../manager/manager.js';
import type { Beside } from '../../observe/observe.js';
import { KERNEL_USAGE, kernelText, readKernelName } from '../../targets/debian/kernels.js';
import { profileNamed } from '../../targets/resolve.js';
import { counted } from '../../text/text.js';
import { UsageError } from '../exit.js';
import { randomSeed, selectRules, wholeNumber } from '../options.js';
import { deliver, parseOutputs, reportOption } from '../output.js';
import { startProgress } from '../progress.js';

interface Flags {
  readonly linux: string;
  readonly programs: number;
  readonly operations: number;
  readonly seed?: number;
  readonly profile?: string;
  readonly rules?: string;
  readonly report: readonly string[];
  readonly against?: 'reference';
  readonly recording?: string;
  readonly show: Shown;
}

const SHOWN = ['all', 'first', 'none'] as const;
type Shown = (typeof SHOWN)[number];

/** `observe`: real VFIO and KVM. */
export function addObserve(program: Command): void {
  const command = program
    .command('observe')
    .summary('judge the manager between the real VFIO and KVM of a kernel')
    .description(
      'Boot a kernel in QEMU with an emulated IOMMU, nested SVM and PCI devices with MSI-X; let user space set up irqfds and vectors in any order; record what VFIO, KVM and the manager do, and hold the rules against it.',
    )
    .requiredOption(`--linux <${KERNEL_USAGE}>`, 'the kernel, such as debian:6.1 or debian:6.12@arm64')
    .option('--programs <number>', 'how many programs of user space', wholeNumber('--programs', 1), 20)
    .option('--operations <number>', 'operations of each, before it closes all', wholeNumber('--operations', 1), 24)
    .option('--seed <number>', 'the seed; the same seed gives the same programs', wholeNumber('--seed', 0))
    .option('--profile <name>', "judge under this profile instead of the kernel's")
    .option('--rules <list>', 'only these rules or chapters, such as BAL-1,tokens')
    .option('--show <which>', `the programs that are shown as they happened: ${SHOWN.join(', ')}`, shown, 'first')
    .option('--against <host>', 'lay another host beside it: reference, the simulated one', against)
    .option('--recording <file>', "write the kernel's raw recording of all programs there");
  reportOption(command).action(async (flags: Flags) => {
    const outputs = parseOutputs(flags.report, flags.recording === undefined ? [] : [flags.recording]);
    const { rules: chosen, allRules: all } = selectRules(manager, flags.rules);
    const asked = flags.profile === undefined ? undefined : profileNamed(flags.profile);
    const name = flags.linux.startsWith('debian:') ? readKernelName(flags.linux.slice('debian:'.length)) : undefined;
    if (name === undefined) {
      throw new UsageError(
        `--linux takes ${KERNEL_USAGE}, such as debian:6.12@arm64; came ${JSON.stringify(flags.linux)}.`,
      );
    }
    const progress = await startProgress();
    try {
      const [{ openKernel }, { observe }, { observedText }] = await Promise.all([
        import('../../observe/kernel.js'),
        import('../../observe/observe.js'),
        import('../../observe/render.js'),
      ]);
      const { guest, hello } = await openKernel(kernelText(name), (text) => progress.note(text));
      try {
        const profile = asked ?? profileNamed(profileIn(hello));
        const reference = flags.against === undefined ? undefined : await import('../../../reference/host/index.js');
        const { report, observed, beside } = await observe(guest, {
          address: `observe:${flags.linux}`,
          hello,
          profile,
          ...(reference === undefined ? {} : { beside: (program) => reference.runOnHost(program, profile) }),
          rules: chosen,
          allRules: all,
          seed: flags.seed ?? randomSeed(),
          programs: flags.programs,
          length: flags.operations,
          onProgress: (done) => progress.note(`${done} of ${flags.programs} programs`),
          now: () => performance.now(),
        });
        progress.stop();
        if (flags.recording !== undefined) {
          await writeTextFile(flags.recording, observed.map(({ observation }) => observation.text).join(''));
        }
        // A report that goes to standard output in a format of its own must be all that goes there.
        const isForPeople = outputs.every(({ file, format }) => file !== undefined || format === 'pretty');
        const traces = isForPeople ? observed.slice(0, { all: observed.length, first: 1, none: 0 }[flags.show]) : [];
        for (const [index, { trace, pace }] of traces.entries()) {
          const how = pace === 'hasty' ? ', without waiting for what it set off' : '';
          process.stdout.write(`Program ${index + 1} as it happened${how}\n${observedText(trace).join('\n')}\n\n`);
        }
        if (beside !== undefined && isForPeople) process.stdout.write(`${besideText(beside).join('\n')}\n\n`);
        process.exitCode = await deliver(report, outputs, undefined);
      } finally {
        await guest.close();
      }
    } finally {
      progress.stop();
    }
  });
}

function besideText({ same, explained, faults }: Beside): readonly string[] {
  return [
    'Beside the reference host: the registrations, the pairs, the order of callbacks, and what each call returns',
    `  ${counted(same, 'program')} did the same`,
    ...[...explained].map(([text, programs]) => `  ${counted(programs, 'program')} part where it is known: ${text}`),
    ...(faults.length === 0 ? [] : [`  ${counted(faults.length, 'program')} part otherwise; see below`]),
  ];
}

function against(text: string): 'reference' {
  if (text === 'reference') return text;
  throw new UsageError(`--against takes reference; came ${JSON.stringify(text)}.`);
}

function profileIn({ profile }: Hello): string {
  return profile ?? 'core';
}

function shown(text: string): Shown {
  const found = SHOWN.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UsageError(`--show takes ${SHOWN.join(', ')}; came ${JSON.stringify(text)}.`);
}
