/** How fast real kernels boot and run programs in their guests. */
import { bareCallbacks } from '../../spec/callbacks.js';
import type { Program } from '../../spec/vocabulary.js';
import { registering, unregistering } from '../../spec/vocabulary.js';
import { debianVersions } from '../../src/targets/debian/kernels.js';
import { openTarget } from '../../src/targets/resolve.js';
import { TargetError } from '../../src/targets/target.js';

/** Programs of eight operations that pair, part and pair again, in the guest of a real kernel. */
const EIGHT: Program = {
  objects: [
    { id: 'p0', callbacks: [] },
    { id: 'p1', callbacks: [] },
    { id: 'c0', callbacks: bareCallbacks.consumer },
  ],
  lanes: [
    [
      registering('p0', 't0', 1),
      registering('p1', 't1', 1),
      registering('c0', 't0', 1),
      unregistering('c0'),
      registering('c0', 't1', 1),
      unregistering('p0'),
      unregistering('p1'),
      unregistering('c0'),
    ],
  ],
};

/** What was measured of one kernel. */
export interface KernelFigures {
  readonly what: string;
  /** Seconds from the start to the end of a guest that only said hello; the least of some rounds. */
  readonly boot: number;
  /** Programs of eight operations in a second; the most of some rounds. */
  readonly rate: number;
  /** Why it could not be measured. */
  readonly lacks: string | undefined;
}

/** Measure each of Debian's kernels. */
export async function measureKernels(rounds: number): Promise<readonly KernelFigures[]> {
  const figures: KernelFigures[] = [];
  for (const version of debianVersions) figures.push(await measure(`linux:debian:${version}`, rounds));
  return figures;
}

async function measure(address: string, rounds: number): Promise<KernelFigures> {
  try {
    // The first start may download and build.
    await (await openTarget(address)).close();
    let boot = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await (await openTarget(address)).close();
      boot = Math.min(boot, (performance.now() - started) / 1000);
    }
    const target = await openTarget(address);
    let rate = 0;
    try {
      for (let round = 0; round < rounds; round++) {
        const batches = Array.from({ length: 16 }, () => Array<Program>(128).fill(EIGHT));
        const started = performance.now();
        await Promise.all(batches.map((batch) => target.run(batch)));
        rate = Math.max(rate, (16 * 128) / ((performance.now() - started) / 1000));
      }
    } finally {
      await target.close();
    }
    return { what: `${address}, with ${target.hello.facts?.accelerator}`, boot, rate, lacks: undefined };
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return { what: address, boot: 0, rate: 0, lacks: error.message };
  }
}
