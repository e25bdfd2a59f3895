import type { Command } from 'commander';
import type { StoredSchedule } from '../../../spec/formats/results.js';
import { replay } from '../../engine/replay.js';
import { BadInput } from '../../formats/errors.js';
import { readFoundFile } from '../../formats/read.js';
import { movesOf } from '../../scheduler/moves.js';
import { openTarget, profileNamed } from '../../targets/resolve.js';
import { shellWord } from '../../text/text.js';
import { UsageError } from '../exit.js';
import { type FoundFinding, findingOn, roleOf } from '../files.js';
import { withTarget } from '../judged.js';
import { deliver, type Output, orReport, parseOutputs, reportOption } from '../output.js';
import { type TargetFlags, targetOptions, toOpen } from '../target-options.js';

interface Flags extends TargetFlags {
  readonly target?: string;
  readonly profile?: string;
  readonly report: readonly string[];
}

/** `replay FINDING`: run a finding's programs again. */
export function addReplay(program: Command): void {
  const command = program
    .command('replay')
    .summary("run a finding's programs again, on any target")
    .description(
      'Run the programs of a finding again, or the moves of a wrong schedule: on the target on which it was found, or on another. A target that is not of this kit has to be named here, too. Exit status 1 if one of them still breaks a rule, 0 if none does.',
    )
    .argument('<finding>', 'a file that a run has written')
    .option(
      '--target <address>',
      'the target; by default the one in the finding, where it is one of this kit: reference, mutant, prototype',
    )
    .option('--profile <name>', 'judge under this profile; by default the one in the finding');
  targetOptions(reportOption(command)).action(async (file: string, flags: Flags) => {
    const outputs = parseOutputs(flags.report);
    const found = readFoundFile(file);
    process.exitCode =
      found.kind === 'schedule'
        ? await replaySchedule(file, found.value, flags, outputs)
        : await replayFinding(file, found, flags, outputs);
  });
}

/** Run the programs of a finding again. */
async function replayFinding(
  file: string,
  found: FoundFinding,
  flags: Flags,
  outputs: readonly Output[],
): Promise<number> {
  const profile = profileNamed(flags.profile ?? found.value.profile);
  if (flags.target === undefined) refuseForeign(file, found.value.target);
  const address = flags.target ?? found.value.target;
  const role = roleOf(found);
  const opened = { address, role, profile: profile.name, ...toOpen(address, flags) };
  const attempted = { role, command: 'replay', target: address, profile: profile.name } as const;
  return orReport(attempted, outputs, () =>
    withTarget(opened, async (subject, target) => {
      const finding = findingOn(subject, found);
      if (finding === undefined) throw new Error(`${file} is about another subject than its role says`);
      return deliver(await replay(subject, finding, target, profile, () => performance.now()), outputs, undefined);
    }),
  );
}

/** Run a wrong schedule again, on the manager of a kernel tree. */
async function replaySchedule(
  file: string,
  stored: StoredSchedule,
  flags: Flags,
  outputs: readonly Output[],
): Promise<number> {
  const moves = movesOf(stored.schedule);
  if (moves === undefined) {
    const problem = 'expected "schedule" to hold two lists of pairs of numbers; it does not.';
    throw new BadInput({ where: file, problem, remedy: 'A schedule file is written by "irqbypass-spec run".' });
  }
  if (flags.profile !== undefined && flags.profile !== stored.profile) {
    throw new UsageError(
      `The numbers of a schedule stand for the operations of ${stored.profile}, under which it was found; --profile ${flags.profile} cannot judge it. Leave --profile out.`,
    );
  }
  if (flags.target === undefined) refuseForeign(file, stored.target);
  const address = flags.target ?? stored.target;
  const profile = profileNamed(stored.profile);
  const opened = { address, profile: profile.name, ...toOpen(address, flags) };
  return orReport({ command: 'replay', target: address, profile: profile.name }, outputs, async () => {
    const target = await openTarget(address, opened);
    try {
      const { replayStored } = await import('../../manager/replay-schedule.js');
      const report = await replayStored(stored, moves, target, profile, () => performance.now());
      if (report === undefined) {
        throw new UsageError(
          `${shellWord(file)} holds a schedule: the moves of lanes inside a manager in C. Only linux-source:ADDRESS can be led through one; came ${shellWord(address)}.`,
        );
      }
      return await deliver(report, outputs, undefined);
    } finally {
      await target.close();
    }
  });
}

/** The kinds of targets that run nothing but this kit. */
const OUR_OWN = ['reference', 'prototype', 'mutant'];

/** A finding may come from anybody. What it names is run only where the user says so. */
function refuseForeign(file: string, target: string): void {
  if (OUR_OWN.includes(target.split(':', 1)[0] ?? '')) return;
  throw new UsageError(
    `The finding names the target ${shellWord(target)}. What only a file names is not run; if you want it to be, type\n  irqbypass-spec replay ${shellWord(file)} --target ${shellWord(target)}`,
  );
}
