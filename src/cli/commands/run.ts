import { availableParallelism } from 'node:os';
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
import { optionsOf, ownOf } from '../asked.js';
import { costOfSuites, needConsent, needMemory } from '../estimate.js';
import { EXIT, UsageError } from '../exit.js';
import { withTarget } from '../judged.js';
import {
  folder,
  profileFor,
  randomSeed,
  role,
  type ShardNumber,
  scopeFor,
  shardFor,
  tier,
  wholeNumber,
} from '../options.js';
import { deliver, orReport, parseOutputs, reportOption } from '../output.js';
import { startProgress } from '../progress.js';
import { withRunHelpers } from '../run-job.js';
import { type TargetFlags, targetOptions, toOpen } from '../target-options.js';
import { expectLittle } from '../tune.js';
import { version } from '../version.js';

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
  readonly shard?: ShardNumber;
  readonly jobs?: number;
  readonly plan?: boolean;
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
    .option(
      '--budget <programs>',
      'run this many random programs instead, and no more in several lanes',
      wholeNumber('--budget', 1),
    )
    .option('--scope <PxCxT>', 'producers x consumers x tokens that are covered completely; 2x2x2 when left out')
    .option(
      '--extra-states <number>',
      'miss no wrong implementation with up to so many states more than the model',
      wholeNumber('--extra-states', 0),
    )
    .option('--seed <number>', 'the seed; the same seed and target give the same report', wholeNumber('--seed', 0))
    .option('--baseline <file>', 'known failures: they do not count, and one that no longer fails does');
  reportOption(command)
    .option('--findings <folder>', 'where the findings are written', folder('--findings'), '.irqbypass-spec/findings')
    .option('--store <folder>', 'replay the findings of this folder first, and write new ones there', folder('--store'))
    .option('--fail-fast', 'stop at the first program that fails')
    .option('--undefined', 'also do what the spec leaves undefined, and tell what came of it; never charged')
    .option('--yes', 'begin even what takes hours')
    .option('--plan', 'tell what would be run, and run nothing')
    .option(
      '--shard <i/n>',
      'only every n-th part of the run; "merge" makes the report of the whole run of all n: docs/scale.md',
      shardFor,
    )
    .option(
      '--jobs <n>',
      'so many processes do the work, and the report is the same; nightly takes as many as there are processors',
      wholeNumber('--jobs', 1, 1024),
    );
  targetOptions(command)
    .addHelpText('after', `\nTargets:\n${targets}`)
    .action(async (address: string, flags: Flags) => {
      process.exitCode = await judge(command, address, flags);
    });
}

/** @returns the exit code */
async function judge(command: Command, address: string, flags: Flags): Promise<number> {
  refuseForRoles(flags);
  refuseForShards(flags);
  if (flags.plan === true && flags.report.length > 0) {
    throw new UsageError('--plan runs nothing, so there is nothing to report; leave --report out.');
  }
  const outputs = parseOutputs(flags.report);
  const scope = flags.scope === undefined ? undefined : scopeFor(flags.scope);
  const { role: ofRole, extraStates } = flags;
  const opened = toOpen(address, flags);
  const { jobs = usualJobs(address, flags) } = flags;
  const tiers = ofRole === undefined ? managerTiers : hostTiers;
  if (ofRole === undefined) estimate(flags, scope);
  if (ofRole === undefined && flags.tier === 'smoke' && flags.budget === undefined) expectLittle();
  const progress = await startProgress();
  const attempted = { role: ofRole, command: 'run', target: address, profile: flags.profile } as const;
  try {
    return await orReport(attempted, outputs, () =>
      withTarget(
        {
          address,
          role: ofRole,
          profile: flags.profile,
          onProgress: (text) => progress.note(text),
          ...opened,
        },
        async (subject, target) => {
          // Reading a file takes the schemas along; most runs read none.
          const files = () => import('../files.js');
          const { baseline, store, failFast = false } = flags;
          const asked = {
            ...ownOf(subject, version()),
            target: address,
            opened,
            hello: target.hello,
            profile: profileFor(target, flags.profile).name,
            profileAsked: flags.profile ?? null,
            rules: flags.rules ?? null,
            tier: flags.tier,
            seed: flags.seed ?? randomSeed(),
            programs: flags.budget ?? tiers[flags.tier].programs,
            scope: flags.scope ?? null,
            extraStates: extraStates ?? null,
            undefined: flags.undefined ?? false,
            baseline: baseline === undefined ? null : (await files()).readKnown(subject, baseline, address),
            stored: store === undefined ? null : (await files()).storedPrograms(subject, store),
          };
          const onNote = (text: string) => progress.note(text);
          const options = optionsOf(subject, target, asked, { failFast, onProgress: progress.update, onNote });
          if (flags.plan === true) {
            const { planText } = await import('../plan.js');
            const text = await planText(subject, options);
            progress.stop();
            process.stdout.write(text);
            return EXIT.conforms;
          }
          const lines = commandLines(command, { tier: flags.tier, profile: asked.profile, seed: asked.seed });
          return withRunHelpers(jobs, { role: ofRole, asked }, async (helpers) => {
            if (flags.shard !== undefined) {
              const { runShard } = await import('../shard.js');
              const { code, text } = await runShard(subject, options, asked, lines, flags.shard, outputs, helpers);
              progress.stop();
              process.stdout.write(text);
              return code;
            }
            const report = await run(subject, options, { helpers });
            progress.stop();
            return deliver({ ...report, ...lines }, outputs, store ?? flags.findings);
          });
        },
      ),
    );
  } finally {
    progress.stop();
  }
}

/**
 * How many processes do the work where nothing is said. A helper has to start, and to get warm, which costs more than a second
 * of a processor: so much that only a night is shorter for it. A helper for a real kernel boots a guest.
 */
function usualJobs(address: string, { tier: asked, failFast, plan }: Flags): number {
  const isLong = asked === 'nightly' && failFast !== true && plan !== true;
  return isLong && !address.startsWith('linux:') ? availableParallelism() : 1;
}

/** What the shards of a run must all have, and what a part of a run cannot do. */
function refuseForShards({ shard, jobs = 1, seed, failFast, report }: Flags): void {
  if (jobs > 1 && failFast === true) {
    throw new UsageError('--fail-fast stops at the first program that fails; --jobs would run others meanwhile.');
  }
  if (shard === undefined) return;
  if (failFast === true) {
    throw new UsageError('--fail-fast stops at the first program that fails; a shard does not know of the others.');
  }
  if (seed === undefined) {
    throw new UsageError('--shard needs --seed: all shards of a run have the same, as in --seed 1.');
  }
  if (!report.some((one) => one.startsWith('json='))) {
    throw new UsageError('--shard needs --report json=FILE: that file is what "irqbypass-spec merge" takes.');
  }
  const other = report.find((one) => !one.startsWith('json='));
  if (other !== undefined) {
    throw new UsageError(
      `A shard has no verdict, so it has no report but --report json=FILE; came --report ${other}. Give it to merge.`,
    );
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
