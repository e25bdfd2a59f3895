/** What `explore` and `merge` tell of an exploration, and running one shard of it. */
import type { AskedExploration, ExplorationReport, ExplorationShard } from '../../spec/formats/exploration.js';
import type { Profile } from '../../spec/profile.js';
import { rules } from '../../spec/rules/index.js';
import { hashOfRules } from '../engine/rules-hash.js';
import { type Exploration, type Exploring, proveAll, reachAll, type Unproved, unproved } from '../explore/explore.js';
import { piecesOf } from '../explore/pieces.js';
import { describe } from '../explore/render.js';
import type { Scope } from '../explore/scope.js';
import { interruptibly } from '../files/interruptible.js';
import { layOut } from '../formats/layout.js';
import { writeJsonFile } from '../formats/write.js';
import { isPartOf, type ReadSharded } from '../shards/of-one.js';
import { mergedExploration } from '../shards/one-exploration.js';
import { profileNamed } from '../targets/resolve.js';
import { counted, grouped } from '../text/text.js';
import { EXIT, UsageError } from './exit.js';
import { withExploreHelpers } from './explore-job.js';
import { leftOut, type ShardNumber, scopeFor } from './options.js';
import { type Output, parseOutputs } from './output.js';
import { version } from './version.js';

/** The version and the rules of this tool. */
export function ownVersion(): Pick<AskedExploration, 'version' | 'rulesHash'> {
  return { version: version(), rulesHash: hashOfRules(rules) };
}

/** Read `--report json[=FILE]` options. @throws {UsageError} for another format: there is but one of explorations */
export function explorationOutputs(values: readonly string[]): readonly Output[] {
  const outputs = parseOutputs(values);
  const other = outputs.find(({ format }) => format !== 'json');
  if (other === undefined) return outputs;
  throw new UsageError(`An exploration has the report json, and what is printed; came --report ${other.format}.`);
}

/**
 * Print what came of an exploration, profile by profile as it comes, or write it where it was asked for.
 *
 * @returns the exit code
 */
export async function deliverExploration(
  asked: AskedExploration,
  explorations: Iterable<Exploration> | AsyncIterable<Exploration>,
  outputs: readonly Output[],
): Promise<number> {
  const isPrinted = outputs.some(({ file }) => file === undefined);
  const told: { readonly exploration: Exploration; readonly missing: Unproved }[] = [];
  for await (const exploration of explorations) {
    const missing = unproved(exploration, rules);
    told.push({ exploration, missing });
    if (!isPrinted) process.stdout.write(describe(exploration, missing));
  }
  const exit = told.some(({ missing }) => missing.broken.length > 0)
    ? EXIT.doesNotConform
    : told.some(({ missing }) => missing.unexposed.length > 0)
      ? EXIT.notJudged
      : EXIT.conforms;
  const report: ExplorationReport = {
    format: 'irqbypass-spec/exploration/1',
    ...asked,
    explorations: told.map(({ exploration, missing }) => {
      const { profile, proofs = null, seconds } = exploration;
      return { ...reachedOf(profile, exploration), proofs, ...missing, seconds };
    }),
    exit,
  };
  for (const { file } of outputs) {
    if (file === undefined) process.stdout.write(layOut(report));
    else writeJsonFile(file, report);
  }
  return exit;
}

/** What was reached of a profile, as files have it. */
function reachedOf(
  { name }: Profile,
  { states, transitions, orbits }: Pick<Exploration, 'states' | 'transitions' | 'orbits'>,
): ExplorationShard['run']['reached'][number] {
  return { profile: name, states, transitions, ...(orbits === undefined ? {} : { orbits }) };
}

/** An exploration that is asked for. */
export interface AskedFor {
  readonly asked: AskedExploration;
  readonly profiles: readonly Profile[];
  readonly scope: Scope;
  readonly jobs: number;
  /** How each profile is explored. */
  readonly exploring: (profile: Profile) => Exploring;
}

/** Prove every n-th part of an exploration, and write what was seen. @returns what to say of it */
export async function exploreShard(
  { asked, profiles, scope, jobs, exploring }: AskedFor,
  again: string,
  { shard, of }: ShardNumber,
  outputs: readonly Output[],
): Promise<string> {
  const reached: ExplorationShard['run']['reached'][number][] = [];
  const evidence: ExplorationShard['evidence'][number][] = [];
  const seconds: ExplorationShard['seconds'][number][] = [];
  let parts = 0;
  for (const profile of profiles) {
    const from = parts;
    await withExploreHelpers(jobs, { profile: profile.name, scope, symmetry: asked.symmetry }, async (helpers) => {
      const all = interruptibly(() => reachAll(profile, scope, rules, exploring(profile)));
      const proved = await proveAll(all, helpers, (number) => isPartOf(shard, of, from + number));
      evidence.push(...proved.map((one) => ({ ...one, part: from + one.part })));
      reached.push(reachedOf(profile, all.whole));
      seconds.push(all.seconds());
      parts += piecesOf(all.toProve.reached);
    });
  }
  const format = 'irqbypass-spec/exploration-shard/1';
  const file: ExplorationShard = { format, shard, of, run: { ...asked, reached }, parts, again, evidence, seconds };
  for (const output of outputs) if (output.file !== undefined) writeJsonFile(output.file, file);
  const pairs = evidence.reduce((sum, one) => sum + one.pairs, 0);
  return `shard ${shard}/${of} of ${counted(parts, 'part')}: ${grouped(pairs)} pairs of transitions judged. irqbypass-spec merge makes the report of all ${of}.\n`;
}

/**
 * Tell of an exploration what its shards have shown.
 *
 * @returns the exit code
 * @throws {BadInput} when they do not make one exploration
 */
export function mergeExploration(
  read: readonly [ReadSharded<ExplorationShard>, ...ReadSharded<ExplorationShard>[]],
  outputs: readonly Output[],
): Promise<number> {
  const merged = mergedExploration(read, ownVersion());
  const { reached: _, ...asked } = read[0].shard.run;
  const scope: Scope = { ...scopeFor(asked.scope), without: leftOut(asked.without ?? undefined).without };
  const explorations = merged.map((one): Exploration => ({ ...one, profile: profileNamed(one.profile), scope }));
  return deliverExploration(asked, explorations, outputs);
}
