/** Reads the files of shards. All are about the same subject. */
import type { JudgedRole } from '../../spec/formats/host-results.js';
import type { HostShard, Shard } from '../../spec/formats/shard.js';
import { BadInput } from '../formats/errors.js';
import { readShardFile } from '../formats/read.js';
import type { ReadShard } from './one-run.js';

/** Shards, and what is under test; undefined for a manager alone. */
export interface Read {
  readonly role: JudgedRole | undefined;
  readonly shards: readonly [ReadShard, ...ReadShard[]];
}

/** @throws {BadInput} when a file holds no shard, or one of another subject than the first */
export function readShards(files: readonly string[]): Read {
  const read = files.map((file) => ({ file, shard: readShardFile(file) }));
  const [first, ...others] = read;
  if (first === undefined) throw new BadInput({ where: 'no file', problem: 'expected the files of all shards.' });
  for (const one of others) {
    const [due, came] = [first, one].map(({ shard }) => roleText(shard));
    if (due === came) continue;
    throw new BadInput({ where: one.file, problem: `expected a shard of ${due}, as ${first.file} is; came ${came}.` });
  }
  return { role: roleOf(first.shard), shards: [first, ...others] };
}

function roleOf(shard: Shard | HostShard): JudgedRole | undefined {
  return 'role' in shard ? shard.role : undefined;
}

function roleText(shard: Shard | HostShard): string {
  const role = roleOf(shard);
  return role === undefined ? 'a run without --role' : `a run with --role ${role}`;
}
