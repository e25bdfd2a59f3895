/** Running one shard of a run: its part of the work, written to a file for `merge`, and no verdict. */
import type { ShardOf } from '../../spec/formats/shard.js';
import type { RunOptions } from '../engine/options.js';
import { type WorkedBy, work } from '../engine/run.js';
import { askOf } from '../engine/worker.js';
import { writeJsonFile } from '../formats/write.js';
import { isPartOf } from '../shards/of-one.js';
import type { Shape, Subject } from '../subject/subject.js';
import { counted } from '../text/text.js';
import type { Asked } from './asked.js';
import { EXIT } from './exit.js';
import type { ShardNumber } from './options.js';
import type { Output } from './output.js';

/**
 * Run a shard and write its file.
 *
 * @returns what to say of it, and the exit code: 0 whatever was seen, for only the whole run has a verdict
 * @throws {TargetError} when the target cannot be asked at all
 */
export async function runShard<S extends Shape>(
  subject: Subject<S>,
  options: RunOptions<S>,
  run: Asked<S>,
  lines: { readonly again: string; readonly opened: string },
  { shard, of }: ShardNumber,
  outputs: readonly Output[],
  helpers: Required<WorkedBy<S>>['helpers'],
): Promise<{ readonly code: number; readonly text: string }> {
  const started = options.now();
  const campaign = await subject.prepare(askOf(subject, options));
  const isMine = (part: number) => isPartOf(shard, of, part);
  const { done, parts } = await work(subject, options, campaign, { isMine, helpers });
  const file: ShardOf<S['program'], S['trace'], S['trace']['events'][number]> = {
    ...subject.heads.shard,
    shard,
    of,
    run,
    parts,
    ...lines,
    evidence: done.map(({ evidence }) => evidence),
    seconds: (options.now() - started) / 1000,
  };
  for (const output of outputs) if (output.file !== undefined) writeJsonFile(output.file, file);
  const sum = (what: 'programs' | 'failing') => file.evidence.reduce((total, one) => total + one[what], 0);
  const text = `shard ${shard}/${of} of ${counted(parts, 'part')}: ${counted(sum('programs'), 'program')} ran, ${sum('failing')} failed. irqbypass-spec merge makes the report of all ${of}.\n`;
  return { code: EXIT.conforms, text };
}
