import type { Command } from 'commander';
import { readTraceFile } from '../../formats/read.js';
import { check } from '../../run/check.js';
import { profileNamed } from '../../targets/resolve.js';
import { selectRules } from '../options.js';
import { collect, deliver, parseOutputs } from '../output.js';

interface Flags {
  readonly profile: string;
  readonly rules?: string;
  readonly report: readonly string[];
}

/** `check TRACE...`: judge recorded traces. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .summary('judge recorded traces')
    .description(
      'Judge recorded traces (spec/schemas/trace.schema.json) without running anything. Rules that no trace exposes stay inconclusive, and do not make the check fail.',
    )
    .argument('<trace...>', 'trace files')
    .option('--profile <name>', 'judge under this profile', 'core')
    .option('--rules <list>', 'only these rules or chapters, such as BAL-1,tokens')
    .option(
      '--report <format[=file]>',
      'also: json, junit, pretty; to a file, or instead of the usual output',
      collect,
      [],
    )
    .action(async (files: string[], flags: Flags) => {
      const outputs = parseOutputs(flags.report);
      const profile = profileNamed(flags.profile);
      const { chosen, all } = selectRules(flags.rules);
      const recorded = await Promise.all(files.map(async (name) => ({ name, trace: await readTraceFile(name) })));
      const report = check(recorded, profile, chosen, all, () => performance.now());
      process.exitCode = await deliver(report, outputs, undefined);
    });
}
