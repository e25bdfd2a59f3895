import type { Command } from 'commander';
import { replay } from '../../engine/replay.js';
import { readFileOf } from '../../formats/read.js';
import { profileNamed } from '../../targets/resolve.js';
import { shellWord } from '../../text/text.js';
import { UsageError } from '../exit.js';
import { readFinding, roleIn } from '../files.js';
import { withTarget } from '../judged.js';
import { deliver, orReport, parseOutputs, reportOption } from '../output.js';
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
      'Run the programs of a finding again: on the target on which it was found, or on another. A target that is not of this kit has to be named here, too. Exit status 1 if one of them still breaks a rule, 0 if none does.',
    )
    .argument('<finding>', 'a file that a run has written')
    .option(
      '--target <address>',
      'the target; by default the one in the finding, where it is one of this kit: reference, mutant, prototype',
    )
    .option('--profile <name>', 'judge under this profile; by default the one in the finding');
  targetOptions(reportOption(command)).action(async (file: string, flags: Flags) => {
    const outputs = parseOutputs(flags.report);
    const role = roleIn(file);
    const { target: found, profile: judgedUnder } = readFileOf(
      role === undefined ? 'finding' : 'host-finding',
      file,
      'A finding file is written by "irqbypass-spec run".',
    );
    const profile = profileNamed(flags.profile ?? judgedUnder);
    if (flags.target === undefined) refuseForeign(file, found);
    const address = flags.target ?? found;
    const opened = { address, role, profile: profile.name, ...toOpen(address, flags) };
    const attempted = { role, command: 'replay', target: address, profile: profile.name } as const;
    process.exitCode = await orReport(attempted, outputs, () =>
      withTarget(opened, async (subject, target) => {
        const report = await replay(subject, readFinding(subject, file), target, profile, () => performance.now());
        return deliver(report, outputs, undefined);
      }),
    );
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
