import type { Command } from 'commander';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import { run } from '../../engine/run.js';
import { coverageOf, TIERS } from '../../engine/tiers.js';
import { kinds, openTarget } from '../../targets/resolve.js';
import { profileFor, randomSeed, role, scopeFor, selectRules, tier, wholeNumber } from '../options.js';
import { collect, deliver, parseOutputs } from '../output.js';
import { startProgress } from '../progress.js';

interface Flags {
  readonly profile?: string;
  readonly rules?: string;
  readonly tier: keyof typeof TIERS;
  readonly budget?: number;
  readonly scope: string;
  readonly extraStates?: number;
  readonly seed?: number;
  readonly baseline?: string;
  readonly report: readonly string[];
  readonly findings: string;
  readonly store?: string;
  readonly failFast?: boolean;
  readonly undefined?: boolean;
  readonly role?: RoleUnderTest;
  readonly patience?: number;
}

/** `run [TARGET]`: a conformance run. */
export function addRun(program: Command): void {
  const targets = kinds.map(({ usage, summary }) => `  ${usage}\n      ${summary}`).join('\n');
  program
    .command('run')
    .summary('judge a target')
    .description('Judge a target: generate programs, run them on it, and hold every rule against what it did.')
    .argument('[target]', 'what to judge', 'reference')
    .option(
      '--role <name>',
      'judge it on a simulated host: a producer, a consumer or a manager, while the kit plays the others, or the whole host',
      role,
    )
    .option('--profile <name>', 'judge under this profile instead of the one that the target claims')
    .option('--rules <list>', 'only these rules or chapters, such as BAL-1,tokens')
    .option(
      '--tier <name>',
      `how much to run: ${Object.entries(TIERS)
        .map(([name, { programs }]) => `${name} (complete suites and ${programs} random programs)`)
        .join(', ')}`,
      tier,
      'pr',
    )
    .option('--budget <programs>', 'run this many random programs instead', wholeNumber('--budget', 1))
    .option('--scope <PxCxT>', 'producers x consumers x tokens that are covered completely', '2x2x2')
    .option(
      '--extra-states <number>',
      'miss no wrong implementation with up to so many states more than the model',
      wholeNumber('--extra-states', 0),
    )
    .option('--seed <number>', 'the seed; the same seed and target give the same report', wholeNumber('--seed', 0))
    .option('--baseline <file>', 'known failures: they do not count, and one that no longer fails does')
    .option(
      '--report <format[=file]>',
      'also: json, junit, pretty; to a file, or instead of the usual output',
      collect,
      [],
    )
    .option('--findings <folder>', 'where the findings are written', '.irqbypass-spec/findings')
    .option('--store <folder>', 'replay the findings of this folder first, and write new ones there')
    .option('--fail-fast', 'stop at the first program that fails')
    .option('--undefined', 'also do what the spec leaves undefined, and tell what came of it; never charged')
    .option('--patience <milliseconds>', 'no answer for so long is a hang', wholeNumber('--patience', 1))
    .addHelpText('after', `\nTargets:\n${targets}`)
    .action(async (address: string, flags: Flags) => {
      if (flags.role !== undefined) {
        const { runRole } = await import('./run-role.js');
        process.exitCode = await runRole(address, flags.role, flags);
        return;
      }
      const outputs = parseOutputs(flags.report);
      const { chosen, all } = selectRules(flags.rules);
      const scope = scopeFor(flags.scope);
      const planned = coverageOf(flags.tier);
      const progress = await startProgress();
      try {
        // Reading a file takes the schemas along; most runs read none.
        const files = () => import('../../formats/read.js');
        const baseline = flags.baseline === undefined ? undefined : (await files()).readBaselineFile(flags.baseline);
        const stored = flags.store === undefined ? undefined : (await files()).readFindingFolder(flags.store);
        const target = await openTarget(address, {
          onProgress: (text) => progress.note(text),
          ...(flags.patience === undefined ? {} : { patience: flags.patience }),
        });
        try {
          const report = await run({
            target,
            profile: profileFor(target, flags.profile),
            rules: chosen,
            allRules: all,
            seed: flags.seed ?? randomSeed(),
            programs: flags.budget ?? TIERS[flags.tier].programs,
            coverage: { ...planned, scope, extraStates: flags.extraStates ?? planned.extraStates },
            tier: flags.tier,
            failFast: flags.failFast ?? false,
            undefined: flags.undefined ?? false,
            ...(baseline === undefined ? {} : { baseline }),
            ...(stored === undefined
              ? {}
              : { stored: stored.flatMap(({ forms }) => forms.map(({ program }) => program)) }),
            onProgress: progress.update,
            now: () => performance.now(),
          });
          progress.stop();
          process.exitCode = await deliver(report, outputs, flags.store ?? flags.findings);
        } finally {
          await target.close();
        }
      } finally {
        progress.stop();
      }
    });
}
