import type { Command } from 'commander';
import type { RoleUnderTest } from '../../../spec/formats/host-results.js';
import { run } from '../../engine/run.js';
import type { Scope } from '../../explore/scope.js';
import { hostTiers } from '../../host/tiers.js';
import { managerTiers } from '../../manager/tiers.js';
import { TIER_NAMES, type Tier } from '../../subject/subject.js';
import type { Coverage } from '../../suites/suites.js';
import { kinds, profileNamed } from '../../targets/resolve.js';
import { commandLines } from '../again.js';
import { costOfSuites, needConsent, needMemory } from '../estimate.js';
import { UsageError } from '../exit.js';
import { withTarget } from '../judged.js';
import { profileFor, randomSeed, role, scopeFor, selectRules, tier, wholeNumber } from '../options.js';
import { deliver, orReport, parseOutputs, reportOption } from '../output.js';
import { startProgress } from '../progress.js';
import { type TargetFlags, targetOptions, toOpen } from '../target-options.js';

interface Flags extends TargetFlags {
  readonly profile?: string;
  readonly rules?: string;
  readonly tier: Tier;
  readonly budget?: number;
  readonly scope?: string;
  readonly extraStates?: number;
  readonly seed?: number;
  readonly baseline?: string;
  readonly report: readonly string[];
  readonly findings: string;
  readonly store?: string;
  readonly failFast?: boolean;
  readonly undefined?: boolean;
  readonly role?: RoleUnderTest;
  readonly yes?: boolean;
}

/** The options that a manager takes and a role does not. */
const OF_MANAGERS = {
  scope: '--scope',
  extraStates: '--extra-states',
  undefined: '--undefined',
  yes: '--yes',
} as const;

/** `run [TARGET]`: a conformance run. */
export function addRun(program: Command): void {
  const targets = kinds.map(({ usage, summary }) => `  ${usage}\n      ${summary}`).join('\n');
  const tiers = TIER_NAMES.map(
    (name) => `${name} (complete suites and ${managerTiers[name].programs} random programs)`,
  );
  const command = program
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
    .option('--tier <name>', `how much to run: ${tiers.join(', ')}`, tier, 'pr')
    .option('--budget <programs>', 'run this many random programs instead', wholeNumber('--budget', 1))
    .option('--scope <PxCxT>', 'producers x consumers x tokens that are covered completely; 2x2x2 when left out')
    .option(
      '--extra-states <number>',
      'miss no wrong implementation with up to so many states more than the model',
      wholeNumber('--extra-states', 0),
    )
    .option('--seed <number>', 'the seed; the same seed and target give the same report', wholeNumber('--seed', 0))
    .option('--baseline <file>', 'known failures: they do not count, and one that no longer fails does');
  reportOption(command)
    .option('--findings <folder>', 'where the findings are written', '.irqbypass-spec/findings')
    .option('--store <folder>', 'replay the findings of this folder first, and write new ones there')
    .option('--fail-fast', 'stop at the first program that fails')
    .option('--undefined', 'also do what the spec leaves undefined, and tell what came of it; never charged')
    .option('--yes', 'begin even what takes hours');
  targetOptions(command)
    .addHelpText('after', `\nTargets:\n${targets}`)
    .action(async (address: string, flags: Flags) => {
      process.exitCode = await judge(command, address, flags);
    });
}

/** @returns the exit code */
async function judge(command: Command, address: string, flags: Flags): Promise<number> {
  refuseForRoles(flags);
  const outputs = parseOutputs(flags.report);
  const scope = flags.scope === undefined ? undefined : scopeFor(flags.scope);
  const { role: asked, extraStates } = flags;
  const opened = toOpen(address, flags);
  const tiers = asked === undefined ? managerTiers : hostTiers;
  if (asked === undefined) estimate(flags, scope);
  const progress = await startProgress();
  const attempted = { role: asked, command: 'run', target: address, profile: flags.profile } as const;
  try {
    return await orReport(attempted, outputs, () =>
      withTarget(
        {
          address,
          role: asked,
          profile: flags.profile,
          onProgress: (text) => progress.note(text),
          ...opened,
        },
        async (subject, target) => {
          // Reading a file takes the schemas along; most runs read none.
          const files = () => import('../files.js');
          const { baseline, store } = flags;
          const report = await run(subject, {
            target,
            profile: profileFor(target, flags.profile),
            ...selectRules(subject, flags.rules),
            seed: flags.seed ?? randomSeed(),
            programs: flags.budget ?? tiers[flags.tier].programs,
            coverage: subject.coverage(flags.tier, {
              ...(scope === undefined ? {} : { scope }),
              ...(extraStates === undefined ? {} : { extraStates }),
            }),
            tier: flags.tier,
            failFast: flags.failFast ?? false,
            undefined: flags.undefined ?? false,
            ...(baseline === undefined ? {} : { baseline: (await files()).readBaseline(subject, baseline) }),
            ...(store === undefined ? {} : { stored: (await files()).storedPrograms(subject, store) }),
            onProgress: progress.update,
            onNote: (text) => progress.note(text),
            now: () => performance.now(),
          });
          progress.stop();
          const { profile: judgedUnder, seed } = report;
          const settled = { tier: flags.tier, profile: judgedUnder, ...(seed === null ? {} : { seed }) };
          return deliver({ ...report, ...commandLines(command, settled) }, outputs, store ?? flags.findings);
        },
      ),
    );
  } finally {
    progress.stop();
  }
}

/** How long a random program takes in process, with its judgement, in seconds: fifteen operations. */
const SECONDS_OF_A_PROGRAM = 15 / 100_000;

/** Refuse a scope or a number of states that nobody can have meant. A profile that is not known yet is taken for core. */
function estimate(flags: Flags, scope: Scope | undefined): void {
  const { extraStates, budget } = flags;
  if (budget !== undefined) needConsent(`--budget ${budget}`, budget * SECONDS_OF_A_PROGRAM, flags.yes === true);
  const words = [
    ...(flags.scope === undefined ? [] : [`--scope ${flags.scope}`]),
    ...(extraStates === undefined ? [] : [`--extra-states ${extraStates}`]),
  ];
  if (words.length === 0) return;
  const coverage: Coverage = {
    ...managerTiers[flags.tier].coverage,
    ...(scope === undefined ? {} : { scope }),
    ...(extraStates === undefined ? {} : { extraStates }),
  };
  const { seconds, bytes } = costOfSuites(profileNamed(flags.profile ?? 'core'), coverage);
  const what = `${words.join(' ')} with --tier ${flags.tier}`;
  needMemory(what, bytes);
  needConsent(what, seconds, flags.yes === true);
}

/** What a role does not take is refused, not ignored. */
function refuseForRoles(flags: Flags): void {
  if (flags.role === undefined) return;
  for (const [name, option] of Object.entries(OF_MANAGERS)) {
    if (flags[name as keyof typeof OF_MANAGERS] !== undefined) {
      throw new UsageError(`${option} is about a manager alone; it cannot be given with --role ${flags.role}.`);
    }
  }
}
