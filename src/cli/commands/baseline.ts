import type { Command } from 'commander';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import { knownOf, toBaseline } from '../../engine/baseline.js';
import { run } from '../../engine/run.js';
import { checkOutput, isFileThere } from '../../formats/place.js';
import { writeJsonFile } from '../../formats/write.js';
import { TIER_NAMES, type Tier } from '../../subject/subject.js';
import { counted, harmless } from '../../text/text.js';
import { EXIT } from '../exit.js';
import { readBaseline } from '../files.js';
import { roleAt, withTarget } from '../judged.js';
import { profileFor, randomSeed, role, selectRules, tier, wholeNumber } from '../options.js';
import { startProgress } from '../progress.js';
import { type TargetFlags, targetOptions, toOpen } from '../target-options.js';
import { expectLittle } from '../tune.js';

interface Flags extends TargetFlags {
  readonly role?: RoleUnderTest;
  readonly profile?: string;
  readonly tier: Tier;
  readonly seed?: number;
  readonly output: string;
}

/** `baseline TARGET`: write the known failures of a target. */
export function addBaseline(program: Command): void {
  const command = program
    .command('baseline')
    .summary("write a target's known failures, for run --baseline")
    .description(
      'Run a target and write what it breaks as a baseline: each defect with its forms, pinned to their programs. Reasons and versions in an existing file are kept, and so are entries that are only about other targets. Write a reason for each new entry before you commit it.',
    )
    .argument('<target>', 'the target; observe:debian:VERSION[@ARCHITECTURE] for what observe judges')
    .requiredOption('--output <file>', 'the baseline file')
    .option('--role <name>', 'judge it in this role, as run --role does', role)
    .option('--profile <name>', 'judge under this profile instead of the one that the target claims')
    .option('--tier <name>', `how much to run: ${TIER_NAMES.join(', ')}`, tier, 'pr')
    .option('--seed <number>', 'the seed', wholeNumber('--seed', 0));
  targetOptions(command).action(async (address: string, flags: Flags) => {
    checkOutput(flags.output);
    const { role: asked, profile: under } = flags;
    const opened = { address, role: roleAt(address, asked), profile: under, ...toOpen(address, flags) };
    if (opened.role === undefined && flags.tier === 'smoke') expectLittle();
    const progress = await startProgress();
    const onProgress = (text: string) => progress.note(text);
    try {
      await withTarget({ ...opened, onProgress }, async (subject, target) => {
        const before = isFileThere(flags.output) ? readBaseline(subject, flags.output) : undefined;
        const profile = profileFor(target, flags.profile);
        const report = await run(subject, {
          target,
          profile,
          ...selectRules(subject, undefined),
          seed: flags.seed ?? randomSeed(),
          programs: subject.tiers[flags.tier].programs,
          coverage: subject.coverage(flags.tier, {}),
          tier: flags.tier,
          everyDefect: true,
          onProgress: progress.update,
          now: () => performance.now(),
        });
        progress.stop();
        for (const fault of report.faults) process.stderr.write(`${harmless(fault.text)}\n`);
        if (report.exit === EXIT.notJudged || report.faults.length > 0) {
          process.stderr.write(
            `${harmless(report.summary)}\n${harmless(flags.output)} was not written: a baseline holds what a whole run has shown.\n`,
          );
          process.exitCode = EXIT.notJudged;
          return;
        }
        const baseline = toBaseline(subject, report, address, profile, before);
        writeJsonFile(flags.output, baseline);
        const { entries, schedules = [] } = knownOf(baseline, address);
        const forms = entries.reduce((sum, entry) => sum + entry.forms.length, 0);
        const interleaved = schedules.length === 0 ? '' : `, ${counted(schedules.length, 'wrong schedule')}`;
        process.stdout.write(
          `${harmless(flags.output)}: ${entries.length} known failures in ${forms} forms${interleaved} (seed ${report.seed})\n`,
        );
      });
    } finally {
      progress.stop();
    }
  });
}
