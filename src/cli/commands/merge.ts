import type { Command } from 'commander';
import { conclude } from '../../engine/conclude.js';
import type { Evidence } from '../../engine/evidence.js';
import { inOrder } from '../../engine/gather.js';
import { partsOf } from '../../engine/plan.js';
import { askOf } from '../../engine/worker.js';
import { LateTarget } from '../../shards/late-target.js';
import { ofOneRun, type ReadShard } from '../../shards/one-run.js';
import { readShards } from '../../shards/read.js';
import type { Shape, Subject } from '../../subject/subject.js';
import { type Asked, optionsOf, ownOf } from '../asked.js';
import { UsageError } from '../exit.js';
import { withSubject } from '../judged.js';
import { folder } from '../options.js';
import { deliver, orReport, parseOutputs, reportOption } from '../output.js';
import { startProgress } from '../progress.js';
import { version } from '../version.js';

interface Flags {
  readonly report: readonly string[];
  readonly findings: string;
}

/** `merge SHARD...`: the report of a whole run, of what its shards have seen. */
export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .summary('make the report of a run, or of an exploration, of its shards')
    .description(
      'Make the report of a whole run of the files that "run --shard i/n --report json=FILE" wrote: the same, but for times, that the run in one piece gives. All n must be there, each once, of the same version of this tool, target, options and seed. What failed is made small here, so the target must be there if anything did. The same of the files that "explore --shard i/n --report json=FILE" wrote.',
    )
    .argument('<shard...>', 'the files of all shards, in any order');
  reportOption(command)
    .option('--findings <folder>', 'where the findings are written', folder('--findings'), '.irqbypass-spec/findings')
    .action(async (files: readonly string[], flags: Flags) => {
      process.exitCode = await merge(command, files, flags);
    });
}

/** @returns the exit code */
async function merge(command: Command, files: readonly string[], flags: Flags): Promise<number> {
  const all = readShards(files);
  if (all.work === 'explore') {
    if (command.getOptionValueSource('findings') === 'cli') {
      throw new UsageError('--findings is about a run; an exploration has none.');
    }
    const { explorationOutputs, mergeExploration } = await import('../exploration.js');
    return mergeExploration(all.shards, explorationOutputs(flags.report));
  }
  const outputs = parseOutputs(flags.report);
  const { role, shards: read } = all;
  const { run: asked } = read[0].shard;
  const { target: address, profile, profileAsked } = asked;
  const progress = await startProgress();
  const onProgress = (text: string) => progress.note(text);
  const judged = { address, role, profile: profileAsked ?? undefined, onProgress, ...asked.opened };
  try {
    return await orReport({ role, command: 'run', target: address, profile }, outputs, () =>
      withSubject(judged, async (subject, open) => {
        const started = performance.now();
        const shards = ofOneRun(read, ownOf(subject, version()));
        const target = new LateTarget(address, asked.hello, open);
        try {
          const options = optionsOf(subject, target, askedOf(subject, asked), { onProgress: progress.update });
          const campaign = await subject.prepare(askOf(subject, options));
          const done = inOrder([...partsOf(campaign.suites, options)], evidenceOf(subject, shards));
          const worked = shards.reduce((sum, { shard }) => sum + shard.seconds, 0);
          const seconds = () => worked + (performance.now() - started) / 1000;
          const report = await conclude(subject, options, { campaign, done, faults: [] }, seconds);
          progress.stop();
          const { again, opened } = read[0].shard;
          return deliver({ ...report, again, opened }, outputs, flags.findings);
        } finally {
          await target.close();
        }
      }),
    );
  } finally {
    progress.stop();
  }
}

/** What the shards have seen. The schema of their files is that of the subject's own types. */
function evidenceOf<S extends Shape>(_: Subject<S>, shards: readonly ReadShard[]): readonly Evidence<S>[] {
  return shards.flatMap(({ shard }) => shard.evidence as readonly Evidence<S>[]);
}

function askedOf<S extends Shape>(_: Subject<S>, asked: ReadShard['shard']['run']): Asked<S> {
  return asked as Asked<S>;
}
