import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { toBaseline } from '../../engine/baseline.js';
import { run } from '../../engine/run.js';
import { coverageOf, TIERS } from '../../engine/tiers.js';
import { readBaselineFile } from '../../formats/read.js';
import { writeJsonFile } from '../../formats/write.js';
import { openTarget } from '../../targets/resolve.js';
import { profileFor, randomSeed, selectRules, tier, wholeNumber } from '../options.js';
import { startProgress } from '../progress.js';

interface Flags {
  readonly profile?: string;
  readonly tier: keyof typeof TIERS;
  readonly seed?: number;
  readonly output: string;
}

/** `baseline TARGET`: write the known failures of a target. */
export function addBaseline(program: Command): void {
  program
    .command('baseline')
    .summary("write a target's known failures, for run --baseline")
    .description(
      'Run a target and write what it breaks as a baseline: each defect with its forms, pinned to their programs. Reasons and versions in an existing file are kept. Write a reason for each new entry before you commit it.',
    )
    .argument('<target>', 'the target')
    .requiredOption('--output <file>', 'the baseline file')
    .option('--profile <name>', 'judge under this profile instead of the one that the target claims')
    .option('--tier <name>', `how much to run: ${Object.keys(TIERS).join(', ')}`, tier, 'pr')
    .option('--seed <number>', 'the seed', wholeNumber('--seed', 0))
    .action(async (address: string, flags: Flags) => {
      const before = existsSync(flags.output) ? await readBaselineFile(flags.output) : undefined;
      const progress = await startProgress();
      const target = await openTarget(address, { onProgress: (text) => progress.note(text) });
      try {
        const { chosen, all } = selectRules(undefined);
        const profile = profileFor(target, flags.profile);
        const report = await run({
          target,
          profile,
          rules: chosen,
          allRules: all,
          seed: flags.seed ?? randomSeed(),
          programs: TIERS[flags.tier].programs,
          coverage: coverageOf(flags.tier),
          tier: flags.tier,
          onProgress: progress.update,
          now: () => performance.now(),
        });
        progress.stop();
        for (const fault of report.faults) process.stderr.write(`${fault.text}\n`);
        const baseline = toBaseline(report.findings, address, profile, before);
        await writeJsonFile(flags.output, baseline);
        const forms = baseline.entries.reduce((sum, entry) => sum + entry.forms.length, 0);
        process.stdout.write(
          `${flags.output}: ${baseline.entries.length} known failures in ${forms} forms (seed ${report.seed})\n`,
        );
      } finally {
        progress.stop();
        await target.close();
      }
    });
}
