/** A thread that does one of the walks of `compare.ts`, so that z3 need not wait for it. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { core } from '../../spec/profiles/core.js';
import { stepsOf } from '../../spec/proof/system.js';
import { type Compared, compare, walks } from './compare.js';

/** Do all walks, one after the other, in a thread of their own. */
export function compareApart(): Promise<readonly Compared[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: 'walk' });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread && workerData === 'walk') {
  parentPort?.postMessage(walks.map((walk) => compare(core, stepsOf(core), walk)));
}
