import type { Command } from 'commander';
import { replay } from '../../engine/replay.js';
import { readFileOf } from '../../formats/read.js';
import { profileNamed } from '../../targets/resolve.js';
import { readFinding, roleIn } from '../files.js';
import { withTarget } from '../judged.js';
import { deliver, parseOutputs, reportOption } from '../output.js';

interface Flags {
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
      'Run the programs of a finding again: on the target on which it was found, or on another. Exit status 1 if one of them still breaks a rule, 0 if none does.',
    )
    .argument('<finding>', 'a file that a run has written')
    .option('--target <address>', 'the target; by default the one in the finding')
    .option('--profile <name>', 'judge under this profile; by default the one in the finding');
  reportOption(command).action(async (file: string, flags: Flags) => {
    const outputs = parseOutputs(flags.report);
    const role = roleIn(file);
    const { target: found, profile: judgedUnder } = readFileOf(
      role === undefined ? 'finding' : 'host-finding',
      file,
      'A finding file is written by "irqbypass-spec run".',
    );
    const profile = profileNamed(flags.profile ?? judgedUnder);
    const opened = { address: flags.target ?? found, role, profile: profile.name };
    process.exitCode = await withTarget(opened, async (subject, target) => {
      const report = await replay(subject, readFinding(subject, file), target, profile, () => performance.now());
      return deliver(report, outputs, undefined);
    });
  });
}
