import type { Command } from 'commander';
import type { Hello } from '../../../spec/formats/protocol.js';
import { writeTextFile } from '../../formats/write.js';
import { manager } from '../../manager/manager.js';
import { LENGTH, PROGRAMS } from '../../observe/extent.js';
import type { Raced } from '../../observe/lanes.js';
import type { Beside } from '../../observe/observe.js';
import { KERNEL_USAGE, kernelText, readKernelName } from '../../targets/debian/kernels.js';
import { profileNamed } from '../../targets/resolve.js';
import { counted } from '../../text/text.js';
import { UsageError } from '../exit.js';
import { folder, randomSeed, selectRules, wholeNumber } from '../options.js';
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
  readonly baseline?: string;
  readonly findings: string;
  readonly store?: string;
  readonly recording?: string;
  readonly lanes?: '2';
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
    .option('--programs <number>', 'how many programs of user space', wholeNumber('--programs', 1), PROGRAMS)
    .option('--operations <number>', 'operations of each, before it closes all', wholeNumber('--operations', 1), LENGTH)
    .option('--seed <number>', 'the seed; the same seed gives the same programs', wholeNumber('--seed', 0))
    .option('--profile <name>', "judge under this profile instead of the kernel's")
    .option('--rules <list>', 'only these rules or chapters, such as BAL-1,tokens')
    .option('--show <which>', `the programs that are shown as they happened: ${SHOWN.join(', ')}`, shown, 'first')
    .option('--against <host>', 'lay another host beside it: reference, the simulated one', against)
    .option(
      '--baseline <file>',
      'known failures, which baseline observe:... writes: they do not count, and one that no longer fails does',
    )
    .option('--findings <folder>', 'where the findings are written', folder('--findings'), '.irqbypass-spec/findings')
    .option('--store <folder>', 'replay the findings of this folder first, and write new ones there', folder('--store'))
    .option('--recording <file>', "write the kernel's raw recording of all programs there");
  command.option(
    '--lanes <2>',
    'two threads of user space at once, instead of programs of one: pairs of calls that hosts got wrong, over and over',
    twoLanes,
  );
  reportOption(command).action(async (flags: Flags) => {
    refuseForLanes(command, flags.lanes);
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
      const [{ openObserved }, { observe, paceOf }, { observedHost }, { observedText }, { stages }, files] =
        await Promise.all([
          import('../../observe/target.js'),
          import('../../observe/observe.js'),
          import('../../observe/subject.js'),
          import('../../observe/render.js'),
          import('../../observe/stages.js'),
          import('../files.js'),
        ]);
      // Where the hardware is seen as well, or another host is laid beside, what belongs to which call has to be known.
      const waits = flags.against !== undefined || (stages[name.architecture]?.hardware.length ?? 0) > 0;
      const address = `observe:${flags.linux}`;
      const target = await openObserved(address, kernelText(name), (text) => progress.note(text), {
        ...(waits ? {} : { paceOf }),
      });
      try {
        const profile = asked ?? profileNamed(profileIn(target.hello));
        const common = {
          profile,
          rules: chosen,
          allRules: all,
          seed: flags.seed ?? randomSeed(),
          programs: flags.programs,
          now: () => performance.now(),
        };
        // A report that goes to standard output in a format of its own must be all that goes there.
        const isForPeople = outputs.every(({ file, format }) => file !== undefined || format === 'pretty');
        if (flags.lanes !== undefined) {
          const { observeLanes } = await import('../../observe/lanes.js');
          const { report, raced } = await observeLanes(target.first, {
            ...common,
            address,
            hello: target.hello,
            onProgress: (done) => progress.note(`${done} of ${flags.programs} programs`),
          });
          progress.stop();
          if (flags.recording !== undefined) {
            await writeTextFile(flags.recording, raced.map(({ text }) => text).join(''));
          }
          if (isForPeople) process.stdout.write(`${racedText(raced).join('\n')}\n\n`);
          process.exitCode = await deliver(report, outputs, undefined);
          return;
        }
        const subject = observedHost(target.first.stage.backEnd);
        const reference =
          flags.against === undefined
            ? undefined
            : {
                ...(await import('../../../reference/host/index.js')),
                participants: (await import('../../observe/released.js')).participantsOf(target.first.release),
              };
        const { baseline, store } = flags;
        const { report, observed, beside } = await observe({
          ...common,
          target,
          ...(reference === undefined
            ? {}
            : { beside: (program) => reference.runOnHost(program, profile, reference.participants) }),
          hostRules: all ? subject.rules : [],
          length: flags.operations,
          ...(baseline === undefined ? {} : { baseline: files.readKnown(subject, baseline, target.address) }),
          ...(store === undefined ? {} : { stored: files.storedPrograms(subject, store) }),
          onProgress: progress.update,
        });
        progress.stop();
        if (flags.recording !== undefined) {
          await writeTextFile(flags.recording, observed.map(({ observation }) => observation.text).join(''));
        }
        const traces = isForPeople ? observed.slice(0, { all: observed.length, first: 1, none: 0 }[flags.show]) : [];
        for (const [index, { trace, pace }] of traces.entries()) {
          const how = pace === 'hasty' ? ', without waiting for what it set off' : '';
          process.stdout.write(`Program ${index + 1} as it happened${how}\n${observedText(trace).join('\n')}\n\n`);
        }
        if (beside !== undefined && isForPeople) process.stdout.write(`${besideText(beside).join('\n')}\n\n`);
        process.exitCode = await deliver(report, outputs, store ?? flags.findings);
      } finally {
        await target.close();
      }
    } finally {
      progress.stop();
    }
  });
}

/** Each program once, with all of its rounds. */
function racedText(raced: readonly Raced[]): readonly string[] {
  const rounds = new Map<string, { rounds: number; met: number }>();
  for (const { name, rounds: more, met } of raced) {
    const known = rounds.get(name) ?? { rounds: 0, met: 0 };
    rounds.set(name, { rounds: known.rounds + more, met: known.met + met });
  }
  return [
    'Two lanes of system calls; in how many rounds a call began while one of the other lane ran',
    ...[...rounds].map(([name, { rounds: all, met }]) => `  ${name}: ${met} of ${all}`),
  ];
}

/** What two lanes do not take is refused, not ignored. */
function refuseForLanes(command: Command, lanes: string | undefined): void {
  if (lanes === undefined) return;
  for (const name of ['against', 'baseline', 'findings', 'operations', 'show', 'store']) {
    if (command.getOptionValueSource(name) !== 'cli') continue;
    throw new UsageError(`--${name} is about programs in one lane; it cannot be given with --lanes.`);
  }
}

function twoLanes(text: string): '2' {
  if (text === '2') return text;
  throw new UsageError(`--lanes takes 2; came ${JSON.stringify(text)}.`);
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
