/** Mutants judged by several processes of this tool, each of which has all programs. */
import { mutants } from '../../conformance/mutants/index.js';
import { rules } from '../../spec/rules/index.js';
import { withHelpers } from '../../src/jobs/crew.js';
import type { Job } from '../../src/jobs/helper.js';
import { isPartOf } from '../../src/shards/of-one.js';
import type { Share } from '../share.js';
import { makeWorlds } from './environments.js';
import { type Judged, judgeMutants, type MatrixOptions, referenceSources } from './matrix.js';

/** Judge a share of all mutants. The result is the same for any number of processes. @throws {CannotRun} */
export async function judgeShare(share: Share, onProgress: MatrixOptions['onProgress']): Promise<Judged> {
  return withHelpers(share.jobs - 1, 'kill-matrix', share, async (helpers) => {
    // What a helper says is what the same version has found.
    const others = helpers.map(async (helper, index) => (await helper.run(index + 1)) as Judged);
    const [first, ...more] = await Promise.all([judgeJob(share, 0, onProgress), ...others]);
    const parts = [first, ...more].flatMap((one) => one.parts).sort((a, b) => a.part - b.part);
    return { ...first, parts };
  });
}

/** Begin to judge, as a helper: its number says which mutants. */
export async function beginKillMatrix(share: Share): Promise<Job> {
  return { run: (job) => judgeJob(share, job), close: async () => undefined };
}

async function judgeJob(
  { shard, of, jobs }: Share,
  job: number,
  onProgress?: MatrixOptions['onProgress'],
): Promise<Judged> {
  const options = { rules, worlds: makeWorlds(), sources: await referenceSources(), named: mutants };
  return judgeMutants(
    { ...options, ...(onProgress === undefined ? {} : { onProgress }) },
    (number) => isPartOf(shard, of, number) && Math.floor(number / of) % jobs === job,
  );
}
