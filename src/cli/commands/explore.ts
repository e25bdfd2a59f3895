import type { Command } from 'commander';
import { profiles } from '../../../spec/profiles/index.js';
import { rules } from '../../../spec/rules/index.js';
import type { Exploration, ExploreProgress } from '../../explore/explore.js';
import { exploreTogether } from '../../explore/explore.js';
import { mustFit } from '../../explore/size.js';
import { interruptibly } from '../../files/interruptible.js';
import type { Progress } from '../../reports/progress.js';
import { profileNamed } from '../../targets/resolve.js';
import { commandLines } from '../again.js';
import { durationText, jobsFor, needConsent, secondsToExplore } from '../estimate.js';
import { EXIT, UsageError } from '../exit.js';
import { type AskedFor, deliverExploration, explorationOutputs, exploreShard, ownVersion } from '../exploration.js';
import { withExploreHelpers } from '../explore-job.js';
import { leftOut, type ShardNumber, scopeFor, shardFor, wholeNumber } from '../options.js';

interface Flags {
  readonly scope: string;
  readonly profile: string;
  readonly symmetry?: boolean;
  readonly without?: string;
  readonly role?: string;
  readonly lanes?: string;
  readonly yes?: boolean;
  readonly jobs?: number;
  readonly shard?: ShardNumber;
  readonly report: readonly string[];
}

/** What takes more seconds than this is told of before it begins. */
const TOLD = 60;

/** `explore`: the model, exhaustively, and the rules proved on it. */
export function addExplore(program: Command): void {
  const command = program
    .command('explore')
    .summary('explore the model exhaustively and prove the rules on it')
    .description(
      'Reach every state of the model on a scope, take every transition (failures, null tokens, missing callbacks, no memory and misuse included), and hold every rule against every pair of transitions. Also prove what is stated of sets of runs. Exit status 1 if something does not hold: then the spec contradicts itself. Exit status 2 if the scope is too small for a rule to be met, or too large.',
    )
    .option('--scope <PxCxT>', 'producers x consumers x tokens, each from 1 to 9; the null token comes on top', '2x2x2')
    .option('--profile <name>', 'the profile, or all', 'core')
    .option('--symmetry', 'take one state of all that only differ in the names of objects and tokens')
    .option(
      '--without <list>',
      'leave out: null-token, memory (registering without), failures (of callbacks), misuse, subsets (of callbacks), proofs',
    )
    .option('--yes', 'begin even what takes hours')
    .option(
      '--jobs <n>',
      'so many processes prove, and the result is the same; as many as there are processors where it takes long',
      wholeNumber('--jobs', 1, 1024),
    )
    .option(
      '--shard <i/n>',
      'prove only every n-th part; "merge" tells of the whole what all n have shown: docs/scale.md',
      shardFor,
    )
    .option(
      '--report <json[=file]>',
      'the result as JSON, to a file or instead of the usual output',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option('--role <role>', 'host: prove that who is paired follows from the calls that user space makes anyway')
    .option(
      '--lanes <n>',
      'with --role host, 2: every interleaving of two lanes of system calls on the reference host with its locks; one order of the calls must explain each end',
    )
    .action(async (flags: Flags) => {
      if (flags.role !== undefined) {
        refuseForRole(command, flags.role);
        return flags.lanes === undefined
          ? exploreRole(flags.role, flags.profile)
          : exploreHostLanes(flags.role, flags.lanes, flags.profile);
      }
      if (flags.lanes !== undefined) {
        throw new UsageError('--lanes is about a host: give --role host. The lanes of a manager are explored by run.');
      }
      process.exitCode = await exploreManager(command, flags);
    });
}

/** @returns the exit code */
async function exploreManager(command: Command, flags: Flags): Promise<number> {
  const { shard } = flags;
  const outputs = explorationOutputs(flags.report);
  const { without, proofs: withoutProofs } = leftOut(flags.without);
  if (shard !== undefined) refuseForShards(flags, withoutProofs);
  const scope = { ...scopeFor(flags.scope), without };
  const symmetry = flags.symmetry === true;
  const chosen = flags.profile === 'all' ? profiles : [profileNamed(flags.profile)];
  for (const profile of chosen) mustFit(profile, scope, symmetry);
  const seconds = chosen.map((profile) => secondsToExplore(profile, scope, { symmetry, proofs: !withoutProofs }));
  const total = seconds.reduce((sum, one) => sum + one, 0) / (shard?.of ?? 1);
  const what = `--scope ${flags.scope}${symmetry ? ' --symmetry' : ''}`;
  needConsent(what, total, flags.yes === true);
  // A helper reaches all states for itself, so that only proofs are shorter for it.
  const { jobs = withoutProofs ? 1 : jobsFor(total) } = flags;
  const { createProgress } = await import('../../reports/progress.js');
  const progress = createProgress();
  if (total > TOLD) process.stderr.write(`${what} takes ${durationText(total)} of a processor.\n`);
  const asked: AskedFor = {
    asked: { ...ownVersion(), scope: flags.scope, symmetry, without: flags.without ?? null },
    profiles: chosen,
    scope,
    jobs,
    exploring: ({ name }) => ({ symmetry, withoutProofs, onProgress: showOn(progress, name) }),
  };
  try {
    if (shard !== undefined) {
      const { again } = commandLines(command, {});
      const text = await exploreShard(asked, again, shard, outputs);
      progress.stop();
      process.stdout.write(text);
      return EXIT.conforms;
    }
    const explorations = async function* (): AsyncIterable<Exploration> {
      for (const profile of chosen) {
        const exploration = await withExploreHelpers(jobs, { profile: profile.name, scope, symmetry }, (helpers) =>
          exploreTogether(profile, scope, rules, asked.exploring(profile), helpers),
        );
        progress.stop();
        yield exploration;
      }
    };
    return await deliverExploration(asked.asked, explorations(), outputs);
  } finally {
    progress.stop();
  }
}

/** What a part of an exploration cannot do. */
function refuseForShards({ report }: Flags, withoutProofs: boolean): void {
  if (withoutProofs) throw new UsageError('--shard shares out proofs; --without proofs leaves none to share.');
  if (!report.some((one) => one.startsWith('json='))) {
    throw new UsageError('--shard needs --report json=FILE: that file is what "irqbypass-spec merge" takes.');
  }
}

/** What a role does not take is refused, not ignored. */
function refuseForRole(command: Command, role: string): void {
  for (const name of ['scope', 'symmetry', 'without', 'yes', 'jobs', 'shard', 'report']) {
    if (command.getOptionValueSource(name) !== 'cli') continue;
    throw new UsageError(`--${name} is about a manager alone; it cannot be given with --role ${role}.`);
  }
}

/** `explore --role host`: the pairing follows from the calls of user space. */
async function exploreRole(role: string, name: string): Promise<void> {
  if (role !== 'host') throw new UsageError(`--role takes host; came ${JSON.stringify(role)}.`);
  const { exploreHost, isBroken, renderHost } = await import('../../explore/host.js');
  for (const profile of name === 'all' ? profiles : [profileNamed(name)]) {
    const started = performance.now();
    const proofs = interruptibly(() => exploreHost(profile));
    process.stdout.write(renderHost(profile, proofs, (performance.now() - started) / 1000));
    if (proofs.some(isBroken)) process.exitCode = EXIT.doesNotConform;
  }
}

/** `explore --role host --lanes 2`: every interleaving of system calls. */
async function exploreHostLanes(role: string, lanes: string, name: string): Promise<void> {
  if (role !== 'host') throw new UsageError(`--lanes takes --role host; came ${JSON.stringify(role)}.`);
  if (lanes !== '2') throw new UsageError(`--lanes takes 2 here; came ${JSON.stringify(lanes)}.`);
  const { lanePrograms } = await import('../../../conformance/host/lanes/programs.js');
  const { exploreLanes } = await import('../../host-lanes/explore.js');
  const { renderLanes } = await import('../../host-lanes/render.js');
  for (const profile of name === 'all' ? profiles : [profileNamed(name)]) {
    const started = performance.now();
    const explorations = interruptibly(() => lanePrograms.map((program) => exploreLanes(program, profile)));
    process.stdout.write(renderLanes(explorations, (performance.now() - started) / 1000));
    if (explorations.some(({ findings }) => findings.length > 0)) process.exitCode = EXIT.doesNotConform;
    else if (explorations.some(({ complete }) => !complete)) process.exitCode ??= EXIT.notJudged;
  }
}

/** Shows one exploration on a bar, one phase after the other. */
function showOn(progress: Progress, name: string): (now: ExploreProgress) => void {
  let phase: ExploreProgress['phase'] | undefined;
  let [before, shown] = [0, 0];
  return (now) => {
    if (phase !== now.phase) {
      phase = now.phase;
      // The bar goes on counting from one phase to the next.
      before = shown;
      progress.start(now.total, `${now.phase} ${name}`, now.unit);
    }
    shown = before + now.units;
    progress.update(now.done, shown, 0);
  };
}
