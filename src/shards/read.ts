/** Reads the files of shards. All are of the same work, and about the same subject. */
import type { ExplorationShard } from '../../spec/formats/exploration.js';
import type { JudgedRole } from '../../spec/formats/host-results.js';
import type { HostShard, Shard } from '../../spec/formats/shard.js';
import { BadInput } from '../formats/errors.js';
import { readShardFile } from '../formats/read.js';
import type { ReadSharded } from './of-one.js';

type OfRun = Shard | HostShard;
type Any = OfRun | ExplorationShard;

/** Some of something, at least one. */
type Some<T> = readonly [T, ...T[]];

/** Shards of a run, with what is under test, undefined for a manager alone; or shards of an exploration. */
export type Read =
  | { readonly work: 'run'; readonly role: JudgedRole | undefined; readonly shards: Some<ReadSharded<OfRun>> }
  | { readonly work: 'explore'; readonly shards: Some<ReadSharded<ExplorationShard>> };

/** @throws {BadInput} when a file holds no shard, or one of other work or another subject than the first */
export function readShards(files: readonly string[]): Read {
  const read = files.map((file): ReadSharded<Any> => ({ file, shard: readShardFile(file) }));
  const [first, ...others] = read;
  if (first === undefined) throw new BadInput({ where: 'no file', problem: 'expected the files of all shards.' });
  for (const one of others) {
    const [due, came] = [first, one].map(({ shard }) => workText(shard));
    if (due === came) continue;
    throw new BadInput({ where: one.file, problem: `expected a shard of ${due}, as ${first.file} is; came ${came}.` });
  }
  if (isOfExploration(first)) return { work: 'explore', shards: [first, ...others.filter(isOfExploration)] };
  const runs = read.filter((one): one is ReadSharded<OfRun> => !isOfExploration(one));
  const [run = first as ReadSharded<OfRun>, ...otherRuns] = runs;
  return { work: 'run', role: roleOf(run.shard), shards: [run, ...otherRuns] };
}

function isOfExploration(one: ReadSharded<Any>): one is ReadSharded<ExplorationShard> {
  return one.shard.format === 'irqbypass-spec/exploration-shard/1';
}

function roleOf(shard: Any): JudgedRole | undefined {
  return 'role' in shard ? shard.role : undefined;
}

function workText(shard: Any): string {
  if (shard.format === 'irqbypass-spec/exploration-shard/1') return 'an exploration';
  const role = roleOf(shard);
  return role === undefined ? 'a run without --role' : `a run with --role ${role}`;
}
