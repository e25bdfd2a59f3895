import type { Command } from 'commander';
import { replay } from '../../engine/replay.js';
import { isHostFindingFile, readFindingFile } from '../../formats/read.js';
import { openTarget, profileNamed } from '../../targets/resolve.js';
import { collect, deliver, parseOutputs } from '../output.js';

interface Flags {
  readonly target?: string;
  readonly profile?: string;
  readonly report: readonly string[];
}

/** `replay FINDING`: run a finding's programs again. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .summary("run a finding's programs again, on any target")
    .description(
      'Run the programs of a finding again: on the target on which it was found, or on another. Exit status 1 if one of them still breaks a rule, 0 if none does.',
    )
    .argument('<finding>', 'a file that a run has written')
    .option('--target <address>', 'the target; by default the one in the finding')
    .option('--profile <name>', 'judge under this profile; by default the one in the finding')
    .option(
      '--report <format[=file]>',
      'also: json, junit, pretty; to a file, or instead of the usual output',
      collect,
      [],
    )
    .action(async (file: string, flags: Flags) => {
      if (isHostFindingFile(file)) {
        const { replayRole } = await import('./run-role.js');
        process.exitCode = await replayRole(file, flags);
        return;
      }
      const outputs = parseOutputs(flags.report);
      const finding = await readFindingFile(file);
      const profile = profileNamed(flags.profile ?? finding.profile);
      const target = await openTarget(flags.target ?? finding.target);
      try {
        const report = await replay(finding, target, profile, () => performance.now());
        process.exitCode = await deliver(report, outputs, undefined);
      } finally {
        await target.close();
      }
    });
}
